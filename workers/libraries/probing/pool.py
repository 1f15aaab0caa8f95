"""The pools of children that open media files: to probe them, and to take their pictures out."""

from collections.abc import Generator, Iterable
from typing import Final, Self

from pydantic import TypeAdapter

from domain.settings import Settings
from workers.confined.pool import Pool
from workers.confined.refusals import Refusal
from workers.libraries.probing.embedded import Taken
from workers.libraries.probing.results import ProbeResult

ENTRY: Final = "workers.libraries.probing.child"
PICTURES: Final = "workers.libraries.probing.embedded_child"
_TAKEN: Final[TypeAdapter[Taken]] = TypeAdapter(Taken)
_RESULTS: Final[TypeAdapter[ProbeResult]] = TypeAdapter(ProbeResult)


class ProbePool(Pool[ProbeResult]):
    """Probes media files; see `Pool`. Tests give another `entry`, which misbehaves."""

    def __init__(self, workers: int, timeout_s: float, memory_bytes: int, *, entry: str = ENTRY) -> None:
        super().__init__(workers, timeout_s, memory_bytes, entry=entry, results=_RESULTS)

    def probe_many(self, paths: Iterable[str]) -> Generator[tuple[str, ProbeResult | Refusal], None, None]:
        """Yield every path with its result or failure, in the order they finish. Raises PoolError."""
        yield from self.ask_many(paths)


class PicturePool(Pool[Taken]):
    """Takes pictures out of media files; see `Pool`, and `embedded.question` for what it is asked."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """One child, with as much time and memory as probing has: few files have pictures."""
        return cls(1, settings.probe_timeout_s, settings.probe_memory_bytes, entry=PICTURES, results=_TAKEN)
