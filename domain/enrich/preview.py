"""What enriching a thing would change, field by field, and what keeps the others as they are. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.catalog.enums import EntityKind
from domain.catalog.queries import rows_of
from domain.catalog.sources import USER, is_provider
from domain.catalog.tables import Entity
from domain.enrich import languages
from domain.enrich.asking import Answers, Said, ask_all, sources
from domain.enrich.enums import DiffOutcome
from domain.enrich.provenance import Standing, standing
from domain.enrich.subjects import Unit, units_of_entities, units_of_items
from domain.enrich.values import values_of
from domain.kit.errors import NotFound
from domain.providers.desk import PERSON, Desk
from domain.providers.queries import nobody_to_ask

_OTHERS = (EntityKind.PERSON, EntityKind.COLLECTION)


@dataclass(frozen=True, slots=True)
class Diff:
    """Of one field: what is shown, what would be, what the providers offer, whose word decides."""

    field: str
    now: Any
    would_be: Any
    offered: Any
    provider: str | None
    outcome: DiffOutcome
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """All of it, and how each provider did."""

    diffs: Sequence[Diff]
    said: Sequence[tuple[str, Said]]


def preview(desk: Desk, entity: int) -> Preview:
    """Ask the providers about one thing, as a person's enrichment would. Raises NotFound; Conflict where none can be asked."""
    asked = sources(desk, PERSON)
    if not asked:
        raise nobody_to_ask()
    with desk.database.read() as session:
        kind = next((row.kind for row in rows_of(session, Entity.id, [entity])), None)
        units = units_of_entities(session, [entity], kind) if kind in _OTHERS else units_of_items(session, [entity])
    if not units:
        return Preview((), ())  # of a kind that no provider has
    answers = ask_all(asked, _narrowed(units[0], entity))
    with desk.database.read() as session:
        found = standing(session, entity)
        spoken = () if found is None else languages.load(session).of(found.row)
    if found is None:
        raise NotFound("There is no such thing any more.", path=("id",))
    said = answers.said.get(entity, {})
    return Preview(_diffs(found, answers, entity, spoken), sorted(said.items()))


def _narrowed(unit: Unit, entity: int) -> Unit:
    """The same with one thing wanted: a series is asked about without its seasons."""
    unit.wanted = {entity}
    return unit


def _diffs(found: Standing, answers: Answers, entity: int, spoken: Sequence[str]) -> list[Diff]:
    told: dict[str, dict[str, Any]] = {}
    for asked, one in answers.said.get(entity, {}).items():
        if one.details is not None:
            for name, value in values_of(one.details, spoken).items():
                told.setdefault(name, {})[asked] = value
    diffs = []
    for name in sorted(told):
        every = {**found.said.get(name, {}), **told[name]}
        after = {source: value for source, value in every.items() if value is not None}
        theirs = {source: value for source, value in after.items() if is_provider(source)}
        provider, offered = found.winner(name, theirs)
        if theirs:
            diffs.append(_diff(found, name, after, provider, offered))
    return diffs


def _diff(found: Standing, name: str, after: dict[str, Any], provider: str | None, offered: Any) -> Diff:
    now = found.shown(name)
    source, best = found.winner(name, after)
    if found.is_locked(name):
        return Diff(name, now, now, offered, provider, DiffOutcome.LOCKED)
    if source is not None and not is_provider(source):
        outcome = DiffOutcome.EDITED if source == USER else DiffOutcome.OUTRANKED
        return Diff(name, now, now, offered, provider, outcome, source)
    return Diff(name, now, best, offered, provider, DiffOutcome.EQUAL if best == now else DiffOutcome.CHANGES)
