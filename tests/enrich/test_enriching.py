"""Enriching films: what TMDB says reaches the catalog once, and again only where it is another."""

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from tests.enrich.conftest import World

TABLES = ("media_items", "field_values", "credits", "people", "tags", "item_genres", "item_studios", "item_ratings",
          "item_certifications", "release_dates", "external_ids", "collection_members", "collections", "enrichment_results",
          "events", "audit_log")  # fmt: skip


def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    return {table: world.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}


@pytest.mark.both
def test_a_film_is_enriched_with_all_that_tmdb_says(world: World) -> None:
    film = world.film()
    result = world.enrich(library=world.house.open_library)
    assert result == {
        "asked": 4, "unknown": 2, "changed": 2, "failures": [],
        "providers": {"tmdb": {"answered": 2, "not_there": 0, "failed": 0}},
    }  # fmt: skip
    row = world.item(film)
    wanted = {
        "title": "Paper Lanterns", "original_title": "Lampiony", "plot": "Two sisters rebuild a theatre.", "year": 2019,
        "runtime_ms": 104 * 60_000, "production_status": "released", "original_language": "pl",
        "homepage": "https://lampiony.example/", "budget": 2_500_000, "revenue": None, "enrichment": "complete", "version": 1,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert (str(row["release_date"]), row["popularity"]) == ("2019-11-05", 3.2)
    assert world.names("genres", "genre_id", film) == ["Drama"]
    assert world.names("studios", "studio_id", film) == ["Studio Lampa"]
    assert world.names("countries", "country_id", film) == ["Poland", "Czechia"]
    tags = "SELECT namespace, key, origin FROM tags WHERE item_id = :id ORDER BY key"
    assert world.rows(tags, id=film) == [("keyword", "sisters", "provider"), ("keyword", "theatre", "provider")]
    assert world.credits(film) == [
        ("cast", "", "C. Actor", "Hanna"), ("cast", "", "D. Second", "Ola"), ("directing", "Director", "B. Director", ""),
        ("music", "Original Music Composer", "E. Composer", ""), ("other", "Visual Effects", "F. Wizard", ""),
        ("writing", "Screenplay", "B. Director", ""),
    ]  # fmt: skip
    assert world.rows("SELECT system, code FROM item_certifications WHERE item_id = :id", id=film) == [("mpaa", "PG")]
    dates = "SELECT country, type, date, note FROM release_dates WHERE item_id = :id ORDER BY date"
    assert [(a, b, str(c), d) for a, b, c, d in world.rows(dates, id=film)] == [
        ("US", "premiere", "2019-10-01", "Fest"), ("US", "theatrical", "2019-11-05", None),
    ]  # fmt: skip
    ids = "SELECT provider, namespace, external_id FROM external_ids WHERE entity_id = :id ORDER BY 1"
    assert world.rows(ids, id=film) == [
        ("imdb", "title", "tt9900101"), ("tmdb", "movie", "900101"), ("twitter", "", "lampiony"), ("wikidata", "", "Q900101"),
    ]  # fmt: skip
    assert world.rows("SELECT c.name, c.plot FROM collections c JOIN collection_members m ON m.collection_id = c.id") == [
        ("Lantern Collection", "All lanterns.")
    ]
    sources = world.rows("SELECT DISTINCT source FROM field_values WHERE entity_id = :id", id=film)
    assert sources == [("tmdb",)]
    told = [subject for type_, subject in world.events() if type_ == "item.changed"]
    assert told == [f"itm_{film}"]


@pytest.mark.both
def test_a_second_run_asks_nothing_and_writes_nothing(world: World) -> None:
    film = world.film()
    world.enrich(library=world.house.open_library)
    before, asked = everything(world), len(world.peer.asked)
    result = world.enrich(library=world.house.open_library)
    assert (result["asked"], result.get("changed", 0)) == (4, 0)
    after = everything(world)
    assert {name for name in TABLES if before[name] != after[name]} <= {"events"}
    assert [each for each in after["events"] if each not in before["events"] and "itm_" in str(each)] == []
    assert len(world.peer.asked) == asked
    world.changed("/movie/900101", overview="They fail.")
    world.enrich(film, renewed=True)
    assert world.item(film)["plot"] == "They fail."


def test_what_nfo_files_and_people_say_stands(world: World) -> None:
    film = world.film()
    with world.house.database.transaction() as uow:
        store_values(uow, NFO, {film: {"plot": "The file's.", "genres": ["Noir"]}})
    world.enrich(film)
    assert (world.item(film)["plot"], world.names("genres", "genre_id", film)) == ("The file's.", ["Noir"])
    with world.house.database.transaction() as uow:
        store_values(uow, NFO, {film: {"plot": None, "genres": None}})
    assert world.item(film)["plot"] == "Two sisters rebuild a theatre."
    assert world.names("genres", "genre_id", film) == ["Drama"]


def test_a_film_known_elsewhere_only_is_found_by_that_id(world: World) -> None:
    film = world.film()
    with world.house.database.transaction() as uow:
        uow.session.connection().exec_driver_sql(
            "UPDATE external_ids SET provider = 'imdb', namespace = 'title', external_id = 'tt9900101'"
        )
    world.enrich(film)
    assert world.item(film)["title"] == "Paper Lanterns"
    assert ("tmdb", "900101") in world.rows("SELECT provider, external_id FROM external_ids WHERE entity_id = :id", id=film)


def test_same_tmdb_id_in_two_libraries_makes_two_items(world: World) -> None:
    """Acceptance check 6, its half about metadata."""
    first = world.film(title="one")
    second = world.film(title="two", library=world.house.closed_library)
    for library in (world.house.open_library, world.house.closed_library):
        world.enrich(library=library)
    assert [world.item(key)["title"] for key in (first, second)] == ["Paper Lanterns"] * 2
    assert first != second
    assert world.credits(first) == world.credits(second)
    assert world.rows("SELECT count(*) FROM people WHERE name = 'C. Actor'") == [(1,)]
