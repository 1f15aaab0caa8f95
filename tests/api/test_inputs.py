"""Inputs that were prepared become what Strawberry makes of them itself."""

from typing import Any

import pytest
import strawberry
from strawberry.types.arguments import InputContext, convert_argument

from api.catalog.enums import ItemKind
from api.catalog.filters import GenreFilter, MediaItemOrder, MediaItemOrderField, MediaItemWhere
from api.kit.filtering import Direction, IdFilter, IntFilter, TextFilter
from api.schema import build_schema

VALUES: list[tuple[Any, Any]] = [
    ({}, MediaItemWhere()),
    ({"year": {"gte": 1990, "in": [1, 2], "eq": None}}, MediaItemWhere(year=IntFilter(gte=1990, in_=[1, 2]))),
    (
        {"and": [{"not": {"genres": {"anyOf": ["gen_1"]}}}, {"or": [{"title": None}, {"title": {"startsWith": "a"}}]}]},
        MediaItemWhere(
            and_=[
                MediaItemWhere(not_=MediaItemWhere(genres=GenreFilter(any_of=[strawberry.ID("gen_1")]))),
                MediaItemWhere(or_=[MediaItemWhere(), MediaItemWhere(title=TextFilter(starts_with="a"))]),
            ]
        ),
    ),
    (
        {"kind": [ItemKind.MOVIE], "library": {"eq": "lib_1"}, "isMonitored": False},
        MediaItemWhere(kind=[ItemKind.MOVIE], library=IdFilter(eq=strawberry.ID("lib_1")), is_monitored=False),
    ),
    ({"field": MediaItemOrderField.YEAR}, MediaItemOrder(field=MediaItemOrderField.YEAR)),
    (
        {"field": MediaItemOrderField.YEAR, "direction": Direction.DESC},
        MediaItemOrder(field=MediaItemOrderField.YEAR, direction=Direction.DESC),
    ),
]


@pytest.fixture(scope="module")
def schema() -> strawberry.Schema:
    return build_schema()


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_prepared_and_own_conversion_agree(
    schema: strawberry.Schema, monkeypatch: pytest.MonkeyPatch, value: Any, expected: Any
) -> None:
    converter = schema.schema_converter
    definition = type(expected).__strawberry_definition__
    make = definition.from_input
    context = InputContext(info=None, config=schema.config, scalar_registry=converter.scalar_registry, path=())
    assert make(type(expected), value, context) == expected
    for known in converter.type_map.values():
        if getattr(known.definition, "from_input", None) is not None:
            monkeypatch.setattr(known.definition, "from_input", None)
    assert convert_argument(value, type(expected), converter.scalar_registry, schema.config) == expected


def test_inputs_that_tell_null_from_absent_are_left_to_strawberry(schema: strawberry.Schema) -> None:
    left = {
        name
        for name, known in schema.schema_converter.type_map.items()
        if getattr(known.definition, "is_input", False) and known.definition.from_input is None
    }
    assert "MediaItemWhere" not in left
    assert all(
        any("Maybe" in type(field.resolve_type()).__name__ for field in schema.schema_converter.type_map[name].definition.fields)
        for name in left
    )
    assert left
