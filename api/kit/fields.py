"""Root fields: each says what it does and which permission it asks for, in one line."""

from collections.abc import Callable
from typing import Any

import strawberry

from api.kit.access import Needs, Permission


def query(permission: Permission, description: str, *, deprecated: str | None = None) -> Callable[[Any], Any]:
    """A read field of the root. Returns handles, or values of its own."""

    def wrap(resolver: Any) -> Any:
        return strawberry.field(resolver, description=description, extensions=[Needs(permission)], deprecation_reason=deprecated)

    return wrap


def mutation(permission: Permission, description: str, *, deprecated: str | None = None) -> Callable[[Any], Any]:
    """A field that changes something: `verbNoun(input: VerbNounInput!): VerbNounPayload!`."""

    def wrap(resolver: Any) -> Any:
        return strawberry.mutation(
            resolver, description=description, extensions=[Needs(permission)], deprecation_reason=deprecated
        )

    return wrap


def subscription(permission: Permission, description: str) -> Callable[[Any], Any]:
    """A stream of past-tense facts."""

    def wrap(resolver: Any) -> Any:
        return strawberry.subscription(resolver, description=description, extensions=[Needs(permission)])

    return wrap
