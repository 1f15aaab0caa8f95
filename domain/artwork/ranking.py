"""In which order automation takes pictures of a type: local ones by their names, what providers offer by score. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from domain.artwork.similarity import Print, is_same
from domain.catalog.enums import EntityKind
from domain.catalog.provider_order import LOCAL

NUMBER: Final = "number"
PREFERENCE: Final = "preference"
"""In the breakdown of a local picture: the number in its name, and how exactly it is named (0 is best)."""
EMBEDDED: Final = "embedded"
"""In the breakdown of a local picture: 1 for one that is inside a media file."""
LAST: Final = 100_000
"""The preference of such a picture: any that a person put beside the media comes before it."""
_SEASON_ALL: Final = -1


def by_name(rows: Iterable[Any], offers: Mapping[int, Any]) -> list[Any]:
    """Of local uses one of each number (the best named), in the order of the numbers."""

    def said(row: Any, name: str) -> float:
        offer = offers.get(row.candidate_id)
        return 0 if offer is None else (offer.score_breakdown or {}).get(name, 0)

    best: dict[float, Any] = {}
    for row in sorted(rows, key=lambda row: (said(row, PREFERENCE), -row.score, row.id)):
        best.setdefault(said(row, NUMBER), row)
    return [best[number] for number in sorted(best)]


def by_score(offers: Iterable[Any], places: Mapping[str, int] | None) -> list[Any]:
    """What providers offer, best first; with `places` those of the first provider before all others.

    A provider that has no place in `places` is left out.
    """
    if places is None:
        return sorted(offers, key=lambda offer: (-offer.score, offer.id))
    heard = [offer for offer in offers if offer.provider in places]
    return sorted(heard, key=lambda offer: (places[offer.provider], -offer.score, offer.id))


def in_order(local: Sequence[Any], offers: Iterable[Any], places: Mapping[str, int] | None) -> list[Any]:
    """Local uses (as `by_name` orders them) and offers together: local ones first, unless `places` puts them elsewhere.

    Where local ones share a place with a provider, the better score counts.
    """
    provided = by_score(offers, places)
    if places is None:
        return [*local, *provided]
    if LOCAL not in places:
        return provided
    mine = places[LOCAL]
    before = [offer for offer in provided if places[offer.provider] < mine]
    beside = [offer for offer in provided if places[offer.provider] == mine]
    after = [offer for offer in provided if places[offer.provider] > mine]
    shared = sorted((*local, *beside), key=lambda one: -one.score) if beside else list(local)
    return [*before, *shared, *after]


def is_of_another(row: Any, kind: EntityKind | None) -> bool:
    """Whether a picture of a series is one of its seasons', or of all of them: it stays in the pool."""
    return row.season_number == _SEASON_ALL or (kind is EntityKind.SERIES and row.season_number is not None)


def is_seen(mine: Print | None, before: Sequence[Print]) -> bool:
    """Whether the same picture came before; of one that nobody looked at nothing is known."""
    return mine is not None and any(is_same(mine, other) for other in before)
