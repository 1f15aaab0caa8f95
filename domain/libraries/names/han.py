"""Markers of Chinese and Japanese names: `第2季 第3集`, `シーズン2 第3話`, `2期`."""

import re

from domain.libraries.names.marker import Marker, span

_HAN = "0-9一二三四五六七八九十百"
_SEASON = re.compile(rf"第([{_HAN}]{{1,5}})[季期]|シーズン ?(\d{{1,2}})|(?<!\d)(\d{{1,2}})期")
_EPISODE = re.compile(rf"第([{_HAN}]{{1,5}})(?:-([{_HAN}]{{1,5}}))?[話话集回]")
_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九", 1)}


def number(text: str) -> int:
    """Read a number below 1000 in Han numerals or digits (`二十三` is 23)."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return total + digit


def find(text: str) -> Marker | None:
    """Find season, episode or both."""
    season = _SEASON.search(text)
    episode = _EPISODE.search(text, season.end() if season else 0)
    found = [match for match in (season, episode) if match]
    if not found:
        return None
    numbers = span(number(episode[1]), number(episode[2] or episode[1])) if episode else ()
    start, end = found[0].start(), found[-1].end()
    if season is None:
        return Marker(start, end, "第N話", 0.95, absolute=numbers)
    return Marker(start, end, "第N季", 0.95, number(next(group for group in season.groups() if group)), numbers)
