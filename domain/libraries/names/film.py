"""Films: title, year, edition and stacked part out of one name."""

import re
from typing import NamedTuple

from domain.libraries.names import titles
from domain.libraries.names.editions import join_labels
from domain.libraries.names.words import EDITION, LANGUAGE, STRONG_TAG, TEXT, WEAK_TAG, Word, tags_begin

_BEFORE_YEAR = frozenset({"3d", "limited", "internal", "proper", "repack", "uhd", "dubbed", "hfr"})
_ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "der", "die", "das", "el", "il", "den", "det", "de"})
_KEEPS_LANGUAGE = frozenset({"the", "a", "an"})
_STACK = re.compile(r"(?<![^\W_])(?:cd|dis[ck]|dvd)[ ._-]?(?P<n>[1-9])(?:of\d)?(?![^\W_])", re.IGNORECASE)
_STACK_LAST = re.compile(r"[ ._\-(\[]+(?:part|pt)[ ._-]?(?P<n>[1-9])[)\]]?$", re.IGNORECASE)
_ASIDE = re.compile(r"[ ._\-]*\((?!aka)[^()]{2,80}\)[ ._\-]*$", re.IGNORECASE)
_BELONGS = re.compile(r"(?<![^\W_])(?:or|and|of|the|a)[ ._]*$", re.IGNORECASE)
_VERSION = re.compile(r"[ ._]v\d$")


class Film(NamedTuple):
    """What a film's name says."""

    title: str
    year: int | None
    edition: str
    part: int | None
    confidence: float
    reasons: tuple[str, ...]


def find(text: str, words: list[Word], begin: int, *, expected: bool) -> Film | None:
    """Read a film's name from `begin` (behind a leading group); None when nothing marks it as one and none is `expected`."""
    first = next((index for index, word in enumerate(words) if word.start >= begin), len(words))
    tags = tags_begin(words, first)
    year_at, enclosed = _year(text, words, first, tags)
    leading = year_at is not None and year_at == first and enclosed
    if not expected and (year_at is None or _numbered(words, year_at)):
        return None
    reasons: tuple[str, ...]
    if leading:
        first, end, reasons, confidence = first + 1, tags_begin(words, first + 1), ("year first",), 0.9
    elif year_at is not None and year_at <= tags:
        end = _before_year(words, first, year_at, enclosed=enclosed)
        tagged = tags < len(words)
        if enclosed:
            reasons, confidence = ("year in brackets",), 0.97 if tagged else 1.0
        else:
            reasons, confidence = ("year",), 0.95 if tagged else 0.9
    else:
        end, reasons = tags, ("release words",) if tags < len(words) else ("whole name",)
        if tags == len(words):
            end = _before_year(words, first, tags, enclosed=True)
            while end < tags and end > first + 1 and words[end - 1].tag == LANGUAGE:
                end -= 1
        confidence = 0.85 if tags < len(words) else 0.7
    if end <= first:
        return None
    start_at = words[first].start if leading else begin
    end_at = words[end].start if end < len(words) else len(text)
    raw = _VERSION.sub("", titles.trim(_cut(text[start_at:end_at], words[first].start - start_at)))
    title = titles.tidy(titles.one_script(raw))
    if not title:
        return None
    editions = [word.label for word in words[end:] if word.tag == EDITION]
    rest = text[end_at:]
    stack = _STACK.search(rest) or (_STACK_LAST.search(rest) if end < len(words) else None)
    part = int(stack["n"]) if stack else None
    year = int(words[year_at].lower) if year_at is not None else None
    return Film(title, year, join_labels(editions), part, confidence, reasons)


def _year(text: str, words: list[Word], first: int, tags: int) -> tuple[int | None, bool]:
    """Return the index of the release year and whether brackets hold it.

    Brackets win; then the last year before the release words, then the first one after them. A name that
    begins with a number (`2001 A Space Odyssey`, `1917`) keeps it as title unless brackets hold it.
    """
    years = [index for index in range(first, len(words)) if titles.is_year(words[index].lower)]
    enclosed = [index for index in years if titles.is_enclosed(text, words[index].start, words[index].end)]
    if enclosed:
        return next((index for index in enclosed if index > first), enclosed[0]), True
    before = [index for index in years if first < index <= tags]
    if before:
        return before[-1], False
    after = [index for index in years if index > tags > first]
    return (after[0], False) if after else (None, False)


def _before_year(words: list[Word], first: int, year_at: int, *, enclosed: bool) -> int:
    """Step back from the year over edition and release words, as long as a title remains."""
    end = year_at
    # `The.Good.German.2006` and `Immersion.French.2011...FRENCH` keep their language: it is part of the title.
    languages = (
        not enclosed and words[first].lower not in _KEEPS_LANGUAGE and all(word.tag != LANGUAGE for word in words[year_at + 1 :])
    )
    while end > first + 1:
        word = words[end - 1]
        if (
            word.tag == EDITION
            or (word.tag == LANGUAGE and languages)
            or (word.tag == WEAK_TAG and word.lower in _BEFORE_YEAR and not enclosed)
        ):
            end -= 1
        else:
            break
    alone = [word for word in words[first:end] if word.lower not in _ARTICLES]
    return end if alone and any(word.tag in (TEXT, STRONG_TAG) for word in words[first:end]) else year_at


def _cut(raw: str, offset: int) -> str:
    """Cut a raw title at the first `[` after its first word, and at a bracket left open (`Title (Director - 1983`)."""
    square = raw.find("[", offset + 1)
    if square > 0:
        raw = raw[:square]
    opened = raw.rfind("(")
    if opened > offset and ")" not in raw[opened:]:
        raw = raw[:opened]
    aside = _ASIDE.search(raw)
    if aside and aside.start() > offset and not _BELONGS.search(raw[: aside.start()]):
        raw = raw[: aside.start()]
    return raw


def _numbered(words: list[Word], year_at: int) -> bool:
    """Say whether the year is followed by what may be an episode's number (`2014.208.hdtv`)."""
    following = words[year_at + 1].lower if year_at + 1 < len(words) else ""
    return len(following) == 3 and following.isdecimal() and following not in ("720", "480", "576")
