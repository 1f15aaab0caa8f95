"""Running a plan of rows: statements level by level, then the generated functions from the leaves up."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from graphql import GraphQLError
from graphql.execution.values import VariableValues

from api.kit.planner.handles import Page
from api.kit.planner.nested import Nested, conditions_of, order_of
from api.kit.planner.orders import Ordering
from api.kit.planner.paging import check_texts, decode_cursor, window
from api.kit.planner.slow import argument_conditions
from api.kit.planner.specs import Call, Children, Computed
from api.kit.planner.statements import Statement
from api.kit.planner.tree import Arguments
from api.kit.planner.walking import bounds
from domain.kit.database.reader import Read, Rows
from domain.kit.policy import Viewer

Found: TypeAlias = Callable[[Any], Any]
"""A parent's key -> the finished value of one of its fields."""

Question: TypeAlias = tuple[str, list[Any]]
"""A statement's text and its parameters."""

Way: TypeAlias = Literal["rows", "json", "both"]
"""Who makes a plan's objects: Python of rows, the database as JSON, or each some of them."""


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


class Unreadable(Exception):
    """Something within JSON is an error that only rows can place."""


class Parameters(Protocol):
    """Parameters that a part of a statement brings."""

    def add_to(self, values: dict[str, Any], run: Run) -> None:
        """Put the request's values among the parameters. Raises GraphQLError or Unreadable."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Arguments of a relation that have become parameters."""

    arguments: Arguments
    spec: Children
    model: Any
    prefix: str

    def add_to(self, values: dict[str, Any], run: Run) -> None:
        """Put the request's values among the parameters."""
        given = self.arguments.values(run.variables)
        order_of(self.spec, given, self.model)  # tells what is wrong with it
        asked = [*argument_conditions(self.spec.arguments, given), *conditions_of(self.spec, given)]
        found = [value for condition in asked for value in condition.binds]
        check_texts(found)
        values.update({f"{self.prefix}{number}": value for number, value in enumerate(found)})


@dataclass(slots=True)
class Level:
    """One statement, the levels below it, and the generated functions over its rows."""

    statement: Statement
    bound: Sequence[Parameters] = ()
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
        return self.statement.rows(run.read(*self.question(run, values)))

    def question(self, run: Run, values: Mapping[str, Any]) -> Question:
        """The statement and its parameters. Raises GraphQLError or Unreadable for arguments that cannot be bound."""
        parameters = {**run.values, **values, **self.arguments(run)}
        return self.statement.text, self.statement.parameters(parameters)

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
    spec: Children
    model: Any
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
            assert self.spec.limit is not None
            stretch = window(**{name: given.get(name) for name in ("first", "after", "last", "before")}, most=self.spec.limit)
            order_of(self.spec, given, self.model)
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
    way: Way
    detours: int = 0
    """How many reads still go to the reader's thread, since one took too long for the event loop."""
    nested: tuple[Nested, ...] = ()
    """Lists whose filter or order depends on variables."""
    shapes: tuple[Hashable, ...] = ()
    """What they were when the plan was made."""

    def run(self, run: Run, keys: Sequence[int]) -> dict[int, Any]:
        """Finished values by key; what is missing is not there for this viewer."""
        return self.answered(run, keys, run.read(*self.question(run, keys)))

    def question(self, run: Run, keys: Sequence[int]) -> Question:
        """The first statement, or the only one."""
        return self.level.question(run, {"keys": list(keys)})

    def answered(self, run: Run, keys: Sequence[int], rows: Rows) -> dict[int, Any]:
        """What `run` returns, once the first statement has been read."""
        found = self.level.statement.rows(rows)
        return {key: values[0] for key, values in self.level.assembled(run, found).items()}


@dataclass(slots=True)
class PagePlan:
    """A page at the root."""

    level: Level | None
    count: Level | None
    wrap: Callable[..., Any]
    extra: int
    """1 where somebody asks whether more follows: that row is read, but nothing below it."""
    statements: int
    way: Way
    detours: int = 0
    """As for `KeysPlan`."""
    nested: tuple[Nested, ...] = ()
    shapes: tuple[Hashable, ...] = ()

    def run(self, run: Run, page: Page) -> Any:
        """The finished connection."""
        return self.answered(run, page, run.read(*self.question(run, page)) if self.statements else [])

    def question(self, run: Run, page: Page) -> Question:
        """The first statement, or the only one."""
        values = {f"w{number}": value for number, value in enumerate(page.binds)}
        if self.level is None:
            assert self.count is not None
            return self.count.question(run, values)
        cursor = {f"c{number}": value for number, value in enumerate(page.cursor or ())}
        limit = page.window.size + self.extra
        return self.level.question(run, {**values, **cursor, "limit": limit, **bounds(limit, page.binds)})

    def answered(self, run: Run, page: Page, rows: Rows) -> Any:
        """What `run` returns, once the first statement has been read."""
        count, size = self.count, page.window.size
        if self.level is None:
            return self.wrap([], False, 0 if count is None else count.assembled(run, count.statement.rows(rows)))
        rows = self.level.statement.rows(rows)
        entries = self.level.assembled(run, rows[:size])
        values = {f"w{number}": value for number, value in enumerate(page.binds)}
        return self.wrap(entries, len(rows) > size, 0 if count is None else count.run(run, **values))


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
