"""Killed, or with a full disk, at every call while something is deleted: what goes is gone or there, what stays is there."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from domain.catalog.deleting import delete_item
from domain.kit.database import Database
from domain.libraries import expiring
from domain.publish import clearing, recycling
from domain.publish.cache_folder import CacheFolder
from domain.publish.clearing import Clearing
from domain.publish.disk import Disk
from domain.publish.service import Publisher
from domain.publish.verifying import noting, published, repairing
from tests.conftest import ManualClock
from tests.publish.cellar import Cellar
from tests.publish.conftest import FILM, Shelf
from tests.publish.dying import Doom, perish
from tests.publish.test_survival import check_agreement
from tests.sampling import stretch

pytestmark = pytest.mark.parametrize("is_full", [False, True], ids=["killed", "full"])
OLD = "'2025-01-01T00:00:00.000000Z'"


def deaths(every: int, trial: Callable[[int], bool], *, at_least: int) -> None:
    """A trial for each call until one ends whole; `at_least` so many calls there are."""
    number, step = stretch(every)
    while trial(number):
        number += step
    assert number >= at_least


@pytest.fixture
def cellar(films: Shelf, manual_clock: ManualClock) -> Cellar:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    return Cellar(films, manual_clock)


def stock(cellar: Cellar) -> dict[str, str]:
    """A cache with one of each: what each is -> its path."""
    shutil.rmtree(cellar.root, ignore_errors=True)
    for table in ("assets", "image_variants", "cached_files"):
        cellar.run(f"DELETE FROM {table}")
    cellar.films.cached(cellar.films.items()[0], "poster", b"shown")
    cellar.films.cached(cellar.films.items()[0], "fanart", b"shown again")
    shown, again = cellar.films.rows("SELECT path FROM cached_files ORDER BY id")
    held = {name: cellar.put(name.encode()) for name in ("due", "due too", "purged")}
    cellar.run(f"UPDATE cached_files SET released_at = {OLD} WHERE path NOT IN ('{shown[0]}', '{again[0]}')")
    cellar.run(f"UPDATE cached_files SET quarantined_at = {OLD} WHERE path = '{held['purged']}'")
    cellar.run(
        "INSERT INTO image_variants (cached_file_id, width, height, format, size_bytes, last_accessed_at, created_at, updated_at)"
        f" SELECT id, 320, 480, 'jpg', 5, {OLD}, {OLD}, {OLD} FROM cached_files WHERE path = '{held['due']}'"
    )
    digest = Path(held["due"]).stem
    held |= {
        "variant": f"variants/{digest[:2]}/{digest[2:4]}/{digest}-320.jpg", "stray": f"{digest[:2]}/aa/{'5' * 64}.jpg",
        "part": f"{digest[:2]}/aa/.x.part",
    }  # fmt: skip
    for name in ("variant", "stray", "part"):
        place = cellar.root / held[name]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(name.encode())
        cellar.age(held[name])
    for place in (held["purged"], again[0]):  # the second was taken into use while it was in quarantine
        target = cellar.root / "quarantine" / "2025-12-01" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(cellar.root / place, target)
    return {**held, "shown": shown[0], "again": again[0]}


def check_cache(cellar: Cellar) -> None:
    """Rows and files agree: in quarantine is what the rows say is there, everything else lies in its place."""
    kept = [path for path in cellar.files() if not path.startswith("quarantine/")]
    away = {path.split("/", 2)[2] for path in cellar.files() if path.startswith("quarantine/")}
    for path, is_away in cellar.films.rows("SELECT path, quarantined_at IS NOT NULL FROM cached_files"):
        assert (path in kept, path in away) == (not is_away, bool(is_away)), path
    assert sorted(kept) == [
        path for (path,) in cellar.films.rows("SELECT path FROM cached_files WHERE quarantined_at IS NULL ORDER BY path")
    ]


def test_clearing_the_cache(cellar: Cellar, is_full: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    prefixes = {path[:2] for path in stock(cellar).values()} - {"va"}
    monkeypatch.setattr(clearing, "PREFIXES", tuple(sorted(prefixes)))

    def work(database: Database, doom: Doom) -> None:
        Clearing(database, CacheFolder(cellar.root, doom)).run()

    def trial(number: int) -> bool:
        held = stock(cellar)
        is_reached = perish(cellar.films.database, work, at=number, is_full=is_full)
        there = {path.split("/", 2)[2] if path.startswith("quarantine/") else path for path in cellar.files()}
        assert {held[name] for name in ("due", "due too", "stray", "shown", "again")} <= there
        cellar.clear()  # the job comes again
        check_cache(cellar)
        kept = {path for path in cellar.files() if not path.startswith("quarantine/")}
        assert kept == {held["shown"], held["again"]}
        away = {path.split("/", 2)[2] for path in cellar.files() if path.startswith("quarantine/")}
        assert away == {held["due"], held["due too"], held["stray"]}
        assert cellar.rows() == sorted(held[name] for name in ("due", "due too", "shown", "again"))
        return is_reached

    deaths(20, trial, at_least=20 if is_full else 42)


def test_the_recycle_bin_lets_go(films: Shelf, manual_clock: ManualClock, is_full: bool) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    films.publish()
    mine = films.files()

    def displaced(content: bytes) -> None:
        films.put(f"{FILM}/movie.nfo", content)
        films.publish()

    def work(database: Database, doom: Doom) -> None:
        recycling.sweep(database, Disk(doom), limit_bytes=10**9)

    def trial(number: int) -> bool:
        displaced(b"old %d" % number)
        displaced(b"older %d" % number)
        manual_clock.advance(timedelta(days=31).total_seconds())
        displaced(b"young %d" % number)
        is_reached = perish(films.database, work, at=number, is_full=is_full)
        assert b"young %d" % number in films.binned()
        recycling.sweep(films.database, Disk(), limit_bytes=10**9)
        assert films.binned() == [b"young %d" % number]
        listed = films.rows("SELECT bin_path FROM recycle_bin WHERE purged_at IS NULL")
        assert [Path(path).read_bytes() for (path,) in listed] == films.binned()
        assert films.files() == mine
        return is_reached

    deaths(4, trial, at_least=5 if is_full else 16)


def test_what_lies_beside_a_deleted_item_goes_into_the_bin(films: Shelf, is_full: bool) -> None:
    def publisher(database: Database, disk: Disk) -> Publisher:
        return Publisher(database.read, lambda: database.transaction(actor="test"), disk, films.root.parent / "cache")

    def problems() -> list[int]:
        with films.database.read() as session:
            found, _ = published.orphans(session, Disk(), after=0, limit=50)
        with films.database.transaction() as uow:
            noting.note(uow, found, noting.of_items(uow, {one.item_id for one in found if one.item_id is not None}))
        return [key for (key,) in films.rows("SELECT id FROM file_problems ORDER BY id")]

    def trial(number: int) -> bool:
        title = f"Film {number} (2001)"
        films.put(f"{title}/{title}.mkv")
        theirs = b"<movie><plot>Theirs %d.</plot></movie>" % number
        films.put(f"{title}/{title}.nfo", theirs)
        films.scan()
        item = max(films.items())
        films.cached(item, "poster", b"poster %d" % number)
        films.publisher().publish(item)
        with films.database.transaction() as uow:
            delete_item(uow, item_id=item)
        keys = problems()
        assert len(keys) == 2

        def work(database: Database, doom: Doom) -> None:
            for key in keys:
                repairing.repair(publisher(database, Disk(doom)), key)

        is_reached = perish(films.database, work, at=number, is_full=is_full)
        there = [*films.files().values(), *films.binned()]
        assert b"poster %d" % number in there
        films.publisher().recover()
        for key in problems():
            repairing.repair(films.publisher(), key)
        check_agreement(films, item, frozenset({b"poster %d" % number, theirs}))
        assert [name for name in films.files() if name.startswith(title)] == [f"{title}/{title}.mkv"]
        assert {b"poster %d" % number, theirs} <= set(films.binned())
        assert films.one("SELECT count(*) FROM published_files WHERE item_id = :item", item=item) == 0
        return is_reached

    deaths(34, trial, at_least=30 if is_full else 80)


def test_items_whose_files_are_missing_are_put_away(
    series: Shelf, manual_clock: ManualClock, tmp_path: Path, is_full: bool
) -> None:
    for number in (1, 2):
        series.put(f"Lanterns (2019)/Season 01/Lanterns (2019) S01E0{number}.mkv")
    for number in range(1, 18):  # so that the loss is not taken for that of a disk
        series.put(f"Other (2001)/Season 01/Other (2001) S01E{number:02}.mkv")
    series.scan()
    live = "SELECT id FROM media_items WHERE deleted_at IS NULL ORDER BY id"
    every = series.rows(live)
    os.rename(series.root / "Lanterns (2019)", tmp_path / "away")
    series.scan()
    manual_clock.advance(31 * 86_400)

    def work(database: Database, _: Doom) -> None:
        expiring.expire(database)

    def trial(number: int) -> bool:
        is_reached = perish(series.database, work, at=number, is_full=is_full)
        assert len(series.rows(live)) in (len(every), len(every) - 4)  # all of the tree, or nothing of it
        expiring.expire(series.database)
        assert len(series.rows(live)) == len(every) - 4
        with series.database.transaction() as uow:
            uow.session.connection().exec_driver_sql("UPDATE media_items SET deleted_at = NULL")
        return is_reached

    deaths(4, trial, at_least=5 if is_full else 10)
