"""One statement in the making: its FROM, its columns, and the source of the function that assembles its rows.

The source holds response keys only as `repr` of GraphQL names, and no value of a user: those are parameters.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.dialects import Dialect
from api.kit.planner.dialects.json import quoted
from api.kit.planner.kinds import kind_of
from api.kit.planner.registry import Entity
from api.kit.planner.rows.running import Level, Parameters, Way
from api.kit.planner.rows.scalars import Names
from api.kit.planner.specs import Attribute, column_of
from api.kit.planner.statements import Statement, compiled
from api.kit.planner.tree import Connected, Listed, Scalar, Selected
from domain.kit.policy import Shape


@dataclass(slots=True)
class Build:
    """What all statements of a plan share while it is made."""

    dialect: Dialect
    shape: Shape
    is_typed: bool
    """Objects at abstract positions name their type, for `settle`."""
    embed: "Embed"
    names: Names = field(default_factory=Names)
    embedded: int = 0
    """Parts that the database writes, so far."""
    assembled: int = 0
    """Objects that Python makes of rows, so far."""
    _aliases: int = 0

    def alias(self) -> str:
        """A name that no other table of the plan has."""
        self._aliases += 1
        return f"a{self._aliases}"

    @property
    def way(self) -> Way:
        """How the objects of the finished plan come about."""
        return "rows" if not self.embedded else "both" if self.assembled else "json"


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where an entity's row stands in a statement's rows."""

    rows: FromClause
    entity: Entity
    present: str = ""
    """Python source that tells whether a joined row is there; empty: always."""
    discriminator: str = ""
    """The variable that holds the row's kind, where several types are told apart."""
    kinds: frozenset[str] = frozenset()
    """The kinds of the type at hand, out of `every`."""
    every: frozenset[str] = frozenset()


@dataclass(slots=True)
class Pending:
    """Children that a level below will read."""

    node: Listed | Connected
    key: str
    name: str
    places: list[Place]


@dataclass(slots=True)
class Batch:
    """A computed field over all rows where one of the places is."""

    function: str
    row: str
    places: list[Place]


@dataclass(slots=True)
class Wanted:
    """For which kinds of rows a column is wanted, of how many there are."""

    kind: ColumnElement[Any]
    every: frozenset[str]
    kinds: set[str]


