"""The probing child process: reads paths from its input and answers each on its output, until the input ends."""

import math
import os
import sys
from collections.abc import Callable

import av.logging

from workers.libraries.probing import limits
from workers.libraries.probing.frames import pack_answer, pack_frame, take_frames, unpack_path
from workers.libraries.probing.probe import probe_file
from workers.libraries.probing.results import FailureCode, ProbeError, ProbeFailure, ProbeResult

READY = b"ready"
_READ_BYTES = 65536


def serve(probe: Callable[[str], ProbeResult]) -> None:
    """Answer questions with `probe` until the parent closes the pipe.

    The command line gives the parent's process id, the deadline of a file in seconds and the memory limit in bytes.
    """
    parent, timeout_s, memory_bytes = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    limits.die_with_parent(parent)
    limits.step_back()
    answers = os.dup(1)
    os.dup2(2, 1)  # a C library that prints must not write into the answers
    av.logging.set_libav_level(av.logging.PANIC)
    limits.limit_memory(memory_bytes)
    _write(answers, pack_frame(READY))
    questions = bytearray()
    while received := os.read(0, _READ_BYTES):
        questions += received
        for body in take_frames(questions):
            limits.limit_processor_time(math.ceil(timeout_s) + 1)
            answer = _answer(probe, unpack_path(body))
            _write(answers, pack_answer(answer))
            if isinstance(answer, ProbeFailure) and answer.code is FailureCode.MEMORY:
                # A heap that was full once is full of holes: a fresh child is cheaper than a wrong answer.
                return


def _answer(probe: Callable[[str], ProbeResult], path: str) -> ProbeResult | ProbeFailure:
    try:
        return probe(path)
    except ProbeError as error:
        return error.failure
    except MemoryError:
        return ProbeFailure(FailureCode.MEMORY, "more memory needed than allowed")


def _write(descriptor: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    serve(probe_file)
