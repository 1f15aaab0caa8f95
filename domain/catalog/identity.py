"""What an item is in the catalogues: a person's word for good, automation's until somebody contradicts it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.enums import Enrichment, Identification, ItemKind
from domain.catalog.facts import CatalogueId
from domain.catalog.queries import chunks, rows_of
from domain.catalog.resolving import store_values
from domain.catalog.sources import IDENTITY, USER, is_provider
from domain.catalog.tables import ExternalId, FieldValue, MediaItem
from domain.catalog.told import EXTERNAL_IDS, external_ids
from domain.kit.database import UnitOfWork

KINDS: Final = (ItemKind.MOVIE, ItemKind.SERIES)
"""What is identified: seasons and episodes are what their series is."""

Space = tuple[str, str]
"""(provider, namespace)"""


def ids_of(session: Session, items: Iterable[int]) -> dict[int, dict[Space, str]]:
    """The primary catalogue ids of items, as they are shown."""
    found: dict[int, dict[Space, str]] = {}
    for row in rows_of(session, ExternalId.entity_id, items):
        if row.is_primary:
            found.setdefault(row.entity_id, {})[row.provider, row.namespace] = row.external_id
    return found


def said_by_person(session: Session, items: Iterable[int]) -> set[int]:
    """The items of which a person has said what they are, or that they are in no catalogue."""
    mine = (col(FieldValue.field) == EXTERNAL_IDS, col(FieldValue.source) == USER)
    return {row.entity_id for row in rows_of(session, FieldValue.entity_id, items, *mine)}


def choose_ids(
    uow: UnitOfWork, item: Any, ids: Sequence[CatalogueId] | None, *, user_id: int | None
) -> tuple[dict[int, set[str]], bool]:
    """Let an item (a row, locked) be what a person says: these ids, () = in no catalogue, None = as files and automation say.

    Returns the changed fields of the items of its tree, and whether it is another thing now: then what providers told of the
    old one is forgotten, in the whole tree. What people, files and names say stays.
    """
    before = ids_of(uow.session, [item.id]).get(item.id, {})
    word = None if ids is None else external_ids(ids)
    changed = store_values(uow, USER, {item.id: {EXTERNAL_IDS: word}}, by_user_id=user_id)
    is_other = not _is_same(before, ids or ())
    if is_other:
        merge(changed, forget_providers(uow, item.root_id))
        _begin_anew(uow, item.root_id)
    now = ids_of(uow.session, [item.id]).get(item.id, {})
    state = Identification.IDENTIFIED if now else Identification.UNIDENTIFIED
    if item.identification != state:
        uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == item.id).values(identification=state))
        changed.setdefault(item.id, set()).add("identification")
    changed.setdefault(item.id, set()).add(EXTERNAL_IDS)
    return changed, is_other


def forget_providers(uow: UnitOfWork, root_id: int) -> dict[int, set[str]]:
    """Forget what providers and identification said of a tree; the changed fields by item."""
    query = sa.select(ITEMS.c.id).where(ITEMS.c.root_id == root_id)
    keys: list[int] = list(uow.session.connection().execute(query).scalars())
    wanted: dict[str, dict[int, dict[str, None]]] = {}
    for row in rows_of(uow.session, FieldValue.entity_id, keys):
        if is_provider(row.source) or row.source == IDENTITY:
            wanted.setdefault(row.source, {}).setdefault(row.entity_id, {})[row.field] = None
    changed: dict[int, set[str]] = {}
    for source, values in sorted(wanted.items()):
        merge(changed, store_values(uow, source, values))
    return changed


def found_ids(uow: UnitOfWork, wanted: Mapping[int, Sequence[CatalogueId]]) -> dict[int, set[str]]:
    """Keep the ids that identification found; the changed fields by item. A person's word stands above them."""
    return store_values(uow, IDENTITY, {item: {EXTERNAL_IDS: external_ids(ids) or None} for item, ids in wanted.items()})


def set_states(uow: UnitOfWork, wanted: Mapping[int, Identification]) -> set[int]:
    """Write whether it is known what items are; the items for which that is new."""
    other = [row for row in rows_of(uow.session, MediaItem.id, wanted) if row.identification != wanted[row.id]]
    for state in set(wanted.values()):
        for piece in chunks(row.id for row in other if wanted[row.id] is state):
            uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id.in_(piece)).values(identification=state))
    return {row.id for row in other}


def merge(changed: dict[int, set[str]], more: Mapping[int, Collection[str]]) -> None:
    """Add changed fields to those known."""
    for item, fields in more.items():
        changed.setdefault(item, set()).update(fields)


def _is_same(before: Mapping[Space, str], ids: Sequence[CatalogueId]) -> bool:
    """Whether ids name what an item was already: they have one in common, and contradict none."""
    mine = {(one.provider, one.namespace): one.external_id for one in ids}
    common = before.keys() & mine.keys()
    return bool(common) and all(before[space] == mine[space] for space in common)


def _begin_anew(uow: UnitOfWork, root_id: int) -> None:
    values = {"enrichment": Enrichment.NEVER, "last_enriched_at": None}
    uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.root_id == root_id).values(values))
