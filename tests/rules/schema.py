"""The schema as the rules read it: its SDL, and its types, fields, arguments and values one by one."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from api.schema import build_schema
from tests.rules.sources import ROOT

SDL = ROOT / "api" / "schema.graphql"


@cache
def ours() -> str:
    """The SDL of the types as they are now."""
    return build_schema().as_str() + "\n"


@cache
def schema() -> GraphQLSchema:
    """The executable schema."""
    return build_schema()._schema


def types(of: GraphQLSchema) -> Iterator[Any]:
    """Its types without introspection's."""
    return (each for each in of.type_map.values() if not each.name.startswith("__"))


def parts(of: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """(`Type`, `Type.field`, `Type.field(argument)` or `Enum.VALUE`, definition) of all there is."""
    for type_ in types(of):
        yield type_.name, type_
        if isinstance(type_, GraphQLEnumType):
            yield from ((f"{type_.name}.{name}", value) for name, value in type_.values.items())
        for name, field in getattr(type_, "fields", {}).items():
            yield f"{type_.name}.{name}", field
            yield from ((f"{type_.name}.{name}({each})", argument) for each, argument in getattr(field, "args", {}).items())


def objects(of: GraphQLSchema) -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    """Object types and interfaces."""
    return (each for each in types(of) if isinstance(each, (GraphQLObjectType, GraphQLInterfaceType)))


def roots(of: GraphQLSchema) -> dict[str, Mapping[str, Any]]:
    """Root fields by the root type's name."""
    found = (of.query_type, of.mutation_type, of.subscription_type)
    return {type_.name: type_.fields for type_ in found if type_ is not None}
