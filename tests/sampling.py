"""Which part of a long row of cases `make test` takes: every n-th from a start that is printed; `make check` takes all."""

import os
import random
from typing import Final

IS_FULL: Final = "CORPUS_FULL" in os.environ


def stretch(every: int) -> tuple[int, int]:
    """(first, step) to slice or count with; SAMPLE_SEED repeats a run's choice."""
    if IS_FULL:
        return 0, 1
    seed = int(os.environ.get("SAMPLE_SEED", random.randrange(2**16)))
    print(f"SAMPLE_SEED={seed}: one of {every}")
    return seed % every, every
