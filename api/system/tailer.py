"""Tails the event log once per process and hands each event to every subscriber that may hear it."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog

from domain.kit.database import Database
from domain.system import events
from domain.system.cursors import Cursor, Resync, ResyncReason
from domain.system.tables import Event

log = structlog.get_logger()

QUEUE: Final = 256
BATCH: Final = 500


@dataclass(eq=False)
class Fact:
    """An event as subscribers get it: the same object for all, so that what is made of it is made once."""

    cursor: str
    position: Cursor
    at: datetime
    topic: str
    type: str
    subject: str
    actor: str
    audience: str
    payload: dict[str, Any]
    changed_fields: list[str] | None
    shared: dict[Any, Any] = field(default_factory=dict)
    """Results by document, variables and rights: the first subscriber executes and encodes for its like."""


class Listener:
    """A subscriber's place: what happened since it came, bounded."""

    def __init__(self) -> None:
        self.waiting: deque[Fact] = deque()
        self.ready = asyncio.Event()
        self.lagged = False

    def put(self, fact: Fact) -> None:
        if len(self.waiting) >= QUEUE:
            self.lagged = True
        else:
            self.waiting.append(fact)
        self.ready.set()


class Tailer:
    """Reads the log after a wake-up, or every `poll_s`; a lost wake-up costs one poll."""

    def __init__(self, database: Database, *, poll_s: float) -> None:
        self._database = database
        self._poll_s = poll_s
        self._listeners: set[Listener] = set()
        self._wake = asyncio.Event()
        self._position: Cursor | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Begin at the end of the log."""
        self._loop = asyncio.get_running_loop()
        self._position = await asyncio.to_thread(self._begin)
        self._task = asyncio.create_task(self._run(), name="event-tailer")

    async def stop(self) -> None:
        """End every subscription."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Look at the log now. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    @contextlib.contextmanager
    def place(self) -> Iterator[Listener]:
        """A subscriber's place, from now until it leaves: whatever happens meanwhile waits there."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def follow(
        self, listener: Listener, after: Cursor | None, *, caught_up: Callable[[Cursor], bool] | None = None
    ) -> AsyncIterator[Fact]:
        """Every event after a cursor (or since the place was taken), once and in order. Raises Resync where a gap would be.

        `caught_up` is called with the position when nothing is left to tell; it ends here if that says True.
        """
        seen = after
        if after is not None:
            async for fact in self._replay(after):
                seen = fact.position
                yield fact
        while True:
            if listener.lagged:
                raise Resync(ResyncReason.LAGGED)
            if not listener.waiting:
                if (
                    caught_up is not None
                    and self._position is not None
                    and caught_up(max(seen or self._position, self._position))
                ):
                    return
                listener.ready.clear()
                await listener.ready.wait()
                continue
            fact = listener.waiting.popleft()
            if seen is None or fact.position > seen:
                yield fact

    async def listen(self, after: Cursor | None = None) -> AsyncIterator[Fact]:
        """`follow` with a place of its own, taken when the first event is asked for."""
        with self.place() as listener:
            async for fact in self.follow(listener, after):
                yield fact

    @property
    def listeners(self) -> int:
        """How many are listening now."""
        return len(self._listeners)

    async def position(self) -> str:
        """The cursor of the present."""
        assert self._position is not None
        return self._position.encode()

    async def _replay(self, after: Cursor) -> AsyncIterator[Fact]:
        position = after
        while True:
            batch = await asyncio.to_thread(self._read, position)
            for fact in batch:
                yield fact
            if len(batch) < BATCH:
                return
            position = batch[-1].position

    async def _run(self) -> None:
        while True:
            try:
                assert self._position is not None
                batch = await asyncio.to_thread(self._read, self._position)
                for fact in batch:
                    self._position = fact.position
                    for listener in self._listeners:
                        listener.put(fact)
                if len(batch) == BATCH:
                    continue
            except Resync:
                self._position = await asyncio.to_thread(self._begin)
                for listener in self._listeners:
                    listener.lagged = True
                    listener.ready.set()
            except Exception:
                log.exception("tailer_failed")
            # not wait_for: in Python 3.11 it swallows a cancellation that comes together with what is waited for
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._poll_s):
                    await self._wake.wait()
            self._wake.clear()

    def _begin(self) -> Cursor:
        with self._database.transaction() as uow:
            events.ensure_epoch(uow)
        with self._database.read() as session:
            return events.latest(session)

    def _read(self, after: Cursor) -> list[Fact]:
        with self._database.read() as session:
            return [_fact(event, after.epoch) for event in events.read_after(session, after, limit=BATCH)]


def _fact(event: Event, epoch: int) -> Fact:
    position = events.cursor_of(event, epoch)
    return Fact(
        cursor=position.encode(),
        position=position,
        at=event.at,
        topic=event.topic,
        type=event.type,
        subject=event.subject,
        actor=event.actor,
        audience=event.audience,
        payload=event.payload,
        changed_fields=event.changed_fields,
    )
