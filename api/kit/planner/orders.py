"""A list's order: its keys with the primary key appended, and the fingerprint that ties a cursor to it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from api.kit.planner.kinds import PARSERS, Kind, kind_of
from api.kit.planner.specs import Attribute, Order, column_of, primary_key, table_of


def asc(attribute: object) -> Order:
    """Smallest first, NULL last."""
    assert isinstance(attribute, InstrumentedAttribute)
    return Order(attribute)


def desc(attribute: object) -> Order:
    """Largest first, NULL last."""
    assert isinstance(attribute, InstrumentedAttribute)
    return Order(attribute, is_descending=True)


def orders(order_by: object) -> tuple[Order, ...]:
    """The keys of an `order_by=`: a column, an Order, a pair (column, "asc" or "desc"), or a sequence of these."""
    if isinstance(order_by, Order):
        return (order_by,)
    if isinstance(order_by, InstrumentedAttribute):
        return (Order(order_by),)
    if isinstance(order_by, tuple) and len(order_by) == 2 and order_by[1] in ("asc", "desc"):
        return (Order(order_by[0], is_descending=order_by[1] == "desc"),)
    if not isinstance(order_by, Sequence):
        raise TypeError(f"{order_by!r} is no order.")
    return tuple(key for each in order_by for key in orders(each))


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key with what SQL and cursors need to know of it."""

    attribute: Attribute
    is_descending: bool
    is_nullable: bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of a table's rows."""

    keys: tuple[Key, ...]
    fingerprint: str
    """Six characters that differ between orders; a cursor carries them."""


def ordering(order_by: Sequence[Order], model: Any) -> Ordering:
    """The total order that `order_by` begins: the primary key decides between equals. Raises TypeError for unsortable columns."""
    # not by the attributes themselves: they compare by making SQL
    return _ordering(tuple([(each.attribute.class_, each.attribute.key, each.is_descending) for each in order_by]), model)


@lru_cache(512)
def _ordering(order_by: tuple[tuple[Any, str, bool], ...], model: Any) -> Ordering:
    key_name = primary_key(model.__table__).key
    given = [Order(getattr(class_, key), is_descending=is_descending) for class_, key, is_descending in order_by]
    if not any(each.attribute.class_ is model and each.attribute.key == key_name for each in given):
        # in the last key's direction, so that an index over (key, id) serves both ways
        given.append(Order(getattr(model, key_name), is_descending=bool(given) and given[-1].is_descending))
    keys = []
    for each in given:
        column = column_of(each.attribute)
        kind = kind_of(column.type)
        if kind not in PARSERS:
            raise TypeError(f"{column} cannot be sorted by.")
        keys.append(Key(each.attribute, each.is_descending, bool(column.nullable), kind))
    text = ",".join(f"{table_of(key.attribute).name}.{key.attribute.key}{'-' if key.is_descending else '+'}" for key in keys)
    return Ordering(tuple(keys), hashlib.sha256(text.encode()).hexdigest()[:6])
