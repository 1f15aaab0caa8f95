"""Literals with variables in them, looked through once: graphql-core's `coerce_input_literal` looks at every field of every
input type again at each request. Both give the same values; tests/api/test_literals.py holds them against each other.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    coerce_input_literal,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value

Coerce = Callable[[Mapping[str, Any]], Any]
"""The value of a literal for a request's coerced variables. Raises Incoercible."""


class Incoercible(Exception):
    """Only graphql-core knows what becomes of this literal, or how to tell what is wrong with it."""


def prepared(node: ValueNode, type_: Any) -> Coerce:
    """How a literal of an input type is coerced. Raises Incoercible where that cannot be prepared."""
    if not has_variables(node):
        value = coerce_input_literal(node, type_)
        if value is Undefined:
            raise Incoercible
        return lambda variables: value
    if isinstance(node, VariableNode):
        return _variable(node.name.value, type_)
    if is_non_null_type(type_):
        return prepared(node, type_.of_type)
    if is_list_type(type_):
        values = node.values if isinstance(node, ListValueNode) else (node,)
        items = [prepared(each, type_.of_type) for each in values]
        return lambda variables: [item(variables) for item in items]
    if is_input_object_type(type_) and isinstance(node, ObjectValueNode) and not type_.is_one_of:
        return _object(node, type_)
    raise Incoercible


def _variable(name: str, type_: Any) -> Coerce:
    is_required = isinstance(type_, GraphQLNonNull)

    def coerce(variables: Mapping[str, Any]) -> Any:
        value = variables.get(name, Undefined)
        if value is Undefined or (value is None and is_required):
            raise Incoercible
        return value

    return coerce


def _object(node: ObjectValueNode, type_: GraphQLInputObjectType) -> Coerce:
    given = {each.name.value: each.value for each in node.fields}
    if not given.keys() <= type_.fields.keys():
        raise Incoercible
    for name, field in type_.fields.items():
        if name not in given and (is_non_null_type(field.type) or coerce_default_value(field) is not Undefined):
            raise Incoercible
    # in the type's order, as graphql-core fills the dict
    items = [(field.out_name or name, prepared(given[name], field.type)) for name, field in type_.fields.items() if name in given]
    finish = type_.out_type
    return lambda variables: finish({name: item(variables) for name, item in items})


def has_variables(value: ValueNode) -> bool:
    """Whether a variable is named anywhere in a literal."""
    if isinstance(value, VariableNode):
        return True
    inner = [*getattr(value, "values", ()), *(each.value for each in getattr(value, "fields", ()))]
    return any(has_variables(each) for each in inner)
