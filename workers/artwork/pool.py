"""The pool of children that look at pictures."""

from typing import Final, Self

from pydantic import TypeAdapter

from domain.settings import Settings
from workers.artwork.looking import Look
from workers.confined.pool import Pool

ENTRY: Final = "workers.artwork.child"
_RESULTS: Final[TypeAdapter[Look]] = TypeAdapter(Look)


class LookPool(Pool[Look]):
    """Looks at pictures; see `Pool`, and `looking.question` for what it is asked."""

    def __init__(self, workers: int, timeout_s: float, memory_bytes: int, *, entry: str = ENTRY) -> None:
        super().__init__(workers, timeout_s, memory_bytes, entry=entry, results=_RESULTS)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As many children, with as much time and memory, as probing has."""
        return cls(settings.probe_processes, settings.probe_timeout_s, settings.probe_memory_bytes)
