"""Publishing a library of films beside a bare write of the same files: films a second, statements a film, and their ratio."""

import argparse
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

import domain.registry
from domain.kit.database import Database, migrations
from domain.publish.disk import Disk
from domain.publish.service import Publisher
from tests.libraries.scan.conftest import install
from tests.publish.conftest import Shelf

assert domain.registry
NFO = """<movie><title>{title}</title><plot>{plot}</plot><runtime>104</runtime><mpaa>PG-13</mpaa>
<ratings><rating name="imdb" max="10"><value>7.912</value><votes>1234</votes></rating></ratings>
<uniqueid type="tmdb" default="true">{number}</uniqueid><genre>Drama</genre><genre>Comedy</genre><studio>Studio {few}</studio>
<country>Germany</country><director>Director {few}</director>{cast}</movie>"""
PICTURES = (("poster", 40_000), ("fanart", 80_000))


def fill(shelf: Shelf, count: int) -> None:
    """Films with an NFO of somebody's, and two pictures in the cache."""
    for number in range(count):
        title = f"Film {number:05} ({1950 + number % 70})"
        cast = "".join(
            f"<actor><name>Actor {(number * 7 + place) % 500}</name><role>R{place}</role></actor>" for place in range(10)
        )
        few = number % 40
        shelf.put(f"{title}/{title}.mkv")
        nfo = NFO.format(title=title, plot="Words. " * 60, number=900_000 + number, few=few, cast=cast)
        shelf.put(f"{title}/{title}.nfo", nfo)
    shelf.scan()
    for path in shelf.root.rglob("*.nfo"):
        path.unlink()
    for item in shelf.items():
        for name, size in PICTURES:
            shelf.cached(item, name, os.urandom(size))


def bare(shelf: Shelf, into: Path) -> float:
    """Seconds to write the same files: temporary, fsync, rename, fsync of the folder once."""
    files = {name: data for name, data in shelf.files().items() if not name.endswith(".mkv")}
    began = time.perf_counter()
    folders: dict[str, None] = {}
    for name, data in files.items():
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(".part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
        folders[str(target.parent)] = None
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    return time.perf_counter() - began


@contextlib.contextmanager
def counted(database: Database) -> Iterator[list[int]]:
    """How many statements ran, transactions included."""
    seen = [0]

    def note(*_: object) -> None:
        seen[0] += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def publish(database: Database, shelf: Shelf, keys: list[int]) -> tuple[float, float, int]:
    """Seconds, seconds of CPU, and statements of publishing everything once."""
    cache = shelf.root.parent / "cache"
    publisher = Publisher(database.read, lambda: database.transaction(actor="bench"), Disk(), cache)
    with counted(database) as statements:
        began, busy = time.perf_counter(), time.process_time()
        for start in range(0, len(keys), STRETCH):
            publisher.publish_many(keys[start : start + STRETCH])
        return time.perf_counter() - began, time.process_time() - busy, statements[0]


STRETCH = 25


def main() -> None:
    """Fill, publish twice, write the same files, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=500)
    parser.add_argument("--folder", type=Path, default=None, help="where the library is made; a disk, not memory")
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="marquee-publish-", dir=given.folder))
    try:
        database = Database(f"sqlite:///{home / 'marquee.db'}")
        migrations.upgrade(database)
        install(database)
        shelf = Shelf(database, home / "films")
        fill(shelf, given.films)
        keys = shelf.items()
        for name in ("first time", "second time"):
            took, busy, statements = publish(database, shelf, keys)
            count = len(keys)
            pace, work, asked = count / took, 1000 * busy / count, statements / count
            print(f"{name}: {pace:.0f} films/s, {work:.1f} ms CPU, {asked:.1f} statements a film")
            if name == "first time":
                written = bare(shelf, home / "bare")
                print(
                    f"bare write of the same files: {count / written:.0f} films/s; publishing takes {took / written:.1f} of that"
                )
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
