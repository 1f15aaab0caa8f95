"""Markers in words of many languages: `Season 2 Episode 5`, `Staffel 2`, `第2季 第3集`, `5of9`, `Part Two`."""

import re

from domain.libraries.names.marker import Marker, span

_B, _E = r"(?<![^\W_])", r"(?![^\W_])"
_SEASON_WORD = r"(?:seasons?|series|saisons?|staffeln?|temporadas?|temp|tem|stagion[ei]|seizoen|sezon(?:ul)?|сезон|sæson|säsong|sesong|kausi|évad)"
_EPISODE_WORD = r"(?:episodes?|eps?|épisode|folge|cap[ií]tulo|episodio|episodul|aflevering|afl|odcinek|avsnitt|b[öo]l[üu]m|эпизод|серия|rész|jakso)"
_OF = r"(?:of|de|di|von|van|din|из|sur)"
_RANGE = r"(?P<first>\d{1,4})(?:v\d)?(?:[ ._]?(?:-|~|to|&|\+|à)[ ._]?(?:e|ep)?(?P<last>\d{1,4})(?![\dip]))?"
_SEASON_FIRST = re.compile(
    rf"{_B}[\[(]?{_SEASON_WORD}[ ._\-]{{0,3}}(?P<n>\d{{1,4}})(?![0-9x])(?:[ ._]?{_OF}[ ._]?\d{{1,3}}{_E})?[\])]?", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(
    rf"{_B}(?P<n>\d{{1,2}})(?:\.|ª|º|a\.|-?[йя]|-го|st|nd|rd|th)?[ ._]{_SEASON_WORD}{_E}(?![ ._\-]*\d)", re.IGNORECASE
)
_SHORT = re.compile(rf"{_B}[\[(]?S[ ._]?(?P<n>\d{{1,2}}|(?:19|20)\d\d){_E}[\])]?", re.IGNORECASE)
_GLUED = re.compile(rf"{_B}S(?P<n>\d{{2}})(?=(?:Extras|D\d|-))", re.IGNORECASE)
_EPISODE = re.compile(rf"{_B}[\[(]?(?:{_EPISODE_WORD}|e)[ ._\-#]{{0,2}}{_RANGE}(?![^\W_])[\])]?", re.IGNORECASE)
_EPISODE_LAST = re.compile(rf"{_B}(?P<first>\d{{1,4}})(?:\.|-?[йя])?[ ._]{_EPISODE_WORD}{_E}", re.IGNORECASE)
_COUNTED = re.compile(rf"{_B}[\[(]?(?P<first>\d{{1,3}})[ ._]?(?:of|из)[ ._]?(?P<total>\d{{1,3}}){_E}[\])]?", re.IGNORECASE)
_PART = re.compile(rf"{_B}(?:part|pt)[ ._-]?(?P<n>\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten){_E}", re.IGNORECASE)
_NUMBER_WORDS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_HAN = "0-9一二三四五六七八九十百"
_HAN_SEASON = re.compile(rf"第([{_HAN}]{{1,5}})[季期]|シーズン ?(\d{{1,2}})|(?<!\d)(\d{{1,2}})期")
_HAN_EPISODE = re.compile(rf"第([{_HAN}]{{1,5}})(?:-([{_HAN}]{{1,5}}))?[话話集回]")
_HAN_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九", 1)}


def han_number(text: str) -> int:
    """Read a number below 1000 in Han numerals or digits (`二十三` is 23)."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _HAN_DIGITS.get(character, 0)
    return total + digit


def _han(text: str) -> Marker | None:
    """Read `第2季`, `第3集`, `シーズン2` and `2期`."""
    season = _HAN_SEASON.search(text)
    episode = _HAN_EPISODE.search(text, season.end() if season else 0)
    if not season and not episode:
        return None
    number = han_number(next(group for group in season.groups() if group)) if season else None
    numbers = span(han_number(episode[1]), han_number(episode[2] or episode[1])) if episode else ()
    start = min(match.start() for match in (season, episode) if match)
    end = max(match.end() for match in (season, episode) if match)
    if number is None:
        return Marker(start, end, "第N話", 0.95, absolute=numbers)
    return Marker(start, end, "第N季", 0.95, number, numbers)


def _season(text: str) -> re.Match[str] | None:
    """Find the season: a word with its number after it, before it, or `S02` alone."""
    return _SEASON_FIRST.search(text) or _NUMBER_FIRST.search(text) or _SHORT.search(text) or _GLUED.search(text)


def find(text: str) -> Marker | None:
    """Find season and episode in words; the season alone, the episode alone, or `5of9`, where only that is there."""
    if not text.isascii() and (marker := _han(text)):
        return marker
    season = _season(text)
    year_like = season and 1900 <= int(season["n"]) <= 2100 and season.re is _SEASON_FIRST
    if season and not year_like:
        episode = (
            _EPISODE.search(text, season.end())
            or _EPISODE_LAST.search(text, season.end())
            or _COUNTED.search(text, season.end())
            or _dashed(text, season.end())
        )
        if episode:
            groups = episode.groupdict()
            first = int(groups["first"])
            return Marker(
                season.start(),
                episode.end(),
                "season and episode words",
                0.95,
                int(season["n"]),
                span(first, int(groups.get("last") or first)),
            )
        return Marker(season.start(), season.end(), "season", 0.95, int(season["n"]))
    if episode := _EPISODE.search(text) or _EPISODE_LAST.search(text):
        groups = episode.groupdict()
        first = int(groups["first"])
        return Marker(
            episode.start(), episode.end(), "episode number", 0.95, absolute=span(first, int(groups.get("last") or first))
        )
    if (counted := _COUNTED.search(text)) and int(counted["first"]) <= int(counted["total"]):
        return Marker(counted.start(), counted.end(), "N of M", 0.9, 1, (int(counted["first"]),))
    return None


_DASHED = re.compile(
    r"[ ._]*(?:-[ ._]{1,2}|\[)(?P<first>\d{1,4})(?:v\d)?(?:[-~](?P<last>\d{1,4}))?(?=[ ._]*(?:[\[(\]\-]|$|\d{3,4}p|VOSTFR))",
    re.IGNORECASE,
)


def _dashed(text: str, position: int) -> re.Match[str] | None:
    """Find the number of `Show S2 - 07 [720p]` right after its season."""
    return _DASHED.match(text, position)


def find_part(text: str) -> Marker | None:
    """Find the part of a mini-series (`Part 2`, `Part Two`): episode of its only season."""
    match = _PART.search(text)
    if not match:
        return None
    number = match["n"].lower()
    return Marker(match.start(), match.end(), "part", 0.85, 1, (_NUMBER_WORDS.get(number) or int(number),))
