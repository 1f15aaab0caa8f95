"""What enrichment offers to artwork, and what it leaves alone: acceptance check 7's half about pictures."""

import orjson
import pytest

from tests.enrich.conftest import World, make_series

OFFERS = "SELECT entity_id, asset_type, provider FROM image_candidates ORDER BY entity_id, asset_type, url"
FETCHES = "SELECT payload FROM jobs WHERE kind = 'artwork.fetch' ORDER BY id"


def payloads(world: World) -> list[dict[str, object]]:
    return [orjson.loads(one) if isinstance(one, str) else one for (one,) in world.rows(FETCHES)]


@pytest.mark.both
def test_acceptance_7_automation_leaves_the_pictures_of_unmonitored_films_and_a_person_has_them(world: World) -> None:
    film = world.film(is_monitored=False)
    world.enrich(film)
    assert [row for row in world.rows(OFFERS) if row[0] == film] == []
    assert world.item(film)["title"] == "Paper Lanterns"
    world.enrich(film, by="admin")
    mine = [(asset_type, provider) for entity, asset_type, provider in world.rows(OFFERS) if entity == film]
    assert mine == [("clearlogo", "tmdb"), ("fanart", "tmdb"), ("landscape", "tmdb"), ("poster", "tmdb")]
    assert film in payloads(world)[-1]["entities"]  # type: ignore[operator]
    document = world.changed("/movie/900101", tagline="Night comes.")
    document["images"]["posters"] = [{**document["images"]["posters"][0], "file_path": "/other.jpg", "vote_count": 900}]
    before, fetches = world.rows("SELECT * FROM image_candidates ORDER BY id"), len(payloads(world))
    world.enrich(film, renewed=True)
    assert world.item(film)["tagline"] == "Night comes."
    assert (world.rows("SELECT * FROM image_candidates ORDER BY id"), len(payloads(world))) == (before, fetches)
    assert world.rows("SELECT * FROM assets") == []


def test_people_have_the_pictures_of_their_credits(world: World) -> None:
    world.film()
    world.enrich(library=world.house.open_library)
    ((actor,),) = world.rows("SELECT id FROM people WHERE name = 'C. Actor'")
    found = world.rows("SELECT asset_type, url FROM image_candidates WHERE entity_id = :id", id=actor)
    assert found == [("actor_thumb", "https://image.tmdb.org/t/p/original/pr71.jpg")]
    assert payloads(world) == [{"entities": [], "library_id": world.house.open_library, "folder": None, "only_chosen": False}]
    world.enrich(library=world.house.open_library)
    assert len(payloads(world)) == 1


def test_episodes_have_the_stills_of_their_seasons_answer(world: World) -> None:
    made = make_series(world)
    world.enrich(made[0])
    offered = {(entity, asset_type) for entity, asset_type, _ in world.rows(OFFERS)}
    assert offered & {(key, name) for key in made for name in ("poster", "thumb")} == {(made[1], "poster"), (made[3], "thumb")}


@pytest.mark.both
def test_studios_have_the_logos_that_stand_in_answers_about_their_films(world: World) -> None:
    logos = "SELECT s.name, c.url FROM image_candidates c JOIN studios s ON s.id = c.entity_id WHERE c.asset_type = 'logo'"
    address = "https://image.tmdb.org/t/p/original/"
    film = world.film()
    world.enrich(film, by="admin")
    assert world.rows(logos) == [("Studio Lampa", f"{address}lo5.png")]
    namesake = {"id": 6, "name": "STUDIO LAMPA", "logo_path": "/other.png", "origin_country": "US"}
    world.changed("/movie/900101", production_companies=[namesake])
    world.enrich(film, by="admin", renewed=True)
    assert world.rows(logos) == [("Studio Lampa", f"{address}lo5.png")]
    world.changed("/movie/900101", production_companies=[{"id": 5, "name": "Studio Lampa", "logo_path": "/new5.png"}])
    world.enrich(film, by="admin", renewed=True)
    assert world.rows(logos) == [("Studio Lampa", f"{address}new5.png")]
