"""Which part of a long row of cases `make test` takes: every n-th from a start that is printed; `make check` takes all."""

import os
import random
from collections.abc import Iterable
from typing import Final, TypeVar

T = TypeVar("T")
IS_FULL: Final = "CORPUS_FULL" in os.environ
SEED: Final = int(os.environ.setdefault("SAMPLE_SEED", str(random.randrange(2**16))))
"""A run's choice: given to repeat one, else drawn once and handed down to its workers."""


def stretch(every: int) -> tuple[int, int]:
    """(first, step) to slice or count with."""
    return (0, 1) if IS_FULL else (SEED % every, every)


def some(cases: Iterable[T], every: int) -> list[T]:
    """One case of so many, for `parametrize`."""
    first, step = stretch(every)
    return list(cases)[first::step]
