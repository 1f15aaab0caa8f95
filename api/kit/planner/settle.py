"""Errors in finished data: graphql-core's CompleteValue over it, with graphql-core's own list of errors.

Rare: only data that holds an exception, or null in a non-null place, comes here.
"""

from typing import Any, Final

from graphql import GraphQLObjectType, is_abstract_type, is_leaf_type, is_list_type, is_non_null_type
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

TYPE_KEY: Final = "\0"
"""Where finished data names its type at abstract positions; no response key can be this."""


def settle(executor: Any, type_: Any, details: FieldDetailsList, parent: Any, name: str, path: Path, value: Any) -> Any:
    """`value` with nulls where errors were, these recorded. Raises the error where the position itself cannot be null."""
    if isinstance(value, Exception):
        raise value
    if is_non_null_type(type_):
        found = settle(executor, type_.of_type, details, parent, name, path, value)
        if found is None:
            raise TypeError(f"Cannot return null for non-nullable field {parent}.{name}.")
        return found
    if value is None or is_leaf_type(type_):
        return value
    if is_list_type(type_):
        return _list(executor, type_.of_type, details, parent, name, path, value)
    concrete = executor.schema.get_type(value[TYPE_KEY]) if is_abstract_type(type_) else type_
    return _object(executor, concrete, details, path, value)


def _list(
    executor: Any, type_: Any, details: FieldDetailsList, parent: Any, name: str, path: Path, items: list[Any]
) -> list[Any]:
    found = []
    for index, item in enumerate(items):
        place = path.add_key(index)
        try:
            found.append(settle(executor, type_, details, parent, name, place, item))
        except Exception as error:
            executor.handle_field_error(error, type_, details, place)  # raises again where the type is NonNull
            found.append(None)
    return found


def _object(executor: Any, type_: GraphQLObjectType, details: FieldDetailsList, path: Path, value: dict[str, Any]) -> Any:
    found: dict[str, Any] = {}
    for key, inner in executor.collect_subfields(type_, details).grouped_field_set.items():
        name = inner[0].node.name.value
        if name == "__typename":
            found[key] = type_.name
            continue
        field_type, place = type_.fields[name].type, Path(path, key, type_.name)
        try:
            found[key] = settle(executor, field_type, inner, type_, name, place, value[key])
        except Exception as error:
            executor.handle_field_error(error, field_type, inner, place)
            found[key] = None
    return found
