"""Whose certificates decide about ages: those of the household's country first, where an administrator named one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog import certificates
from domain.catalog.countries import COUNTRIES
from domain.catalog.queries import rows_of
from domain.catalog.tables import ItemCertification, MediaItem
from domain.jobs.kinds import RESOLVE_AGES, NoPayload
from domain.jobs.service import Enqueued, enqueue
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import global_id
from domain.system import audit, events, settings_store

KEY: Final = "catalog.certificate_region"
_TABLE: Final[Any] = ItemCertification.__table__  # type: ignore[attr-defined]


def region(session: Session) -> str | None:
    """The household's country (ISO 3166-1); None = nobody named one."""
    found = settings_store.get_setting(session, KEY)
    return None if found is None else str(found)


def preferred(session: Session) -> Sequence[str]:
    """The countries whose certificate decides, best first; else the strictest of the others does."""
    mine = region(session)
    return ("US",) if mine in (None, "US") else (str(mine), "US")


def set_region(uow: UnitOfWork, country: str | None, *, user_id: int | None) -> Enqueued:
    """Name the household's country; the job works out all ages anew. Raises Invalid for what is no country.

    Nothing else changes it, on purpose: an item may be for younger people by another board than it was, and who sets age
    limits must know.
    """
    code = None if country is None else country.strip().upper()
    if code is not None and code not in COUNTRIES:
        raise Invalid("A country of ISO 3166-1 is wanted: DE, GB, US …", path=("country",))
    before = region(uow.session)
    if code is None:
        settings_store.drop_setting(uow, KEY)
    elif code != before:
        settings_store.put_setting(uow, KEY, code, description="The country whose age certificates decide first.")
    if code != before:
        audit.record(uow, "certificates.region_changed", details={"before": before, "now": code})
    same = f"{RESOLVE_AGES.name}:{code}"  # a job for another country may be half-way: this one goes through all again
    return enqueue(uow, RESOLVE_AGES, NoPayload(), dedupe_key=same, requested_by_user_id=user_id)


def page(session: Session, *, after: int, limit: int) -> list[int]:
    """The next items that have certificates, in the order of their keys."""
    mine = col(ItemCertification.item_id)
    query = sa.select(mine).where(mine > after).distinct().order_by(mine).limit(limit)  # unguarded: a job looks at all
    return list(session.connection().execute(query).scalars())


def decide_again(uow: UnitOfWork, items: Sequence[int]) -> Mapping[str, int]:
    """Let the certificates of these items decide anew; how many items, parts included, are for older and younger people now."""
    first = preferred(uow.session)
    rows: dict[int, list[Any]] = {item: [] for item in items}
    for row in rows_of(uow.session, ItemCertification.item_id, items):
        rows[row.item_id].append(row)
    off: list[Any] = []
    on: list[Any] = []
    for told in rows.values():
        wanted = certificates.deciding({(row.system, row.country): row.code for row in told}, first)
        for row in told:
            if row.is_primary != ((row.system, row.country) == wanted):
                (off if row.is_primary else on).append(row)
    connection = uow.session.connection()
    for several, value in ((off, False), (on, True)):  # an item has one at a time
        if several:
            keys = [row.id for row in several]
            connection.execute(sa.update(_TABLE).where(_TABLE.c.id.in_(keys)).values(is_primary=value))
    changed = certificates.resolve_ages(uow, {row.item_id for row in (*off, *on)})
    _tell(uow, list(changed))
    higher = sum(1 for before, now in changed.values() if (now or 0) > (before or 0))
    return {"raised": higher, "lowered": len(changed) - higher}


def _tell(uow: UnitOfWork, items: Sequence[int]) -> None:
    facts: dict[str, list[events.Fact]] = {}
    for row in rows_of(uow.session, MediaItem.id, items):
        audience = events.EVERYONE if row.library_id is None else events.for_library(row.library_id)
        facts.setdefault(audience, []).append(
            events.Fact("item.changed", global_id("media_items", row.id), changed_fields=["minAge"])
        )
    for audience, told in facts.items():
        events.emit_many(uow, told, topic="catalog", audience=audience)
