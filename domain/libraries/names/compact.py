"""Season and episode in one number, where a show is expected: `103`, `2401`, `103.104`, `10708`, `11-02`."""

import re

from domain.libraries.names.marker import Marker, span
from domain.libraries.names.words import TEXT, Word

_SEE = re.compile(r"(?P<season>\d{1,2})(?P<episode>\d{2})")
_TWO = re.compile(
    r"(?<![^\W_])(?P<season>\d)(?P<first>\d{2})\.(?P=season)(?P<last>\d{2})(?![^\W_])|(?<![^\W_])0?(?P<one>\d)(?P<a>\d{2})(?P<b>\d{2})(?![^\W_])"
)
_FIRST = re.compile(r"(?P<season>\d{1,2})-(?P<first>\d{2})(?![^\W_])")
_NOT_EPISODES = frozenset({"1080", "720", "480", "576", "2160", "264", "265", "540"})


def find(text: str, words: list[Word]) -> Marker | None:
    """Find a compact number behind the title; surer right before release words or the end."""
    if match := _FIRST.match(text):
        return Marker(0, match.end(), "season-episode first", 0.8, int(match["season"]), (int(match["first"]),))
    if match := _TWO.search(text, 1):
        season = int(match["season"] or match["one"])
        first, last = int(match["first"] or match["a"]), int(match["last"] or match["b"])
        if last == first + 1 or (match["season"] and last > first):
            return Marker(match.start(), match.end(), "compact numbers", 0.8, season, span(first, last))
    for index, word in enumerate(words[1:], 1):
        number = word.lower
        if len(number) not in (3, 4) or not number.isdecimal() or number in _NOT_EPISODES:
            continue
        match = _SEE.fullmatch(number)
        if match is None or (len(number) == 4 and 1900 <= int(number) <= 2035):
            continue
        following = words[index + 1] if index + 1 < len(words) else None
        if following is not None and following.lower.startswith("vost"):
            return Marker(word.start, word.end, "number before VOSTFR", 0.85, absolute=(int(number),))
        tagged = following is None or following.tag != TEXT
        season, episode = int(match["season"]), int(match["episode"])
        return Marker(word.start, word.end, "compact number", 0.8 if tagged else 0.75, season, (episode,))
    return None