class Reading:
    """Collects columns, joins, batches and children, and ends as a `Level`."""

    def __init__(self, build: Build, source: FromClause) -> None:
        self.build = build
        self.source = source
        self.bound: list[Parameters] = []
        self.pending: list[Pending] = []
        self.joins: dict[Hashable, FromClause] = {}
        self.shown: dict[tuple[str, Scalar], str] = {}
        """By variable and leaf: the source of what the client reads."""
        self._columns: list[ColumnElement[Any]] = []
        self._known: dict[Hashable, str] = {}
        self._batches: dict[Hashable, Batch] = {}
        self._wanted: dict[Hashable, Wanted] = {}

    def column(self, key: Hashable, expression: ColumnElement[Any]) -> str:
        """The variable that holds a selected expression; one per key."""
        name = self._known.get(key)
        if name is None:
            name = self._known[key] = f"c{len(self._columns)}"
            self._columns.append(expression)
        return name

    def has(self, key: Hashable) -> bool:
        """Whether a column of this key is selected already."""
        return key in self._known

    def known(self, key: Hashable) -> str:
        """The variable of such a column."""
        return self._known[key]

    def only_for(self, key: Hashable, kind: ColumnElement[Any], place: Place) -> None:
        """The column of this key is wanted for the place's kinds, and those of the places named before."""
        self._wanted.setdefault(key, Wanted(kind, place.every, set())).kinds |= place.kinds

    def natural(self, place: Place, attribute: Attribute) -> str:
        """The variable that holds an attribute's natural value."""
        column = column_of(attribute)
        key = (place.rows, column.key)
        if key in self._known:
            return self._known[key]
        return self.column(key, self.build.dialect.natural(place.rows.c[column.key], kind_of(column.type)))

    def key(self, place: Place) -> str:
        """The variable that holds the row's primary key."""
        return self.column((place.rows, place.entity.key), place.rows.c[place.entity.key])

    def batch(self, key: Hashable, function: Callable[..., Any], row: str, place: Place) -> str:
        """Source of a batch's value for the row at hand; `row` is the source of the function's tuple."""
        known = self._batches.get(key)
        if known is None:
            known = self._batches[key] = Batch(self.build.names.constant(function), row, [])
        known.places.append(place)
        return f"v{list(self._batches).index(key)}[i]"

    def children(self, node: Listed | Connected, place: Place) -> tuple[str, str]:
        """(what finds a parent's children, the variable that holds the parent's key)."""
        attribute = node.spec.key
        key = self.key(place) if attribute is None else self.natural(place, attribute)
        for known in self.pending:
            if known.node is node and known.places[0].rows is place.rows:
                known.places.append(place)
                return known.name, key
        name = f"k{len(self.pending)}"
        self.pending.append(Pending(node, key, name, [place]))
        return name, key

    def _where(self, places: Sequence[Place]) -> str:
        """Python source: whether a row stands at one of these places (of one table, for several types)."""
        kinds = frozenset().union(*[place.kinds for place in places])
        conditions = [places[0].present] if places[0].present else []
        if kinds != places[0].every and all(place.kinds for place in places):
            conditions.append(f"{places[0].discriminator} in {self.build.names.constant(kinds)}")
        return " and ".join(conditions)

    def _row(self) -> str:
        return f"({', '.join(f'c{number}' for number in range(len(self._columns)))},)" if self._columns else "_"

    def keys_function(self, pending: Pending) -> Callable[[Any], set[Any]]:
        """The generated function that collects the keys of the parents that have such children."""
        where = " and ".join(filter(None, [f"{pending.key} is not None", self._where(pending.places)]))
        source = f"def keys(rows):\n    return {{{pending.key} for {self._row()} in rows if {where}}}"
        found: Callable[[Any], set[Any]] = self._defined(source, "keys")
        return found

    def assembler(self, entry: str, parent: str | None) -> Callable[..., Any]:
        """The generated function over the rows: a list of `entry`, or (by the variable `parent`) lists by parent's key."""
        kids = "".join(f", {each.name}" for each in self.pending)
        row = self._row()
        lines = [f"def assemble(rows, run{kids}):"]
        for number, each in enumerate(self._batches.values()):
            where = self._where(each.places)
            some = f"{each.row} if {where} else None" if where else each.row
            lines.append(f"    v{number} = {each.function}([{some} for {row} in rows], run)")
        head = f"for i, {row} in enumerate(rows)" if self._batches else f"for {row} in rows"
        if parent is None:
            lines.append(f"    return [{entry} {head}]")
        else:
            lines += [
                "    found = lists()",
                f"    {head}:",
                f"        found[{parent}].append({entry})",
                "    return found",
            ]
        found: Callable[..., Any] = self._defined("\n".join(lines), "assemble")
        return found

    def _defined(self, source: str, name: str) -> Any:
        scope: dict[str, Any] = {}
        exec(compile(source, "<plan>", "exec"), self.build.names.known, scope)  # noqa: S102 - see the module's docstring
        return scope[name]

    def query(self) -> "sa.Select[Any]":
        """The columns from the joined tables."""
        columns = list(self._columns)
        for key, wanted in self._wanted.items():
            if wanted.kinds != wanted.every:
                number = int(self._known[key].removeprefix("c"))
                kinds = [quoted(each) for each in sorted(wanted.kinds)]
                columns[number] = sa.case((wanted.kind.in_(kinds), columns[number]))
        return sa.select(*(columns or [sa.literal_column("1").label("one")])).select_from(self.source)

    def statement(self, conditions: Sequence[ColumnElement[bool]], order: Sequence[ColumnElement[Any]]) -> Statement:
        """The whole, compiled."""
        return compiled(self.query().where(*conditions).order_by(*order), self.build.dialect)

    def level(self, statement: Statement, entry: str, parent: str | None) -> Level:
        """The finished level, its children still to come."""
        return Level(statement, tuple(self.bound), [], self.assembler(entry, parent))


Embed: TypeAlias = Callable[[Reading, Place, Selected | Listed | Connected], str | None]
"""Source of a part of the tree that the database itself writes, as a column of the level's statement; None: it does not."""


def nothing(reading: Reading, place: Place, node: Selected | Listed | Connected) -> None:
    """Where everything is read as rows."""
