"""How well a document answers a query: computed from these two alone, so that hidden rows leave no trace in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.search.asking import EXACT, LONG_PREFIX, PREFIX, SAME, Asked, Query
from domain.search.words import NUMERALS, OPTIONAL, is_run

OTHER_NAME: Final = 0.97
"""What a match in another than the chief name is worth."""
SMALL_WORD: Final = 0.25
"""What an article counts for in the length of a name."""
YEARS: Final = {0: EXACT, 1: 0.5}
"""What the year of a thing is worth, by how many years the query is off."""
_FIT, _COVER, _ORDER, _START, _SMALL = 0.55, 0.25, 0.1, 0.05, 0.05
"""Weights: fit of the words, share of the name, their order, the name's beginning, articles."""


@dataclass(slots=True)
class _Match:
    fit: list[float]
    place: list[int]
    """Of the word of the name that each word of the query was found in; -1 = none."""


def score(query: Query, names: str, year: int | None) -> float:
    """0 (no answer) to 1 (the very name), with four decimals. `names` as documents keep them."""
    best = 0.0
    for number, name in enumerate(names.split("\n")):
        found = _score_of_name(query, name.split(), year)
        best = max(best, found if number == 0 else found * OTHER_NAME)
    return round(best, 4)


def where_found(query: Query, name: Sequence[str]) -> list[tuple[Asked, int]]:
    """Each word of the query that the name holds, with the place of the name's word."""
    match = _match(query, name, None)
    return [(each, at) for each, at in zip(query.asked, match.place, strict=True) if at >= 0]


def split_at(asked: Asked, name: Sequence[str], at: int) -> bool:
    """Whether a word of the query stands for two words of the name, from `at` on."""
    pair = (name[at], name[at + 1]) if at + 1 < len(name) else ("", "")
    return asked.text.startswith(pair[0]) and any(
        one == pair[0] and pair[1].startswith(other) for one, other in asked.splits
    )  # fmt: skip


def _score_of_name(query: Query, name: Sequence[str], year: int | None) -> float:
    match = _match(query, name, year)
    required = query.required
    if any(match.fit[at] == 0 for at in required):
        return 0.0
    fit = sum(match.fit[at] for at in required) / len(required)
    weights = [SMALL_WORD if word in OPTIONAL else 1.0 for word in name]
    hit = {at for at in match.place if at >= 0}
    cover = sum(weights[at] * _share(query, name[at]) for at in hit) / sum(weights)
    places = [at for at in match.place if at >= 0]
    steps = list(pairwise(places))
    order = sum(other in (one, one + 1) for one, other in steps) / len(steps) if steps else 1.0
    start = 1.0 if places and min(places) == next((at for at, weight in enumerate(weights) if weight == 1.0), 0) else 0.0
    small = [at for at, each in enumerate(query.asked) if each.is_optional]
    smalls = sum(match.fit[at] > 0 for at in small) / len(small) if small else 1.0
    return _FIT * fit + _COVER * min(cover, 1.0) + _ORDER * order + _START * start + _SMALL * smalls


def _share(query: Query, word: str) -> float:
    """How much of a run the query names; a word is one whole."""
    if not is_run(word):
        return 1.0
    return max((len(each.text) / len(word) for each in query.asked if each.text in word), default=1.0)


def _match(query: Query, name: Sequence[str], year: int | None) -> _Match:
    match = _Match([0.0] * len(query.asked), [-1] * len(query.asked))
    taken: set[int] = set()
    for number, each in enumerate(query.asked):
        best, where = 0.0, -1
        for at, word in enumerate(name):
            fit = _fit(each, word, is_last=at == len(name) - 1)
            if fit and at in taken:
                fit -= 0.01  # "new york new york": each word once
            if fit > best:
                best, where = fit, at
        if best == 0 and each.year is not None and year is not None:
            best = YEARS.get(abs(each.year - year), 0.0)
        match.fit[number], match.place[number] = best, where
        taken.add(where)
    _match_split(query, name, match)
    _match_joined(query, name, match)
    return match


def _fit(asked: Asked, word: str, *, is_last: bool) -> float:
    found = asked.forms.get(word) or (asked.forms.get(NUMERALS[word], 0.0) if word in NUMERALS else 0.0)
    if found >= SAME:
        return found
    if is_last and len(word) == 1 and word in "ivx" and asked.forms.get({"i": "1", "v": "5", "x": "10"}[word]):
        return SAME
    if is_run(asked.text):
        return max(found, PREFIX + (LONG_PREFIX - PREFIX) * len(asked.text) / len(word)) if asked.text in word else found
    if asked.is_prefix and word.startswith(asked.text):
        return max(found, PREFIX + (LONG_PREFIX - PREFIX) * len(asked.text) / len(word))
    return found


def _match_split(query: Query, name: Sequence[str], match: _Match) -> None:
    for number, each in enumerate(query.asked):
        for one, other in each.splits if match.fit[number] < SAME else ():
            for at in range(len(name) - 1):
                is_end = each.is_prefix and name[at + 1].startswith(other)
                if name[at] == one and (name[at + 1] == other or is_end):
                    match.fit[number], match.place[number] = SAME if name[at + 1] == other else PREFIX, at


def _match_joined(query: Query, name: Sequence[str], match: _Match) -> None:
    for number, joined in enumerate(query.joins):
        if min(match.fit[number : number + 2]) >= SAME:
            continue
        is_open = query.asked[number + 1].is_prefix and len(joined) > 3
        for at, word in enumerate(name):
            if word == joined or (is_open and word.startswith(joined)):
                fit = SAME if word == joined else PREFIX
                for place in (number, number + 1):
                    if match.fit[place] < fit:
                        match.fit[place], match.place[place] = fit, at
