"""What a kind of job is: how one is declared, and how it is found by its name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.jobs.tables import DEFAULT_PRIORITY
from domain.kit.errors import Invalid

P = TypeVar("P")

_NAME = re.compile(r"[a-z_]+\.[a-z_]+")


@dataclass(frozen=True, slots=True)
class Kind(Generic[P]):
    """What a kind of job takes and how it is treated."""

    name: str
    payload: TypeAdapter[P]
    queue: str
    priority: int
    max_attempts: int
    time_limit_s: float | None
    """Seconds one attempt may take before it is stopped; None = no limit."""
    is_restartable: bool
    """False: a job whose worker vanished fails as lost, because doing half of it twice would harm."""

    def encode(self, payload: P) -> dict[str, Any]:
        """The payload as JSON can hold it."""
        encoded: dict[str, Any] = self.payload.dump_python(payload, mode="json")
        return encoded

    def decode(self, stored: Mapping[str, Any]) -> P:
        """The payload as its dataclass. Raises Invalid when it does not fit (any more)."""
        try:
            return self.payload.validate_python(dict(stored))
        except ValidationError as error:
            raise Invalid(f"The payload of {self.name} does not fit: {error.errors()[0]['msg']}.") from error


_kinds: dict[str, Kind[Any]] = {}


def kind(
    name: str,
    payload: type[P],
    *,
    queue: str = "default",
    priority: int = DEFAULT_PRIORITY,
    max_attempts: int = 5,
    time_limit_s: float | None = 3600.0,
    is_restartable: bool = True,
) -> Kind[P]:
    """Register a kind. Raises ValueError for a name that is taken or not `feature.verb`."""
    if name in _kinds or not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is taken or not feature.verb")
    made = Kind(name, TypeAdapter(payload), queue, priority, max_attempts, time_limit_s, is_restartable)
    _kinds[name] = made
    return made


def find(name: str) -> Kind[Any] | None:
    """The kind of that name, if this version of the program has one."""
    return _kinds.get(name)


def named(name: str) -> Kind[Any]:
    """The kind of that name. Raises Invalid."""
    if (found := find(name)) is None:
        raise Invalid(f"There is no kind of job called {name!r}.", path=("kind",))
    return found


def queues() -> tuple[str, ...]:
    """The names of all queues."""
    return tuple(sorted({each.queue for each in _kinds.values()}))


def long_queues() -> frozenset[str]:
    """The queues with a kind that has no time limit: they must not take every thread of a worker."""
    return frozenset(each.queue for each in _kinds.values() if each.time_limit_s is None)
