"""Strawberry's extension lifecycle with its hooks looked up once per class, not at every step of every request."""

import contextlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from inspect import isasyncgenfunction, isgeneratorfunction
from types import TracebackType
from typing import Any, TypeAlias

from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner

Hook: TypeAlias = tuple[int, Callable[..., Any], bool]
"""(the extension's place, what makes its context manager, whether that is asynchronous)"""


@lru_cache(256)
def hooks_of(types: tuple[type[SchemaExtension], ...], name: str) -> tuple[Hook, ...]:
    """The hooks of one step. Raises TypeError for one that is no generator."""
    found: list[Hook] = []
    for place, type_ in enumerate(types):
        hook = getattr(type_, name)
        if hook is getattr(SchemaExtension, name):
            continue
        if isasyncgenfunction(hook):
            found.append((place, contextlib.asynccontextmanager(hook), True))
        elif isgeneratorfunction(hook):
            found.append((place, contextlib.contextmanager(hook), False))
        else:
            raise TypeError(f"{type_.__name__}.{name} is no generator.")
    return tuple(found)


class Step:
    """One step around which the extensions' hooks run, as a context manager."""

    __slots__ = ("_extensions", "_hooks", "_stack")

    def __init__(self, extensions: Sequence[SchemaExtension], name: str) -> None:
        self._extensions = extensions
        self._hooks = hooks_of(tuple([type(each) for each in extensions]), name)
        self._stack: contextlib.AsyncExitStack | None = None

    async def __aenter__(self) -> None:
        if not self._hooks:
            return
        self._stack = stack = contextlib.AsyncExitStack()
        for place, make, is_async in self._hooks:
            manager = make(self._extensions[place])
            if is_async:
                await stack.enter_async_context(manager)
            else:
                stack.enter_context(manager)

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # like Strawberry's: what a hook makes of an error, it raises; none is swallowed
        if self._stack is not None:
            await self._stack.__aexit__(kind, error, trace)


class Runner(SchemaExtensionsRunner):
    """Hands out such steps. Extensions run asynchronously only, as this server does."""

    def operation(self) -> Any:
        return Step(self.extensions, "on_operation")

    def parsing(self) -> Any:
        return Step(self.extensions, "on_parse")

    def validation(self) -> Any:
        return Step(self.extensions, "on_validate")

    def executing(self) -> Any:
        return Step(self.extensions, "on_execute")
