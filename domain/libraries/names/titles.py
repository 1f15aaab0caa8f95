"""From a stretch of text to a title: separators, acronyms, years, release groups and second scripts."""

import re
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1880, 2035  # a later number is part of the title (`Blade Runner 2049`)

_GROUP = re.compile(r"^(?:\[[^\]]{1,80}\][ ._-]*){1,3}")
_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])\.?")
_ACRONYM_LAST = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_]$")
_DOTTED = re.compile(r"(?<=\w)\.(?=[\w(\[])")
_YEAR_IN_PARENTHESES = re.compile(r"[ ._\-]*[\[(](?P<year>(?:18[89]|19\d|20[0-4])\d)[\])][ ._\-]*$")
_YEAR_BARE = re.compile(r"(?<=[^ ._\-])[ ._\-]+(?P<year>(?:19\d|20[0-4])\d)[ ._\-]*$")
_EDGES = " ._-–—~,;:|+&#*★=/\\<>"
_HAN = r"\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef～！？"
_SCRIPTS = re.compile(
    rf"^[{_HAN}0-9 ,.!?·・:：-]*[{_HAN}][ ._·・]*[ ._·・\u3002](?P<latin>[A-Za-z][^{_HAN}]{{2,}})$"
    rf"|^[{_HAN}]+[·・](?P<second>[A-Za-z].{{2,}})$"
)
_HAS_HAN = re.compile(rf"[{_HAN}]")
_HAS_OTHER = re.compile(rf"[{_HAN}\u0400-\u04ff\u0590-\u06ff]")
_SLASH = re.compile(r"\s*[/／|]\s*|\s_\s*|_(?=[A-Z][a-z]+[ _])")
_THE = re.compile(r"^(?P<rest>[^,]{2,60}), (?P<article>The|An|A)$")


class Title(NamedTuple):
    """A title and the year that followed it."""

    title: str
    year: int | None


def is_year(word: str) -> bool:
    """Say whether a word is a year a film may be of."""
    return len(word) == 4 and word.isdecimal() and FIRST_YEAR <= int(word) <= LAST_YEAR


def is_enclosed(text: str, start: int, end: int) -> bool:
    """Say whether brackets stand directly around a word."""
    return text[start - 1 : start] in ("(", "[") and text[end : end + 1] in (")", "]")


def leading_group(text: str) -> int:
    """Return where the leading `[Group]` (one or two of them) ends, 0 when the name begins otherwise."""
    match = _GROUP.match(text)
    return match.end() if match and match.end() < len(text) else 0


def spaced(text: str) -> str:
    """Turn separators into spaces; dots stay in acronyms, and anywhere in names that use spaces."""
    text = text.replace("_", " ")
    if "." in text and (" " not in text.strip() or len(_DOTTED.findall(text)) > text.count(" ")):
        kept = _ACRONYM.sub(lambda match: match[0].replace(".", "\0") + (" " if match[0].endswith(".") else ""), text)
        text = kept.replace(".", " ").replace("\0", ".")
    return re.sub(r"\s{2,}", " ", text).strip()


def trim(text: str) -> str:
    """Drop separators and unpaired brackets at both ends."""
    while True:
        before = text
        text = text.strip(_EDGES)
        for opening, closing in ("()", "[]", "{}"):
            if text.endswith(opening) or (text.endswith(closing) and opening not in text):
                text = text[:-1]
            if text.startswith(closing) or (text.startswith(opening) and closing not in text):
                text = text[1:]
        if text.endswith(("()", "[]", "{}")):
            text = text[:-2]
        if text == before:
            return text


def tidy(text: str) -> str:
    """Write a raw title the way people do: spaces between words, no stray separators, `S.H.I.E.L.D.` with its last dot."""
    text = trim(spaced(text))
    return f"{text}." if "." in text and _ACRONYM_LAST.search(text) else text


def split_year(text: str) -> tuple[str, int | None]:
    """Take a year off the end of a title; a title that is only a year keeps it."""
    match = _YEAR_IN_PARENTHESES.search(text[-16:]) or _YEAR_BARE.search(text[-16:])
    if match is None:
        return text, None
    start = max(len(text) - 16, 0) + match.start()
    if not text[:start].strip(_EDGES + "([{"):
        return text, None
    return text[:start], int(match["year"])


def one_script(text: str) -> str:
    """Of a title in two scripts keep the Latin one; of one title in two languages (`甲 / B`) the last."""
    if text.isascii() or not _HAS_OTHER.search(text) or not (_HAS_HAN.search(text) or " / " in text):
        return text
    parts = [part for part in _SLASH.split(text) if len(part.strip(_EDGES)) > 1]
    latin = [part for part in parts if re.search(r"[A-Za-z]{3}", part)]
    text = (latin or parts or [text])[-1]
    match = _SCRIPTS.match(text.strip())
    return (match["latin"] or match["second"]) if match else text


def make(text: str) -> Title:
    """Make a title of raw text; the trailing year is set apart."""
    raw, year = split_year(trim(text))
    title = tidy(one_script(raw))
    if match := _THE.match(title):
        title = f"{match['article']} {match['rest']}"
    return Title(title, year)
