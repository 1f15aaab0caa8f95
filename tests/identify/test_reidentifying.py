"""A wrong identity goes without trace, and takes nothing of a person's along; two people and a job at once."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from domain.artwork.builtin import install_builtins
from domain.artwork.enums import AssetSource
from domain.artwork.reidentifying import identify
from domain.artwork.tables import Asset, CachedFile, ImageCandidate
from domain.catalog.editing import update_item
from domain.catalog.facts import CatalogueId
from domain.catalog.sources import NFO
from domain.identify.enums import AttemptOutcome
from domain.identify.finding import Finding
from domain.identify.knowing import load, page
from domain.identify.recording import record
from tests.factories import catalog
from tests.factories.accounts import make_user
from tests.identify.conftest import World

WRONG: dict[str, Any] = {
    "title": "Leo", "plot": "Of a lizard.", "genres": ["Cartoon"], "production_status": "released",
    "collections": [{"name": "Lizards", "overview": None, "tmdb_id": "77"}],
    "ratings": [{"source": "tmdb", "value": "6.900", "votes": 10}],
    "cast": [{"name": "A. Lizard", "ids": [["tmdb", "person", "5"]], "department": "cast", "job": "", "role": "Leo"}],
    "external_ids": [{"provider": "wikidata", "namespace": "", "id": "Q1", "is_default": False}],
}  # fmt: skip
TABLES = ("item_genres", "credits", "item_ratings", "collection_members")


def _picture(world: World, entity: int, name: str, source: AssetSource, *, user_id: int | None = None) -> None:
    with world.database.transaction() as uow:
        file = CachedFile(
            kind="image", sha256=name.ljust(64, "0"), path=name, size_bytes=1, format="jpeg", width=1000, height=1500
        )
        offer = ImageCandidate(entity_id=entity, asset_type="poster", provider="tmdb", url=f"https://x.example/{name}")
        uow.session.add_all([file, offer])
        uow.session.flush()
        rank = len(uow.session.execute(sa.select(Asset.id).where(Asset.entity_id == entity)).all())
        uow.session.add(
            Asset(
                entity_id=entity, asset_type="poster", cached_file_id=file.id, token=name, rank=rank, source_type=source,
                provider="tmdb", candidate_id=offer.id, selected_by_user_id=user_id,
            )
        )  # fmt: skip


@pytest.mark.both
def test_nothing_of_the_wrong_identity_remains_and_nothing_of_a_persons_is_lost(world: World) -> None:
    with world.database.transaction() as uow:
        install_builtins(uow)
    key = world.film("Leo", 2023, 107)
    world.run()
    assert world.ids(key)["tmdb"] == "1075794"
    world.store("tmdb", key, **WRONG)
    world.store(NFO, key, plot="What the NFO says.", tags=["shelf 3"])
    user = make_user(world.database, "chooser").id
    with world.database.transaction() as uow:
        update_item(uow, item_id=key, changes={"tagline": "Mine.", "genres": ["My genre"]}, user_id=user)
        uow.session.execute(sa.text("UPDATE media_items SET enrichment = 'complete' WHERE id = :key"), {"key": key})
    _picture(world, key, "wrong", AssetSource.PROVIDER)
    _picture(world, key, "chosen", AssetSource.PROVIDER, user_id=user)
    with world.database.transaction() as uow:
        ids = [CatalogueId("tmdb", "movie", "949229"), CatalogueId("imdb", "title", "tt949229")]
        identify(uow, key, ids, user_id=user)
    assert world.ids(key) == {"tmdb": "949229", "imdb": "tt949229"}
    sources = {source for (source,) in world.rows("SELECT DISTINCT source FROM field_values WHERE entity_id = :key", key=key)}
    assert sources == {"name", "file", "nfo", "user"}
    counts = {table: world.rows(f"SELECT count(*) FROM {table} WHERE item_id = :key", key=key)[0][0] for table in TABLES}
    assert counts == {"item_genres": 1, "credits": 0, "item_ratings": 0, "collection_members": 0}
    shown = world.rows("SELECT title, plot, tagline, enrichment, production_status FROM media_items WHERE id = :key", key=key)
    assert shown == [("Leo", "What the NFO says.", "Mine.", "never", None)]
    assert world.rows("SELECT token FROM assets WHERE entity_id = :key", key=key) == [("chosen",)]
    assert world.rows("SELECT url FROM image_candidates WHERE entity_id = :key", key=key) == [("https://x.example/chosen",)]
    assert world.rows("SELECT count(*) FROM jobs WHERE kind = 'enrich.enrich' AND priority = 2") == [(1,)]
    world.run()
    world.run(key)
    assert world.ids(key) == {"tmdb": "949229", "imdb": "tt949229"}


def test_a_series_forgets_the_wrong_one_in_its_whole_tree(world: World) -> None:
    with world.database.transaction() as uow:
        series, season, episode, _ = catalog.series(uow, "Ghosts", library_id=world.library)
    for key, space in ((series, "tv"), (season, "season"), (episode, "episode")):
        told = {"provider": "tmdb", "namespace": space, "id": str(key), "is_default": False}
        world.store("tmdb", key, title="Of another", external_ids=[told])
    world.store("name", episode, title="Episode 1")
    assert world.choose(series, [CatalogueId("tmdb", "tv", "114922")])
    assert (world.ids(series), world.ids(season), world.ids(episode)) == ({"tmdb": "114922"}, {}, {})
    assert world.rows("SELECT title FROM media_items WHERE id = :key", key=episode) == [("Episode 1",)]


def test_an_item_in_no_catalogue_stays_so_until_a_person_lets_automation_go_on(world: World) -> None:
    key = world.film("The Matrix", 1999, 136)
    world.run()
    world.choose(key, ())
    assert (world.ids(key), world.state(key)) == ({}, "unidentified")
    world.run(key)
    assert world.ids(key) == {}
    world.choose(key, None)
    world.run()
    assert (world.ids(key)["tmdb"], world.state(key)) == ("603", "identified")


@pytest.mark.both
def test_two_people_and_a_job_at_once_leave_one_persons_choice_whole(world: World) -> None:
    key = world.film("The Matrix", 1999, 136)
    world.run()
    with world.database.read() as session:
        (known,) = load(session, page(session, items=[key], after=0, limit=1))
    start, errors = threading.Barrier(3), []

    def person(number: str) -> None:
        ids = [CatalogueId("tmdb", "movie", number), CatalogueId("imdb", "title", f"tt{number}")]
        start.wait()
        try:
            world.database.perform(lambda uow: identify(uow, key, ids, user_id=None))
        except Exception as error:
            errors.append(error)

    def job() -> None:
        finding = Finding(known, AttemptOutcome.IDENTIFIED, [CatalogueId("tmdb", "movie", "603")], 1.0)
        start.wait()
        try:
            world.database.perform(lambda uow: record(uow, [finding]))
        except Exception as error:
            errors.append(error)

    acts = [threading.Thread(target=act, args=args) for act, args in ((person, ("604",)), (person, ("605",)), (job, ()))]
    for act in acts:
        act.start()
    for act in acts:
        act.join()
    assert errors == []
    assert world.ids(key) in ({"tmdb": "604", "imdb": "tt604"}, {"tmdb": "605", "imdb": "tt605"})
    assert world.state(key) == "identified"
