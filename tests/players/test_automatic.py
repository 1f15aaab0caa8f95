"""What a scan and a publication change is asked for by itself, once, and only where somebody shows it."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from domain.jobs import service
from domain.jobs.kinds import PUBLISH, SCAN, Publish, Scan
from domain.players.tables import PlayerGroupLibrary
from domain.settings import Settings
from tests.libraries.scan.conftest import Disk
from tests.players.conftest import group, player
from tests.publish.conftest import Shelf, films
from tests.publish.running import run_jobs

assert films
FILM = "Paper Lanterns (2019)/Paper Lanterns (2019)"


def asked(films: Disk) -> list[list[int]]:
    """The items of each job for players that waits, the oldest first."""
    rows = films.rows("SELECT payload FROM jobs WHERE kind = 'players.sync' ORDER BY id")
    payloads: list[dict[str, Any]] = [orjson.loads(row) if isinstance(row, str) else row for (row,) in rows]
    with films.database.transaction() as uow:
        uow.session.execute(sa.text("DELETE FROM jobs WHERE kind = 'players.sync'"))
    return [payload["items"] for payload in payloads]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(DATABASE_URL=database_url, data_dir=tmp_path)


@pytest.fixture
def shown(films: Shelf) -> Shelf:
    """The films are shown by a group of one Kodi."""
    with films.database.transaction() as uow:
        key = group(uow)
        uow.session.add(PlayerGroupLibrary(group_id=key, library_id=films.id))
        player(uow, key, "One", port=1)
    return films


def scanned(films: Shelf, settings: Settings) -> None:
    with films.database.transaction() as uow:
        service.enqueue(uow, SCAN, Scan(films.id))
    run_jobs(films.database, settings, SCAN)


def published(films: Shelf, settings: Settings) -> None:
    with films.database.transaction() as uow:
        service.enqueue(uow, PUBLISH, Publish(library_id=films.id))
    run_jobs(films.database, settings, PUBLISH)


@pytest.mark.both
def test_what_a_scan_finds_and_misses_is_told_and_nothing_else(shown: Shelf, settings: Settings) -> None:
    shown.put(f"{FILM}.mkv")
    shown.put("Harbour (2004)/Harbour (2004).mkv")
    scanned(shown, settings)
    lanterns, harbour = (
        shown.one("SELECT id FROM media_items WHERE title = :title", title=title) for title in ("Paper Lanterns", "Harbour")
    )
    assert asked(shown) == [sorted([lanterns, harbour])]
    scanned(shown, settings)
    assert asked(shown) == []
    shown.put("Harbour (2004)/Harbour (2004).srt", "1")
    scanned(shown, settings)
    assert asked(shown) == []
    (shown.root / f"{FILM}.mkv").unlink()
    scanned(shown, settings)
    assert asked(shown) == [[lanterns]]


@pytest.mark.both
def test_a_file_that_moved_is_told(shown: Shelf, settings: Settings) -> None:
    shown.put(f"{FILM}.mkv", "bytes of a film")
    scanned(shown, settings)
    (items,) = asked(shown)
    (shown.root / "Elsewhere").mkdir()
    (shown.root / f"{FILM}.mkv").rename(shown.root / "Elsewhere" / "Paper Lanterns (2019).mkv")
    scanned(shown, settings)
    assert asked(shown) == [items]


@pytest.mark.both
def test_what_is_published_is_told_once(shown: Shelf, settings: Settings) -> None:
    shown.put(f"{FILM}.mkv")
    shown.put("Harbour (2004)/Harbour (2004).mkv")
    scanned(shown, settings)
    asked(shown)
    published(shown, settings)
    assert asked(shown) == [sorted(shown.items())]
    published(shown, settings)
    assert asked(shown) == []


def test_where_nobody_shows_it_nobody_is_asked(films: Shelf, settings: Settings) -> None:
    films.put(f"{FILM}.mkv")
    scanned(films, settings)
    published(films, settings)
    assert asked(films) == []


def test_a_publication_of_a_chain_is_told_in_it_and_a_scan_that_is_followed_tells_nobody(
    shown: Shelf, settings: Settings
) -> None:
    shown.put(f"{FILM}.mkv")
    steps = ((SCAN, Scan(shown.id, is_followed=True), []), (PUBLISH, Publish(library_id=shown.id), [("job_77",)]))
    for kind, payload, chains in steps:
        with shown.database.transaction() as uow:
            service.enqueue(uow, kind, payload, chain="job_77")
        run_jobs(shown.database, settings, kind)
        assert shown.rows("SELECT chain FROM jobs WHERE kind = 'players.sync'") == chains
