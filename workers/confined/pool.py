"""A pool of confined children: keeps them busy, gives each file a deadline and replaces those that hang or die."""

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from types import TracebackType
from typing import Generic, Self, TypeVar

from pydantic import TypeAdapter

from workers.confined.refusals import FailureCode, Refusal
from workers.confined.worker import Worker

A = TypeVar("A")

# Questions that wait in a child's pipe hide the way there and back; all of them together fit a pipe of 64 KiB.
WINDOW = 8
_MAX_QUESTION_BYTES = 4096
_START_TIMEOUT_S = 60.0
_MAX_FAILED_STARTS = 3


class PoolError(Exception):
    """Raised when children cannot be started at all, or when a pool is used twice at once."""


class Pool(Generic[A]):
    """Up to `workers` child processes, started when first needed and kept for the next call.

    `timeout_s` is the longest one file may take; `memory_bytes` is what a child may need beyond its libraries.
    `entry` is the module a child runs, `results` checks what it answers. A pool belongs to one thread.
    """

    def __init__(self, workers: int, timeout_s: float, memory_bytes: int, *, entry: str, results: TypeAdapter[A]) -> None:
        self._size = max(1, workers)
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._entry = entry
        self._results = results
        self._workers: list[Worker[A]] = []
        self._failed_starts = 0
        self._is_busy = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Kill the children; a later call starts new ones."""
        while self._workers:
            self._workers.pop().kill()

    def ask_many(self, questions: Iterable[str]) -> Generator[tuple[str, A | Refusal], None, None]:
        """Yield every question with its answer or refusal, in the order they finish; `questions` is read only a little ahead.

        A file whose child dies is tried once more in a fresh child before it is blamed. Raises PoolError.
        """
        if self._is_busy:
            raise PoolError("the pool is already at work")
        self._is_busy = True
        self._forget_dead()
        try:
            yield from self._run(iter(questions))
        finally:
            self._is_busy = False
            for worker in [worker for worker in self._workers if worker.asked]:
                self._workers.remove(worker)
                worker.kill()

    def _run(self, questions: Iterator[str]) -> Generator[tuple[str, A | Refusal], None, None]:
        again: deque[str] = deque()
        suspects: set[str] = set()
        while True:
            while self._has_room():
                question = again.popleft() if again else next(questions, None)
                if question is None:
                    break
                if len(os.fsencode(question)) > _MAX_QUESTION_BYTES:
                    yield question, Refusal(FailureCode.UNREADABLE, "the name is too long")
                else:
                    self._roomiest().ask(question)
            if not any(worker.asked for worker in self._workers):
                return
            yield from self._listen(again, suspects)

    def _forget_dead(self) -> None:
        """Drop children that ended between two calls, so that no file is suspected for them."""
        for worker in [worker for worker in self._workers if not worker.is_alive()]:
            self._workers.remove(worker)
            worker.kill()

    def _has_room(self) -> bool:
        return len(self._workers) < self._size or any(len(worker.asked) < WINDOW for worker in self._workers)

    def _roomiest(self) -> Worker[A]:
        """Return the child with the fewest questions; a new one rather than a busy one."""
        worker = min(self._workers, key=lambda worker: len(worker.asked), default=None)
        if worker is None or (worker.asked and len(self._workers) < self._size):
            worker = Worker(self._results, entry=self._entry, timeout_s=self._timeout_s, memory_bytes=self._memory_bytes)
            self._workers.append(worker)
        return worker

    def _listen(self, again: deque[str], suspects: set[str]) -> list[tuple[str, A | Refusal]]:
        """Wait for the next answers, ends or deadlines and return what they settle; the rest goes back into `again`.

        Yields nothing in between: a slow consumer must not make a child look late that has long answered.
        """
        with DefaultSelector() as selector:
            for worker in self._workers:
                selector.register(worker.output, EVENT_READ, worker)
            due = min(self._deadline(worker) for worker in self._workers if worker.asked)
            readable = [key.data for key, _ in selector.select(max(0.0, due - monotonic()))]
        settled: list[tuple[str, A | Refusal]] = []
        for worker in list(self._workers):
            if worker in readable:
                settled += worker.receive()
            elif worker.asked and monotonic() >= self._deadline(worker):
                worker.is_late = True
            if worker.has_ended or worker.is_late:
                settled += self._replace(worker, suspects)
                again.extend(worker.asked)
        return settled

    def _deadline(self, worker: Worker[A]) -> float:
        return worker.since + (self._timeout_s if worker.is_ready else _START_TIMEOUT_S)

    def _replace(self, worker: Worker[A], suspects: set[str]) -> list[tuple[str, A | Refusal]]:
        """Drop a child that ended or is late; returns the one file it is to blame on, leaves the others in `asked`."""
        self._workers.remove(worker)
        code = worker.kill()
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _MAX_FAILED_STARTS:
                raise PoolError(f"{self._failed_starts} children in a row did not start (exit code {code})")
            return []
        self._failed_starts = 0
        if not worker.asked or (code == 0 and worker.answered):
            return []
        question = worker.asked[0]
        if worker.is_late or code == -signal.SIGXCPU:
            failure = Refusal(FailureCode.TIMEOUT, f"no answer within {self._timeout_s:g} s")
        elif question in suspects:
            failure = Refusal(FailureCode.CRASHED, f"the child process ended twice (exit code {code})")
        else:
            suspects.add(question)
            return []
        worker.asked.popleft()
        return [(question, failure)]
