"""Around an episode marker: the title before it, the episode's title after it, and what else the name says."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from domain.libraries.names import absolute, dates, seasoned, titles, worded
from domain.libraries.names.clean import Cleaned
from domain.libraries.names.editions import join_labels, normalise_edition
from domain.libraries.names.marker import Marker
from domain.libraries.names.parsed import Kind, ParsedName
from domain.libraries.names.words import EDITION, STRONG_TAG, TEXT, Word, tags_begin

_EXTRA_PACK = re.compile(r"(?<![^\W_])(?:extras|subpack|bonus)(?![^\W_])", re.IGNORECASE)
_DATED = re.compile(r"[ ._]\d{6}(?![^\W_])")
_YEAR_NEXT = re.compile(
    r"[ ._]*(?:[(\[](?P<enclosed>(?:19|20)\d\d)[)\]](?=[ ._]*(?:[\[(]|$))"
    r"|[(\[]?(?P<bare>(?:19|20)\d\d)[)\]]?(?=[ ._]|$))"
)
_YEAR_INSIDE = re.compile(r"\((?P<enclosed>(?:19|20)\d\d)\)(?P<bare>)")
_WHOLE = re.compile(
    r"[ ._\-(]+(?:the[ ._])?(?:complete|coffret|l['’]?int[eé]grale|int[eé]grale)(?:[ ._](?:series|int[eé]grale))?[ ._\-]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Context:
    """A cleaned name with its words; `begin` is where a leading `[Group]` ends, `grouped` that it names a group."""

    cleaned: Cleaned
    words: list[Word]
    begin: int
    grouped: bool


def build(context: Context, marker: Marker, raw_title: str | None) -> ParsedName:
    """Build the answer around a marker; `raw_title` is given where the title is not simply before it."""
    text, words = context.cleaned.text, context.words
    reasons = [marker.reason]
    season, episodes, numbers, day = marker.season, marker.episodes, marker.absolute, marker.air_date
    start, end = marker.start, marker.end
    if raw_title is None:
        if episodes and (dated := dates.find(text)):
            day, start = dated.air_date, min(start, dated.start)
        elif day and (other := seasoned.find(text)):
            season, episodes = other.season, other.episodes
        if episodes and not numbers:
            numbers, title_end = absolute.beside(text, marker, begin=context.begin, grouped=context.grouped)
            start = min(start, title_end)
        if marker.reason == "episode number" and _DATED.match(text, end):
            season, episodes, numbers = 1, numbers, ()
            reasons.append("dated")
        lone_season = worded.season_start(text, context.begin, start) if episodes or numbers else None
        raw_title = _before(text, words, context.begin, start if lone_season is None else lone_season)
    title, year = titles.make(raw_title)
    if not title and raw_title.strip().isdecimal():
        title = raw_title.strip()
    following = _YEAR_NEXT.match(text, end) or _YEAR_INSIDE.search(text, start, end) if year is None else None
    if following and (following["enclosed"] or _ends_title(words, following.end())):
        year = int(following["enclosed"] or following["bare"])
    after = bisect_left(words, end, key=lambda word: word.start)
    tags = tags_begin(words, max(after - 1, 0))
    episode_title = _after(text, words, end, after, tags)
    kind: Kind = "episode" if episodes or numbers or day or marker.reason == absolute.BETWEEN else "season"
    if kind == "season":
        kind = "extra" if _EXTRA_PACK.search(text, end) else kind
        if not title:
            title, episode_title = episode_title, ""
    edition = join_labels([word.label for word in words[max(tags, after) :] if word.tag == EDITION])
    return ParsedName(
        kind, title, year, season, episodes, numbers, day, marker.daily_part, episode_title,
        normalise_edition(context.cleaned.edition) if context.cleaned.edition else edition, None,
        context.cleaned.external_ids, "grammar", marker.confidence, tuple(reasons),
    )  # fmt: skip


def _ends_title(words: list[Word], end: int) -> bool:
    """Say whether release words or nothing follow the place: an episode title does not begin there."""
    following = bisect_left(words, end, key=lambda word: word.start)
    return following == len(words) or words[following].tag != TEXT


def _before(text: str, words: list[Word], begin: int, end: int) -> str:
    """Return the raw title before a marker, without release words at either end of it."""
    begin = begin if begin < end else 0
    inside = [word for word in words if word.start >= begin and word.end <= end]
    leading = next((index for index, word in enumerate(inside) if word.tag == TEXT), 0)
    if any(word.tag == STRONG_TAG for word in inside[:leading]):
        begin, inside = inside[leading].start, inside[leading:]
    for index, word in enumerate(inside):
        enclosed = titles.is_enclosed(text, word.start, word.end)
        if index and (word.tag == STRONG_TAG or (enclosed and word.tag != TEXT and not _country(word))):
            end = word.start
            break
    raw = text[begin:end]
    whole = _WHOLE.search(raw)
    return raw[: whole.start()] if whole and whole.start() else raw


def _country(word: Word) -> bool:
    """Say whether a bracketed word could name the country of a remake: `(US)`."""
    return len(word.lower) == 2


def _after(text: str, words: list[Word], end: int, after: int, tags: int) -> str:
    """Return the title between the marker and the release words."""
    if after < len(words) and words[after].tag == STRONG_TAG:
        return ""
    stop = words[tags].start if after <= tags < len(words) else len(text)
    raw = text[end:stop]
    square = raw.find("[")
    return titles.tidy(raw[:square] if square >= 0 else raw)
