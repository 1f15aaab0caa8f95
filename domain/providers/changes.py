"""What providers say has changed: our things among it are to be asked for anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog.enums import Enrichment, EntityKind, Identification
from domain.catalog.queries import chunks
from domain.catalog.tables import ExternalId, MediaItem, Person
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.libraries.tables import Library
from domain.providers.model import Changed
from domain.providers.responses import expire
from domain.providers.tables import ProviderConfig
from domain.system import events

_SPACES: Final = {("tmdb", EntityKind.SERIES): "tv"}
"""Spaces of ids that are not called as the kind is."""
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Marked:
    """Of one page: items that automation shall ask for, and how many answers are not fresh any more."""

    items: frozenset[int]
    answers: int


def since(session: Session, provider_id: int) -> datetime | None:
    """Up to where changes have been read; None = never."""
    row_is = col(ProviderConfig.id) == provider_id
    return session.exec(select(ProviderConfig.changes_since).where(row_is)).first()  # unguarded: a job reads for everybody


def mark(uow: UnitOfWork, provider: str, page: Sequence[Changed]) -> Marked:
    """Our things among a page are not completely known any more, and what was answered about them is not fresh.

    One statement for each kind of things on the page, three more where any of them is ours.
    """
    kinds_of: dict[EntityKind, dict[str, Changed]] = {}
    for each in page:
        kinds_of.setdefault(each.kind, {})[each.external_id] = each
    entities: set[int] = set()
    paths: set[str] = set()
    for kind, several in kinds_of.items():
        for entity_id, external_id in _ours(uow, provider, kind, several):
            entities.add(entity_id)
            paths.update(several[external_id].paths)
    if not entities:
        return Marked(frozenset(), 0)
    answers = expire(uow, provider, sorted(paths))
    return Marked(frozenset(_wanted(uow, entities)), answers)


def _ours(uow: UnitOfWork, provider: str, kind: EntityKind, several: Mapping[str, Changed]) -> Iterable[Any]:
    space = _SPACES.get((provider, kind), kind.value)
    for piece in chunks(several):
        query = sa.select(col(ExternalId.entity_id), col(ExternalId.external_id)).where(  # unguarded: a job marks for everybody
            col(ExternalId.provider) == provider, col(ExternalId.namespace) == space, col(ExternalId.external_id).in_(piece),
            col(ExternalId.entity_kind) == kind,
        )  # fmt: skip
        yield from uow.session.execute(query)


def _wanted(uow: UnitOfWork, entities: Collection[int]) -> set[int]:
    """Mark them; those that a library's automation asks for."""
    found: set[int] = set()
    for piece in chunks(sorted(entities)):
        for model in (MediaItem, Person):
            is_it = col(model.id).in_(piece), col(model.enrichment) == Enrichment.COMPLETE
            uow.session.connection().execute(sa.update(model).where(*is_it).values(enrichment=Enrichment.PARTIAL))
        query = sa.select(col(MediaItem.id)).where(  # unguarded: a job marks for everybody
            col(MediaItem.id).in_(piece), col(MediaItem.deleted_at).is_(None),
            col(MediaItem.identification) == Identification.IDENTIFIED, col(MediaItem.library_id) == col(Library.id),
            col(Library.auto_enrich), col(Library.is_enabled),
        )  # fmt: skip
        found.update(uow.session.execute(query).scalars())
    return found


def mark_next(uow: UnitOfWork, provider: str, *, after: int, libraries: set[int]) -> int | None:
    """Mark everything that a provider knows, a piece at a time; adds to `libraries` those whose automation asks.

    The last key of the piece, None at the end.
    """
    is_it = col(ExternalId.provider) == provider, col(ExternalId.id) > after
    query = sa.select(col(ExternalId.id), col(ExternalId.entity_id)).where(*is_it)  # unguarded: a job marks for everybody
    rows = uow.session.execute(query.order_by(col(ExternalId.id)).limit(_AT_ONCE)).all()
    if not rows:
        return None
    wanted = _wanted(uow, {row.entity_id for row in rows})
    for piece in chunks(wanted):
        is_mine = col(MediaItem.id).in_(piece)
        mine = sa.select(col(MediaItem.library_id)).where(is_mine).distinct()  # unguarded: a job marks for everybody
        libraries.update(key for key in uow.session.execute(mine).scalars() if key is not None)
    return int(rows[-1].id)


def read_until(
    uow: UnitOfWork, provider_id: int, *, until: datetime, items: Collection[int] = (), libraries: Collection[int] = ()
) -> None:
    """Everything up to a moment was read and marked: remember it, and have it asked for, in one transaction."""
    row_is = col(ProviderConfig.id) == provider_id
    query = select(ProviderConfig).where(row_is).with_for_update()  # unguarded: a job reads for everybody
    row = uow.session.exec(query).one()
    row.changes_since = until
    wanted = sorted(items)
    for start in range(0, len(wanted), _AT_ONCE):
        payload = kinds.Enrich(items=tuple(wanted[start : start + _AT_ONCE]))
        enqueue(uow, kinds.ENRICH, payload, priority=kinds.BACKGROUND, subject=global_id("provider_configs", provider_id))
    for library_id in sorted(libraries):
        payload = kinds.Enrich(library_id=library_id)
        subject = global_id("libraries", library_id)
        enqueue(uow, kinds.ENRICH, payload, priority=kinds.BACKGROUND, dedupe_key=payload.key(None), subject=subject)
    subject = global_id("provider_configs", provider_id)
    payload_of = {"name": row.name, "items": len(wanted), "libraries": len(libraries)}
    events.emit(uow, "provider.changes_read", subject, topic="providers", payload=payload_of, changed_fields=("changesReadAt",))
