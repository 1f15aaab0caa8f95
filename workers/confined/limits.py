"""What a confined child may use: address space, processor time, no core dumps, and no life beyond its parent's."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_memory(extra_bytes: int) -> None:
    """Cap the address space at what the process has now plus `extra_bytes` (so the libraries' own size does not count).

    A system without /proc or without RLIMIT_AS (macOS) goes without the cap.
    """
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + extra_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(seconds: int) -> None:
    """Let the kernel end the process (SIGXCPU) after `seconds` more of processor time, even if nobody watches it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    with suppress(OSError, ValueError):
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def step_back(niceness: int = 10) -> None:
    """Yield the processor to everyone else on the machine."""
    with suppress(OSError):
        os.nice(niceness)


def die_with_parent(parent: int) -> None:
    """Have Linux kill this process when the parent's spawning thread ends; end at once if `parent` (its id) is gone.

    Elsewhere the end of the pipe and the processor limit end an orphan.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise SystemExit(0)
