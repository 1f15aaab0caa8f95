"""One confined child as its parent sees it: started, asked, listened to, killed."""

import os
import subprocess
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from workers.confined.frames import BrokenFrameError, pack_question, take_frames, unpack_answer
from workers.confined.refusals import Refusal

A = TypeVar("A")

_ROOT = Path(__file__).resolve().parents[2]
# A child parses strangers' bytes in C: it gets none of the server's secrets.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL")
# Number libraries start a thread per core, each with memory of its own.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_READ_BYTES = 1 << 18


class Worker(Generic[A]):
    """A child process and the questions it has been asked but has not answered.

    `since` is when its clock started: at birth until it is ready, then at the last answer or, if it was idle, the question.
    """

    def __init__(self, results: TypeAdapter[A], *, entry: str, timeout_s: float, memory_bytes: int) -> None:
        self._results = results
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-P", "-X", "utf8", "-m", entry, str(os.getpid()), str(timeout_s), str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | {"PYTHONPATH": str(_ROOT), **_ONE_THREAD},
            bufsize=0,
            process_group=0,  # Ctrl-C is for the server, which then ends its children in order
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions = self._process.stdin
        self.output = self._process.stdout
        self._received = bytearray()
        self.asked: deque[str] = deque()
        self.answered = 0
        self.is_ready = False
        self.has_ended = False
        self.is_late = False
        self.since = monotonic()

    def ask(self, question: str) -> None:
        """Send one question; a child that is gone is found out when its output ends."""
        if not self.asked and self.is_ready:
            self.since = monotonic()
        self.asked.append(question)
        with suppress(OSError):
            self._questions.write(pack_question(question))

    def receive(self) -> list[tuple[str, A | Refusal]]:
        """Read what the child has written (blocks if nothing is there); sets `has_ended` at its end or at nonsense."""
        answers: list[tuple[str, A | Refusal]] = []
        try:
            received = os.read(self.output.fileno(), _READ_BYTES)
            self.has_ended = not received
            self._received += received
            for body in take_frames(self._received):
                self.since = monotonic()
                if not self.is_ready:
                    self.is_ready = True
                elif self.asked:
                    answer: A | Refusal = unpack_answer(body, self._results)
                    answers.append((self.asked[0], answer))
                    self.asked.popleft()
                    self.answered += 1
        except (OSError, BrokenFrameError):
            self.has_ended = True
        return answers

    def is_alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def kill(self) -> int | None:
        """End the process at once and return its exit code (minus the signal that ended it).

        None for one stuck in the kernel (a dead network mount): the kernel ends it when it can.
        """
        self._process.kill()
        for pipe in (self._questions, self.output):
            with suppress(OSError):
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=1)
        return None
