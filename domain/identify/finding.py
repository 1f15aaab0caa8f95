"""Finds out what one film or series is: by the ids it has, else by title and year at all providers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from domain.catalog.enums import EpisodeOrdering
from domain.catalog.episode_orders import Numbers
from domain.catalog.facts import CatalogueId
from domain.identify import weights
from domain.identify.asking import Asker
from domain.identify.catalogues import other_ids, own_id
from domain.identify.enums import AttemptOutcome
from domain.identify.knowing import Known
from domain.identify.matching import Judged, accepted, contradiction, judge
from domain.identify.options import Offer, as_candidate, candidate_of, ids_of, united
from domain.identify.orders import numbers_of
from domain.providers.model import Candidate, OrderOnOffer, Query

DETAILED: Final = 4
"""So many candidates are asked for their details: length, seasons, ids."""
SHOWN: Final = 10
"""Candidates of one question in the review queue."""
_HOPELESS: Final = 0.25
"""Below this confidence a candidate is not shown: it shares a word at most."""
_SEARCHED: Final = 2
"""Titles that are searched for, the shown one first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of it. `ids` are what is kept, `candidates` what a person is shown, `confidence` that of the best."""

    known: Known
    outcome: AttemptOutcome
    ids: Sequence[CatalogueId] = ()
    confidence: float = 0.0
    candidates: Sequence[dict[str, Any]] = field(default_factory=list)
    seasons: Mapping[int, int] | None = None
    """Of an identified series, with the number of their episodes."""
    absolute: "Absolute | None" = None
    """Of an identified series whose files count over the whole of it."""


@dataclass(frozen=True, slots=True)
class Absolute:
    """How a provider counts a series' episodes over the whole of it; `offered` are all orders that it has for it."""

    provider: str
    offered: Sequence[OrderOnOffer]
    numbers: Numbers


def find(asker: Asker, known: Known) -> Finding:
    """Raises Upstream where the asker does: then nothing is known."""
    if known.ids:
        return _by_ids(asker, known)
    return _by_title(asker, known)


def _by_ids(asker: Asker, known: Known) -> Finding:
    offer = by_ids(asker, known)
    if offer is None:
        return Finding(known, AttemptOutcome.NOTHING)
    against = contradiction(known.wanted, offer.option)
    if not against:
        return _found(asker, known, offer, 1.0)
    (judged,) = judge(known.wanted, [offer.option])
    named = as_candidate(offer, Judged(0, judged.confidence, against))
    others = [one for one in rank(asker, known).candidates if one["ids"] != named["ids"]]
    return Finding(known, AttemptOutcome.CONTRADICTED, (), judged.confidence, [*others, named][:SHOWN])


def _found(asker: Asker, known: Known, offer: Offer, confidence: float) -> Finding:
    seasons, absolute = offer.option.seasons, _absolute(asker, offer) if known.wanted.absolute else None
    return Finding(known, AttemptOutcome.IDENTIFIED, ids_of(offer), confidence, seasons=seasons, absolute=absolute)


def _absolute(asker: Asker, offer: Offer) -> Absolute | None:
    """The absolute order of the first provider that has one; asked for only where files are numbered so."""
    for details in offer.details:
        order = next((one for one in details.orders if one.ordering is EpisodeOrdering.ABSOLUTE), None)
        if order is None:
            continue
        numbers = numbers_of(order.ordering, asker.episodes(details.provider, order, details.external_id))
        if numbers:
            return Absolute(details.provider, details.orders, numbers)
    return None


def by_ids(asker: Asker, known: Known) -> Offer | None:
    """What the ids of an item name, at the providers that have it; None where none has."""
    kind, offers = known.wanted.kind, []
    for setup in asker.heard:
        mine = own_id(known.ids, setup.name, kind)
        details = None if mine is None else asker.details(setup.name, kind, mine)
        if details is not None:
            offers.append(Offer(candidate_of(details), (details,)))
    if not offers:
        for one in other_ids(known.ids):
            offers = _detailed(asker, [Offer(each) for each in asker.search(Query(kind, id=one))])
            if offers:
                break
    found = united(offers)
    return found[0] if found else None


def _by_title(asker: Asker, known: Known) -> Finding:
    ranking = rank(asker, known)
    best = ranking.best
    if best is not None:
        offer = ranking.offers[best.index]
        return _found(asker, known, offer, best.confidence)
    candidates = ranking.candidates
    outcome = AttemptOutcome.CANDIDATES if candidates else AttemptOutcome.NOTHING
    return Finding(known, outcome, (), candidates[0]["confidence"] if candidates else 0.0, candidates)


@dataclass(slots=True)
class Ranking:
    """What providers know under an item's titles, judged; `best` is the one that is beyond doubt."""

    offers: list[Offer] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    best: Judged | None = None

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """As the review queue shows them, the likeliest first."""
        shown = [one for one in self.judged if one.confidence >= _HOPELESS][:SHOWN]
        return [as_candidate(self.offers[one.index], one) for one in shown]


def rank(asker: Asker, known: Known) -> Ranking:
    """Search with the year, then without it, then by a second title, until one candidate is beyond doubt."""
    found = Ranking()
    for title in known.wanted.titles[:_SEARCHED]:
        for year in (*known.wanted.years[:1], None):
            fresh = _fresh(asker.search(Query(known.wanted.kind, title[:200], year)), found.offers)
            if not fresh:
                continue
            found.offers = united(_best_detailed(asker, known, [*found.offers, *map(Offer, fresh)]))
            found.judged = judge(known.wanted, [offer.option for offer in found.offers])
            best = accepted(found.judged)
            if best is not None and found.offers[best.index].details:
                found.best = best
                return found
    return found


def _fresh(found: Sequence[Candidate], offers: Sequence[Offer]) -> list[Candidate]:
    have = {(one.provider, one.external_id) for offer in offers for one in (offer.candidate, *offer.others)}
    return [one for one in found if (one.provider, one.external_id) not in have]


def _best_detailed(asker: Asker, known: Known, offers: list[Offer]) -> list[Offer]:
    """The offers with details of those that may be it; the rest as they are."""
    ranked = judge(known.wanted, [offer.option for offer in offers])
    # Titles in other countries are only in the details: of those that nothing speaks for, the first two are looked at as well.
    likely = [one.index for one in ranked if one.confidence >= weights.ACCEPTED - weights.TITLE][:DETAILED]
    wanted = set(dict.fromkeys([*likely, *range(min(2, len(offers)))]))
    told = {number: _detailed(asker, [offers[number]]) for number in wanted if not offers[number].details}
    return [each for number, offer in enumerate(offers) for each in told.get(number, [offer])]


def _detailed(asker: Asker, offers: Sequence[Offer]) -> list[Offer]:
    """With details; without those that the provider does not have after all."""
    found = []
    for offer in offers:
        one = offer.candidate
        details = asker.details(one.provider, one.kind, one.external_id)
        if details is not None:
            found.append(Offer(one, (details,), offer.others))
    return found
