"""What several providers call one thing, as one option, and as the review queue shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId
from domain.catalog.identity import Space
from domain.catalog.sorting import normal_name
from domain.identify.catalogues import SPACES
from domain.identify.matching import Judged, Option
from domain.libraries.candidates import PROVIDER
from domain.providers.model import Candidate, Details


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing as the first provider that named it tells of it; `details` of all that were asked for theirs."""

    candidate: Candidate
    details: tuple[Details, ...] = ()
    others: tuple[Candidate, ...] = ()
    """The same thing as further providers call it."""

    @property
    def ids(self) -> dict[Space, str]:
        """What catalogues call it; of several words for one space the first provider's."""
        found: dict[Space, str] = {}
        for details in self.details:
            for one in details.ids:
                found.setdefault((one.provider, one.namespace), one.value)
        for candidate in (self.candidate, *self.others):
            found.setdefault((candidate.provider, SPACES[candidate.provider][candidate.kind]), candidate.external_id)
        return found

    @property
    def option(self) -> Option:
        """For judging."""
        first, told = self.candidate, self.details
        titles = [first.title, first.original_title, *(one.title for one in self.others)]
        titles += [title for one in told for title in (one.title, one.original_title)]
        more = [other.title for one in told for other in one.other_titles]
        more += [each.title for one in told for each in one.translations if each.title is not None]
        days = [first.release_date, *(one.release_date for one in told), *(one.release_date for one in self.others)]
        seasons = next((found for one in told if (found := seasons_of(one))), None)
        released = frozenset(release.date.year for one in told for release in one.releases)
        return Option(
            tuple(dict.fromkeys(title for title in titles if title)), tuple(dict.fromkeys(more)), _year(days), released,
            _year([one.end_date for one in told]), next((one.runtime_ms for one in told if one.runtime_ms), None), seasons,
            first.popularity or 0.0,
        )  # fmt: skip


def seasons_of(series: Details) -> Mapping[int, int]:
    """The number of episodes of each season, as far as the series' own answer tells."""
    return {
        part.season_number: part.episode_count
        for part in series.parts
        if part.season_number is not None and part.episode_count is not None
    }


def united(offers: Sequence[Offer]) -> list[Offer]:
    """The same offers with those as one that are one thing: a common id, or the same title and year at another provider."""
    found: list[Offer] = []
    for offer in offers:
        twin = next((number for number, other in enumerate(found) if _is_same(other, offer)), None)
        if twin is None:
            found.append(offer)
        else:
            first = found[twin]
            others = (*first.others, offer.candidate, *offer.others)
            found[twin] = Offer(first.candidate, (*first.details, *offer.details), others)
    return found


def _is_same(one: Offer, other: Offer) -> bool:
    mine, theirs = one.ids, other.ids
    providers = {one.candidate.provider, *(each.provider for each in one.others)}
    if other.candidate.provider in providers:
        return False
    common = mine.keys() & theirs.keys()
    if common:
        return all(mine[space] == theirs[space] for space in common)
    first, second = one.candidate, other.candidate
    is_dated = first.release_date is not None and second.release_date is not None
    return (
        is_dated
        and _year([first.release_date]) == _year([second.release_date])
        and normal_name(first.title) == normal_name(second.title)
    )


def _year(days: Sequence[date | None]) -> int | None:
    return next((day.year for day in days if day is not None), None)


def ids_of(offer: Offer) -> list[CatalogueId]:
    """Its ids, for keeping."""
    return [CatalogueId(provider, namespace, value) for (provider, namespace), value in offer.ids.items()]


def as_candidate(offer: Offer, judged: Judged) -> dict[str, Any]:
    """A candidate of the review queue."""
    one = offer.candidate
    year = offer.option.year
    said = {
        "source": PROVIDER,
        "provider": one.provider,
        "external_id": one.external_id,
        "kind": one.kind.value,
        "title": one.title,
        "original_title": one.original_title,
        "year": year,
        "plot": None if one.plot is None else one.plot[:500],
        "poster_url": one.poster_url,
        "confidence": judged.confidence,
        "reasons": [{"kind": each.kind.value, "points": each.points, "text": each.text} for each in judged.reasons],
        "ids": {f"{provider}:{namespace}": value for (provider, namespace), value in offer.ids.items()},
    }
    return {name: value for name, value in said.items() if value is not None}


def candidate_of(details: Details) -> Candidate:
    """What is known from an id, as a search would tell it."""
    poster = next((one.url for one in details.pictures if one.asset_type == "poster"), None)
    return Candidate(
        details.provider, EntityKind(details.kind), details.external_id, details.title or "", details.original_title,
        details.original_language, details.release_date, details.plot, poster, details.score, details.votes, details.popularity,
    )  # fmt: skip
