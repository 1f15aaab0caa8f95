"""What the database itself refuses and allows: trees, identities, copies, owners, keys."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy as sa

from domain.kit.database import Database
from tests.rules.constrained import (
    NOW,
    TABLES,
    TV,
    Act,
    after,
    asset,
    change,
    do,
    external_id,
    item,
    link,
    person,
    put,
    season_of_a_library,
    source,
    world,
)

pytestmark = pytest.mark.both

TAGGED = {"item_id": 5, "key": "space", "sort_key": "space"}
CREDIT = {"item_id": 5, "person_id": 7, "department": "cast", "job": "Actor"}
MARK = {"file_id": 1, "kind": "chapter", "start_ms": 0, "source": "file"}
VALUE = {"entity_id": 5, "field": "title", "source": "nfo"}
RATED = {"item_id": 5, "source": "imdb", "value": Decimal("8.1")}
PAIR = {"item_id": 5, "file_id": 1}
CERT = {"item_id": 5, "system": "mpaa", "code": "R", "country": "US"}
R = do(put, "rating_systems", system="mpaa", code="R")

ALLOWED: dict[str, Act] = {
    "another cut with the same number": do(item, 4, "episode", position=5, edition="Extended", is_preferred=False),
    "two episodes without a number": after(do(item, 4, "episode"), do(item, 6, "episode")),
    "a deleted episode frees its number": after(
        do(change, "media_items", 3, deleted_at=NOW), do(item, 4, "episode", position=5)
    ),
    "a type of one's own": after(
        do(item, 10, "custom"), do(item, 11, "custom", level=1, parent_id=10, root_id=10)
    ),
    "one id in two spaces of a provider": after(
        do(external_id, 5, "movie", "tmdb", "movie", "78"), do(external_id, 1, "series", "tmdb", "tv", "78")
    ),
    "cuts share an id": after(
        do(external_id, 5, "movie", "tmdb", "movie", "78"), do(external_id, 13, "movie", "tmdb", "movie", "78")
    ),
    "an old id beside the primary one": after(
        do(external_id, 5, "movie", "tmdb", "movie", "78", is_primary=True), do(external_id, 5, "movie", "tmdb", "movie", "79")
    ),
    "a namesake": do(person, 8, "john smith", "tmdb:2"),
    "one picture of two owners": after(
        do(asset, 5, "poster", cached_file_id=1, rank=0), do(asset, 7, "actor_thumb", cached_file_id=1, rank=0)
    ),
    "local art in its place": do(asset, 5, "poster", media_file_id=3, rank=0),
    "two in the pool": after(do(asset, 5, "poster", cached_file_id=1), do(asset, 5, "poster", cached_file_id=2)),
    "two parts of one copy": after(do(link, 5, 1, is_default=True), do(link, 5, 2, part_number=2, is_default=True)),
    "a double episode": after(
        do(item, 4, "episode", position=6), do(link, 3, 3, start_ms=0, end_ms=10), do(link, 4, 3, start_ms=10, end_ms=20)
    ),
    "two extras": after(do(link, 5, 1, role="extra"), do(link, 5, 2, role="extra")),
    "an actor in two parts": after(do(put, "credits", **CREDIT, role="a"), do(put, "credits", **CREDIT, role="b")),
    "certificates of two countries": after(
        R, do(put, "rating_systems", system="fsk", code="16"), do(put, "item_certifications", **CERT, is_primary=True),
        do(put, "item_certifications", item_id=5, system="fsk", code="16", country="DE"),
    ),
    "the tree moves to another library": after(season_of_a_library, do(change, "media_items", 1, library_id=2)),
    "one key of a server as item and as file": after(
        source, do(put, "source_refs", source_collection_id=1, kind="item", key="7", item_id=5, seen_at=NOW),
        do(put, "source_refs", source_collection_id=1, kind="file", key="7", file_id=1, seen_at=NOW),
    ),
    "a library for a user and a group": after(
        do(put, "groups", id=1, name="g", owner_user_id=1, settings={}), do(put, "library_access", library_id=1, user_id=1),
        do(put, "library_access", library_id=1, group_id=1),
    ),
    "the same question after it was answered": after(
        do(put, "review_queue", file_id=1, reason="x", status="rejected", resolved_at=NOW),
        do(put, "review_queue", file_id=1, reason="x"),
    ),
}  # fmt: skip

REFUSED: dict[str, Act] = {
    "a kind that its type has not": do(item, 6, "movie", media_type_id=TV),
    "a kind at the wrong level": do(item, 6, "episode", level=1, parent_id=1),
    "an episode under a series": do(item, 6, "episode", parent_id=1),
    "a season without a series": do(item, 6, "season", parent_id=None),
    "a film with a parent": do(item, 6, "movie", parent_id=1),
    "a child in another tree than its parent": after(do(item, 6, "series"), do(item, 8, "season", root_id=6)),
    "a top that is not its own root": do(item, 6, "movie", root_id=5),
    "one id as item and person": do(put, "people", id=5, identity_key="x", name="x", name_normalized="x", sort_key="x"),
    "an item that calls itself a person": lambda c: c.execute(sa.text("UPDATE media_items SET kind = 'person' WHERE id = 5")),
    "an item whose id is a person's": after(do(put, "entities", id=6, kind="person"), do(item, 6, "movie")),
    "a second live episode with that number": do(item, 6, "episode", position=5),
    "a second live season with that number": do(item, 6, "season", position=1),
    "two preferred versions": do(change, "media_items", 13, is_preferred=True),
    "a version of another media type": do(change, "media_items", 13, media_group_id=9),
    "missing without since": do(change, "media_items", 5, availability="missing"),
    "since without missing": do(change, "media_items", 5, missing_since=NOW),
    "a negative number": do(change, "media_items", 3, position=-1),
    "an unknown state": lambda c: c.execute(sa.text("UPDATE media_items SET identification = 'perhaps' WHERE id = 5")),
    "an episode in another library than its series": after(season_of_a_library, do(change, "media_items", 3, library_id=2)),
    "one folder of two live items": after(
        do(change, "media_items", 5, directory_path="/f"), do(change, "media_items", 13, directory_path="/f")
    ),
    "one dvd number of two episodes": after(
        do(item, 4, "episode", position=6),
        do(put, "episode_orders", item_id=3, root_id=1, ordering="dvd", season_number=1, episode_number=7),
        do(put, "episode_orders", item_id=4, root_id=1, ordering="dvd", season_number=1, episode_number=7),
    ),
    "an order in another series": do(
        put, "episode_orders", item_id=3, root_id=5, ordering="absolute", season_number=0, episode_number=7
    ),
    "a second default id": after(
        do(external_id, 5, "movie", "tmdb", "movie", "78", is_default=True),
        do(external_id, 5, "movie", "imdb", "title", "tt1", is_default=True),
    ),
    "a second primary id of a provider": after(
        do(external_id, 5, "movie", "tmdb", "movie", "78", is_primary=True),
        do(external_id, 5, "movie", "tmdb", "movie", "79", is_primary=True),
    ),
    "an id twice": after(
        do(external_id, 5, "movie", "tmdb", "movie", "78"), do(external_id, 5, "movie", "tmdb", "movie", "78")
    ),
    "one id of two people": after(
        do(person, 8, "jane"), do(external_id, 7, "person", "tmdb", "person", "1"),
        do(external_id, 8, "person", "tmdb", "person", "1"),
    ),
    "an id that names a wrong kind": do(external_id, 7, "movie", "x", "y", "1"),
    "an entity merged into itself": do(change, "entities", 5, merged_into_id=5),
    "two people of one name": do(person, 8, "john smith"),
    "a kind that its group row denies": do(change, "media_groups", 9, kind="person"),
    "art without bytes": do(asset, 5, "poster", rank=0),
    "a rank that is taken": after(
        do(asset, 5, "poster", cached_file_id=1, rank=0), do(asset, 5, "poster", cached_file_id=2, rank=0)
    ),
    "the same picture twice": after(
        do(asset, 5, "poster", cached_file_id=1, rank=0), do(asset, 5, "poster", cached_file_id=1, rank=1)
    ),
    "art of an unknown type": do(asset, 5, "nonsense", cached_file_id=1),
    "bytes in use cannot go": after(
        do(asset, 5, "poster", cached_file_id=1), lambda c: c.execute(sa.delete(TABLES["cached_files"]))
    ),
    "the same bytes twice": do(put, "cached_files", kind="text", sha256=f"{1:064}", path="p", size_bytes=1, format="x"),
    "a picture without a size": do(put, "cached_files", kind="image", sha256="a", path="p", size_bytes=1, format="x"),
    "one part twice": after(do(link, 5, 1), do(link, 5, 2)),
    "two default copies": after(do(link, 5, 1, is_default=True), do(link, 5, 2, copy_number=2, is_default=True)),
    "one file twice": after(do(put, "item_files", **PAIR), do(put, "item_files", **PAIR, role="extra")),
    "half a bound": do(link, 3, 3, start_ms=0),
    "bounds that end before they begin": do(link, 3, 3, start_ms=10, end_ms=10),
    "one path of two files": do(put, "media_files", uri="/m/1", file_kind="video", size_bytes=1),
    "a mapping without owner": do(put, "path_mappings", remote_path="/a", local_path="/b"),
    "a mapping with two owners": after(
        source, do(put, "path_mappings", source_id=1, source_collection_id=1, remote_path="/a", local_path="/b")
    ),
    "a mapping twice": after(
        source, do(put, "path_mappings", source_id=1, remote_path="/a", local_path="/b"),
        do(put, "path_mappings", source_id=1, remote_path="/a", local_path="/c"),
    ),
    "a server's key twice": after(
        source, do(put, "source_refs", source_collection_id=1, kind="item", key="7", item_id=5, seen_at=NOW),
        do(put, "source_refs", source_collection_id=1, kind="item", key="7", item_id=13, seen_at=NOW),
    ),
    "a reference to nothing": after(source, do(put, "source_refs", source_collection_id=1, kind="i", key="7", seen_at=NOW)),
    "a section twice": after(source, do(put, "source_collections", source_id=1, external_id="1", name="x")),
    "a library for nobody": do(put, "library_access", library_id=1),
    "a library twice for one user": after(
        do(put, "library_access", library_id=1, user_id=1), do(put, "library_access", library_id=1, user_id=1)
    ),
    "one folder of two libraries": after(
        do(put, "library_paths", library_id=1, path="/a"), do(put, "library_paths", library_id=2, path="/a")
    ),
    "a stream twice": after(
        do(put, "video_streams", file_id=1, stream_index=0), do(put, "video_streams", file_id=1, stream_index=0)
    ),
    "an audio stream twice": after(
        do(put, "audio_streams", file_id=1, stream_index=1), do(put, "audio_streams", file_id=1, stream_index=1)
    ),
    "a subtitle stream twice": after(
        do(put, "subtitle_streams", file_id=1, stream_index=2), do(put, "subtitle_streams", file_id=1, stream_index=2)
    ),
    "half a frame rate": do(put, "video_streams", file_id=1, stream_index=0, frame_rate_numerator=24),
    "a marker twice": after(do(put, "markers", **MARK), do(put, "markers", **MARK, label="x")),
    "a marker that ends before it begins": do(put, "markers", **{**MARK, "start_ms": 5, "end_ms": 5}),
    "a marker of more than certainty": do(put, "markers", **MARK, confidence=1.5),
    "a question about nothing": do(put, "review_queue", reason="x"),
    "a question twice": after(do(put, "review_queue", file_id=1, reason="x"), do(put, "review_queue", file_id=1, reason="x")),
    "an answer without its time": do(put, "review_queue", file_id=1, reason="x", status="resolved"),
    "a credit twice": after(do(put, "credits", **CREDIT), do(put, "credits", **CREDIT, position=1)),
    "a tag twice": after(do(put, "tags", **TAGGED), do(put, "tags", **TAGGED, value="x")),
    "a score twice": after(do(put, "item_ratings", **RATED), do(put, "item_ratings", **RATED)),
    "a negative score": do(put, "item_ratings", **{**RATED, "value": Decimal("-0.1")}),
    "a value twice": after(do(put, "field_values", **VALUE, value="a"), do(put, "field_values", **VALUE, value="b")),
    "a lock twice": after(do(put, "field_locks", entity_id=5, field="t"), do(put, "field_locks", entity_id=5, field="t")),
    "a certificate that no system has": do(put, "item_certifications", **CERT),
    "two primary certificates": after(
        R, do(put, "item_certifications", **CERT, is_primary=True),
        do(put, "item_certifications", **{**CERT, "country": "CA"}, is_primary=True),
    ),
    "a certificate twice": after(R, do(put, "item_certifications", **CERT), do(put, "item_certifications", **CERT)),
    "a release twice": after(
        do(put, "release_dates", item_id=5, country="US", type="tv", date=date(2020, 1, 1)),
        do(put, "release_dates", item_id=5, country="US", type="tv", date=date(2020, 1, 1)),
    ),
    "a genre twice": after(
        do(put, "genres", name="A", name_normalized="a", sort_key="a"),
        do(put, "genres", name="a", name_normalized="a", sort_key="a"),
    ),
    "a sequel of itself": do(put, "media_relationships", from_item_id=5, to_item_id=5, type="sequel"),
    "a shared universe the wrong way round": do(
        put, "media_relationships", from_item_id=13, to_item_id=5, type="shared_universe"
    ),
    "a relationship twice": after(
        do(put, "media_relationships", from_item_id=5, to_item_id=13, type="remake"),
        do(put, "media_relationships", from_item_id=5, to_item_id=13, type="remake"),
    ),
    "a type that has items cannot go": lambda c: c.execute(sa.text(f"DELETE FROM media_types WHERE id = {TV}")),
    "limits that contradict each other": do(put, "asset_types", name="x", media="image", default_limit=4, max_limit=3),
}  # fmt: skip


@pytest.fixture(scope="module")
def settled(engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Database]:
    """One database with the world in it: what is refused, or rolled back, leaves no trace."""
    if engine == "sqlite":
        path = tmp_path_factory.mktemp("settled") / "world.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        server: str = request.getfixturevalue("postgresql_template")
        name = f"settled_{os.getpid()}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE template_marquee")
        url = server.rsplit("/", 1)[0] + f"/{name}"
    database = Database(url)
    with database.engine.begin() as connection:
        world(connection)
    yield database
    database.close()


@pytest.mark.parametrize("fact", ALLOWED)
def test_allowed(settled: Database, fact: str) -> None:
    with settled.engine.connect() as connection:
        transaction = connection.begin()
        ALLOWED[fact](connection)
        if settled.dialect == "postgresql":
            connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        else:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        transaction.rollback()


@pytest.mark.parametrize("fact", REFUSED)
def test_refused(settled: Database, fact: str) -> None:
    with pytest.raises(sa.exc.IntegrityError), settled.engine.begin() as connection:
        REFUSED[fact](connection)
