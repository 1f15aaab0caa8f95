"""The planner: finds or makes the plan of a planned position, runs it on the reader, and hands over finished data."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from graphql import (
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from sqlmodel import Session

from api.kit.planner.counters import Counters
from api.kit.planner.dialects import dialect_of
from api.kit.planner.handles import Handle, Page, Ref, Refs, is_merging
from api.kit.planner.json.embedding import BackEnd, embedding
from api.kit.planner.operations import Operation, switches
from api.kit.planner.registry import entity_at
from api.kit.planner.rows.plans import keys_plan, page_plan
from api.kit.planner.rows.reading import nothing
from api.kit.planner.rows.running import KeysPlan, Plan, Run, Unreadable
from api.kit.planner.selection import Selection
from api.kit.planner.settle import settle
from domain.kit.database import Database
from domain.kit.database.reader import Read, TooLong
from domain.kit.policy import Viewer

R = TypeVar("R")
Living = Callable[[Session, int], int]
"""What a key of the one id space means now: a merged entity's is that of the one it was merged into."""

MAX_OPERATIONS: Final = 1000
MAX_PLANS_EACH: Final = 64
"""Of one operation: its planned positions times the shapes of viewers and arguments."""
DETOURS: Final = 16
"""Reads of a slow plan that go to the reader's thread before it is tried at once again."""
MAX_PLANS: Final = 4000
"""Of all operations together; a plan of three statements and its document take some 60 KB."""


@dataclass(slots=True)
class Group:
    """References of one tick and one plan: they become one statement."""

    keys: dict[int, None]
    done: "asyncio.Future[tuple[dict[int, Any], bool]]"


class Faulty(Exception):
    """An answer with errors in it, or none: it has to be completed as GraphQL says."""


