"""What a list's conditions say about the key it is ordered by: whether it holds a value, and whether they say nothing else."""

from collections.abc import Sequence
from dataclasses import replace

from api.kit.planner.conditions import And, Compare, Condition, Contains, IsIn, IsNull, StartsWith, Written
from api.kit.planner.orders import Ordering


def narrowed_order(order: Ordering, where: Sequence[Condition]) -> Ordering:
    """The same order, its first key taken as never NULL where the conditions leave no row without a value."""
    first, *others = order.keys
    if not first.is_nullable or not any(_requires(each, first.attribute) for each in where):
        return order
    return replace(order, keys=(replace(first, is_nullable=False), *others))


def is_along(order: Ordering, where: Sequence[Condition]) -> bool:
    """Whether nothing but the order's first key is looked at, so that the list's own index gives its rows in order."""
    return all(concerns_only(each, order.keys[0].attribute) for each in where)


def _requires(condition: Condition, attribute: object) -> bool:
    """Whether a row whose `attribute` is NULL never meets the condition."""
    match condition:
        case Compare() | IsIn() | StartsWith() | Contains():
            return condition.attribute is attribute
        case IsNull():
            return condition.attribute is attribute and not condition.is_null
        case And():
            return any(_requires(each, attribute) for each in condition.conditions)
        case Written():
            return _requires(condition.condition, attribute)
    return False


def concerns_only(condition: Condition, attribute: object) -> bool:
    """Whether it asks nothing but where the rows' `attribute` lies: a stretch of the index over it."""
    match condition:
        case Compare() | IsNull() | StartsWith():
            return condition.attribute is attribute
        case And():
            return all(concerns_only(each, attribute) for each in condition.conditions)
        case Written():
            return concerns_only(condition.condition, attribute)
    return False
