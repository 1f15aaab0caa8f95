"""What `where` and `orderBy` of a list below something ask, and how that decides which statement answers."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from api.kit.planner.conditions import And, Condition, Exists, Not, Or, Refers
from api.kit.planner.orders import Ordering, ordering, orders
from api.kit.planner.specs import Children
from api.kit.planner.tree import Arguments

Given: TypeAlias = Mapping[str, Any]
"""A field's arguments by their Python names."""


def conditions_of(spec: Children, given: Given) -> list[Condition]:
    """The conditions of the filter at hand. Raises GraphQLError for one that is too deep, too large or nonsense."""
    where = given.get("where") if spec.narrowing is not None else None
    if where is None or spec.narrowing is None:
        return []
    return [from_outside(each) for each in spec.narrowing.conditions(where)]


def order_of(spec: Children, given: Given, model: Any) -> Ordering:
    """The order at hand: the declared one where none is given. Raises GraphQLError for more keys than are allowed."""
    narrowing = spec.narrowing
    keys = given.get("order_by") if narrowing is not None else None
    if not keys or narrowing is None or narrowing.orders is None:
        return ordering(spec.order_by, model)
    return ordering(orders(narrowing.orders(keys)), model)


def from_outside(condition: Condition) -> Condition:
    """The same, asked of each row: of a parent's, which are few and found by its key, or of those that a walk passes."""
    match condition:
        case Exists() | Refers():
            return replace(condition, is_few=False, where=_all_from_outside(condition.where))
        case And() | Or():
            return replace(condition, conditions=_all_from_outside(condition.conditions))
        case Not():
            return Not(from_outside(condition.condition))
        case _:
            return condition


def _all_from_outside(conditions: Sequence[Condition]) -> list[Condition]:
    return [from_outside(each) for each in conditions]


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """A list whose filter or order comes out of variables: their values decide the text of its statement."""

    spec: Children
    arguments: Arguments
    model: Any

    def shape(self, variables: VariableValues) -> Hashable:
        """What the text depends on; None where the arguments are wrong."""
        try:
            given = self.arguments.values(variables)
            order = order_of(self.spec, given, self.model)
            return (order.fingerprint, *[each.shape for each in conditions_of(self.spec, given)])
        except GraphQLError:
            return None


def asked(spec: Children, given: Given, model: Any) -> tuple[tuple[Condition, ...], Ordering]:
    """(conditions, order) of a list as a plan is made for it. Wrong ones count as none: running it will tell."""
    try:
        order = order_of(spec, given, model)
        return tuple(conditions_of(spec, given)), order
    except GraphQLError:
        return (), ordering(spec.order_by, model)
