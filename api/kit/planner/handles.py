"""What an ordinary resolver returns for planned data: which rows of which entity; the executor makes data of it.

`ref`, `refs` and `page` are typed as what the client receives, so that payloads type-check.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import strawberry

from api.kit.connections import Connection, Node
from api.kit.planner.conditions import Condition
from api.kit.planner.keyset import Part, part_of
from api.kit.planner.orders import Ordering, ordering, orders
from api.kit.planner.paging import MAX_FIRST, Window, check_texts, decode_cursor, window
from api.kit.planner.registry import Entity, entity_of
from domain.kit.errors import Invalid
from domain.kit.ids import parse_id

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Ref:
    """One row by key."""

    type: Any
    key: int

    @property
    def shape(self) -> Hashable:
        return "keys"


@dataclass(frozen=True, slots=True, eq=False)
class Refs:
    """Rows by key, in this order; null for what is not there or not the viewer's."""

    type: Any
    keys: Sequence[int]

    @property
    def shape(self) -> Hashable:
        return "keys"


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page of an entity's rows."""

    type: Any
    where: tuple[Condition, ...]
    order: Ordering
    window: Window
    cursor: tuple[Any, ...] | None

    @property
    def shape(self) -> Hashable:
        """All that the text of the statements depends on."""
        conditions = tuple(each.shape for each in self.where)
        return (conditions, self.order.fingerprint, self.window.is_backward, self.cursor is not None, self.place)

    @property
    def place(self) -> Part | None:
        """The part of the list in which the cursor stands, where there are a cursor and parts."""
        return None if self.cursor is None else part_of(self.order, self.cursor)

    @property
    def binds(self) -> list[Any]:
        """The values of the conditions, in the order of their parameters."""
        return [value for each in self.where for value in each.binds]


Handle = Ref | Refs | Page


def entity_behind(handle: Handle) -> Entity:
    """The entity whose rows a handle means."""
    found: Entity = handle.type.__entity__
    return found


def is_merging(handle: Ref) -> bool:
    """Whether the row's key is of the one id space, where a merged entity's id means the one it was merged into."""
    ours = entity_behind(handle)
    return any(key.column.table.name == "entities" for key in ours.table.c[ours.key].foreign_keys)


def ref(type_: type[T], key: int) -> T:
    """One entity by key. Where its position is nullable, type the field `T | None`: it may be gone or not the viewer's."""
    return cast(T, Ref(type_, key))


def refs(type_: type[T], keys: Sequence[int]) -> list[T | None]:
    """Entities by key, in the order of `keys`, null where one is not there or not the viewer's."""
    return cast("list[T | None]", Refs(type_, tuple(keys)))


def page(
    type_: type[T],
    *,
    where: Sequence[Condition] = (),
    order_by: object = (),
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    max_first: int = MAX_FIRST,
) -> Connection[T]:
    """A page of an entity's visible rows that meet all of `where`.

    `order_by` as in the declarations; the primary key is appended. Raises BadArgument and InvalidCursor.
    """
    ours: Entity = type_.__entity__  # type: ignore[attr-defined]
    order = ordering(orders(order_by), ours.model)
    stretch = window(first=first, after=after, last=last, before=before, most=max_first)
    cursor = None if stretch.cursor is None else tuple(decode_cursor(stretch.cursor, order))
    found = Page(type_, tuple(where), order, stretch, cursor)
    check_texts(found.binds)
    return cast("Connection[T]", found)


def node(info: strawberry.Info[Any, Any], id_: str) -> Node | None:
    """What a global id names, for a `Node` position; None where it is no id or its table is not shown in this schema."""
    try:
        table, key = parse_id(id_)
    except Invalid:
        return None
    found = entity_of(info.schema, table)
    return None if found is None else cast(Node, Ref(found, key))
