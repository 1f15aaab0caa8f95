"""PostgreSQL connections that the event loop itself waits for: a read of one statement needs no thread and no pool's turn."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

import psycopg

from domain.kit.database import deadlines
from domain.kit.database.deadlines import interruptible

Row = tuple[Any, ...]
Cursor = psycopg.AsyncCursor[Row]


class Lanes:
    """A lane for each event loop that reads; `options` are those of `psycopg.AsyncConnection.connect`."""

    def __init__(self, conninfo: str, *, size: int, options: dict[str, Any]) -> None:
        self._make = partial(Lane, conninfo, size=size, options=options)
        self._lanes: dict[asyncio.AbstractEventLoop, Lane] = {}

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        """As `Lane.fetch`, in the running loop's lane."""
        loop = asyncio.get_running_loop()
        lane = self._lanes.get(loop)
        if lane is None:
            for ended in [each for each in self._lanes if each.is_closed()]:
                self._lanes.pop(ended).close()
            lane = self._lanes[loop] = self._make()
        return await lane.fetch(sql, parameters)

    def close(self) -> None:
        """End every connection."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()


class Lane:
    """At most `size` connections of one event loop, made when they are needed; whoever comes then waits in turn."""

    def __init__(self, conninfo: str, *, size: int, options: dict[str, Any]) -> None:
        self._conninfo = conninfo
        self._size = size
        self._options = options
        self._made: set[Cursor] = set()
        self._idle: list[Cursor] = []
        self._making = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        """The rows of one statement. Raises DeadlineExceeded when the operation's time is up, psycopg.Error."""
        deadline = deadlines.current.get()
        if deadline is not None:
            deadline.check()
        while True:
            cursor, is_new = await self._take()
            try:
                with interruptible(deadline, cursor.connection.cancel):
                    await cursor.execute(sql, parameters)
                    return await cursor.fetchall()
            except psycopg.OperationalError:
                if is_new or not cursor.connection.broken:
                    raise  # else the server was started again since: what only reads is asked once more
            finally:
                self._give_back(cursor)

    async def _take(self) -> tuple[Cursor, bool]:
        """(a cursor, whether its connection was made just now)."""
        while True:
            if self._idle:
                return self._idle.pop(), False
            if len(self._made) + self._making < self._size:
                return await self._make(), True
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._next()  # the turn was this one's
                raise
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(turn)

    async def _make(self) -> Cursor:
        self._making += 1
        try:
            connection = await psycopg.AsyncConnection.connect(self._conninfo, **self._options)
            cursor = connection.cursor()
            self._made.add(cursor)
            return cursor
        except BaseException:
            self._next()
            raise
        finally:
            self._making -= 1

    def _give_back(self, cursor: Cursor) -> None:
        if cursor.connection.closed:  # also after the server has gone
            self._made.discard(cursor)
        else:
            self._idle.append(cursor)
        self._next()

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def close(self) -> None:
        """End every connection; nothing may run on it."""
        for cursor in self._made:
            with contextlib.suppress(psycopg.Error):
                cursor.connection.pgconn.finish()
        self._made, self._idle = set(), []
