"""The pool of probing children."""

from collections.abc import Generator, Iterable
from typing import Final

from pydantic import TypeAdapter

from workers.confined.pool import Pool
from workers.confined.refusals import Refusal
from workers.libraries.probing.results import ProbeResult

ENTRY: Final = "workers.libraries.probing.child"
_RESULTS: Final[TypeAdapter[ProbeResult]] = TypeAdapter(ProbeResult)


class ProbePool(Pool[ProbeResult]):
    """Probes media files; see `Pool`. Tests give another `entry`, which misbehaves."""

    def __init__(self, workers: int, timeout_s: float, memory_bytes: int, *, entry: str = ENTRY) -> None:
        super().__init__(workers, timeout_s, memory_bytes, entry=entry, results=_RESULTS)

    def probe_many(self, paths: Iterable[str]) -> Generator[tuple[str, ProbeResult | Refusal], None, None]:
        """Yield every path with its result or failure, in the order they finish. Raises PoolError."""
        yield from self.ask_many(paths)
