"""Numbers of the whole series: `[Group] Title - 01`, `Title - 1071 - Name`, `S01E01-02 (001-002)`."""

import re

from domain.libraries.names.marker import Marker, span
from domain.libraries.names.words import STRONG_TAG, TEXT, WEAK_TAG, Word

_NUMBER = re.compile(
    r"(?<![^\W_])(?:#|No\.?)?(?P<first>\d{1,4})(?P<half>\.5)?(?:v\d)?"
    r"(?:(?:[-~+&]| ~ |(?<=(?<!\d)0\d) - |(?<=(?<!\d)00\d) - )(?P<last>\d{1,4})(?:[-~]\d{1,4})*(?:v\d)?)?"
    r"(?![^\W_])(?!['’%]|\.\d|:\d)",
    re.IGNORECASE,
)
BETWEEN = "special between two episodes"  # `10.5`: a recap or the like, no episode of the count
_DASHED = re.compile(r"[ ._)]-[ ._]{1,2}[({]?$|[ ._)\]]\{$")
_LAST_OF = re.compile(r"[-~+&] ?(\d{1,4})(?:v\d)?$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ ._]*$")
_NOT_BEFORE = frozenset({"vol", "volume", "movie", "film", "part", "op", "ed", "ncop", "nced", "pv", "cm"})
_AFTER_MARKER = re.compile(r"[ ._]*[-(\[]?[ ._]*(?P<first>\d{3,4})(?:[-~]\d{3,4})*(?=[ ._)\-\[]|$)")
_BEFORE_MARKER = re.compile(r"[ ._]+(?:-[ ._]+)?(?P<first>\d{3,4})(?:[-~](?P<last>\d{3,4}))?[ ._\-]*$")


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    """Return the numbers a match names, a range in full."""
    last = _LAST_OF.search(match[0])
    return span(int(match["first"]), int(last[1] if last else match["first"]))


def _reads_as_year(match: re.Match[str]) -> bool:
    return len(match["first"]) == 4 and 1900 <= int(match["first"]) <= 2035 and match["last"] is None


def find(text: str, *, begin: int, end: int, grouped: bool) -> Marker | None:
    """Find the absolute number in the title zone, from `begin` to `end`.

    A number after a spaced dash wins; otherwise the last number of the zone counts, but only behind a
    release group (`grouped`), as a range or with a `#`. `10.5` is a special without a number of its own.
    """
    last: re.Match[str] | None = None
    for match in _NUMBER.finditer(text, begin, end):
        before = text[begin : match.start()]
        if not before.strip(" ._-[(") or _reads_as_year(match):
            continue
        if (word := _WORD_BEFORE.search(before[-12:])) and word[1].lower() in _NOT_BEFORE:
            continue
        if _DASHED.search(before[-4:]) and (len(match["first"]) > 1 or grouped):
            if match["half"]:
                return Marker(match.start(), match.end(), BETWEEN, 0.8, 0)
            return Marker(match.start(), match.end(), "absolute number", 0.95 if grouped else 0.9, absolute=_numbers(match))
        last = match
    if last is None:
        return None
    if last["half"]:
        return None
    rest = text[last.end() : end].strip(" ._-([{])}")
    padded = last["first"][0] == "0" and len(last["first"]) > 1
    if (grouped and (not rest or padded)) or (last["last"] is not None and not rest) or text[last.start()] == "#":
        return Marker(last.start(), last.end(), "number after the title", 0.9, absolute=_numbers(last))
    return None


def find_plain(words: list[Word]) -> Marker | None:
    """Find a number between title and release words (`Test.05.HDTV`), where a show is expected."""
    for index, word in enumerate(words[1:], 1):
        if word.lower.isdecimal() and len(word.lower) in (2, 3) and word.tag not in (STRONG_TAG, WEAK_TAG):
            following = words[index + 1].tag if index + 1 < len(words) else STRONG_TAG
            if following != TEXT or word.lower[0] == "0":
                return Marker(word.start, word.end, "number before release words", 0.8, absolute=(int(word.lower),))
    return None


def find_leading(text: str) -> Marker | None:
    """Find the number a name begins with: `03 - Name`, `003. Name`."""
    match = _NUMBER.match(text)
    if match is None or _reads_as_year(match):
        return None
    return Marker(0, match.end(), "number first", 0.85, absolute=_numbers(match))


def beside(text: str, marker: Marker, *, begin: int, grouped: bool) -> tuple[tuple[int, ...], int]:
    """Return the absolute numbers beside a season marker and where the title then ends.

    `S01E01-02 (001-002)` and `S10E14 214` name them after it, `214 10x14` before it. A lone number counts
    only behind a release group, several only when they are as many as the episodes.
    """
    if after := _AFTER_MARKER.match(text, marker.end):
        numbers = [int(number) for number in re.findall(r"\d{3,4}", after[0])]
        found = span(numbers[0], numbers[-1])
        alone = grouped and "[" not in after[0]
        if len(found) == len(marker.episodes) and not 1900 <= found[0] <= 2100 and (alone or len(found) > 1 or "(" in after[0]):
            return found, marker.start
    exact = marker.reason in ("SxxEyy", "NxNN")
    if exact and (before := _BEFORE_MARKER.search(text[begin : marker.start])):
        found = span(int(before["first"]), int(before["last"] or before["first"]))
        if len(found) == len(marker.episodes) and (grouped or len(found) > 1) and not 1900 <= found[0] <= 2100:
            return found, begin + before.start()
    return (), marker.start
