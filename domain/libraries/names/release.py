"""One file or folder name, understood on its own."""

import re
from bisect import bisect_left

from domain.libraries.names import absolute, brackets, dates, film, seasoned, titles, worded
from domain.libraries.names.clean import Cleaned, clean
from domain.libraries.names.editions import join_labels, normalise_edition
from domain.libraries.names.marker import Marker
from domain.libraries.names.parsed import Hint, ParsedName
from domain.libraries.names.words import EDITION, STRONG_TAG, TEXT, Word, scan, tags_begin

_EXTRA_PACK = re.compile(r"(?<![^\W_])(?:extras|subpack|bonus)(?![^\W_])", re.IGNORECASE)
_KOREAN = re.compile(r"[ ._](\d{6})(?![^\W_])")
_SPECIAL = re.compile(r"(?<![^\W_])special(?![^\W_])(?! edition)", re.IGNORECASE)


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
    if hint != "movie":
        group_end = titles.leading_group(text)
        if bracketed := brackets.find(text):
            return _episode(cleaned, words, bracketed.marker, group_end, bracketed.title)
        marker = _marker(text, words, group_end, hint)
        if marker is not None:
            return _episode(cleaned, words, marker, group_end, None)
    if hint == "tv":
        return _show(cleaned, words)
    found = film.find(text, words, expected=hint == "movie")
    if found is None or (hint is None and _SPECIAL.search(text, text.find(str(found.year)))):
        return None
    edition = normalise_edition(cleaned.edition) if cleaned.edition else found.edition
    return ParsedName(
        "movie", found.title, found.year, edition=edition, part=found.part, external_ids=cleaned.external_ids,
        confidence=found.confidence, reasons=found.reasons,
    )  # fmt: skip


def _marker(text: str, words: list[Word], group_end: int, hint: Hint) -> Marker | None:
    """Find the episode marker: the surest kinds first, the guesses only where a show is expected."""
    marker = seasoned.find(text) or dates.find(text) or worded.find(text)
    if marker:
        return marker
    first = bisect_left(words, group_end, key=lambda word: word.start)
    tags = tags_begin(words, first)
    zone_end = words[tags].start if tags < len(words) else len(text)
    marker = absolute.find(text, words, group_end=group_end, zone_end=zone_end)
    if marker or hint is None:
        return marker
    return (
        worded.find_part(text)
        or absolute.find_compact(text, words)
        or absolute.find_plain(words)
        or dates.find_short(text)
        or absolute.find_leading(text)
    )


def _episode(cleaned: Cleaned, words: list[Word], marker: Marker, group_end: int, raw_title: str | None) -> ParsedName:
    """Build the answer around an episode marker."""
    text = cleaned.text
    reasons = [marker.reason]
    season, episodes, numbers, day = marker.season, marker.episodes, marker.absolute, marker.air_date
    start, end = marker.start, marker.end
    if raw_title is None:
        if season is not None and episodes and (day_marker := dates.find(text)):
            day = day_marker.air_date
            start = min(start, day_marker.start)
        elif day and (other := seasoned.find(text)):
            season, episodes = other.season, other.episodes
        if season is not None and episodes and not numbers:
            numbers = absolute.following_absolute(text, marker, grouped=bool(group_end))
        if marker.reason == "episode number" and (korean := _KOREAN.match(text, end)) and len(numbers) == 1:
            season, episodes, numbers, end = 1, numbers, (), korean.end()
            reasons.append("dated episode of an only season")
        raw_title = _title_text(text, words, group_end, start)
    title, year = titles.make(raw_title)
    if year is None and not title and raw_title.strip().isdecimal():
        title = raw_title.strip()
    kind = "episode" if episodes or numbers or day else "season"
    if kind == "season" and _EXTRA_PACK.search(text, end):
        kind = "extra"
    after = bisect_left(words, end, key=lambda word: word.start)
    edition = join_labels([word.label for word in words[tags_begin(words, after) :] if word.tag == EDITION])
    return ParsedName(
        kind, title, year, season, episodes, numbers, day, marker.daily_part,  # type: ignore[arg-type]
        _episode_title(text, words, end), normalise_edition(cleaned.edition) if cleaned.edition else edition, None,
        cleaned.external_ids, "grammar", marker.confidence, tuple(reasons),
    )  # fmt: skip


def _title_text(text: str, words: list[Word], group_end: int, end: int) -> str:
    """Return the raw title before a marker, without release words at either end of it."""
    begin = group_end if group_end < end else 0
    inside = [word for word in words if word.start >= begin and word.end <= end]
    while inside and inside[0].tag == STRONG_TAG and len(inside) > 1:
        begin = inside[0].end
        inside = inside[1:]
    for index, word in enumerate(inside):
        if index and word.tag == STRONG_TAG:
            return text[begin : word.start]
    return text[begin:end]


def _episode_title(text: str, words: list[Word], end: int) -> str:
    """Return the title between the marker and the release words."""
    after = bisect_left(words, end, key=lambda word: word.start)
    tags = tags_begin(words, after - 1) if after else tags_begin(words, 0)
    stop = words[tags].start if after <= tags < len(words) else len(text) if tags >= len(words) else end
    raw = text[end:stop]
    square = raw.find("[")
    if square >= 0:
        raw = raw[:square]
    return titles.trim(titles.spaced(raw))


def _show(cleaned: Cleaned, words: list[Word]) -> ParsedName | None:
    """Understand the folder name of a show: `Title (Year)`, or a title with ids; otherwise not sure."""
    title, year = titles.make(cleaned.text)
    if not title or not (year or cleaned.external_ids) or any(word.tag not in (TEXT, EDITION) for word in words):
        return None
    return ParsedName("unknown", title, year, external_ids=cleaned.external_ids, confidence=0.9, reasons=("show folder",))
