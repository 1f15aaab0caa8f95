"""The planner: finds or makes the plan of a planned position, runs it on the reader, and hands over finished data."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from graphql import (
    FragmentSpreadNode,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from api.kit.planner.dialects import dialect_of
from api.kit.planner.handles import Handle, Page, Refs
from api.kit.planner.registry import entity_at
from api.kit.planner.rows.plans import keys_plan, page_plan
from api.kit.planner.rows.running import KeysPlan, PagePlan, Plan, Run
from api.kit.planner.selection import Selection
from api.kit.planner.settle import settle
from domain.kit.database import Database
from domain.kit.database.reader import Read, TooLong
from domain.kit.policy import Viewer

R = TypeVar("R")

MAX_OPERATIONS: Final = 1000
MAX_PLANS_EACH: Final = 64
"""Of one operation: its planned positions times the shapes of viewers and arguments."""
DETOURS: Final = 16
"""Reads of a slow plan that go to the reader's thread before it is tried at once again."""
MAX_PLANS: Final = 4000
"""Of all operations together; a plan of three statements and its document take some 60 KB."""


@dataclass(slots=True)
class Operation:
    """What is kept for one parsed operation; holding its nodes, so that their ids stay theirs."""

    node: OperationDefinitionNode
    fragments: Any
    switches: tuple[str, ...]
    """Variables that decide @skip and @include somewhere."""
    plans: "OrderedDict[Any, Plan]" = field(default_factory=OrderedDict)


@dataclass(slots=True)
class Group:
    """References of one tick and one plan: they become one statement."""

    keys: dict[int, None]
    done: "asyncio.Future[tuple[dict[int, Any], bool]]"


@dataclass(slots=True)
class Counters:
    """What happened since the start."""

    planned: int = 0
    """Positions answered by a plan."""
    fallback: int = 0
    """Positions left to graphql-core."""
    settled: int = 0
    """Planned positions that held an error."""
    compiled: int = 0
    """Plans made."""


class Planner:
    """Shared by the whole process. `enabled=False` sends every position to the plain resolvers (the oracle)."""

    def __init__(self, database: Database, *, enabled: bool = True) -> None:
        self._database = database
        self._dialect = dialect_of(database.dialect)
        self.enabled = enabled
        self.counters = Counters()
        self._operations: OrderedDict[int, Operation] = OrderedDict()
        self._plans = 0
        self._groups: dict[tuple[int, Viewer, int], Group] = {}

    def finish(self, executor: Any, type_: Any, details: Any, info: Any, path: Any, handle: Handle) -> Any:
        """An awaitable of the finished data of a planned position. Raises Unsupported before anything is read."""
        plan = self._plan(executor, type_, details, handle, is_typed=False)
        self.counters.planned += 1
        return self._finished(plan, executor, type_, details, info, path, handle)

    async def _finished(self, plan: Plan, executor: Any, type_: Any, details: Any, info: Any, path: Any, handle: Handle) -> Any:
        data, is_faulty = await self._data(plan, executor, type_, handle)
        if is_faulty:
            self.counters.settled += 1
            typed = self._plan(executor, type_, details, handle, is_typed=True)
            data, _ = await self._data(typed, executor, type_, handle)
            return settle(executor, type_, details, info.parent_type, info.field_name, path, data)
        if is_non_null_type(type_) and data is None:  # graphql-core checks only what is there at once
            raise TypeError(f"Cannot return null for non-nullable field {info.parent_type}.{info.field_name}.")
        return data

    async def _data(self, plan: Plan, executor: Any, type_: Any, handle: Handle) -> tuple[Any, bool]:
        viewer = executor.context_value.viewer
        variables = executor.variable_values
        if isinstance(handle, Page):
            assert isinstance(plan, PagePlan)
            page = handle

            def work(read: Read) -> tuple[Any, bool]:
                run = Run(read, viewer, variables)
                return plan.run(run, page), run.is_faulty

            return await self._read(work, plan)
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

            def work(read: Read) -> tuple[dict[int, Any], bool]:
                run = Run(read, viewer, variables)
                return plan.run(run, list(group.keys)), run.is_faulty

            def flush() -> None:
                del self._groups[name]
                try:
                    reading = self._read(work, plan)
                except Exception as error:
                    group.done.set_exception(error)
                else:
                    reading.add_done_callback(lambda done: _hand_over(done, group.done))

            loop.call_soon(flush)
        group.keys.update(dict.fromkeys(keys))
        return await asyncio.shield(group.done)

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
        key = (
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
        named = get_named_type(type_)
        if not isinstance(handle, Page):
            selected = selection.at_position(named, handle.type, details)
            return keys_plan(selected, dialect=self._dialect, shape=shape, is_typed=is_typed)
        target = handle.type.__entity__
        behind = get_named_type(named.fields["nodes"].type)
        node = None if entity_at(behind) is target else handle.type
        page = selection.paged(named, target, handle.order, details, node)
        return page_plan(page, handle, dialect=self._dialect, shape=shape, is_typed=is_typed)

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


def switches(operation: OperationDefinitionNode, fragments: Any) -> tuple[str, ...]:
    """Names of the variables that decide directives anywhere in an operation."""
    names: set[str] = set()
    seen: set[str] = set()
    todo: list[Any] = [operation.selection_set]
    while todo:
        for selection in todo.pop().selections:
            for directive in selection.directives or ():
                names.update(each.value.name.value for each in directive.arguments or () if isinstance(each.value, VariableNode))
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in seen and name in fragments:
                    seen.add(name)
                    todo.append(fragments[name].definition.selection_set)
            elif selection.selection_set:
                todo.append(selection.selection_set)
    return tuple(sorted(names))
