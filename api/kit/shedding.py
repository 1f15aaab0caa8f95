"""How many operations run at once: so many in the process, fewer for one user, some wait, and the rest are sent away."""

import asyncio
from collections import Counter, deque
from collections.abc import Hashable
from typing import Final

from graphql import GraphQLError

from api.kit import metrics
from domain.settings import Settings

OVERLOADED: Final = "OVERLOADED"
RETRY_AFTER_S: Final = 2


class Overloaded(GraphQLError):
    """Too many operations run and wait already."""

    def __init__(self) -> None:
        message = f"The server is busy. Nothing was done; try again in {RETRY_AFTER_S} s."
        super().__init__(message, extensions={"code": OVERLOADED, "retryAfter": RETRY_AFTER_S})


class Gate:
    """First come, first served, except that whoever has their fill waits for themselves only.

    `if not gate.try_enter(user): await gate.wait(user)`, then `gate.leave(user)`, whatever happens.
    """

    def __init__(self, settings: Settings) -> None:
        self._most, self._most_per_user = settings.in_flight_limit, settings.in_flight_limit_per_user
        self._most_waiting, self._patience_s = settings.queue_limit, settings.queue_wait_s
        self.in_flight = 0
        self._users: Counter[Hashable] = Counter()
        self._queue: deque[tuple[Hashable, asyncio.Future[None]]] = deque()

    @property
    def waiting(self) -> int:
        """Operations that wait for a place."""
        return len(self._queue)

    def try_enter(self, user: Hashable) -> bool:
        """Take a place at once, if there is one."""
        if self.in_flight >= self._most or self._users[user] >= self._most_per_user:
            return False
        self.in_flight += 1
        self._users[user] += 1
        return True

    async def wait(self, user: Hashable) -> None:
        """Take a place when one is free. Raises Overloaded when too many wait, or none became free for too long."""
        if len(self._queue) >= self._most_waiting:
            metrics.SHED.inc()
            raise Overloaded
        place = asyncio.get_running_loop().create_future()
        self._queue.append((user, place))
        try:
            async with asyncio.timeout(self._patience_s):
                await place
        except BaseException as error:
            if place.done() and not place.cancelled():  # it came in the same moment
                self.leave(user)
            else:
                self._queue.remove((user, place))
            if isinstance(error, TimeoutError):
                metrics.SHED.inc()
                raise Overloaded from None
            raise

    def leave(self, user: Hashable) -> None:
        """Give the place to whoever waits longest and may have it."""
        self.in_flight -= 1
        self._users[user] -= 1
        if not self._users[user]:
            del self._users[user]
        for entry in self._queue:
            if self.try_enter(entry[0]):
                self._queue.remove(entry)
                entry[1].set_result(None)
                return
