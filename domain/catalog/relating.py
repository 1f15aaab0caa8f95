"""What people say of how works stand to each other: added, taken away, and never overwritten by automation."""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.changing import close_items
from domain.catalog.enums import Relation, RelationOrigin, RelationshipType
from domain.catalog.queries import rows_of
from domain.catalog.relations import stored
from domain.catalog.tables import MediaItem, MediaRelationship
from domain.catalog.telling import NO_ITEM
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.ids import global_id

MOST_RELATIONS: Final = 100
"""Of one item; its list shows no more."""
FIELD: Final = "relationships"
"""The field that events and the audit log name."""
_TABLE: Final[Any] = MediaRelationship.__table__  # type: ignore[attr-defined]


def relate(uow: UnitOfWork, *, item_id: int, related_id: int, relation: Relation) -> bool:
    """Say that `related_id` is the `relation` (sequel, prequel …) of `item_id`; whether that was new.

    What automation said of it already becomes a person's word. Raises NotFound, Invalid for an item with itself, Conflict
    where the opposite is said, or where one of them has 100 relationships.
    """
    rows = _both(uow, item_id, related_id)
    first, second, type_ = stored(item_id, related_id, relation)
    serialize(uow.session, "media_relationships")
    present = _of(uow, item_id, related_id)
    turned = present.get((second, first, type_))
    if turned is not None and not turned.is_removed:
        raise Conflict("It is said the other way round: remove that first.", path=("relation",))
    row = present.get((first, second, type_))
    if row is not None and not row.is_removed and row.origin == RelationOrigin.USER:
        return False
    if row is None or row.is_removed:
        _check_number(uow, item_id, "item")
        _check_number(uow, related_id, "relatedItem")
    _put(uow, row, (first, second, type_), is_removed=False)
    if row is None or row.is_removed:
        _close(uow, rows, "item.related", relation, item_id, related_id)
        return True
    return False


def unrelate(uow: UnitOfWork, *, item_id: int, related_id: int, relation: Relation) -> None:
    """Take away that `related_id` is the `relation` of `item_id`, whoever said it; automation does not say it again.

    Raises NotFound, also where nobody says it.
    """
    rows = _both(uow, item_id, related_id)
    key = stored(item_id, related_id, relation)
    serialize(uow.session, "media_relationships")
    row = _of(uow, item_id, related_id).get(key)
    if row is None or row.is_removed:
        raise NotFound("They are not related in this way. `relationships` of the item tells how.", path=("relation",))
    _put(uow, row, key, is_removed=True)
    _close(uow, rows, "item.unrelated", relation, item_id, related_id)


def _both(uow: UnitOfWork, item_id: int, related_id: int) -> list[Any]:
    if item_id == related_id:
        raise Invalid("An item is not related to itself.", path=("relatedItem",))
    rows = {row.id: row for row in rows_of(uow.session, MediaItem.id, (item_id, related_id)) if row.deleted_at is None}
    for key, name in ((item_id, "item"), (related_id, "relatedItem")):
        if key not in rows:
            raise NotFound(NO_ITEM, path=(name,))
    return [rows[item_id], rows[related_id]]


def _of(uow: UnitOfWork, *items: int) -> dict[tuple[int, int, RelationshipType], Any]:
    """What is stored of these items among each other."""
    rows = rows_of(uow.session, MediaRelationship.from_item_id, items, col(MediaRelationship.to_item_id).in_(items))
    return {(row.from_item_id, row.to_item_id, row.type): row for row in rows}


def _check_number(uow: UnitOfWork, item_id: int, name: str) -> None:
    ends = sa.or_(_TABLE.c.from_item_id == item_id, _TABLE.c.to_item_id == item_id)
    query = sa.select(sa.func.count()).select_from(_TABLE).where(ends, _TABLE.c.is_removed.is_(False))  # unguarded: a number
    if uow.session.execute(query).scalar_one() >= MOST_RELATIONS:
        raise Conflict(f"It has {MOST_RELATIONS} relationships already.", path=(name,))


def _put(uow: UnitOfWork, row: Any, key: tuple[int, int, RelationshipType], *, is_removed: bool) -> None:
    values = {"origin": RelationOrigin.USER, "is_removed": is_removed}
    connection = uow.session.connection()
    if row is None:
        named = {"from_item_id": key[0], "to_item_id": key[1], "type": key[2]}
        connection.execute(sa.insert(MediaRelationship), [{**named, **values}])
    else:
        connection.execute(sa.update(_TABLE).where(_TABLE.c.id == row.id).values(values))


def _close(uow: UnitOfWork, rows: list[Any], act: str, relation: Relation, item_id: int, related_id: int) -> None:
    details = {item_id: {"relation": relation.value, "relatedItem": global_id("media_items", related_id)}}
    close_items(uow, rows, act, changed={row.id: (FIELD,) for row in rows}, details=details)
