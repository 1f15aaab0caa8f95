"""Sort keys and normalized names: text that compares byte by byte as people expect."""

import re
import unicodedata
from typing import Final

# Leading articles that a list in that language passes over.
ARTICLES: Final[dict[str, str]] = {
    "en": "the|a|an",
    "de": "der|die|das|den|dem|ein|eine|einer",
    "fr": "le|la|les|un|une|des|l['’]",
    "es": "el|la|los|las|un|una",
    "it": "il|lo|la|i|gli|le|un|uno|una|l['’]",
    "nl": "de|het|een|'t",
    "pt": "o|a|os|as|um|uma",
    "sv": "den|det|en|ett",
    "da": "den|det|en|et",
    "nb": "den|det|en|et|ei",
}
_LEADING: Final = {language: re.compile(rf"(?:{words})(?:(?<=['’])|\s+)(?=\S)") for language, words in ARTICLES.items()}
_MARKS: Final = re.compile("[\u0300-\u036f]")  # kana and Indic vowel signs lie elsewhere: they are letters, not accents
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_DROPPED: Final = re.compile(r"['’`´.]")
_NUMBER: Final = re.compile(r"\d+")
_DIGITS: Final = 12


def plain(text: str) -> str:
    """Case-folded, without accents: "Amélie" and "AMELIE" are one."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_LETTERS)
    return unicodedata.normalize("NFC", bare)


def _words(text: str) -> str:
    """Letters, digits and their marks, everything else one space. A text of nothing else stays as it is."""
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in _DROPPED.sub("", text))
    return " ".join("".join(kept).split()) or text.strip()


def normal_name(name: str) -> str:
    """What two spellings of one name share: letters and digits with single spaces. Never empty for a visible name."""
    return _words(plain(name))


def sort_key(title: str, *, language: str = "en") -> str:
    """Where a title stands in a list: no leading article of `language`, and "2" before "10"."""
    folded = plain(title).strip()
    if (pattern := _LEADING.get(language)) is not None:
        folded = folded[match.end() :] if (match := pattern.match(folded)) else folded
    return _NUMBER.sub(lambda found: found[0].lstrip("0").zfill(_DIGITS), _words(folded))
