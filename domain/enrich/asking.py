"""Asks every provider that knows a thing; what one says of its ids helps to ask the next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.catalog.enums import EntityKind, EpisodeOrdering
from domain.catalog.episode_orders import Numbers
from domain.enrich import keys
from domain.enrich.subjects import Subject, Unit
from domain.identify.orders import told
from domain.kit.errors import Invalid, Paused, RateLimited, Upstream
from domain.providers.desk import Desk, Patience
from domain.providers.known import PROVIDERS, provider_named
from domain.providers.model import Ask, Details, Id, Provider, Query, Wishes
from domain.providers.queries import Setup, setups

_TOPS: Final = (EntityKind.MOVIE, EntityKind.SERIES)


@dataclass(frozen=True, slots=True)
class Source:
    """A provider that can be asked."""

    provider: Provider
    wishes: Wishes
    begin: Callable[[], Ask]
    """Another patience for another unit. Raises KeyRefused."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came of asking one provider for one thing: its answer, None where it does not have it, or the failure."""

    details: Details | None = None
    external_id: str | None = None
    error: Upstream | None = None


@dataclass(slots=True)
class Answers:
    """What all providers said of the things of a unit."""

    unit: Unit
    said: dict[int, dict[str, Said]] = field(default_factory=dict)
    """Entity -> provider."""
    orders: dict[str, dict[EpisodeOrdering, Numbers]] = field(default_factory=dict)
    """Of a series: provider -> what orders of its episodes count that were asked for before."""

    def note(self, one: Subject, provider: str, said: Said) -> None:
        """Keep what a provider said of a thing, if it is to be written."""
        if one.id in self.unit.wanted:
            self.said.setdefault(one.id, {})[provider] = said

    def failures(self) -> list[tuple[int, str, Upstream]]:
        """(entity, provider, why)."""
        return [
            (entity, provider, one.error)
            for entity, by_provider in self.said.items()
            for provider, one in by_provider.items()
            if one.error is not None
        ]

    def stop(self) -> Upstream | None:
        """Why a run of many has to stop here: a provider's limit, or nobody left to ask for now."""
        failed = [error for _, _, error in self.failures()]
        limited = next((error for error in failed if isinstance(error, RateLimited)), None)
        if limited is not None:
            return limited
        has_answer = any(one.error is None for by_provider in self.said.values() for one in by_provider.values())
        return None if has_answer else next((error for error in failed if isinstance(error, Paused)), None)


def sources(desk: Desk, patience: Patience, *, is_renewed: bool = False) -> list[Source]:
    """The providers that are switched on and have a key, the first in priority first."""
    with desk.database.read() as session:
        usable = [each for each in setups(session) if each.is_usable and each.name in PROVIDERS]
    return [_source(desk, each, patience, is_renewed) for each in usable]


def _source(desk: Desk, setup: Setup, patience: Patience, is_renewed: bool) -> Source:
    provider = provider_named(setup.name)
    return Source(provider, setup.wishes, lambda: desk.asking(provider, setup, patience, is_renewed=is_renewed))


def ask_all(asked: Sequence[Source], unit: Unit) -> Answers:
    """Ask the providers that have things of this kind: first those that know its id, then those who learn it from them."""
    answers = Answers(unit)
    waiting = [each for each in asked if keys.answers_for(each.provider.name, unit.top.kind)]
    ids = dict(unit.top.ids)
    while waiting:
        ready = next((each for each in waiting if keys.key_for(each.provider.name, unit.top.kind, ids) is not None), None)
        source = ready if ready is not None else waiting[0]
        waiting.remove(source)
        _ask_one(answers, source, unit, ids)
    return answers


def _ask_one(answers: Answers, source: Source, unit: Unit, ids: dict[keys.Space, str]) -> None:
    """Ask one provider for a unit; `ids` grow by those that it names."""
    name, top = source.provider.name, unit.top
    key: str | None = None
    try:
        ask = source.begin()
        key = keys.key_for(name, top.kind, ids) or _found(ask, source, top.kind, ids)
        if key is None:
            return
        details = source.provider.details(ask, top.kind, key, source.wishes)
    except Invalid:
        return  # an id of another form: the provider cannot have it
    except Upstream as error:
        _note_failure(answers, unit, name, key, error)
        return
    answers.note(top, name, Said(details, key))
    if details is None:
        return
    for one in details.ids:
        ids.setdefault((one.provider, one.namespace), one.value)
    if top.kind is EntityKind.SERIES and name in keys.WITH_SEASONS:
        _ask_seasons(answers, source, unit, key, details)
        _ask_orders(answers, source, unit, key, details)


def _ask_orders(answers: Answers, source: Source, unit: Unit, key: str, series: Details) -> None:
    """What the series' orders count now, of those that the provider still offers."""
    name = source.provider.name
    offered = {(one.ordering, one.external_id) for one in series.orders}
    for order in unit.orders.get(name, ()):
        if (order.ordering, order.external_id) not in offered:
            continue
        try:
            numbers = told(source.provider, source.begin(), order, key, source.wishes)
        except Upstream as error:
            answers.note(unit.top, name, Said(series, key, error))
            return
        answers.orders.setdefault(name, {})[order.ordering] = numbers


def _note_failure(answers: Answers, unit: Unit, name: str, key: str | None, error: Upstream) -> None:
    """A top that is not itself wanted stands for its parts that are."""
    subjects = [unit.top, *unit.seasons.values(), *(one for some in unit.episodes.values() for one in some.values())]
    failed = [unit.top] if unit.top.id in unit.wanted else [one for one in subjects if one.id in unit.wanted]
    for one in failed:
        answers.note(one, name, Said(None, key, error))


def _found(ask: Ask, source: Source, kind: EntityKind, ids: Mapping[keys.Space, str]) -> str | None:
    """The provider's id of a film or series that others name; None unless exactly one thing is meant."""
    if kind not in _TOPS:
        return None
    for space in keys.CROSS.get(source.provider.name, ()):
        if space in ids:
            found = source.provider.search(ask, Query(kind, id=Id(space[0], space[1], ids[space])), source.wishes)
            if len(found) == 1:
                return found[0].external_id
    return None


def _ask_seasons(answers: Answers, source: Source, unit: Unit, key: str, series: Details) -> None:
    """Its seasons, as far as they are wanted: each answer fills its episodes; the series' own is a season's where it has none."""
    name = source.provider.name
    offered = {part.season_number: part for part in series.parts}
    for number, season in unit.seasons.items():
        episodes = unit.episodes.get(number, {})
        if season.id not in unit.wanted and not any(one.id in unit.wanted for one in episodes.values()):
            continue
        own = f"{key}/{number}"
        try:
            ask = source.begin()
            details = source.provider.details(ask, EntityKind.SEASON, own, source.wishes)
        except Upstream as error:
            answers.note(season, name, Said(offered.get(number), own, error))
            for one in episodes.values():
                answers.note(one, name, Said(None, own, error))
            continue
        answers.note(season, name, Said(details or offered.get(number), own))
        told = {part.episode_number: part for part in (details.parts if details is not None else ())}
        for place, episode in episodes.items():
            answers.note(episode, name, Said(told.get(place), f"{own}/{place}"))