class Planner:
    """Shared by the whole process. `enabled=False` sends every position to the plain resolvers (the oracle).

    `back_end` says what the database writes as JSON: `measured` all that pays, `json` all that it can, `rows` nothing.
    """

    def __init__(
        self, database: Database, *, enabled: bool = True, back_end: BackEnd = "measured", living: Living | None = None
    ) -> None:
        self._database = database
        self._living = living
        self._dialect = dialect_of(database.dialect)
        self.enabled = enabled
        self.back_end: BackEnd = back_end
        self.counters = Counters()
        self._operations: OrderedDict[int, Operation] = OrderedDict()
        self._plans = 0
        self._groups: dict[tuple[int, Viewer, int], Group] = {}

    def finish(self, executor: Any, type_: Any, details: Any, info: Any, path: Any, handle: Handle) -> Any:
        """An awaitable of the finished data of a planned position. Raises Unsupported before anything is read."""
        plan = self._plan(executor, type_, details, handle, is_typed=False)
        self.counters.count(plan)
        return self._finished(plan, executor, type_, details, info, path, handle)

    async def attempt(self, executor: Any, type_: Any, details: Any, handle: Handle) -> Any:
        """The finished data where nothing is wrong with it. Raises Unsupported, Faulty, and what reading raises."""
        plan = self._plan(executor, type_, details, handle, is_typed=False)
        data, is_faulty = await self._data(plan, executor, type_, handle)
        if is_faulty or data is None:
            raise Faulty  # `finish` knows what to do
        self.counters.count(plan)
        return data

    async def _finished(self, plan: Plan, executor: Any, type_: Any, details: Any, info: Any, path: Any, handle: Handle) -> Any:
        data, is_faulty = await self._data(plan, executor, type_, handle)
        if data is None and isinstance(handle, Ref) and (moved := await self._moved(handle)) is not None:
            handle = moved
            data, is_faulty = await self._data(plan, executor, type_, handle)
        if is_faulty:
            self.counters.settled += 1
            typed = self._plan(executor, type_, details, handle, is_typed=True)
            data, _ = await self._data(typed, executor, type_, handle)
            return settle(executor, type_, details, info.parent_type, info.field_name, path, data)
        if is_non_null_type(type_) and data is None:  # graphql-core checks only what is there at once
            raise TypeError(f"Cannot return null for non-nullable field {info.parent_type}.{info.field_name}.")
        return data

    async def _moved(self, handle: Ref) -> Ref | None:
        if self._living is None or not is_merging(handle):
            return None
        return await asyncio.to_thread(self._moved_in_a_session, handle)

    def _moved_in_a_session(self, handle: Ref) -> Ref | None:
        with self._database.read() as session:
            return self.moved(session, handle)

    def moved(self, session: Session, handle: Ref) -> Ref | None:
        """What a reference to an entity that was merged into another means; None when it was not."""
        if self._living is None or not is_merging(handle):
            return None
        key = self._living(session, handle.key)
        return None if key == handle.key else Ref(handle.type, key)

    async def _data(self, plan: Plan, executor: Any, type_: Any, handle: Handle) -> tuple[Any, bool]:
        viewer = executor.context_value.viewer
        variables = executor.variable_values
        if isinstance(handle, Page):
            return await self._asked(plan, handle, viewer, variables)
        assert isinstance(plan, KeysPlan)
        keys = handle.keys if isinstance(handle, Refs) else (handle.key,)
        found, is_faulty = await self._by_keys(plan, keys, viewer, variables)
        if isinstance(handle, Refs):
            items = [found.get(key) for key in handle.keys]
            return items, is_faulty or (None in items and _has_required_items(type_))
        return found.get(handle.key), is_faulty

    async def _by_keys(self, plan: KeysPlan, keys: Sequence[int], viewer: Viewer, variables: Any) -> tuple[dict[int, Any], bool]:
        loop = asyncio.get_running_loop()
        name = (id(plan), viewer, id(variables))
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = Group({}, loop.create_future())

            def flush() -> None:
                del self._groups[name]
                try:
                    reading = self._asked(plan, list(group.keys), viewer, variables)
                except Exception as error:
                    group.done.set_exception(error)
                else:
                    reading.add_done_callback(lambda done: _hand_over(done, group.done))

            loop.call_soon(flush)
        group.keys.update(dict.fromkeys(keys))
        found, is_faulty = await asyncio.shield(group.done)
        return found or {}, is_faulty

    def _asked(self, plan: Any, target: Any, viewer: Viewer, variables: Any) -> "asyncio.Future[tuple[Any, bool]]":
        """The plan's answer for a page or for keys, and whether an error is in it."""
        if plan.statements == 1 and self._database.reader.can_fetch:
            return asyncio.ensure_future(self._fetched(plan, target, Run(_no_read, viewer, variables)))

        def work(read: Read) -> tuple[Any, bool]:
            run = Run(read, viewer, variables)
            try:
                return plan.run(run, target), run.is_faulty
            except Unreadable:
                return None, True

        return self._read(work, plan)

    async def _fetched(self, plan: Any, target: Any, run: Run) -> tuple[Any, bool]:
        try:
            rows = await self._database.reader.fetch(*plan.question(run, target))
            return plan.answered(run, target, rows), run.is_faulty
        except Unreadable:
            return None, True

    def _read(self, work: Callable[[Read], R], plan: Plan) -> "asyncio.Future[R]":
        """At once where that is quick, else in the reader's thread; a plan that was slow goes there for a while."""
        reader, snapshot = self._database.reader, plan.statements > 1
        if plan.detours:
            plan.detours -= 1
        else:
            try:
                data = reader.at_once(work, snapshot=snapshot)
            except TooLong:
                plan.detours = DETOURS
            else:
                done = asyncio.get_running_loop().create_future()
                done.set_result(data)
                return done
        return asyncio.wrap_future(reader.submit(work, snapshot=snapshot))

    def _plan(self, executor: Any, type_: Any, details: Any, handle: Handle, *, is_typed: bool) -> Plan:
        operation = self._operation(executor)
        coerced = executor.variable_values.coerced
        shape = executor.context_value.viewer.shape
        key: tuple[Any, ...] = (
            tuple([id(each.node) for each in details]),
            tuple([coerced.get(name) for name in operation.switches]),
            tuple([name for name, value in coerced.items() if value is not None]),
            type_,
            handle.type,
            handle.shape,
            shape,
            is_typed,
        )
        plan = operation.plans.get(key)
        if plan is not None and plan.nested:
            shapes = tuple([each.shape(executor.variable_values) for each in plan.nested])
            if shapes != plan.shapes:
                key = (*key, shapes)
                plan = operation.plans.get(key)
        if plan is None:
            plan = operation.plans[key] = self._compiled(executor, type_, details, handle, shape, is_typed)
            self._made(operation)
        return plan

    def _made(self, operation: Operation) -> None:
        self._plans += 1
        if len(operation.plans) > MAX_PLANS_EACH:
            operation.plans.popitem(last=False)
            self._plans -= 1
        while self._plans > MAX_PLANS and len(self._operations) > 1:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, oldest = self._operations.popitem(last=False)
        self._plans -= len(oldest.plans)

    def _compiled(self, executor: Any, type_: Any, details: Any, handle: Handle, shape: Any, is_typed: bool) -> Plan:
        self.counters.compiled += 1
        selection = Selection(executor, shape)
        embed = nothing if is_typed else embedding(self.back_end, self._dialect.NAME)
        named = get_named_type(type_)
        if not isinstance(handle, Page):
            selected = selection.at_position(named, handle.type, details)
            plan: Plan = keys_plan(selected, dialect=self._dialect, shape=shape, is_typed=is_typed, embed=embed)
            return _with_nested(plan, selection, executor)
        target = handle.type.__entity__
        behind = get_named_type(named.fields["nodes"].type)
        node = None if entity_at(behind) is target else handle.type
        page = selection.paged(named, target, handle.order, details, node)
        plan = page_plan(page, handle, dialect=self._dialect, shape=shape, is_typed=is_typed, embed=embed)
        return _with_nested(plan, selection, executor)

    def _operation(self, executor: Any) -> Operation:
        node = executor.operation
        known = self._operations.get(id(node))
        if known is not None:
            self._operations.move_to_end(id(node))
            return known
        known = self._operations[id(node)] = Operation(node, executor.fragments, switches(node, executor.fragments))
        if len(self._operations) > MAX_OPERATIONS:
            self._forget_oldest()
        return known


def _no_read(sql: str, parameters: Sequence[Any]) -> Any:
    raise AssertionError("A plan of one statement asks for another.")


def _with_nested(plan: Plan, selection: Selection, executor: Any) -> Plan:
    plan.nested = tuple(selection.nested)
    plan.shapes = tuple([each.shape(executor.variable_values) for each in plan.nested])
    return plan


def _has_required_items(type_: Any) -> bool:
    listed = type_.of_type if is_non_null_type(type_) else type_
    return is_list_type(listed) and is_non_null_type(listed.of_type)


def _hand_over(done: "asyncio.Future[Any]", to: "asyncio.Future[Any]") -> None:
    if to.done():
        return
    error = asyncio.CancelledError() if done.cancelled() else done.exception()
    if error is not None:
        to.set_exception(error)
    else:
        to.set_result(done.result())
