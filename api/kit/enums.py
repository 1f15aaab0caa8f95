"""Shows a domain enum in the schema, with a description for each of its values."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

E = TypeVar("E", bound=type[Enum])


def expose(members: E, description: str, values: Mapping[str, str], *, name: str | None = None) -> E:
    """Register `members` with Strawberry. `values` describes every member by name; raises TypeError if one lacks words."""
    if not hasattr(members, "__strawberry_definition__"):  # an input that names it may have been read first
        strawberry.enum(members)
    shown: StrawberryEnumDefinition = members.__strawberry_definition__  # type: ignore[attr-defined]
    missing = {member.name for member in members} ^ set(values)
    if missing:
        raise TypeError(f"{members.__name__}: values and descriptions differ in {sorted(missing)}.")
    shown.name = name or members.__name__
    shown.description = description
    for value in shown.values:
        value.description = values[value.name]
    return members
