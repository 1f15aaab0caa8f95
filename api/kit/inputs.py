"""Input objects made quickly: Strawberry asks every field of a type anew for its name and type, at every request.

What a client may send, how it is checked and what it becomes stay Strawberry's and graphql-core's; only the last step,
from the checked dict to the dataclass, is prepared once per type.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

import strawberry
from strawberry import Some
from strawberry.scalars import is_scalar
from strawberry.types.arguments import InputContext
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition

Convert = Callable[[Any, InputContext], Any]
Fields = dict[str, tuple[str, Convert]]


def prepare_inputs(schema: strawberry.Schema) -> None:
    """Give every input type of the schema its `from_input`, Strawberry's own hook for this step, and arguments their names."""
    for known in schema.schema_converter.type_map.values():
        definition = known.definition
        if isinstance(definition, StrawberryObjectDefinition):
            for argument in [each for field in definition.fields for each in field.arguments]:
                argument.graphql_name = schema.config.name_converter.from_argument(argument)
        if isinstance(definition, StrawberryObjectDefinition) and definition.is_input and definition.from_input is None:
            types = [field.resolve_type(type_definition=definition) for field in definition.fields]
            definition.from_input = _maker(schema, definition, types)


def _maker(schema: strawberry.Schema, definition: StrawberryObjectDefinition, types: list[Any]) -> Callable[..., Any]:
    absent = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }
    fields: Fields = {
        schema.config.name_converter.from_field(field): (field.python_name, _field_converter(schema, type_))
        for field, type_ in zip(definition.fields, types, strict=True)
    }

    def make(cls: type, value: Mapping[str, Any], context: InputContext) -> Any:
        given: dict[str, Any] = dict(absent)
        for name, each in value.items():
            python_name, convert = fields[name]
            given[python_name] = convert(each, context)
        return cls(**given)

    return make


def _field_converter(schema: strawberry.Schema, type_: Any) -> Convert:
    """What converts a field's value, which may be None."""
    if not isinstance(type_, StrawberryMaybe):
        convert = converter(schema, type_)
        return lambda value, context: None if value is None else convert(value, context)
    inner = type_.of_type
    convert = converter(schema, inner)
    if isinstance(inner, StrawberryOptional):
        return lambda value, context: Some(None if value is None else convert(value, context))
    # a null here is refused in Strawberry's words
    return lambda value, context: context.convert(None, type_) if value is None else Some(convert(value, context))


def converter(schema: strawberry.Schema, type_: Any) -> Convert:
    """What converts a checked value of the type, never None, as Strawberry would."""
    if isinstance(type_, StrawberryOptional):
        return converter(schema, type_.of_type)
    if isinstance(type_, StrawberryList):
        inner = type_.of_type
        convert = converter(schema, inner)
        return lambda value, context: [None if each is None else convert(each, context) for each in value]
    registry = schema.schema_converter.scalar_registry
    if isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_) or is_scalar(type_, registry):
        return lambda value, context: value
    if has_object_definition(type_):
        return _nested(type_)
    return lambda value, context: context.convert(value, type_)


def _nested(cls: Any) -> Convert:
    """An input type inside another; looked up late, for types that hold themselves."""

    def convert(value: Any, context: InputContext) -> Any:
        make = cls.__strawberry_definition__.from_input
        return context.convert(value, cls) if make is None else make(cls, value, context)

    return convert
