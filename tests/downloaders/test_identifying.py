"""A chain where providers can be asked: identify, enrich, fetch; ids of the downloader as evidence, and no more than that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.facts import CatalogueId
from domain.identify import choosing
from domain.kit.database import Database
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.settings import Settings
from domain.system.enums import InboundStatus
from tests.conftest import ManualClock
from tests.downloaders.chain_world import World
from tests.libraries.scan.conftest import Disk, install
from tests.peers import web
from tests.peers.tmdb import KEY
from tests.peers.tmdb_catalogue import WORKS, tmdb_catalogue
from tests.peers.web import Peer
from workers import outbound

WHOLE = [
    "downloaders.process", "libraries.scan", "identify.identify", "enrich.enrich", "artwork.fetch", "publish.publish",
    "players.sync",
]  # fmt: skip
WORK = next(one for one in WORKS.values() if one.kind.value == "movie" and one.title.isascii())
FOLDER = "Something Unheard Of"
"""A name that no title search brings to anything."""


@pytest.fixture
def peer(manual_clock: ManualClock) -> Iterator[Peer]:
    with tmdb_catalogue() as running:
        outbound.replace_egress(running.egress(), {"tmdb": f"{running.url}/3"}, manual_clock.advance)
        yield running
        outbound.replace_egress(None)


@pytest.fixture
def world(database: Database, tmp_path: Path, manual_clock: ManualClock, peer: Peer) -> World:
    install(database)
    films, series = Disk(database, tmp_path / "films"), Disk(database, tmp_path / "tv", media_type="tv", name="Series")
    made = World(database, Settings(data_dir=tmp_path, DATABASE_URL=str(database.url)), manual_clock, films, series)
    with database.transaction() as uow:
        install_builtins(uow)
        ((key,),) = uow.session.connection().exec_driver_sql("SELECT id FROM provider_configs WHERE name = 'tmdb'").all()
        service.update(uow, provider_id=key, changes={"key": KEY, "rate_limit": 1000.0}, secret=made.key)
    return made


def download(world: World, folder: str, **movie: Any) -> int:
    world.films.put(f"{folder}/{folder}.mkv")
    body = world.fixture("radarr-6.1-download")
    body["movie"] |= {"folderPath": f"/srv/films/{folder}", "tmdbId": 0, "imdbId": "", **movie}
    body["remoteMovie"] = {}
    body["movieFile"]["path"] = f"/srv/films/{folder}/{folder}.mkv"
    return world.send(body)


def ids(world: World) -> list[tuple[Any, ...]]:
    return world.rows("SELECT external_id FROM external_ids WHERE provider = 'tmdb' AND namespace = 'movie' ORDER BY 1")


@pytest.mark.both
def test_a_film_is_identified_enriched_and_published_in_one_chain(world: World) -> None:
    event = download(world, f"{WORK.title} ({WORK.year})")
    world.work()
    assert world.event(event).status is InboundStatus.PROCESSED
    assert world.chain(event) == [(name, "completed") for name in WHOLE]
    assert ids(world) == [(WORK.id,)]
    (nfo,) = (world.films.root / f"{WORK.title} ({WORK.year})").glob("*.nfo")
    assert f">{WORK.id}</uniqueid>" in nfo.read_text()
    others = world.rows(
        "SELECT kind FROM jobs WHERE chain IS NULL AND kind IN ('identify.identify', 'enrich.enrich', 'publish.publish')"
    )
    assert others == []  # what automation would have asked for


@pytest.mark.both
def test_the_downloaders_ids_identify_what_says_nothing_itself(world: World) -> None:
    download(world, FOLDER)
    world.work()
    assert ids(world) == []
    world.films.put(f"{FOLDER}/{FOLDER}.mkv", "another")
    download(world, FOLDER, tmdbId=int(WORK.id))
    world.work()
    assert ids(world) == [(WORK.id,)]


def test_an_id_that_title_and_year_contradict_identifies_nothing(world: World) -> None:
    download(world, "Zebra Quartz Nocturne (1921)", tmdbId=int(WORK.id))
    world.work()
    assert ids(world) == []
    assert ("id_contradicted",) in world.rows("SELECT reason FROM review_queue WHERE status = 'pending'")


def test_a_person_who_decided_is_not_contradicted(world: World) -> None:
    download(world, FOLDER)
    world.work()
    with world.database.transaction() as uow:
        choosing.choose(uow, 1, [CatalogueId("tmdb", "movie", "4711")], user_id=None)
    world.films.put(f"{FOLDER}/{FOLDER}.mkv", "another")
    download(world, FOLDER, tmdbId=int(WORK.id))
    world.work()
    assert ids(world) == [("4711",)]


def test_a_folder_of_several_films_takes_no_id(world: World) -> None:
    for name in ("One Unheard", "Two Unheard"):
        world.films.put(f"Box/{name} (2001)/{name}.2001.mkv")
    download(world, "Box", tmdbId=int(WORK.id))
    world.work()
    assert (WORK.id,) not in ids(world)


def test_a_provider_that_is_away_does_not_hold_the_film_up(world: World, peer: Peer) -> None:
    peer.answer = lambda asked: web.broken()
    event = download(world, f"{WORK.title} ({WORK.year})")
    world.work()
    assert world.chain(event) == [(name, "completed") for name in WHOLE]
    assert len(list((world.films.root / f"{WORK.title} ({WORK.year})").glob("*.nfo"))) == 1
