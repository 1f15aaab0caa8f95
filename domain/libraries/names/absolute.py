"""Numbers without a season: `[Group] Title - 01`, `Title - 1071 - Name`, `Title.103.720p` (season 1, episode 3)."""

import re

from domain.libraries.names.marker import Marker, span
from domain.libraries.names.words import STRONG_TAG, TEXT, WEAK_TAG, Word

_NUMBER = re.compile(
    r"(?<![^\W_])(?:#|No\.?)?(?P<first>\d{1,4})(?P<half>\.5)?(?:v\d)?(?:(?P<joint> ?[-~] ?)(?P<last>\d{1,4})(?:[-~]\d{1,4})*(?:v\d)?)?(?![^\W_])(?!['’%]|\.\d|:\d)",
    re.IGNORECASE,
)
_DASHED = re.compile(r"[ ._](?:-|–)[ ._]{1,2}[\[({]?$|[ ._)\]][\[{]$")
_LAST_OF = re.compile(r"[-~](\d{1,4})(?:v\d)?$")
_SEE = re.compile(r"(?<![^\W_])(?P<season>\d{1,2})(?P<episode>\d{2})(?![^\W_])")
_PAIR = re.compile(
    r"(?<![^\W_])(?P<season>\d)(?P<first>\d{2})\.(?P=season)(?P<last>\d{2})(?![^\W_])|(?<![^\W_])0?(?P<one>\d)(?P<a>\d{2})(?P<b>\d{2})(?![^\W_])"
)
_COMPACT_SEASON = re.compile(r"(?P<season>\d{1,2})-(?P<first>\d{2})(?![^\W_])")


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    """Return the numbers a match names, a range in full."""
    last = _LAST_OF.search(match[0])
    return span(int(match["first"]), int(last[1] if last else match["first"]))


def find(text: str, words: list[Word], *, group_end: int, zone_end: int) -> Marker | None:
    """Find the absolute number between the release group and the release words.

    `group_end` is where a leading `[Group]` ends (0 without one). A number after a spaced dash wins;
    otherwise the last number of the title zone, but only behind a release group or padded with zeros.
    """
    last: re.Match[str] | None = None
    for match in _NUMBER.finditer(text, group_end, zone_end):
        value = match["first"]
        if match.start() <= group_end and not text[match.end() : match.end() + 3].strip(" ._") == "-" and not group_end:
            continue
        dashed = _DASHED.search(text, group_end, match.start()) is not None if match.start() > group_end else False
        if dashed and not _years(match) and (len(value) > 1 or group_end):
            return Marker(match.start(), match.end(), "absolute number", 0.95 if group_end else 0.9, absolute=_numbers(match))
        if match.start() > group_end + 1:
            last = match
    if last is None or _years(last):
        return None
    rest = text[last.end() : zone_end].strip(" ._-([{")
    padded = last["first"][0] == "0" and len(last["first"]) > 1
    ranged = last["last"] is not None
    if (group_end and (not rest or padded)) or (ranged and not rest) or text[last.start()] == "#":
        return Marker(last.start(), last.end(), "number after the title", 0.9, absolute=_numbers(last))
    return None


def _years(match: re.Match[str]) -> bool:
    """Say whether the number reads as a year."""
    return len(match["first"]) == 4 and 1900 <= int(match["first"]) <= 2035 and match["last"] is None


def find_compact(text: str, words: list[Word]) -> Marker | None:
    """Find season and episode in one number right before the release words or the end: `103`, `2401`, `103.104`."""
    if match := _PAIR.search(text, 1):
        if match["season"] and int(match["last"]) > int(match["first"]):
            return Marker(
                match.start(),
                match.end(),
                "compact numbers",
                0.8,
                int(match["season"]),
                span(int(match["first"]), int(match["last"])),
            )
        if match["one"] and int(match["b"]) == int(match["a"]) + 1:
            return Marker(
                match.start(), match.end(), "compact numbers", 0.8, int(match["one"]), (int(match["a"]), int(match["b"]))
            )
    for index, word in enumerate(words):
        if not index or not word.lower.isdigit() or len(word.lower) not in (3, 4):
            continue
        match = _SEE.fullmatch(word.lower)
        if (
            match is None
            or (len(word.lower) == 4 and 1900 <= int(word.lower) <= 2035)
            or word.lower in ("1080", "720", "480", "576", "2160", "264", "265")
        ):
            continue
        tagged = index + 1 == len(words) or words[index + 1].tag != TEXT
        if tagged or words[index - 1].tag == TEXT:
            return Marker(
                word.start, word.end, "compact number", 0.8 if tagged else 0.75, int(match["season"]), (int(match["episode"]),)
            )
    return None


def find_plain(words: list[Word]) -> Marker | None:
    """Find a padded number between title and release words (`Test.05.HDTV`), where a show is expected."""
    for index, word in enumerate(words[1:], 1):
        if word.lower.isdigit() and len(word.lower) in (2, 3) and word.tag not in (STRONG_TAG, WEAK_TAG):
            following = words[index + 1].tag if index + 1 < len(words) else STRONG_TAG
            if following != TEXT or word.lower[0] == "0":
                return Marker(word.start, word.end, "number before release words", 0.8, absolute=(int(word.lower),))
    return None


def find_leading(text: str) -> Marker | None:
    """Find the number a name begins with: `03 - Name`, `003. Name`, `11-02 Name`."""
    if match := _COMPACT_SEASON.match(text):
        return Marker(0, match.end(), "season-episode first", 0.8, int(match["season"]), (int(match["first"]),))
    match = _NUMBER.match(text)
    if match is None or _years(match):
        return None
    return Marker(0, match.end(), "number first", 0.85, absolute=_numbers(match))


def following_absolute(text: str, marker: Marker, *, grouped: bool) -> tuple[int, ...]:
    """Return the absolute numbers right after (or before) a season marker: `S01E01-02 (001-002)`, `S10E14 214`."""
    pattern = re.compile(r"[ ._]*[-(]?[ ._]*(?P<first>\d{3,4})(?:(?P<joint>[-~])\d{3,4})*(?=[ ._)\-\[]|$)")
    match = pattern.match(text, marker.end)
    if match is None or (len(match["first"]) == 4 and 1900 <= int(match["first"]) <= 2100):
        return ()
    numbers = [int(number) for number in re.findall(r"\d{3,4}", match[0])]
    found = span(numbers[0], numbers[-1])
    return found if len(found) == len(marker.episodes) and (grouped or len(found) > 1 or "(" in match[0]) else ()
