"""Inputs that were prepared become what Strawberry makes of them itself."""

from typing import Any

import pytest
import strawberry
from strawberry import Some
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.arguments import InputContext, convert_argument

from api.catalog.bulk.inputs import NamesChange
from api.catalog.enums import ItemKind
from api.catalog.filters import GenreFilter, MediaItemOrder, MediaItemOrderField, MediaItemWhere
from api.catalog.references import ExternalRef, MediaRef
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
    ({"id": "itm_1"}, MediaRef(id=Some(strawberry.ID("itm_1")), external=None, path=None, mapped_path=None)),
    (
        {"external": {"provider": "tmdb", "value": "603"}},
        MediaRef(id=None, external=Some(ExternalRef(provider="tmdb", value="603")), path=None, mapped_path=None),
    ),
    ({"set": None, "add": ["a"]}, NamesChange(set=Some(None), add=["a"])),
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


def test_a_null_that_is_not_allowed_is_refused_in_the_same_words(schema: strawberry.Schema) -> None:
    converter = schema.schema_converter
    context = InputContext(info=None, config=schema.config, scalar_registry=converter.scalar_registry, path=())
    with pytest.raises(StrawberryInputCoercionError, match="found null"):
        MediaRef.__strawberry_definition__.from_input(MediaRef, {"id": None}, context)  # type: ignore[attr-defined]


def test_every_input_is_prepared(schema: strawberry.Schema) -> None:
    known = [each.definition for each in schema.schema_converter.type_map.values()]
    inputs = [each for each in known if getattr(each, "is_input", False)]
    assert len(inputs) > 50
    assert [each for each in inputs if each.from_input is None] == []  # type: ignore[union-attr]
