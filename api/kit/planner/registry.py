"""Which GraphQL type shows which table, and the way back from a table to its type."""

from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import sqlalchemy as sa
import strawberry
from graphql import GraphQLNamedType, get_named_type

from api.kit.planner.specs import Attribute, primary_key

BACKREF: Final = "strawberry-definition"
"""Where Strawberry leaves its own definition in a graphql-core type or field."""


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """The table behind a GraphQL type, and which of its rows are of this type."""

    model: Any
    kinds: tuple[str, ...]
    """Stored values of the discriminator; empty: every row."""
    discriminator: Attribute | None
    is_part: bool = False

    @property
    def table(self) -> sa.Table:
        table: sa.Table = self.model.__table__
        return table

    @property
    def key(self) -> str:
        """Name of the primary key's column."""
        return primary_key(self.table).key


def entity_at(type_: Any) -> Entity | None:
    """The entity behind a GraphQL type (under lists and NonNull); None for any other type."""
    definition = get_named_type(type_).extensions.get(BACKREF)
    found: Entity | None = getattr(getattr(definition, "origin", None), "__entity__", None)
    return found


def behind_connection(type_: Any) -> GraphQLNamedType:
    """The type of a connection's nodes."""
    named: GraphQLNamedType = get_named_type(get_named_type(type_).fields["nodes"].type)
    return named


_by_schema: "WeakKeyDictionary[strawberry.Schema, dict[tuple[str, str | None], type]]" = WeakKeyDictionary()


def entity_of(schema: strawberry.Schema, table: str, kind: str | None = None) -> type | None:
    """The class that shows rows of `table` (of one kind, if given); the interface where the table has one and no kind is given.

    Raises TypeError when a schema shows one table by two types without kinds.
    """
    known = _by_schema.get(schema)
    if known is None:
        known = _by_schema[schema] = _collect(schema)
    return known.get((table, kind))


def _collect(schema: strawberry.Schema) -> dict[tuple[str, str | None], type]:
    found: dict[tuple[str, str | None], type] = {}
    for type_ in schema._schema.type_map.values():
        ours = entity_at(type_)
        if ours is None or ours.is_part:
            continue
        origin = type_.extensions[BACKREF].origin
        for kind in ours.kinds or (None,):
            other = found.setdefault((ours.table.name, kind), origin)
            if other is not origin:
                both = " and ".join(sorted((origin.__name__, other.__name__)))
                raise TypeError(f"{ours.table.name} ({kind or 'every row'}): shown by {both}.")
    return found
