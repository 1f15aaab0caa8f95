"""Rules: what a filter's field asks of which column. A list's filter is a mapping of field names to rules.

A value that is rare is found by its index; one that is usual is not (the list is walked in its order instead). What is
usual is known of closed sets only, and written down beside them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import strawberry

from api.kit.filtering.compiling import Rule, compiled
from api.kit.filtering.inputs import IdFilter, IntFilter, LinkFilter, PathFilter, TextFilter, WordFilter
from api.kit.filtering.refusing import refuse, within
from api.kit.planner import And, Compare, Condition, Contains, Exists, IsIn, IsNull, Not, Or, StartsWith, Written
from domain.catalog.sorting import sort_key
from domain.kit.errors import Invalid
from domain.kit.ids import key_of

_COMPARED = (("eq", "="), ("gte", ">="), ("lte", "<="))


def keys(table: str, given: Iterable[strawberry.ID]) -> list[int]:
    """The keys in ids of one table. Raises GraphQLError for others, and for more than a hundred."""
    try:
        return [key_of(table, each) for each in within(list(given))]
    except Invalid as error:
        raise refuse(error.message) from None


def number(attribute: object, as_: Callable[[Any], Any] | None = None) -> Callable[[Any], list[Condition]]:
    """`eq`, `in`, `gte` and `lte` as far as the input has them, on anything that has an order."""

    def rule(given: Any) -> list[Condition]:
        found: list[Condition] = []
        for name, operator in _COMPARED:
            value = getattr(given, name, None)
            if value is not None:
                found.append(Compare(attribute, operator, value if as_ is None else as_(value)))  # type: ignore[arg-type]
        if (some := getattr(given, "in_", None)) is not None:
            found.append(IsIn(attribute, within(some)))
        return found

    return rule


def int_conditions(attribute: object, given: IntFilter | None) -> list[Condition]:
    """Conditions of a whole-number filter."""
    return [] if given is None else number(attribute)(given)


def text(sort_attribute: object) -> Callable[[Any], list[Condition]]:
    """A text by its stored sort key: the same folding on both sides."""

    def rule(given: TextFilter) -> list[Condition]:
        found: list[Condition] = []
        if given.eq is not None:
            found.append(Compare(sort_attribute, "=", sort_key(given.eq)))
        if given.in_ is not None:
            found.append(IsIn(sort_attribute, [sort_key(each) for each in within(given.in_)]))
        if given.starts_with:
            found.append(StartsWith(sort_attribute, sort_key(given.starts_with)))
        if given.contains:
            found.append(Contains(sort_attribute, sort_key(given.contains)))
        return found

    return rule


def text_conditions(sort_attribute: object, given: TextFilter | None) -> list[Condition]:
    """Conditions of a text filter on a stored sort key."""
    return [] if given is None else text(sort_attribute)(given)


def words(attribute: object) -> Rule:
    """A code or word, to the letter."""

    def rule(given: WordFilter) -> list[Condition]:
        found: list[Condition] = [] if given.eq is None else [Compare(attribute, "=", given.eq)]
        return found if given.in_ is None else [*found, IsIn(attribute, within(given.in_))]

    return rule


def path(attribute: object) -> Rule:
    """A path, to the letter."""

    def rule(given: PathFilter) -> list[Condition]:
        found: list[Condition] = [] if given.eq is None else [Compare(attribute, "=", given.eq)]
        if given.starts_with:
            found.append(StartsWith(attribute, given.starts_with))
        if given.contains:
            found.append(Contains(attribute, given.contains))
        return found

    return rule


def members(attribute: object, *, usual: Iterable[StrEnum] = (), of: type[StrEnum] | None = None) -> Rule:
    """One of a closed set's members. Those in `usual` are no reason to take an index; the others have a partial one."""
    common = frozenset(usual)

    def rule(given: Sequence[StrEnum]) -> list[Condition]:
        some = sorted(set(given))
        if not some:
            return [Or(())]
        if of is None:
            return [Written(IsIn(attribute, some))]
        rare = sorted(set(of) - common)
        if not common & set(some):
            return [Written(And([IsIn(attribute, rare), IsIn(attribute, some)]))] if common else [Written(IsIn(attribute, some))]
        others = sorted(set(of) - set(some))
        there = [] if not _is_nullable(attribute) else [IsNull(attribute, is_null=False)]
        return [And([*there, *([Not(Written(IsIn(attribute, others)))] if others else [])])]

    return rule


def _is_nullable(attribute: Any) -> bool:
    return bool(attribute.property.columns[0].nullable)


def flag(attribute: object, *, usual: bool) -> Rule:
    """True or false; only the other one than the usual has an index."""

    def rule(given: bool) -> list[Condition]:
        rare = Written(Compare(attribute, "=", not usual))
        return [Not(rare)] if given is usual else [rare]

    return rule


def is_set(attribute: object) -> Rule:
    """Whether the column holds anything."""
    return lambda given: [IsNull(attribute, is_null=not given)]


def some(condition: Condition) -> Rule:
    """Whether a condition holds."""
    return lambda given: [condition if given else Not(condition)]


def ids(attribute: object, table: str) -> Rule:
    """`eq` and `in` of ids of one table."""

    def rule(given: IdFilter) -> list[Condition]:
        found: list[Condition] = [] if given.eq is None else [Compare(attribute, "=", keys(table, [given.eq])[0])]
        return found if given.in_ is None else [*found, IsIn(attribute, keys(table, given.in_))]

    return rule


def reference(attribute: object, table: str) -> Rule:
    """The same for an argument that is one id."""
    return lambda given: [Compare(attribute, "=", keys(table, [given])[0])]


def links(owner: object, target: object, table: str, where: Sequence[Condition] = ()) -> Rule:
    """Rows of a link table (`owner` names ours, `target` those of `table`) that meet `where`."""

    def has(wanted: list[int]) -> Exists:
        return Exists(owner, [IsIn(target, wanted), *where], is_few=True)

    def rule(given: LinkFilter) -> list[Condition]:
        found: list[Condition] = []
        if given.any_of is not None:
            found.append(has(keys(table, given.any_of)))
        if given.all_of is not None:
            found += [has([key]) for key in keys(table, given.all_of)]
        if given.none_of is not None:
            found.append(Not(Exists(owner, [IsIn(target, keys(table, given.none_of)), *where])))
        return found

    return rule


def nested(owner: object, rules: Mapping[str, Rule], where: Sequence[Condition] = ()) -> Rule:
    """A row that names ours and meets a filter of its own."""
    return lambda given: [Exists(owner, [*compiled(given, rules, is_inner=True), *where], is_few=True)]
