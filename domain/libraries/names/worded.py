"""Markers in words of many languages: `Season 2 Episode 5`, `Staffel 2`, `5of9`, `Part Two`, `E07` alone."""

import re

from domain.libraries.names import han, seasoned
from domain.libraries.names.marker import Marker, span

ONLY_SEASON = "episode of an only season"

_B, _E = r"(?<![^\W_])", r"(?![^\W_])"
_SEASON_WORD = (
    r"(?:seasons?|saisons?|staffeln?|temporadas?|temp|tem|stagion[ei]|seizoen|sezon(?:ul)?|сезон|sæson|säsong|sesong|kausi|évad)"
)
_EPISODE_WORD = r"(?:episodes?|eps?|épisode|folge|cap[ií]tulo|episodio|episodul|aflevering|odcinek|avsnitt|эпизод|серия)"
_AFTER_NUMBER = r"(?:b[öo]l[üu]m|rész|jakso|серия|эпизод|odcinek)"  # languages that say `7. Bölüm`
_OF = r"(?:of|de|di|von|van|din|из|sur)"
_SEASON_FIRST = re.compile(
    rf"{_B}[\[(]?(?:{_SEASON_WORD}|(?<=- )series)[ ._\-]{{0,3}}(?P<n>\d{{1,3}})(?![0-9xpi]|\.?[ .]?{_AFTER_NUMBER})"
    rf"(?:[ ._]?{_OF}[ ._]?\d{{1,3}}{_E})?[\])]?",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(
    rf"{_B}(?P<n>\d{{1,2}})(?:\.|ª|º|a\.|-?[йя]|-го|st|nd|rd|th)?[ ._]{_SEASON_WORD}{_E}"
    rf"(?![ ._\-]*\d{{1,2}}(?![\dp]|\.?[ ._]{_AFTER_NUMBER}))",
    re.IGNORECASE,
)
# `S 01` but not the end of `V.H.S.2`, and not a group's name at the end (`x264-S56`).
_SHORT = re.compile(
    rf"{_B}(?:(?<!-)|(?=S\d\d?[ ._\-]))[\[(]?(?:S|(?<![.\s_][A-Z]\.)S[ ._])(?P<n>\d{{1,2}}|(?:19|20)\d\d){_E}[\])]?",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"{_B}S(?P<n>\d{{2}})(?=(?:Extras|D\d|-))", re.IGNORECASE)
_EPISODE = re.compile(
    rf"{_B}[\[(]?(?P<word>{_EPISODE_WORD}|e)[ ._\-#(]{{0,2}}(?P<first>\d{{1,5}})(?:(?![^\W_])|v\d|(?=E\d))"
    rf"(?:[ ._]?{_OF}[ ._]?\d{{1,3}}{_E})?",
    re.IGNORECASE,
)
_EPISODE_LAST = re.compile(rf"{_B}(?P<first>\d{{1,4}})(?:\.|-?[йя])?[ ._]{_AFTER_NUMBER}{_E}", re.IGNORECASE)
_SPACED_RANGE = re.compile(r"[ ._]?(?:-|~|to|&|à|al)[ ._]?(?P<last>\d{1,4})(?![^\W_])", re.IGNORECASE)
_COUNTED = re.compile(rf"{_B}[\[(]?(?P<first>\d{{1,3}})[ ._]?(?:of|из)[ ._]?(?P<total>\d{{1,3}}){_E}[\])]?", re.IGNORECASE)
_ONE_TO_TEN = "one|two|three|four|five|six|seven|eight|nine|ten"
_PART = re.compile(rf"{_B}(?:part|pt)[ ._-]?(?P<n>\d{{1,2}}|{_ONE_TO_TEN}){_E}", re.IGNORECASE)
_NUMBER_WORDS = {word: number for number, word in enumerate(_ONE_TO_TEN.split("|"), 1)}
_DASHED = re.compile(
    r"[ ._]*(?:-[ ._]{1,2}|\[)(?P<first>\d{1,4})(?:v\d)?(?:[-~](?P<last>\d{1,4}))?(?=[ ._]*(?:[\[(\]\-]|$|\d{3,4}p|VOSTFR))",
    re.IGNORECASE,
)
_WHOLE_SERIES = re.compile(r"[ ._](?P<first>\d{3,4})(?=$|[ ._]*\[)")


def season_start(text: str, first: int, last: int) -> int | None:
    """Return where a season alone stands between two places (`Show Season 2 [Cap.201]`), None without one."""
    match = _SEASON_FIRST.search(text, first, last) or _NUMBER_FIRST.search(text, first, last) or _SHORT.search(text, first, last)
    return match.start() if match and match.start() > first else None


def find(text: str) -> Marker | None:
    """Find season and episode in words; the season alone, the episode alone, or `5of9`, where only that is there."""
    if not text.isascii() and (marker := han.find(text)):
        return marker
    season = _SEASON_FIRST.search(text) or _NUMBER_FIRST.search(text) or _SHORT.search(text) or _GLUED.search(text)
    if season:
        return _with_season(text, season)
    if episode := _EPISODE.search(text):
        numbers, end = _range(text, episode)
        return _alone(episode, numbers, end)
    if episode := _EPISODE_LAST.search(text):
        return Marker(episode.start(), episode.end(), "episode number", 0.95, absolute=(int(episode["first"]),))
    if (counted := _COUNTED.search(text)) and int(counted["first"]) <= int(counted["total"]):
        return Marker(counted.start(), counted.end(), "N of M", 0.9, 1, (int(counted["first"]),))
    return None


def _range(text: str, match: re.Match[str]) -> tuple[tuple[int, ...], int]:
    """Return the numbers of an episode word and where they end."""
    numbers, end = seasoned.follow(text, match.end(), match["first"], None)
    if len(numbers) == 1 and (more := _SPACED_RANGE.match(text, end)) and 0 < int(more["last"]) - numbers[0] < 500:
        return span(numbers[0], int(more["last"])), more.end()
    return numbers, end


def _alone(episode: re.Match[str], numbers: tuple[int, ...], end: int) -> Marker:
    """Judge an episode number without season: `E07` is of an only season, `Ep 07` and `E1071` count through."""
    if episode["word"].lower() == "e" and numbers[-1] < 100:
        return Marker(episode.start(), end, ONLY_SEASON, 0.9, 1, numbers)
    return Marker(episode.start(), end, "episode number", 0.95, absolute=numbers)


def _with_season(text: str, season: re.Match[str]) -> Marker:
    """Find what follows a season: its episode in words, a dashed number, a number of the whole series, or nothing."""
    number, end = int(season["n"]), season.end()
    if episode := _EPISODE.search(text, end):
        numbers, stop = _range(text, episode)
        return Marker(season.start(), stop, "season and episode words", 0.95, number, numbers)
    if episode := _EPISODE_LAST.search(text, end) or _COUNTED.search(text, end):
        return Marker(season.start(), episode.end(), "season and episode words", 0.95, number, (int(episode["first"]),))
    if episode := _DASHED.match(text, end):
        first = int(episode["first"])
        return Marker(season.start(), episode.end(), "season and number", 0.9, number, span(first, int(episode["last"] or first)))
    if episode := _WHOLE_SERIES.match(text, end):
        return Marker(season.start(), episode.end(), "season and absolute number", 0.9, number, absolute=(int(episode["first"]),))
    return Marker(season.start(), end, "season", 0.95, number)


def find_part(text: str) -> Marker | None:
    """Find the part of a mini-series (`Part 2`, `Part Two`): episode of its only season."""
    match = _PART.search(text)
    if not match:
        return None
    number = match["n"].lower()
    return Marker(match.start(), match.end(), "part", 0.85, 1, (_NUMBER_WORDS.get(number) or int(number),))
