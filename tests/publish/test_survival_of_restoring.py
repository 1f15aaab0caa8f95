"""Killed, or with a full disk, at every call while something is restored: it is back or still where it was, and comes again."""

import os
from pathlib import Path

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import USER
from domain.kit.database import Database
from domain.libraries import expiring
from domain.publish import clearing, recycling
from domain.publish.cache_folder import CacheFolder
from domain.publish.clearing import Clearing
from domain.publish.disk import Disk
from domain.publish.service import Publisher
from tests.conftest import ManualClock
from tests.libraries.scan.conftest import Work
from tests.publish.cellar import Cellar
from tests.publish.conftest import FILM, Shelf
from tests.publish.dying import Doom, perish
from tests.publish.test_survival_of_deleting import OLD, check_cache, deaths
from tests.publish.test_vanished_folders import facts
from workers.libraries.scanning import scan_library

pytestmark = pytest.mark.parametrize("is_full", [False, True], ids=["killed", "full"])
THEIRS = b"<movie><title>Lampiony</title><plot>Theirs.</plot></movie>"


def test_the_caches_quarantine_comes_back(films: Shelf, manual_clock: ManualClock, is_full: bool) -> None:
    cellar = Cellar(films, manual_clock)
    held = [cellar.put(content) for content in (b"one", b"two", b"kept twice")]
    stray = "ab/cd/" + "ab" * 32 + ".jpg"
    contents = {held[0]: b"one", held[1]: b"two", held[2]: b"kept twice", stray: b"stray"}

    def work(database: Database, doom: Doom) -> None:
        Clearing(database, CacheFolder(cellar.root, doom)).restore()

    def trial(number: int) -> bool:
        cellar.run(f"UPDATE cached_files SET quarantined_at = {OLD}, released_at = {OLD}")
        for place, content in contents.items():
            target = cellar.root / "quarantine" / "2026-01-10" / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            if place != held[2]:
                (cellar.root / place).unlink(missing_ok=True)
        is_reached = perish(films.database, work, at=number, is_full=is_full)
        there = {path.split("/", 2)[2] if path.startswith("quarantine/") else path for path in cellar.files()}
        assert there == contents.keys()
        clearing.restore(films.database, cellar.root)  # the job comes again
        assert {path: (cellar.root / path).read_bytes() for path in cellar.files()} == contents
        assert films.one(f"SELECT count(*) FROM cached_files WHERE quarantined_at IS NULL AND released_at > {OLD}") == 3
        (cellar.root / stray).unlink()
        check_cache(cellar)
        return is_reached

    deaths(7, trial, at_least=14 if is_full else 28)


def test_a_file_from_the_recycle_bin_takes_its_place_again(films: Shelf, is_full: bool) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", THEIRS)
    films.scan()
    films.publish()
    path = films.root / FILM / f"{FILM}.nfo"
    both = {path.read_bytes(), THEIRS}

    def trial(number: int) -> bool:
        key = films.one("SELECT max(id) FROM recycle_bin WHERE restored_at IS NULL")
        old = path.read_bytes()

        def work(database: Database, doom: Doom) -> None:
            cache = films.root.parent / "cache"
            recycling.restore(Publisher(database.read, lambda: database.transaction(), Disk(doom), cache), key)

        is_reached = perish(films.database, work, at=number, is_full=is_full)
        assert path.read_bytes() in both
        assert {path.read_bytes(), *films.binned()} == both
        films.publisher().recover()
        recycling.sweep(films.database, Disk(), limit_bytes=10**9)
        assert {path.read_bytes(), *films.binned()} == both
        (listed,) = films.rows("SELECT id, bin_path FROM recycle_bin WHERE purged_at IS NULL AND restored_at IS NULL")
        assert Path(listed[1]).read_bytes() == films.binned()[0]
        assert len(films.binned()) == 1
        assert list(films.root.rglob(".marquee-*.tmp")) == []
        assert films.one("SELECT count(*) FROM publish_runs WHERE status = 'running'") == 0
        if path.read_bytes() == old:  # it did not happen: it can be asked for again
            recycling.restore(films.publisher(), listed[0])
            assert path.read_bytes() in both - {old}
        return is_reached

    deaths(9, trial, at_least=15 if is_full else 40)


def test_items_come_back_with_their_files(films: Shelf, manual_clock: ManualClock, tmp_path: Path, is_full: bool) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    for number in range(8):  # so that the loss is not taken for that of a disk
        films.put(f"Other {number} (2001)/Other {number} (2001).mkv")
    films.scan()
    item = films.one("SELECT id FROM media_items WHERE title = 'Paper Lanterns'")
    with films.database.transaction() as uow:
        store_values(uow, USER, {item: {"plot": "Mine."}})
    films.cached(item, "poster", b"chosen")
    films.publisher().publish(item)
    before, said = films.files(), facts(films, item)
    live = "SELECT deleted_at IS NULL, availability FROM media_items WHERE id = :item"

    def work(database: Database, _: Doom) -> None:
        scan_library(Work(database), database.read, films.eyes.readers(), library_id=films.id)

    def trial(number: int) -> bool:
        os.rename(films.root / FILM, tmp_path / "away")
        films.scan()
        manual_clock.advance(31 * 86_400)
        assert expiring.expire(films.database) == 1
        os.rename(tmp_path / "away", films.root / FILM)
        is_reached = perish(films.database, work, at=number, is_full=is_full)
        assert facts(films, item)[:2] == said[:2]
        films.scan()
        assert [tuple(map(str, row)) for row in films.rows(live, item=item)] in ([("1", "present")], [("True", "present")])
        assert facts(films, item) == said
        films.publisher().publish(item)
        assert films.files() == before
        return is_reached

    deaths(28, trial, at_least=15 if is_full else 65)
