"""The cache of a shelf, to be cleared up."""

import os
from typing import Any

from domain.publish import clearing
from tests.conftest import ManualClock
from tests.publish.conftest import Shelf

LONG_AGO = 1_000_000_000


class Cellar:
    """The cache of a shelf, with pictures that something or nothing refers to."""

    def __init__(self, films: Shelf, clock: ManualClock) -> None:
        self.films, self.clock = films, clock
        self.root = films.root.parent / "cache"

    def put(self, content: bytes) -> str:
        """Bytes in the cache that nothing refers to; their path."""
        _, digest = self.films.keep(content)
        path = f"{digest[:2]}/{digest[2:4]}/{digest}.jpg"
        self.age(path)
        return path

    def age(self, path: str) -> None:
        """As if it had lain there for years."""
        os.utime(self.root / path, (LONG_AGO, LONG_AGO))

    def run(self, statement: str) -> None:
        def work(uow: Any) -> None:
            uow.session.connection().exec_driver_sql(statement)

        self.films.database.perform(work)

    def clear(self, **options: Any) -> dict[str, int]:
        """What was not nothing."""
        found = clearing.clear(self.films.database, self.root, **options)
        return {name: count for name, count in found.items() if count}

    def later(self, days: int) -> None:
        self.clock.advance(days * 86_400)

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())

    def rows(self) -> list[str]:
        return [path for (path,) in self.films.rows("SELECT path FROM cached_files ORDER BY path")]
