"""Every kind of job by its wire name: how lower features ask for the work of higher ones.

A feature adds a frozen dataclass for the payload and one line: `SCAN = kind("libraries.scan", Scan, …)`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.jobs.tables import DEFAULT_PRIORITY
from domain.kit.errors import Invalid

P = TypeVar("P")

WEBHOOK: Final = 1
A_PERSON_ASKED: Final = 2
NORMAL: Final = DEFAULT_PRIORITY
BACKGROUND: Final = 10
"""Priorities; lower runs first."""

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
    priority: int = NORMAL,
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


@dataclass(frozen=True, slots=True)
class NoPayload:
    """Nothing to say beyond the kind."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Read a library's folders, or one path below them."""

    library_id: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class BulkChange:
    """Go on with a recorded change until it is done."""

    change_id: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Write the files of these items, or of everything in a library, in the order of their ids."""

    items: tuple[int, ...] = ()
    library_id: int | None = None
    replace_changed: bool = False
    """Files that somebody changed since they were written make way, too."""


@dataclass(frozen=True, slots=True)
class PrepareArtwork:
    """Look at the pictures of a library, or of one entity, that nobody looked at, and make the variants of those shown."""

    library_id: int | None = None
    entity_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddArtwork:
    """Make an uploaded picture one of an entity's; with `is_shown` the first of its type."""

    upload_id: int
    entity_id: int
    asset_type: str
    user_id: int
    language: str | None = None
    is_shown: bool = True


SCAN: Final = kind("libraries.scan", Scan, queue="scans", time_limit_s=None)
RETENTION: Final = kind("system.retention", NoPayload, priority=BACKGROUND)
STATISTICS: Final = kind("system.statistics", NoPayload, priority=BACKGROUND)
REINDEX: Final = kind("search.reindex", NoPayload, priority=BACKGROUND)
BULK_UPDATE: Final = kind("catalog.bulk_update", BulkChange, priority=A_PERSON_ASKED)
BULK_DELETE: Final = kind("catalog.bulk_delete", BulkChange, priority=A_PERSON_ASKED)
BULK_RESTORE: Final = kind("catalog.bulk_restore", BulkChange, priority=A_PERSON_ASKED)
PUBLISH: Final = kind("publish.publish", Publish, queue="publish", priority=A_PERSON_ASKED, time_limit_s=None)
UNDO: Final = kind("catalog.undo", BulkChange, priority=A_PERSON_ASKED)
PREPARE_ARTWORK: Final = kind("artwork.prepare", PrepareArtwork, queue="artwork", time_limit_s=None)
ADD_ARTWORK: Final = kind("artwork.add", AddArtwork, priority=A_PERSON_ASKED)
