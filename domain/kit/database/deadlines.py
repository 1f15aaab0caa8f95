"""Until when the statements of an operation may run, and what interrupts those that run longer.

The deadline of an operation is found by context (`current`), which `asyncio` carries into threads. Interrupting is done
from outside by one thread, so that an undisturbed statement costs nothing but being noted, and so that it works where
the event loop itself is waiting for the statement.
"""

import contextlib
import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Final

AGAIN_S: Final = 0.05
"""An interrupt that hits the gap between two statements does nothing: it is repeated until the work has ended."""

Interrupt = Callable[[], None]

current: ContextVar["Deadline | None"] = ContextVar("deadline", default=None)
"""The deadline of whatever operation this is part of; None for jobs and commands, which have none."""


class DeadlineExceeded(Exception):
    """The operation's time was up; its statements were interrupted, nothing was committed."""


class Deadline:
    """`seconds` from now. Statements that run then are interrupted, later ones do not begin."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds
        self.has_struck = False
        """Whether something was interrupted or not begun."""
        self._is_done = False
        self._guard = threading.Lock()
        self._names = itertools.count()
        self._running: dict[int, Interrupt] = {}
        self._open: list[Interrupt] = []
        _watch.add(self)

    @property
    def is_over(self) -> bool:
        """Whether the time is up, and the operation had not ended before."""
        return not self._is_done and time.monotonic() >= self.at

    @contextlib.contextmanager
    def running(self, interrupt: Interrupt) -> Iterator[None]:
        """While the block runs, `interrupt` ends what it waits for. Raises DeadlineExceeded in place of what comes of that."""
        name = next(self._names)
        with self._guard:  # looking at the clock and noting are one: whoever interrupts afterwards finds it
            self.check()
            self._running[name] = interrupt
        try:
            yield
        except Exception as error:
            if self.has_struck:
                raise DeadlineExceeded from error
            raise
        finally:
            with self._guard:
                del self._running[name]

    def hold(self, interrupt: Interrupt) -> None:
        """As `running`, for a connection that is kept until the operation ends."""
        with self._guard:
            self._open.append(interrupt)

    def check(self) -> None:
        """Raises DeadlineExceeded when the time is up."""
        if self.is_over:
            self.has_struck = True
            raise DeadlineExceeded

    def expire(self) -> None:
        """Nobody waits for the operation any more: end its statements now."""
        with self._guard:
            self.at = time.monotonic()
        _watch.add(self)

    def end(self) -> None:
        """The operation is over. If it was in time, it has no deadline any more; else what it left behind still ends."""
        with self._guard:
            self._open.clear()
            self._is_done = time.monotonic() < self.at

    def interrupt(self) -> bool:
        """Interrupt whatever runs; whether anything does."""
        with self._guard:
            if self._is_done:
                return False
            every = [*self._running.values(), *self._open]
            self.has_struck = self.has_struck or bool(every)
            for each in every:
                with contextlib.suppress(Exception):  # the connection is gone: so is its statement
                    each()
            return bool(every)


class _Watch:
    """The thread that looks at the clock. It begins with the first deadline and lives as long as the process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._upcoming: list[tuple[float, int, Deadline]] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, at: float | None = None) -> None:
        entry = (deadline.at if at is None else at, next(self._numbers), deadline)
        with self._changed:
            heapq.heappush(self._upcoming, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._upcoming[0] is entry:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            deadline = self._next()
            if deadline.interrupt():
                self.add(deadline, time.monotonic() + AGAIN_S)

    def _next(self) -> Deadline:
        with self._changed:
            while True:
                if not self._upcoming:
                    self._changed.wait()
                    continue
                left = self._upcoming[0][0] - time.monotonic()
                if left <= 0:
                    return heapq.heappop(self._upcoming)[2]
                self._changed.wait(left)


_watch: Final = _Watch()


def interruptible(deadline: Deadline | None, interrupt: Interrupt) -> contextlib.AbstractContextManager[None]:
    """`deadline.running(interrupt)`, or nothing where there is no deadline."""
    return contextlib.nullcontext() if deadline is None else deadline.running(interrupt)
