"""A filter with `and`, `or` and `not` as conditions, within the limits of depth and number."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from api.kit.filtering.refusing import refuse
from api.kit.planner import And, Condition, Contains, Exists, IsIn, Not, Or, Refers, StartsWith, Written

MAX_DEPTH: Final = 5
MAX_PREDICATES: Final = 50

Rule: TypeAlias = Callable[[Any], Sequence[Condition]]
"""What a field's value asks. Raises GraphQLError."""


def together(conditions: Sequence[Condition]) -> Condition:
    """All of them."""
    return conditions[0] if len(conditions) == 1 else And(conditions)


def either(conditions: Sequence[Condition]) -> Condition:
    """At least one of them."""
    return conditions[0] if len(conditions) == 1 else Or(conditions)


def weight(condition: Condition) -> int:
    """How many conditions a condition counts as."""
    match condition:
        case And() | Or():
            return sum(map(weight, condition.conditions))
        case Not():
            return weight(condition.condition)
        case Exists() | Refers():
            return max(1, sum(map(weight, condition.where)))
        case Written():
            return 1
        case _:
            return 1


def holds_always(condition: Condition) -> bool:
    """Whether a condition says nothing: every row meets it, whatever it holds."""
    match condition:
        case And():
            return all(map(holds_always, condition.conditions))
        case Or():
            return any(map(holds_always, condition.conditions))
        case Not():
            return _holds_never(condition.condition)
        case StartsWith() | Contains():
            return not condition.text
        case _:
            return False


def _holds_never(condition: Condition) -> bool:
    match condition:
        case And():
            return any(map(_holds_never, condition.conditions))
        case Or():
            return all(map(_holds_never, condition.conditions))
        case Not():
            return holds_always(condition.condition)
        case IsIn():
            return not condition.values
        case _:
            return False


def bounded(conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions, if they are not too many. Raises GraphQLError."""
    if sum(map(weight, conditions)) > MAX_PREDICATES:
        raise too_many()
    return list(conditions)


def too_many() -> Exception:
    """The error of a filter with too many conditions."""
    return refuse(f"A filter has at most {MAX_PREDICATES} conditions.", limit="filterConditions", allowed=MAX_PREDICATES)


def compiled(where: Any, rules: Mapping[str, Rule], *, is_inner: bool = False) -> list[Condition]:
    """The conditions of a filter input. Raises GraphQLError for one that is too deep, too large or nonsense.

    An input `is_inner` that stands in a field of another one and has no `and`, `or` and `not` itself.
    """
    if where is None:
        return []
    if is_inner:
        return _own(where, rules)
    return _level(where, rules, 1, [0])


def _own(where: Any, rules: Mapping[str, Rule]) -> list[Condition]:
    found: list[Condition] = []
    for name, rule in rules.items():
        given = getattr(where, name)
        if given is not None:
            found += rule(given)
    return found


def _level(where: Any, rules: Mapping[str, Rule], depth: int, counter: list[int]) -> list[Condition]:
    if depth > MAX_DEPTH:
        raise refuse(f"A filter is at most {MAX_DEPTH} levels deep.", limit="filterDepth", allowed=MAX_DEPTH)
    found = _own(where, rules)
    is_leaf = not (where.and_ or where.or_ or where.not_)
    # an empty leaf is one, too: SQLite takes a thousand levels, and an OR of many is as deep
    counter[0] += sum(map(weight, found)) or is_leaf
    if counter[0] > MAX_PREDICATES:
        raise too_many()
    for each in where.and_ or []:
        found += _level(each, rules, depth + 1, counter)
    if where.or_ is not None:
        found.append(either([together(_level(each, rules, depth + 1, counter)) for each in where.or_]))
    if where.not_ is not None:
        found.append(Not(together(_level(where.not_, rules, depth + 1, counter))))
    return found
