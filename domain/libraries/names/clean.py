"""First step over a name: one alphabet, no extension, no advertising, ids and edition tags set aside."""

import re
from dataclasses import dataclass

MAX_LENGTH = 400  # characters; file systems end at 255 bytes, a longer name is cut rather than searched

_ALPHABET = str.maketrans(
    {"【": "[", "】": "]", "［": "[", "］": "]", "「": "[", "」": "]", "（": "(", "）": ")", "\u00a0": " ", "–": "-", "—": "-"}
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
)
_EXTENSION = re.compile(
    r"\.(?:mkv|mk3d|mp4|m4v|avi|divx|mov|wmv|asf|webm|ogm|ogv|ts|m2ts|mts|mpe?g|mpg2|vob|iso|img|flv|f4v|rmvb?|3gp|dvr-ms|wtv|strm"
    r"|srt|ssa|ass|sub|idx|smi|vtt|sup|nfo|torrent|nzb|par2|rar|r\d\d|zip|7z|tar|gz|bz2|tgz|ace|arj|cb[rz7]"
    r"|jpe?g|png|gif|bmp|tbn|webp|mka|mp3|flac)$",
    re.IGNORECASE,
)
_TOP_LEVEL = (
    r"(?:com|org|net|info|biz|to|tv|me|cc|eu|in|li|re|pw|ws|se|ru|be|fr|de|es|it|nl|uk|us|mx|lt|tc|is|ag|party|vip|show|pics)"
)
_SITE_FIRST = re.compile(
    rf"^(?:from )?(?:[\[{{] ?\.?(?:www\.)?[\w-]+(?:\.[\w-]+)?\.{_TOP_LEVEL}\.? ?[\]}}]|www\.[\w-]+\.[a-z]{{2,8}}(?![^\W_])"
    rf"|[\w-]+\.{_TOP_LEVEL}(?= - ))[ ._-]*",
    re.IGNORECASE,
)
_SITE_LAST = re.compile(rf"[ ._-]*[\[(] ?(?:www\.)?[\w-]+(?:\.[\w-]+)?\.{_TOP_LEVEL} ?[\])][ ._]*$", re.IGNORECASE)
_ID = re.compile(
    r"[\[{(]?(?<![^\W_])(?:(?P<provider>tmdb|imdb|tvdb)(?:id)?[-=:_ ](?P<value>(?:tt)?\d{1,10})|(?P<bare>tt\d{7,8}))"
    r"(?![^\W_])[\]})]?",
    re.IGNORECASE,
)
_EDITION = re.compile(r"\{edition-(?P<text>[^{}]{1,80})\}", re.IGNORECASE)


# Some posters write the whole name backwards: `462.H.LD-BEW.p027.10E10S.eltiT`.
_BACKWARDS = re.compile(r"(?<![^\W_])(?:\d{2,3}E\d{2}S|p0(?:801|027)|LD-BEW)(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text that remains, and what was set aside from it."""

    text: str
    external_ids: tuple[tuple[str, str], ...]
    edition: str


def strip_extension(name: str) -> str:
    """Return the name without a known file extension."""
    return _EXTENSION.sub("", name)


def clean(name: str) -> Cleaned:
    """Set aside ids (`{tmdb-1}`, `[imdbid-tt1]`, `tt1234567`) and `{edition-...}`; drop sites and the extension."""
    text = strip_extension(name[:MAX_LENGTH].translate(_ALPHABET).strip())
    if _BACKWARDS.search(text):
        text = text[::-1]
    found: list[tuple[str, str]] = []
    edition = ""
    if "{" in text and (tag := _EDITION.search(text)):
        edition = tag["text"].strip()
        text = f"{text[: tag.start()]} {text[tag.end() :]}"
    for match in list(_ID.finditer(text)):
        provider = (match["provider"] or "imdb").lower()
        value = (match["value"] or match["bare"]).lower()
        if provider == "imdb":
            value = value if value.startswith("tt") else f"tt{value}"
        if (provider, value) not in found:
            found.append((provider, value))
        text = text.replace(match[0], " ", 1)
    if "." in text:
        text = _SITE_LAST.sub("", _SITE_FIRST.sub("", text, count=1), count=1)
    return Cleaned(text.strip(), tuple(found), edition)
