"""A lock that serves threads in the order they came: SQLite's own waiting starves one for seconds."""

import threading
from collections import deque
from types import TracebackType


class FairLock:
    """First come, first served; not reentrant (a second acquire in one thread raises RuntimeError)."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._owner: int | None = None

    def acquire(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner == me:
                raise RuntimeError("A transaction is already open in this thread.")
            if self._owner is None:
                self._owner = me
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()
        with self._guard:
            self._owner = me

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._owner = -1  # promised to the next in line, so that nobody slips in between
                self._waiting.popleft().release()
            else:
                self._owner = None

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()
