"""The decorators that tie a GraphQL type to its table."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, dataclass_transform

import strawberry
from sqlalchemy.orm import InstrumentedAttribute

from api.kit.planner.fields import column, computed, computed_with, connection, embedded, first_of, global_id, many, one
from api.kit.planner.registry import Entity

C = TypeVar("C", bound=type)


def _is_row_of(entity: Entity) -> Callable[[Any, Any], bool]:
    def is_type_of(source: Any, _: Any) -> bool:
        if not isinstance(source, entity.model):
            return False
        return entity.discriminator is None or not entity.kinds or str(getattr(source, entity.discriminator.key)) in entity.kinds

    return is_type_of


@dataclass_transform(
    kw_only_default=True,
    field_specifiers=(column, global_id, one, many, first_of, connection, computed, computed_with, embedded),
)
def interface(model: type, /, *, discriminator: object, description: str, name: str | None = None) -> Callable[[C], C]:
    """An interface over a table whose rows are of several types, told apart by the column `discriminator`."""
    assert isinstance(discriminator, InstrumentedAttribute)

    def wrap(cls: C) -> C:
        cls.__entity__ = Entity(model, (), discriminator)  # type: ignore[attr-defined]
        return strawberry.interface(cls, description=description, name=name)

    return wrap


@dataclass_transform(
    kw_only_default=True,
    field_specifiers=(column, global_id, one, many, first_of, connection, computed, computed_with, embedded),
)
def entity(model: type, /, *, kinds: Sequence[str] = (), description: str, name: str | None = None) -> Callable[[C], C]:
    """An object type over a table, or over its rows of these kinds when the class inherits from an `@interface`."""
    if isinstance(kinds, str):
        raise TypeError("kinds is a sequence of stored values.")

    def wrap(cls: C) -> C:
        base: Entity | None = next((b.__dict__["__entity__"] for b in cls.__mro__[1:] if "__entity__" in b.__dict__), None)
        if (base is None) != (not kinds) or (base is not None and base.model is not model):
            raise TypeError(f"{cls.__name__}: kinds go with an interface over the same table.")
        ours = Entity(model, tuple(str(kind) for kind in kinds), base.discriminator if base is not None else None)
        cls.__entity__ = ours  # type: ignore[attr-defined]
        cls.is_type_of = staticmethod(_is_row_of(ours))  # type: ignore[attr-defined]
        return strawberry.type(cls, description=description, name=name)

    return wrap


@dataclass_transform(
    kw_only_default=True,
    field_specifiers=(column, global_id, one, many, first_of, connection, computed, computed_with, embedded),
)
def part(model: type, /, *, description: str, name: str | None = None) -> Callable[[C], C]:
    """An object type without an id, made of columns of a row that another entity shows (`embedded`)."""

    def wrap(cls: C) -> C:
        cls.__entity__ = Entity(model, (), None, is_part=True)  # type: ignore[attr-defined]
        return strawberry.type(cls, description=description, name=name)

    return wrap
