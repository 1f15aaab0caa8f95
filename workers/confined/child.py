"""The confined child process: reads questions from its input and answers each on its output, until the input ends."""

import math
import os
import sys
from collections.abc import Callable
from typing import Any

from workers.confined import limits
from workers.confined.frames import pack_answer, pack_frame, take_frames, unpack_question
from workers.confined.refusals import FailureCode, Refusal, RefusedError

READY = b"ready"
_READ_BYTES = 65536


def serve(answer: Callable[[str], Any]) -> None:
    """Answer questions with `answer` (a dataclass, or RefusedError) until the parent closes the pipe.

    The command line gives the parent's process id, the deadline of a question in seconds and the memory limit in bytes.
    """
    parent, timeout_s, memory_bytes = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    limits.die_with_parent(parent)
    limits.step_back()
    answers = os.dup(1)
    os.dup2(2, 1)  # a C library that prints must not write into the answers
    limits.limit_memory(memory_bytes)
    _write(answers, pack_frame(READY))
    questions = bytearray()
    while received := os.read(0, _READ_BYTES):
        questions += received
        for body in take_frames(questions):
            limits.limit_processor_time(math.ceil(timeout_s) + 1)
            said = _answered(answer, unpack_question(body))
            _write(answers, pack_answer(said))
            if isinstance(said, Refusal) and said.code is FailureCode.MEMORY:
                # A heap that was full once is full of holes: a fresh child is cheaper than a wrong answer.
                return


def _answered(answer: Callable[[str], Any], question: str) -> Any:
    try:
        return answer(question)
    except RefusedError as error:
        return error.failure
    except MemoryError:
        return Refusal(FailureCode.MEMORY, "more memory needed than allowed")


def _write(descriptor: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]
