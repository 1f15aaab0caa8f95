"""Makes entities and items: many at once, in few statements."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.catalog import queries
from domain.catalog.enums import EntityKind, ItemKind
from domain.catalog.sorting import sort_key
from domain.catalog.tables import Entity, MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.types import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item to be made. Its parent is an existing item, or an earlier one of the same batch by its index.

    `values` are further columns of `media_items` (`year`, `position`, …); library and age limit come from the parent
    where there is one.
    """

    media_type_id: int
    kind: ItemKind
    title: str
    parent_id: int | None = None
    parent_index: int | None = None
    library_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    media_type_id: int
    level: int
    root_id: int
    library_id: int | None
    min_age: int | None


def create_entities(uow: UnitOfWork, kinds: Sequence[EntityKind]) -> list[int]:
    """New ids of the one id space, one for each of `kinds`; ids of one kind grow."""
    made: dict[EntityKind, Iterator[int]] = {}
    for kind, number in Counter(kinds).items():
        # Ids of one kind are interchangeable: returned in any order they cost one statement for a thousand rows.
        rows = uow.session.connection().execute(sa.insert(Entity).returning(sa.column("id", Key)), [{"kind": kind}] * number)
        made[kind] = iter(sorted(rows.scalars()))
    return [next(made[kind]) for kind in kinds]


def create_entity(uow: UnitOfWork, kind: EntityKind) -> int:
    """A new id of the one id space."""
    return create_entities(uow, [kind])[0]


def create_items(uow: UnitOfWork, items: Sequence[NewItem]) -> list[int]:
    """New items, in the given order. Raises Invalid for a kind out of place, NotFound for a missing parent."""
    levels = queries.levels(uow.session)
    parents = _places(uow, [item.parent_id for item in items if item.parent_id is not None])
    ids = create_entities(uow, [EntityKind(item.kind) for item in items])
    made: list[_Place] = []
    batches: dict[tuple[int, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for item_id, item in zip(ids, items, strict=True):
        parent = _parent(item, parents, made)
        place = _place(item_id, item, parent, levels.get((item.media_type_id, item.kind), ()))
        made.append(place)
        row = _row(item, place, parent)
        batches[place.level, tuple(sorted(row))].append(row)
    for _, rows in sorted(batches.items(), key=lambda batch: batch[0]):  # parents before their children
        uow.session.connection().execute(sa.insert(MediaItem), rows)
    return ids


def create_item(
    uow: UnitOfWork,
    *,
    media_type_id: int,
    kind: ItemKind,
    title: str,
    parent_id: int | None = None,
    library_id: int | None = None,
    **values: Any,
) -> int:
    """One new item; `values` are further columns of `media_items`. Raises as `create_items`."""
    item = NewItem(media_type_id=media_type_id, kind=kind, title=title, parent_id=parent_id, library_id=library_id, values=values)
    return create_items(uow, [item])[0]


def _places(uow: UnitOfWork, keys: Sequence[int]) -> dict[int, _Place]:
    return {
        row.id: _Place(row.id, row.media_type_id, row.level, row.root_id, row.library_id, row.min_age)
        for row in queries.rows_of(uow.session, MediaItem.id, keys)
    }


def _parent(item: NewItem, parents: Mapping[int, _Place], made: Sequence[_Place]) -> _Place | None:
    if item.parent_index is not None:
        return made[item.parent_index]
    if item.parent_id is None:
        return None
    if item.parent_id not in parents:
        raise NotFound("There is no such parent.", path=("parentId",))
    return parents[item.parent_id]


def _place(item_id: int, item: NewItem, parent: _Place | None, levels: Sequence[int]) -> _Place:
    level = 0 if parent is None else parent.level + 1
    if level not in levels or (parent is not None and parent.media_type_id != item.media_type_id):
        raise Invalid(f"An item of kind {item.kind} cannot stand at level {level} here.", path=("kind",))
    if parent is None:
        return _Place(item_id, item.media_type_id, 0, item_id, item.library_id, item.values.get("min_age"))
    min_age = item.values.get("min_age", parent.min_age)
    return _Place(item_id, item.media_type_id, level, parent.root_id, parent.library_id, min_age)


def _row(item: NewItem, place: _Place, parent: _Place | None) -> dict[str, Any]:
    values = dict(item.values)
    return {
        **values,
        "id": place.id,
        "kind": item.kind,
        "media_type_id": place.media_type_id,
        "level": place.level,
        "parent_id": parent.id if parent else None,
        "root_id": place.root_id,
        "library_id": place.library_id,
        "min_age": place.min_age,
        "title": item.title,
        "sort_key": sort_key(values.get("sort_title") or item.title),
    }
