"""From the bytes of an NFO file to text that is safe to give to an XML parser."""

import codecs
import html.entities
import re

from domain.libraries.nfo.errors import NfoError, NfoErrorCode

MAX_BYTES = 2 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]{1,40})["']""")
# Codecs whose output is text for any input; utf-7, punycode, idna and the transforms of `codecs` are not for strangers' bytes.
_SINGLE_OR_EAST_ASIAN = re.compile(
    r"(iso[-_]?8859[-_]?\d{1,2}|latin[-_]?\d|(windows|cp)[-_]?125\d|cp\d{3}|koi8[-_][rut]|mac[-_]?\w+"
    r"|gbk|gb2312|gb18030|big5(hkscs)?|shift[-_]?jis|s[-_]?jis|cp932|euc[-_]?(jp|kr)|cp949|tis[-_]?620)\Z",
    re.IGNORECASE,
)
# What XML 1.0 forbids or discourages: control characters, halves of pairs, non-characters.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN = re.compile(r"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_MARKUP_IN_TEXT = re.compile(
    r"&(?:#(?P<dec>[0-9]{1,7});|#[xX](?P<hex>[0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
    r"|(?P<line><br\s*/?>)|(?P<style></?(?:b|i|u|em|strong|p)>)|(?P<less><)(?![A-Za-z_/!?])",
    re.IGNORECASE,
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def decode_nfo(data: bytes) -> str:
    """Text of an NFO in any encoding met in the wild, without characters that XML forbids.

    Raises NfoError: too_large over 2 MiB, empty without any text, forbidden_declaration for a DOCTYPE or ENTITY.
    """
    if len(data) > MAX_BYTES:
        raise NfoError(NfoErrorCode.TOO_LARGE, f"The NFO has {len(data)} bytes; at most {MAX_BYTES} are read.")
    text = _NOT_XML.sub("", _to_text(data)).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise NfoError(NfoErrorCode.EMPTY, "The NFO is empty.")
    if _FORBIDDEN.search(text):
        raise NfoError(NfoErrorCode.FORBIDDEN_DECLARATION, "The NFO declares a document type or an entity, which is refused.")
    return text


def mend_markup(text: str) -> str:
    """Escape what sloppy writers leave bare (`&`, `<3`, `&nbsp;`, `<br>`) everywhere but in CDATA, which is left alone."""
    parts: list[str] = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        end = text.find("]]>", start)
        if end < 0:
            # An unclosed section would swallow the rest of the file and be lost with it.
            text = text[:start] + text[start + len("<![CDATA[") :]
            break
        parts += (_MARKUP_IN_TEXT.sub(_mended, text[position:start]), text[start : end + 3])
        position = end + 3
    parts.append(_MARKUP_IN_TEXT.sub(_mended, text[position:]))
    return "".join(parts)


def _mended(match: re.Match[str]) -> str:
    if match["line"]:
        return "\n"
    if match["style"]:
        return ""
    if match["less"]:
        return "&lt;"
    number = match["dec"] or match["hex"]
    if number:
        return _escaped(_character(int(number, 10 if match["dec"] else 16)))
    name = match["name"]
    if name in _OF_XML:
        return match[0]
    known = html.entities.html5.get(f"{name};") if name else None
    return _escaped(known) if known else match[0].replace("&", "&amp;", 1)


def _character(code: int) -> str:
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return ""
    return _NOT_XML.sub("", chr(code))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _to_text(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if b"\x00" in data[:4]:
        wide = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
        return data.decode(wide, errors="replace")
    try:
        # Valid UTF-8 is UTF-8, whatever the header claims: other encodings hardly ever look like it by chance.
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_quite_utf8(data)


def _not_quite_utf8(data: bytes) -> str:
    declared = _DECLARED.search(data[:512])
    name = declared[1].decode("ascii") if declared else ""
    if _SINGLE_OR_EAST_ASIAN.fullmatch(name):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            pass
    repaired = data.decode("utf-8", errors="replace")
    foreign = sum(1 for character in repaired if character > "\x7f")
    if foreign > 2 * repaired.count("\ufffd"):
        return repaired  # mostly good UTF-8, cut or hurt in places
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
