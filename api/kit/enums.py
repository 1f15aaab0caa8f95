"""Shows a domain enum in the schema, with a description for each of its values."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def expose(members: E, description: str, values: Mapping[str, str], *, name: str | None = None) -> E:
    """Register `members` with Strawberry. `values` describes every member by name; raises TypeError if one lacks words."""
    shown = strawberry.enum(members, name=name, description=description)
    missing = {member.name for member in members} ^ set(values)
    if missing:
        raise TypeError(f"{members.__name__}: values and descriptions differ in {sorted(missing)}.")
    for value in shown.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]
    return members
