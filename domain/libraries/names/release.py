"""One file or folder name, understood on its own."""

import re
from bisect import bisect_left

from domain.libraries.names import absolute, brackets, compact, dates, film, seasoned, titles, worded
from domain.libraries.names.clean import Cleaned, clean
from domain.libraries.names.editions import normalise_edition
from domain.libraries.names.episode import Context, build
from domain.libraries.names.marker import Marker
from domain.libraries.names.parsed import Hint, ParsedName
from domain.libraries.names.words import EDITION, STRONG_TAG, TEXT, Word, scan, tags_begin

# Without a hint these say that a year does not make the name a film's.
_NOT_A_FILM = re.compile(
    r"(?<![^\W_])(?:special(?!s?[ ._]edition)|complete[ ._](?:series|season|mini|collection)|miniseries|x\d\d(?=[ ._-]))"
    r"(?![^\W_])",
    re.IGNORECASE,
)


# A show's folder may be a number (`24 (2001)`, `The 100 (2014)`).
_SHOW_FOLDER = re.compile(r" \((?:19|20)\d\d\)$")


def parse_release(name: str, *, hint: Hint) -> ParsedName | None:
    """Understand one name; None means that the grammar is not sure.

    `hint` says what kind of library the name lies in: with "movie" numbers stay in the title, with "tv" bare
    numbers (`103`, `Part 2`) count as episodes.
    """
    cleaned = clean(name)
    text = cleaned.text
    if not text:
        return None
    words = scan(text)
    begin = titles.leading_group(text)
    if hint != "movie":
        grouped = begin > 0 and all(word.tag != STRONG_TAG for word in words if word.end <= begin)
        if bracketed := brackets.find(text):
            return build(Context(cleaned, words, begin, grouped), bracketed.marker, bracketed.title)
        if marker := _marker(text, words, begin, grouped, hint):
            return build(Context(cleaned, words, begin, grouped), marker, None)
    if hint == "tv":
        return _show(cleaned, words)
    found = film.find(text, words, begin, expected=hint == "movie")
    if found is None or (hint is None and _NOT_A_FILM.search(text)):
        return None
    edition = normalise_edition(cleaned.edition) if cleaned.edition else found.edition
    return ParsedName(
        "movie", found.title, found.year, edition=edition, part=found.part, external_ids=cleaned.external_ids,
        confidence=found.confidence, reasons=found.reasons,
    )  # fmt: skip


def _marker(text: str, words: list[Word], begin: int, grouped: bool, hint: Hint) -> Marker | None:
    """Find the episode marker: the surest kinds first, the guesses only where a show is expected."""
    if marker := seasoned.find(text) or dates.find(text) or worded.find(text):
        return marker
    first = bisect_left(words, begin, key=lambda word: word.start)
    tags = tags_begin(words, first)
    end = words[tags].start if tags < len(words) else len(text)
    square = text.find("[", words[first].end if first < len(words) else begin)
    marker = absolute.find(text, begin=begin, end=min(end, square) if square > 0 else end, grouped=grouped)
    if marker or hint is None or _SHOW_FOLDER.search(text):
        return marker
    return (
        worded.find_part(text)
        or compact.find(text, words)
        or absolute.find_plain(words)
        or dates.find_short(text)
        or absolute.find_leading(text)
    )


def _show(cleaned: Cleaned, words: list[Word]) -> ParsedName | None:
    """Understand the folder name of a show: `Title (Year)`, or a title with ids; otherwise not sure."""
    title, year = titles.make(cleaned.text)
    if not title or not (year or cleaned.external_ids) or any(word.tag not in (TEXT, EDITION) for word in words):
        return None
    return ParsedName("unknown", title, year, external_ids=cleaned.external_ids, confidence=0.9, reasons=("show folder",))
