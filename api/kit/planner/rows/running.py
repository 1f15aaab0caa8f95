"""Running a plan of rows: statements level by level, then the generated functions from the leaves up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from api.kit.planner.handles import Page
from api.kit.planner.orders import Ordering
from api.kit.planner.paging import check_texts, decode_cursor, window
from api.kit.planner.slow import argument_conditions
from api.kit.planner.specs import Argument, Call, Computed
from api.kit.planner.statements import Statement
from api.kit.planner.tree import Arguments
from domain.kit.database.reader import Read, Rows
from domain.kit.policy import Viewer

Found: TypeAlias = Callable[[Any], Any]
"""A parent's key -> the finished value of one of its fields."""


class Run:
    """One run of a plan for one request."""

    __slots__ = ("is_faulty", "read", "values", "variables", "viewer")

    def __init__(self, read: Read, viewer: Viewer, variables: VariableValues) -> None:
        self.read = read
        self.viewer = viewer
        self.variables = variables
        self.values: dict[str, Any] = viewer.binds
        self.is_faulty = False
        """The data holds an exception, or null in a non-null place."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Arguments of a relation that have become parameters."""

    arguments: Arguments
    declared: Sequence[Argument]
    prefix: str

    def add_to(self, values: dict[str, Any], run: Run) -> None:
        """Put the request's values among the parameters."""
        given = argument_conditions(self.declared, self.arguments.values(run.variables))
        found = [value for condition in given for value in condition.binds]
        check_texts(found)
        values.update({f"{self.prefix}{number}": value for number, value in enumerate(found)})


@dataclass(slots=True)
class Level:
    """One statement, the levels below it, and the generated functions over its rows."""

    statement: Statement
    bound: Sequence[Bound] = ()
    kids: "list[tuple[Callable[[Rows], set[Any]], Kid]]" = field(default_factory=list)
    """(the parents' keys among the rows, what hangs below them)"""
    assemble: Callable[..., Any] = list

    def run(self, run: Run, **values: Any) -> Any:
        """Read and assemble: a list of finished values, or (below the root) one by parent's key.

        Raises GraphQLError for arguments that cannot be bound.
        """
        return self.assembled(run, self.rows(run, values))

    def rows(self, run: Run, values: Mapping[str, Any]) -> Rows:
        """Only read."""
        parameters = {**run.values, **values, **self.arguments(run)}
        return run.read(self.statement.text, self.statement.parameters(parameters))

    def assembled(self, run: Run, rows: Rows) -> Any:
        """Read what hangs below the rows, and assemble."""
        return self.assemble(rows, run, *[kid.find(run, keys(rows)) for keys, kid in self.kids])

    def arguments(self, run: Run) -> dict[str, Any]:
        """The parameters that come from arguments of relations."""
        found: dict[str, Any] = {}
        for each in self.bound:
            each.add_to(found, run)
        return found


@dataclass(slots=True)
class Kid:
    """The children of a level's rows as lists."""

    level: Level | None

    @property
    def statements(self) -> int:
        """Statements of this and everything below."""
        return 0 if self.level is None else 1 + sum(kid.statements for _, kid in self.level.kids)

    def find(self, run: Run, keys: set[Any]) -> Found:
        """Read the children of these parents."""
        assert self.level is not None
        try:
            self.level.arguments(run)
        except GraphQLError as error:
            return _failing(run, error)
        return self.level.run(run, keys=list(keys)).get if keys else _nothing


def _failing(run: Run, error: Exception) -> Found:
    run.is_faulty = True
    return lambda key: error


def _nothing(key: Any) -> None:
    return None


@dataclass(slots=True)
class PageKid(Kid):
    """The children of a level's rows as connections."""

    arguments: Arguments
    most: int
    order: Ordering
    count: Level | None
    wrap: Callable[..., Any]
    extra: int
    """1 where somebody asks whether more follows: only then one row too many is read."""

    @property
    def statements(self) -> int:
        return Kid.statements.fget(self) + (self.count is not None)  # type: ignore[attr-defined,no-any-return]

    def find(self, run: Run, keys: set[Any]) -> Found:
        try:
            given = self.arguments.values(run.variables)
            stretch = window(**{name: given.get(name) for name in ("first", "after", "last", "before")}, most=self.most)
            cursor = () if stretch.cursor is None else decode_cursor(stretch.cursor, self.order)
            for level in (self.level, self.count):
                if level is not None:
                    level.arguments(run)
        except Exception as error:
            return _failing(run, error)
        parents = list(keys)
        values = {f"c{number}": value for number, value in enumerate(cursor)}
        entries: Mapping[Any, Any] = {}
        counts: Mapping[Any, int] = {}
        if parents and self.level is not None:
            entries = self.level.run(run, keys=parents, limit=stretch.size + self.extra, **values)
        if parents and self.count is not None:
            counts = self.count.run(run, keys=parents)
        wrap, size = self.wrap, stretch.size
        if not self.extra:
            return lambda key: wrap(entries.get(key) or [], False, counts.get(key, 0))

        def found(key: Any) -> Any:
            some = entries.get(key) or []
            return wrap(some[:size], len(some) > size, counts.get(key, 0))

        return found


@dataclass(slots=True)
class KeysPlan:
    """Rows of the root by key."""

    level: Level
    statements: int
    detours: int = 0
    """How many reads still go to the reader's thread, since one took too long for the event loop."""

    def run(self, run: Run, keys: Sequence[int]) -> dict[int, Any]:
        """Finished values by key; what is missing is not there for this viewer."""
        found: dict[int, Any] = self.level.run(run, keys=list(keys))
        return {key: values[0] for key, values in found.items()}


@dataclass(slots=True)
class PagePlan:
    """A page at the root."""

    level: Level | None
    count: Level | None
    wrap: Callable[..., Any]
    extra: int
    """1 where somebody asks whether more follows: that row is read, but nothing below it."""
    statements: int
    detours: int = 0
    """As for `KeysPlan`."""

    def run(self, run: Run, page: Page) -> Any:
        """The finished connection."""
        values = {f"w{number}": value for number, value in enumerate(page.binds)}
        entries: Any = []
        has_more = False
        if self.level is not None:
            cursor = {f"c{number}": value for number, value in enumerate(page.cursor or ())}
            size = page.window.size
            rows = self.level.rows(run, {**values, **cursor, "limit": size + self.extra})
            has_more = len(rows) > size
            entries = self.level.assembled(run, rows[:size])
        count = 0 if self.count is None else self.count.run(run, **values)
        return self.wrap(entries, has_more, count)


Plan: TypeAlias = KeysPlan | PagePlan


def batch(
    spec: Computed, complete: Callable[[Any, Run], Any], arguments: Arguments | None, rows: Sequence[Any], run: Run
) -> list[Any]:
    """A computed field's values for the rows that are not None, in their places."""
    live = [row for row in rows if row is not None]
    try:
        more = [Call(run.viewer, arguments.values(run.variables) if arguments else {})] if spec.takes_call else []
        values = _values(spec, live, more)
    except Exception as error:
        values = [error] * len(live)
    found = iter(values)
    return [None if row is None else complete(next(found), run) for row in rows]


def _values(spec: Computed, rows: list[Any], more: list[Any]) -> list[Any]:
    try:
        values = list(spec.function(rows, *more)) if rows else []
    except Exception as error:
        if len(rows) == 1:
            return [error]
        return [value for row in rows for value in _values(spec, [row], more)]  # only the culprits fail
    if len(values) != len(rows):
        raise RuntimeError(f"{spec.function.__name__} gave {len(values)} values for {len(rows)} rows.")
    return values
