"""Where webhooks wait for the next transaction: whatever came while the last one was written goes into one together."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from api.kit.reading import Refused
from domain.downloaders.receiving import Knock, Received
from domain.kit.errors import DomainError

MOST_TOGETHER: Final = 64
"""In one transaction: it has to stay short."""
MOST_BYTES: Final = 64 * 2**20
"""That wait in memory; whoever comes then is told to come again."""

Answer = Received | DomainError
Receive = Callable[[Sequence[Knock]], list[Answer]]


class Inbox:
    """One per process. `receive` blocks; it is called in a thread, by one task at a time."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._waiting: list[tuple[Knock, asyncio.Future[Answer]]] = []
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None

    async def put(self, knock: Knock) -> Answer:
        """What became of it, once that is durable. Raises Refused while too much waits, and whatever `receive` does."""
        size = len(knock.body)
        if self._bytes + size > MOST_BYTES:
            raise Refused(503, "OVERLOADED", "Too many webhooks wait. Send it again.", headers={"Retry-After": "5"})
        self._bytes += size
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((knock, future))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        try:
            return await future
        finally:
            self._bytes -= size

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                answers = await asyncio.to_thread(self._receive, [knock for knock, _ in batch])
            except Exception as error:  # each of them answers for itself, and logs it there
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():  # its client may have gone
                    future.set_result(answer)
        self._task = None
