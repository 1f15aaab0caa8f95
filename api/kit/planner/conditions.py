"""Filters as data: `.shape` is part of the plan's key, `.binds` are the user's values, in the order SQL takes them."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

Compared: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


def _name(attribute: object) -> str:
    assert isinstance(attribute, InstrumentedAttribute), f"{attribute!r} is no mapped column."
    return f"{attribute.class_.__table__.name}.{attribute.key}"


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    """`Compare(t.MediaItem.year, ">=", 1990)`. The value is of the column's Python type and never None."""

    attribute: object
    operator: Compared
    value: Any

    @property
    def shape(self) -> Hashable:
        return (self.operator, _name(self.attribute))

    @property
    def binds(self) -> list[Any]:
        return [self.value]


@dataclass(frozen=True, slots=True, eq=False)
class IsIn:
    """The column is one of `values` (none given: nothing matches)."""

    attribute: object
    values: Sequence[Any]

    @property
    def shape(self) -> Hashable:
        return ("in", _name(self.attribute))

    @property
    def binds(self) -> list[Any]:
        return [list(self.values)]


@dataclass(frozen=True, slots=True, eq=False)
class IsNull:
    """The column holds nothing (or, with `is_null=False`, something)."""

    attribute: object
    is_null: bool = True

    @property
    def shape(self) -> Hashable:
        return ("null", _name(self.attribute), self.is_null)

    @property
    def binds(self) -> list[Any]:
        return []


@dataclass(frozen=True, slots=True, eq=False)
class StartsWith:
    """The text begins with `text`, byte by byte (meant for stored sort keys: an index range on both engines)."""

    attribute: object
    text: str

    @property
    def shape(self) -> Hashable:
        return ("starts", _name(self.attribute))

    @property
    def binds(self) -> list[Any]:
        return [self.text, self.text + "\U0010ffff"]


@dataclass(frozen=True, slots=True, eq=False)
class Contains:
    """The text holds `text`, byte by byte."""

    attribute: object
    text: str

    @property
    def shape(self) -> Hashable:
        return ("contains", _name(self.attribute))

    @property
    def binds(self) -> list[Any]:
        return [self.text]


@dataclass(frozen=True, slots=True, eq=False)
class And:
    """All of them (none given: always)."""

    conditions: "Sequence[Condition]"

    @property
    def shape(self) -> Hashable:
        return ("and", *[each.shape for each in self.conditions])

    @property
    def binds(self) -> list[Any]:
        return [value for each in self.conditions for value in each.binds]


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    """At least one of them (none given: never)."""

    conditions: "Sequence[Condition]"

    @property
    def shape(self) -> Hashable:
        return ("or", *[each.shape for each in self.conditions])

    @property
    def binds(self) -> list[Any]:
        return [value for each in self.conditions for value in each.binds]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The opposite, with two values only: a NULL inside makes the condition false, so its opposite is true."""

    condition: "Condition"

    @property
    def shape(self) -> Hashable:
        return ("not", self.condition.shape)

    @property
    def binds(self) -> list[Any]:
        return self.condition.binds


@dataclass(frozen=True, slots=True, eq=False)
class Exists:
    """A visible row whose `foreign_key` names ours (by our primary key) and that meets `where`.

    `is_few`: found from the inside, as the rows that meet `where` (an index must lead to them), not by looking for each of
    ours. `visible_with_owner`: whoever sees our row sees those rows; the policy is not asked again.
    """

    foreign_key: object
    where: "Sequence[Condition]" = ()
    is_few: bool = False
    visible_with_owner: bool = False

    @property
    def shape(self) -> Hashable:
        how = (self.is_few, self.visible_with_owner)
        return ("exists", _name(self.foreign_key), how, *[each.shape for each in self.where])

    @property
    def binds(self) -> list[Any]:
        return [value for each in self.where for value in each.binds]


@dataclass(frozen=True, slots=True, eq=False)
class Refers:
    """The visible row that our `foreign_key` names meets `where`. `is_few` as in `Exists`."""

    foreign_key: object
    where: "Sequence[Condition]" = ()
    is_few: bool = False

    @property
    def shape(self) -> Hashable:
        return ("refers", _name(self.foreign_key), self.is_few, *[each.shape for each in self.where])

    @property
    def binds(self) -> list[Any]:
        return [value for each in self.where for value in each.binds]


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """A condition that only SQL can say (full-text search): `build(table alias, *bound values)`.

    `name` stands for `build` in the plan's key, so it must tell every two of them apart; `values` are bound as they are.
    """

    name: str
    build: Callable[..., ColumnElement[bool]]
    values: Sequence[Any] = ()

    @property
    def shape(self) -> Hashable:
        return ("matches", self.name, len(self.values))

    @property
    def binds(self) -> list[Any]:
        return list(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A condition whose values stand in the SQL text, so that partial indexes serve it: for a few closed values only.

    Each set of values is a plan of its own.
    """

    condition: "Condition"

    @property
    def shape(self) -> Hashable:
        return ("written", self.condition.shape, repr(self.condition.binds))

    @property
    def binds(self) -> list[Any]:
        return []


Condition: TypeAlias = Compare | IsIn | IsNull | StartsWith | Contains | And | Or | Not | Exists | Refers | Matches | Written
