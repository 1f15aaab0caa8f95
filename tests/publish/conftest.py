"""A scanned library on a temporary disk, and a publisher that writes into it."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.kit.database import Database
from domain.publish.disk import Disk as RealDisk
from domain.publish.model import Step
from domain.publish.service import Published, Publisher
from tests.api.conftest import client, empty_house, house, settings
from tests.libraries.scan.conftest import Disk, install

__all__ = ["client", "empty_house", "house", "settings"]

FILM = "Paper Lanterns (2019)"
NFO = """<movie><title>Lampiony</title><plot>Two sisters rebuild a theatre.</plot><runtime>104</runtime><mpaa>PG-13</mpaa>
<ratings><rating name="imdb" max="10"><value>7.912</value><votes>1234</votes></rating></ratings>
<uniqueid type="tmdb" default="true">900101</uniqueid><uniqueid type="imdb">tt9900101</uniqueid><genre>Drama</genre>
<set><name>Lantern Collection</name><overview>All lanterns.</overview></set><director>B. Director</director>
<actor><name>C. Actor</name><role>Hanna</role><order>0</order></actor></movie>"""
SAID = "SELECT title, plot, runtime_ms, identification FROM media_items ORDER BY id"
SHOWN = "SELECT entity_id, asset_type, rank, source_type FROM assets WHERE rank IS NOT NULL ORDER BY id"


class Shelf(Disk):
    """A library that is scanned and published."""

    def publisher(self, system: Any = os, *, job_id: int | None = None) -> Publisher:
        cache = self.root.parent / "cache"
        return Publisher(self.database.read, lambda: self.database.transaction(actor="test"), RealDisk(system), cache, job_id)

    def items(self, kind: str = "%") -> list[int]:
        return [key for (key,) in self.rows("SELECT id FROM media_items WHERE kind LIKE :kind ORDER BY id", kind=kind)]

    def publish(self, *, replace_changed: bool = False) -> list[Published]:
        publisher = self.publisher()
        found = [publisher.publish(key, replace_changed=replace_changed) for key in self.items()]
        return [one for one in found if one is not None]

    def plan(self, *, replace_changed: bool = False) -> dict[str, tuple[str, str]]:
        """Path below the root -> (action, reason) of all items."""
        steps: list[Step] = []
        publisher = self.publisher()
        for subject in publisher.subjects(self.items()):
            steps += publisher.plan(subject, replace_changed=replace_changed)
        return {os.path.relpath(step.path, self.root): (step.action.value, step.reason) for step in steps}

    def files(self) -> dict[str, bytes]:
        """Every file that is not hidden."""
        found = {str(path.relative_to(self.root)): path for path in sorted(self.root.rglob("*")) if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if "/." not in f"/{name}"}

    def state(self) -> dict[str, tuple[int, int, int]]:
        """Every file and folder with inode, size and time: equal as long as nothing was written."""
        found = (path.lstat() for path in [self.root])
        stats = {str(path): path.lstat() for path in sorted(self.root.rglob("*"))} | {"": next(found)}
        return {name: (one.st_ino, one.st_size, one.st_mtime_ns) for name, one in stats.items()}

    def binned(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.root.rglob(".marquee-bin/*"))]

    def keep(self, content: bytes, *, extension: str = "jpg") -> tuple[int, str]:
        """Bytes in the cache: the key of their row, and their digest."""
        digest = sha256(content).hexdigest()
        place = f"{digest[:2]}/{digest[2:4]}/{digest}.{extension}"
        path = self.root.parent / "cache" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        now = "'2026-01-01T00:00:00.000000Z'"
        with self.database.transaction() as uow:
            made = uow.session.connection().exec_driver_sql(
                "INSERT INTO cached_files (kind, sha256, path, size_bytes, format, width, height, created_at, updated_at) VALUES"
                f" ('image', '{digest}', '{place}', {len(content)}, 'jpeg', 1000, 1500, {now}, {now}) RETURNING id"
            )
            return int(made.scalar_one()), digest

    def cached(self, item: int, asset_type: str, content: bytes, *, rank: int = 0, extension: str = "jpg") -> None:
        """Show a cached picture, as an artwork service would."""
        file, digest = self.keep(content, extension=extension)
        now = "'2026-01-01T00:00:00.000000Z'"
        with self.database.transaction() as uow:
            run = uow.session.connection().exec_driver_sql
            run(f"UPDATE assets SET rank = NULL WHERE entity_id = {item} AND asset_type = '{asset_type}' AND rank = {rank}")
            run(
                "INSERT INTO assets (entity_id, asset_type, cached_file_id, token, rank, source_type, score, is_pinned,"
                f" created_at, updated_at) VALUES ({item}, '{asset_type}', {file}, '{digest[:20]}', {rank}, 'provider', 0.5,"
                f" false, {now}, {now})"
            )


@pytest.fixture
def films(database: Database, tmp_path: Path) -> Shelf:
    install(database)
    return Shelf(database, tmp_path / "films")


@pytest.fixture
def series(database: Database, tmp_path: Path) -> Shelf:
    install(database)
    return Shelf(database, tmp_path / "series", media_type="tv", name="Series")
