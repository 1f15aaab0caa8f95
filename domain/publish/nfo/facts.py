"""Credits, scores and catalogue ids as an NFO can say them: each once, in bounds, one default."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.libraries.nfo import NfoCredit, NfoDepartment, NfoId, NfoKind, NfoRating
from domain.libraries.nfo.providers import catalogue_id
from domain.libraries.nfo.ratings import SOURCES
from domain.publish.nfo.characters import entry, line

CREW: Final = {
    NfoDepartment.DIRECTING: "Director",
    NfoDepartment.WRITING: "Writer",
    NfoDepartment.PRODUCTION: "Producer",
}
"""Players know one job of each; for the trades that are missing here they have no place."""
ACTOR: Final = "Actor"
GUEST: Final = "Guest Star"
PERSON_IDS: Final = ("tmdb", "imdb", "tvdb")
_SCRAPERS: Final = {NfoKind.SERIES: ("tvdb", "tmdb"), NfoKind.EPISODE: ("tvdb", "tmdb")}
"""Whose id is the default where none is (Metarr 6.3)."""
_OF_FILMS: Final = ("tmdb", "imdb")
_SCORES: Final = ("tmdb", "imdb")
_MOST_ORDER: Final = 100_000
_MOST_VOTES: Final = 999_999_999
_TEN: Final = Decimal(10)
_THOUSANDTH: Final = Decimal("0.001")

_Key = tuple[str, NfoDepartment, str, str]


def credits(given: Iterable[NfoCredit]) -> tuple[NfoCredit, ...]:
    """Directors, writers and producers, then the cast in its order."""
    crew: dict[NfoDepartment, dict[_Key, NfoCredit]] = {department: {} for department in CREW}
    cast: dict[_Key, NfoCredit] = {}
    for one in given:
        place = cast if one.department is NfoDepartment.CAST else crew.get(one.department)
        said = _actor(one) if one.department is NfoDepartment.CAST else _crew(one)
        if place is None or said is None:
            continue
        key = (said.name.casefold(), said.department, said.job, (said.role or "").casefold())
        place[key] = _joined(place[key], said) if key in place else said
    return (*(one for found in crew.values() for one in found.values()), *cast.values())


def ratings(given: Iterable[NfoRating]) -> tuple[NfoRating, ...]:
    """One score of each source, over 0 and up to 10, with three decimals; TMDB's is the default where none is."""
    found: dict[str, NfoRating] = {}
    for one in given:
        name = (line(one.source) or "default").lower()
        value = one.value.quantize(_THOUSANDTH)
        if 0 < value <= _TEN:
            source = SOURCES.get(name, name)
            votes = one.votes if one.votes and 0 < one.votes <= _MOST_VOTES else None
            found.setdefault(source, NfoRating(source, value, votes, one.is_default))
    every = list(found.values())
    first = _default([one.source for one in every], [one.is_default for one in every], _SCORES)
    return tuple(replace(one, is_default=number == first) for number, one in enumerate(every))


def ids(given: Iterable[NfoId], kind: NfoKind) -> tuple[NfoId, ...]:
    """The ids of the item itself; those of a space that a bare `uniqueid` does not mean are left out."""
    found: dict[tuple[str, str, str], NfoId] = {}
    for one in given:
        known = catalogue_id(one.provider, line(one.id), kind, is_default=one.is_default)
        if known is None or known.namespace == "collection":
            continue
        if known.provider != one.provider or known.namespace == one.namespace:
            found.setdefault((known.provider, known.namespace, known.id), known)
    every = list(found.values())
    first = _default([one.provider for one in every], [one.is_default for one in every], _SCRAPERS.get(kind, _OF_FILMS))
    return tuple(replace(one, is_default=number == first) for number, one in enumerate(every))


def _default(names: Sequence[str], flags: Sequence[bool], preferred: Sequence[str]) -> int:
    """Which one is the default: what is marked, else the first of the preferred names, else the first."""
    if True in flags:
        return flags.index(True)
    return next((names.index(name) for name in preferred if name in names), 0)


def _actor(one: NfoCredit) -> NfoCredit | None:
    name = line(one.name)
    if name is None:
        return None
    order = one.order if one.order is not None and 0 <= one.order <= _MOST_ORDER else None
    job = GUEST if one.job == GUEST else ACTOR
    return NfoCredit(name, one.department, job, line(one.role), order, external_ids=_person_ids(one.external_ids))


def _crew(one: NfoCredit) -> NfoCredit | None:
    name = entry(one.name)
    if name is None or one.department not in CREW:
        return None
    return NfoCredit(name, one.department, CREW[one.department], external_ids=_person_ids(one.external_ids))


def _person_ids(given: Iterable[NfoId]) -> tuple[NfoId, ...]:
    found: dict[str, NfoId] = {}
    for one in given:
        known = catalogue_id(one.provider, line(one.id), None)
        if known is not None and known.provider in PERSON_IDS and known.namespace in (one.namespace, "person"):
            found.setdefault(known.provider, known)
    return tuple(found[name] for name in PERSON_IDS if name in found)


def _joined(first: NfoCredit, second: NfoCredit) -> NfoCredit:
    return replace(
        first,
        order=first.order if first.order is not None else second.order,
        external_ids=first.external_ids or second.external_ids,
    )
