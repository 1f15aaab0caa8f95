"""What a declared field stands for: the facts that planner, plain resolver and start-up checks share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import Column as TableColumn
from sqlalchemy import Table
from sqlalchemy.orm import InstrumentedAttribute

from api.kit.planner.conditions import Compared, Condition
from domain.kit.policy import Viewer

Attribute: TypeAlias = InstrumentedAttribute[Any]
"""A mapped column: `t.MediaItem.title` (mypy sees it as the column's Python type)."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One sort key. NULL comes last in both directions, on both engines."""

    attribute: Attribute
    is_descending: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """An optional argument of a relation: given, it adds `attribute <operator> value`; absent or null, nothing.

    On a computed field `attribute` is None: the function gets the value.
    """

    name: str
    annotation: Any
    description: str
    attribute: Attribute | None = None
    operator: Compared = "="
    default: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Narrowing:
    """What a list below something takes as `where` and `orderBy`: the same as the flat list of its type."""

    where: Any
    """Type of the argument."""
    conditions: Callable[[Any], Sequence[Condition]]
    """What a filter asks. Raises GraphQLError."""
    order_by: Any = None
    """Type of one sort key; None: it cannot be sorted otherwise."""
    orders: Callable[[Any], object] | None = None
    """The order that such keys mean, as in the declarations. Raises GraphQLError."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a computed field may know beside its rows."""

    viewer: Viewer
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of the entity's own table; left out of the SQL where the viewer lacks the scope `needs`."""

    attribute: Attribute
    as_: Callable[[Any], Any] | None
    needs: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """The row's global id, formed by SQL."""

    needs: None = None


@dataclass(frozen=True, slots=True, eq=False)
class ToOne:
    """The row that a foreign key of ours names."""

    foreign_key: Attribute
    needs: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """Rows that name ours, directly (`near` is theirs) or through a link table (`near` and `far` are the link's)."""

    shape: Literal["list", "first", "connection"]
    near: Attribute
    far: Attribute | None
    key: Attribute | None
    """The column of ours that `near` equals; None: the primary key."""
    where: tuple[Condition, ...]
    order_by: tuple[Order, ...]
    limit: int | None
    """Most rows of one parent: of a list all of them (None: unbounded), of a connection those of one page."""
    arguments: tuple[Argument, ...]
    needs: str | None
    is_visible_with_parent: bool
    """Declared: whoever sees the parent sees the rows; the row policy is not asked again."""
    narrowing: Narrowing | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A function over whole batches of rows; an Exception as a value is an error of that one field."""

    function: Callable[..., Sequence[Any]]
    requires: tuple[Attribute, ...]
    arguments: tuple[Argument, ...]
    takes_call: bool
    needs: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """Another object type over the same row."""

    needs: str | None = None


Spec = Column | Identity | ToOne | Children | Computed | Embedded


def column_of(attribute: Attribute) -> TableColumn[Any]:
    """The table column behind a mapped attribute."""
    column: TableColumn[Any] = attribute.property.columns[0]
    return column


def table_of(attribute: Attribute) -> Table:
    """The table whose column this is."""
    table: Table = attribute.class_.__table__
    return table


def targets_of(attribute: Attribute) -> frozenset[tuple[str, str]]:
    """(table, column) pairs that a column refers to; a part of a composite foreign key counts too."""
    return frozenset((key.column.table.name, key.column.name) for key in column_of(attribute).foreign_keys)


def primary_key(table: Table) -> TableColumn[Any]:
    """The one key column. Raises TypeError for a table keyed by several: such rows are no entities."""
    columns = list(table.primary_key)
    if len(columns) != 1:
        raise TypeError(f"{table.name} has no key of one column.")
    return columns[0]
