"""Which function does which kind of job.

@job(SCAN)
def scan(context: JobContext[Scan]) -> Mapping[str, Any] | None: …

The handler runs in a thread of its own. What it returns is the job's result and completes it; `context.complete(uow, …)`
in its last transaction does so together with the last effects. It may run again after a crash, from its checkpoint.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.jobs.declaring import Kind, P
from workers.context import Cancelled, Interrupted, JobContext, Stopping, Superseded, TimedOut

__all__ = [
    "Cancelled",
    "Handler",
    "Interrupted",
    "JobContext",
    "Stopping",
    "Superseded",
    "TimedOut",
    "handled",
    "handler_of",
    "job",
]

Result = Mapping[str, Any] | None
Handler = Callable[[JobContext[P]], Result]

_handlers: dict[str, Handler[Any]] = {}


def job(kind: Kind[P]) -> Callable[[Handler[P]], Handler[P]]:
    """Register the function below as the handler of `kind`. Raises ValueError if it has one."""

    def register(handler: Handler[P]) -> Handler[P]:
        if kind.name in _handlers:
            raise ValueError(f"{kind.name} has two handlers.")
        _handlers[kind.name] = handler
        return handler

    return register


def handled() -> tuple[str, ...]:
    """The names of the kinds that have a handler."""
    return tuple(sorted(_handlers))


def handler_of(kind: str) -> Handler[Any]:
    """The handler of a kind."""
    return _handlers[kind]
