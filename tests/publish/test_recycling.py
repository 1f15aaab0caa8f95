"""The recycle bin: restoring swaps, a restored file stays, what is old or too much goes, a disk that is away loses nothing."""

import contextlib
import os
from datetime import timedelta

import pytest

from domain.kit.errors import Conflict, NotFound, PathUnusable
from domain.publish import recycling
from domain.publish.disk import Disk
from tests.conftest import ManualClock
from tests.publish.conftest import FILM, NFO, Shelf
from tests.publish.test_survival import Fragile, Killed

THEIRS = b"<movie><title>Lampiony</title><plot>Theirs.</plot></movie>"
pytestmark = pytest.mark.both


def published(films: Shelf) -> int:
    """A film whose `<base>.nfo` was a person's; the key of its entry in the bin."""
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", THEIRS)
    films.scan()
    films.publish()
    key: int = films.one("SELECT id FROM recycle_bin")
    return key


def sweep(films: Shelf, limit: int = 10**9) -> int:
    return recycling.sweep(films.database, Disk(), limit_bytes=limit)


def test_a_restored_file_takes_its_place_again_and_stays_there(films: Shelf) -> None:
    key = published(films)
    path = films.root / FILM / f"{FILM}.nfo"
    ours = path.read_bytes()
    displaced = recycling.restore(films.publisher(), key)
    assert path.read_bytes() == THEIRS
    assert films.binned() == [ours]
    assert films.rows("SELECT id, restored_at IS NULL FROM recycle_bin ORDER BY id") == [(key, False), (displaced, True)]
    films.scan()
    (done,) = films.publish()
    assert (done.written, done.kept, path.read_bytes()) == (0, 1, THEIRS)
    with pytest.raises(Conflict):
        recycling.restore(films.publisher(), key)
    with pytest.raises(NotFound):
        recycling.restore(films.publisher(), key + 100)


def test_a_rival_that_was_restored_is_not_displaced_again(films: Shelf) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/movie.nfo", NFO)
    films.scan()
    films.publish()
    assert recycling.restore(films.publisher(), films.one("SELECT id FROM recycle_bin")) is None
    films.publish(replace_changed=True)
    assert (films.root / FILM / "movie.nfo").read_text() == NFO


def test_the_bin_lets_go_after_thirty_days_and_of_the_oldest_when_it_is_full(films: Shelf, manual_clock: ManualClock) -> None:
    key = published(films)
    manual_clock.advance(timedelta(days=29).total_seconds())
    assert (sweep(films), films.binned()) == (0, [THEIRS])
    films.put(f"{FILM}/movie.nfo", NFO)
    films.publish()
    assert sweep(films, limit=len(NFO) + 1) == 1
    assert films.binned() == [NFO.encode()]
    assert films.one("SELECT purged_at IS NOT NULL FROM recycle_bin WHERE id = :key", key=key)
    manual_clock.advance(timedelta(days=31).total_seconds())
    assert (sweep(films), films.binned(), sweep(films)) == (1, [], 0)
    with pytest.raises(Conflict):
        recycling.restore(films.publisher(), key)


def test_a_disk_that_is_away_keeps_its_bin(films: Shelf, manual_clock: ManualClock) -> None:
    key = published(films)
    manual_clock.advance(timedelta(days=31).total_seconds())
    os.rename(films.root, films.root.with_name("away"))
    assert sweep(films) == 0
    films.root.mkdir()
    assert sweep(films) == 0
    with pytest.raises(PathUnusable):
        recycling.restore(films.publisher(), key)
    films.root.rmdir()
    os.rename(films.root.with_name("away"), films.root)
    assert sweep(films) == 1


@pytest.mark.sqlite
def test_killed_at_any_call_a_restoration_happened_or_did_not(films: Shelf) -> None:
    """Theirs and ours change places as often as it takes; both are there after each death."""
    key = published(films)
    path = films.root / FILM / f"{FILM}.nfo"
    both = {path.read_bytes(), THEIRS}
    number, reached = 0, True
    while reached:
        fragile = Fragile(at=number)
        with contextlib.suppress(Killed):
            recycling.restore(films.publisher(fragile), key)
        reached = len(fragile.calls) > number
        assert path.read_bytes() in both
        films.publisher().recover()
        assert {path.read_bytes(), *films.binned()} == both
        sweep(films)
        assert {path.read_bytes(), *films.binned()} == both
        assert films.one("SELECT count(*) FROM publish_runs WHERE status = 'running'") == 0
        key = films.one("SELECT max(id) FROM recycle_bin WHERE restored_at IS NULL")
        assert len(films.binned()) == 1
        number += 1
    assert number > 15
