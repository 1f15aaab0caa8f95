"""What SQL can write exactly: the question that decides, node by node, whether a part of the tree becomes JSON."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from api.kit.planner.conditions import And, Condition, Exists, Not, Or, Refers, Written
from api.kit.planner.dialects.json import JsonDialect
from api.kit.planner.forms import Form, form_of
from api.kit.planner.specs import column_of
from api.kit.planner.tree import (
    Calculated,
    Connected,
    Edges,
    Hidden,
    Id,
    Inline,
    Joined,
    Listed,
    Object,
    PageFacts,
    Scalar,
    Selected,
    Total,
    Typename,
    Value,
    groups,
)

TOO_MUCH: Final = 300
"""Fields written in all for one part: an interface whose types ask for different things repeats what lies below."""


def depth(conditions: Iterable[Condition]) -> int:
    """Levels of conditions within conditions."""
    return max((1 + _below(each) for each in conditions), default=0)


def _below(condition: Condition) -> int:
    match condition:
        case And() | Or():
            return depth(condition.conditions)
        case Not() | Written():
            return depth([condition.condition])
        case Exists() | Refers():
            return depth(condition.where)
        case _:
            return 0


class Exactness:
    """Asked once per node of a plan."""

    def __init__(self, dialect: JsonDialect) -> None:
        self._dialect: Any = dialect
        self._known: dict[int, int | None] = {}

    def of(self, node: Value | Selected) -> bool:
        """Whether all of it can be written, at a bearable length."""
        size = self._size(node)
        return size is not None and size <= TOO_MUCH

    def _size(self, node: Value | Selected) -> int | None:
        """Fields written; None: it cannot be."""
        if id(node) not in self._known:
            self._known[id(node)] = self._measured(node)
        return self._known[id(node)]

    def _measured(self, node: Value | Selected) -> int | None:
        match node:
            case Typename() | Hidden() | Id():
                return 1
            case Calculated():
                return None
            case Scalar():
                form = form_of(node)
                is_writable = form is not None and _is_writable(self._dialect, column_of(node.attribute), form, node.is_required)
                return 1 if is_writable else None
            case Selected():
                return _sum([self._object(one) for one, _ in groups(node)])
            case Listed():
                return None if depth(node.where) > self._dialect.MAX_FILTER else self._size(node.selected)
            case Inline() | Joined():
                return self._size(node.selected)
            case Connected():
                return self._connected(node)

    def _object(self, one: Object) -> int | None:
        if len(one.fields) > self._dialect.MAX_FIELDS or not all(self._dialect.can_name(key) for key, _ in one.fields):
            return None
        return _sum([self._size(value) for _, value in one.fields])

    def _connected(self, node: Connected) -> int | None:
        given = node.arguments.example
        if given.get("last") is not None:
            return None  # backwards: read in the other order and turned round
        if depth(node.where) > self._dialect.MAX_FILTER:
            return None
        sizes: list[int | None] = []
        for key, value in node.page.fields:
            match value:
                case Edges():
                    if any(each is None for _, each in value.fields):
                        return None  # cursors are Python's
                    sizes += [1 if isinstance(each, Typename) else self._size(_some(each)) for _, each in value.fields]
                    keys = [key, *[inner for inner, _ in value.fields]]
                case PageFacts():
                    if any(fact in ("start_cursor", "end_cursor") for _, fact in value.fields):
                        return None
                    sizes.append(len(value.fields))
                    keys = [key, *[inner for inner, _ in value.fields]]
                case Total() | Typename():
                    sizes.append(1)
                    keys = [key]
                case Selected():
                    sizes.append(self._size(value))
                    keys = [key]
            if not all(self._dialect.can_name(each) for each in keys):
                return None
        return _sum(sizes)


@lru_cache(4096)  # a document may ask nine kinds of items for the same columns
def _is_writable(dialect: Any, column: "sa.Column[Any]", form: Form, is_required: bool) -> bool:
    return dialect.leaf(column, form, is_nullable=bool(column.nullable), is_required=is_required) is not None


def _some(selected: Selected | None) -> Selected:
    assert selected is not None
    return selected


def _sum(sizes: "list[int | None]") -> int | None:
    total = 0
    for each in sizes:
        if each is None:
            return None
        total += each
    return total
