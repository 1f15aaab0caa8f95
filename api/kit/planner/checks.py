"""Start-up checks: what mypy cannot see of the declarations, so that a wrong one never serves a request."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
import strawberry
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from api.kit.connections import Connection
from api.kit.planner.fields import PlanField
from api.kit.planner.orders import ordering
from api.kit.planner.registry import BACKREF, Entity, behind_connection, entity_at, entity_of
from api.kit.planner.specs import (
    Children,
    Column,
    Computed,
    Embedded,
    Identity,
    ToOne,
    column_of,
    primary_key,
    table_of,
    targets_of,
)
from domain.kit.ids import CODE_OF
from domain.kit.policy import is_guarded, owner_of


class WrongDeclarations(Exception):
    """The API's types contradict the tables; the message lists every contradiction."""


def check_schema(schema: strawberry.Schema) -> None:
    """Check every entity of the schema. Raises WrongDeclarations."""
    problems = list(problems_of(schema))
    if problems:
        raise WrongDeclarations("\n".join(problems))


def problems_of(schema: strawberry.Schema) -> Iterator[str]:
    """What is wrong, one sentence each."""
    try:
        entity_of(schema, "")
    except TypeError as error:
        yield str(error)
    for type_ in schema._schema.type_map.values():
        ours = entity_at(type_) if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) else None
        if ours is None or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        yield from _of_type(schema, type_, ours)
        for name, field in type_.fields.items():
            yield from (f"{type_}.{name}: {each}" for each in _of_field(field, ours))


def _of_type(schema: strawberry.Schema, type_: GraphQLObjectType | GraphQLInterfaceType, ours: Entity) -> Iterator[str]:
    if not type_.description:
        yield f"{type_}: has no description."
    if not ours.is_part and "id" in type_.fields and ours.table.name not in CODE_OF:
        yield f"{type_}: {ours.table.name} has no code in domain/kit/ids.py."
    if isinstance(type_, GraphQLInterfaceType) and ours.discriminator is not None:
        kinds = column_of(ours.discriminator).type
        shown = {kind for each in schema._schema.get_possible_types(type_) for kind in _kinds(each)}
        if not isinstance(kinds, sa.Enum):
            yield f"{type_}: {ours.discriminator} is no closed set."
        elif missing := sorted(set(kinds.enums) - shown):
            yield f"{type_}: no type shows the kinds {', '.join(missing)}."


def _kinds(type_: Any) -> tuple[str, ...]:
    found = entity_at(type_)
    return () if found is None else found.kinds


def _of_field(field: Any, ours: Entity) -> Iterator[str]:
    declared = field.extensions.get(BACKREF)
    if not field.description:
        yield "has no description."
    yield from (f"argument {name} has no description." for name, each in field.args.items() if not each.description)
    if not isinstance(declared, PlanField):
        yield "is not declared: a resolver of its own would send everything around it through N+1."
        return
    if declared.extensions or declared.permission_classes:
        yield "has field extensions, which never run here."
    spec = declared.spec
    if spec.needs is not None and is_non_null_type(field.type):
        yield f"needs the scope {spec.needs} and must be nullable."
    match spec:
        case Column():
            yield from _column(spec, field, ours)
        case Computed():
            yield from _computed(spec, field, ours)
        case ToOne():
            yield from _to_one(spec, field, ours)
        case Children():
            yield from _children(spec, field, ours)
        case Embedded():
            target = entity_at(field.type)
            if target is None or target.table is not ours.table:
                yield "embeds a type over another table."
        case Identity():
            pass


def _column(spec: Column, field: Any, ours: Entity) -> Iterator[str]:
    column = column_of(spec.attribute)
    if column.table is not ours.table:
        yield f"{column} is of another table."
    if column.nullable and is_non_null_type(field.type):
        yield f"{column} may be NULL, so the field must be nullable."
    if not is_leaf_type(get_named_type(field.type)):
        yield "a column is a scalar or an enum."


def _computed(spec: Computed, field: Any, ours: Entity) -> Iterator[str]:
    yield from (f"requires {each} of another table." for each in spec.requires if table_of(each) is not ours.table)
    if not spec.requires:
        yield "requires no column."
    if not is_leaf_type(get_named_type(field.type)):
        yield "computes objects: only scalars, enums and lists of them can be."


def _refers(attribute: Any, table: sa.Table) -> bool:
    """Whether a column names rows of the table: its key, or the id space that the key is taken from."""
    key = primary_key(table)
    known = {(table.name, key.key)} | {(each.column.table.name, each.column.key) for each in key.foreign_keys}
    return bool(targets_of(attribute) & known)


def _to_one(spec: ToOne, field: Any, ours: Entity) -> Iterator[str]:
    target, column = entity_at(field.type), column_of(spec.foreign_key)
    if target is None:
        yield "leads to a type that shows no table."
        return
    if is_list_type(field.type.of_type if is_non_null_type(field.type) else field.type):
        yield "one() is no list."
    if column.table is not ours.table:
        yield f"{column} is of another table."
    if not _refers(spec.foreign_key, target.table):
        yield f"{column} does not name rows of {target.table.name}."
    if not is_non_null_type(field.type):
        return
    if column.nullable:
        yield f"{column} may be NULL, so the field must be nullable."
    if (target.table.name, target.key) not in targets_of(spec.foreign_key):
        yield f"{column} may name something else than {target.table.name}, so the field must be nullable."
    if target.kinds:
        yield "the row may be of another kind, so the field must be nullable."
    if is_guarded(target.table.name) and owner_of(ours.table.name) != (column.key, target.table.name):
        yield f"{target.table.name} is guarded, so the field must be nullable."


def _children(spec: Children, field: Any, ours: Entity) -> Iterator[str]:
    is_page = spec.shape == "connection"
    named = get_named_type(field.type)
    if is_page != (getattr(named.extensions.get(BACKREF), "concrete_of", None) is Connection.__strawberry_definition__):  # type: ignore[attr-defined]
        yield "connection() and Connection[…] go together."
        return
    target = entity_at(behind_connection(field.type) if is_page else field.type)
    if target is None:
        yield "leads to a type that shows no table."
        return
    inner = field.type.of_type if is_non_null_type(field.type) else field.type
    if (spec.shape == "list") != is_list_type(inner):
        yield "many() and a list go together."
    if spec.shape == "first" and is_non_null_type(field.type):
        yield "there may be no first row, so the field must be nullable."
    holder, far = table_of(spec.near), spec.far
    if spec.key is not None:
        if table_of(spec.key) is not ours.table:
            yield f"key {spec.key} is of another table."
    elif not _refers(spec.near, ours.table):
        yield f"{spec.near} does not name rows of {ours.table.name}."
    if far is None and holder is not target.table:
        yield f"{spec.near} is no column of {target.table.name}."
    if far is not None and (table_of(far) is not holder or not _refers(far, target.table)):
        yield f"{far} does not name rows of {target.table.name}."
    reachable = {target.table.name, holder.name}
    try:
        keys = [key.attribute for key in ordering(spec.order_by, target.model).keys]
    except TypeError as error:
        yield str(error)
        return
    keys += [each.attribute for each in spec.arguments if each.attribute is not None]
    yield from (f"{each} is out of reach." for each in keys if table_of(each).name not in reachable)
