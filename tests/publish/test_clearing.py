"""Clearing up the cache: the grace, the quarantine, the strays, and the disk that is away."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.jobs.kinds import CLEAR_CACHE
from domain.publish import clearing
from domain.publish.cache_folder import CacheFolder
from domain.publish.clearing import CacheAway, Clearing
from tests.api.conftest import Client
from tests.conftest import ManualClock
from tests.publish.cellar import LONG_AGO, Cellar
from tests.publish.conftest import FILM, NFO, Shelf
from tests.publish.running import run_jobs


@pytest.fixture
def cellar(films: Shelf, manual_clock: ManualClock) -> Cellar:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", NFO)
    films.scan()
    return Cellar(films, manual_clock)


def test_acceptance_11_actor_images_and_files_younger_than_the_grace_period_stay_and_a_missing_cache_mount_aborts(
    cellar: Cellar,
) -> None:
    films = cellar.films
    (actor,) = [key for (key,) in films.rows("SELECT id FROM people WHERE name = 'C. Actor'")]
    (collection,) = [key for (key,) in films.rows("SELECT id FROM collections")]
    films.cached(actor, "actor_thumb", b"face")
    films.cached(collection, "poster", b"set")
    films.cached(films.items()[0], "poster", b"poster")
    for path in cellar.rows():
        cellar.age(path)
    kept = cellar.rows()
    nobodys = cellar.put(b"nobody's")
    assert cellar.clear() == {"released_files": 1}
    cellar.later(29)
    young = cellar.put(b"released lately")
    assert cellar.clear() == {"released_files": 1}
    assert cellar.clear(is_dry=True) == {}
    cellar.later(2)
    before = cellar.files()
    assert cellar.clear(is_dry=True) == {"quarantined_files": 1, "quarantined_bytes": 8}
    assert cellar.files() == before
    os.rename(cellar.root, cellar.root.with_name("unmounted"))
    for is_empty in (False, True):
        if is_empty:
            cellar.root.mkdir()
        with pytest.raises(CacheAway, match="is its disk mounted"):
            cellar.clear()
    cellar.root.rmdir()
    os.rename(cellar.root.with_name("unmounted"), cellar.root)
    assert cellar.files() == before
    assert films.one("SELECT count(*) FROM cached_files WHERE quarantined_at IS NOT NULL") == 0
    assert cellar.clear() == {"quarantined_files": 1, "quarantined_bytes": 8}
    assert cellar.files() == sorted([*kept, young, f"quarantine/2026-02-15/{nobodys}"])
    cellar.later(16)
    assert cellar.clear() == {"deleted_files": 1, "deleted_bytes": 8}
    assert cellar.rows() == sorted([*kept, young])


def test_strays_and_unfinished_files_go_when_they_are_older_than_a_day(cellar: Cellar) -> None:
    used = cellar.put(b"used")
    names = ["ab/cd/" + "ab" * 32 + ".jpg", "ab/cd/.x.jpg.12ab.part", "variants/ab/cd/" + "ab" * 32 + "-320.jpg", "scratch/1f/x"]
    for name in names:
        path = cellar.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"stray")
    os.utime(cellar.root / "scratch" / "1f")
    cellar.clock.moment = cellar.clock.moment.now(cellar.clock.moment.tzinfo)
    assert cellar.clear() == {"released_files": 1}
    for name in names:
        cellar.age(name)
    cellar.age("scratch/1f")
    assert cellar.clear() == {"stray_files": 1, "stray_bytes": 5, "temporary_files": 3}
    day = cellar.clock.moment.date().isoformat()
    assert cellar.files() == sorted([used, f"quarantine/{day}/{names[0]}"])
    restored = clearing.restore(cellar.films.database, cellar.root)
    assert (restored["restored_files"], cellar.files()) == (1, sorted([used, names[0]]))


def test_bytes_taken_into_use_between_listing_and_moving_stay(cellar: Cellar) -> None:
    films, item = cellar.films, cellar.films.items()[0]
    shown, stored, other = cellar.put(b"is shown"), cellar.put(b"is stored"), cellar.put(b"nobody's")
    cellar.clear()
    cellar.later(31)

    class Meddling(CacheFolder):
        def quarantine(self, path: str, *arguments: Any, **named: Any) -> int | None:
            if path == stored:
                os.utime(self.root / path)  # what `store` does with bytes that are there already
            return super().quarantine(path, *arguments, **named)

    films.cached(item, "poster", b"poster")
    run = Clearing(films.database, Meddling(cellar.root))

    def mark_meanwhile() -> None:
        cellar.run("UPDATE assets SET cached_file_id = (SELECT id FROM cached_files WHERE path = '" + shown + "') WHERE rank = 0")

    run.check = _once(mark_meanwhile, after=259)
    run.run()
    assert (cellar.root / shown).exists()
    assert (cellar.root / stored).exists()
    assert not (cellar.root / other).exists()
    assert films.one("SELECT count(*) FROM cached_files WHERE quarantined_at IS NOT NULL") == 1


def _once(act: Any, *, after: int) -> Any:
    left = [after]

    def check() -> None:
        left[0] -= 1
        if left[0] == 0:
            act()

    return check


def test_a_clearing_up_that_was_cut_off_is_settled_by_the_next(cellar: Cellar) -> None:
    one, other = cellar.put(b"one"), cellar.put(b"other")
    cellar.clear()
    cellar.later(31)

    class Dying(CacheFolder):
        def quarantine(self, path: str, *arguments: Any, **named: Any) -> int | None:
            if path == max(one, other):
                raise KeyboardInterrupt
            return super().quarantine(path, *arguments, **named)

    with pytest.raises(KeyboardInterrupt):
        Clearing(cellar.films.database, Dying(cellar.root)).run()
    cellar.run(f"UPDATE cached_files SET quarantined_at = NULL, released_at = NULL WHERE path = '{min(one, other)}'")
    assert cellar.clear(grace=timedelta(days=60))["restored_files"] == 1
    assert (cellar.root / min(one, other)).exists()
    clearing.restore(cellar.films.database, cellar.root)
    assert (cellar.root / max(one, other)).exists()


async def test_the_jobs_of_clearing_up_and_of_restoring(client: Client, tmp_path: Path) -> None:
    house = client.house
    cache = tmp_path / "cache"
    shelf = Shelf(house.database, tmp_path / "shelf", name="Shelf")
    _, digest = shelf.keep(b"nobody's")
    path = cache / digest[:2] / digest[2:4] / f"{digest}.jpg"
    os.utime(path, (LONG_AGO, LONG_AGO))
    old = "UPDATE cached_files SET released_at = '2020-01-01T00:00:00.000000Z'"
    house.database.perform(lambda uow: uow.session.connection().exec_driver_sql(old))
    clear = "mutation A($dry: Boolean!) { clearCache(input: { dryRun: $dry }) { job { id kind } errors { __typename } } }"
    said = await client.data(clear, {"dry": True})
    assert said["clearCache"]["job"]["kind"] == "publish.clear_cache"
    (dry,) = run_jobs(house.database, house.services.settings, CLEAR_CACHE)
    assert (dry["quarantined_files"], path.exists()) == (1, True)
    await client.data(clear, {"dry": False})
    assert run_jobs(house.database, house.services.settings, CLEAR_CACHE)[-1]["quarantined_files"] == 1
    assert not path.exists()
    await client.data("mutation { restoreCache(input: {}) { job { id } errors { __typename } } }")
    assert run_jobs(house.database, house.services.settings, CLEAR_CACHE)[-1]["restored_files"] == 1
    assert path.exists()
