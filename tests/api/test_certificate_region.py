"""The household's country: its certificates decide first, and only an administrator's word changes ages."""

from typing import Any

import pytest

import workers.actors
from domain.catalog.certificates import Certificate
from domain.catalog.resolving import store_values
from domain.catalog.tables import MediaItem
from domain.catalog.told import CERTIFICATIONS, certifications
from tests.api.conftest import Client
from tests.factories import catalog
from workers.runner import Runner

assert workers.actors
SET = """mutation Set($country: String) {
  setCertificateRegion(input: { country: $country }) { country job { id } errors { __typename ... on UserError { path } } }
}"""


@pytest.mark.both
async def test_the_households_country_decides_first_and_ages_follow(client: Client) -> None:
    house = client.house

    def say(item: int, *codes: tuple[str, str]) -> None:
        with house.database.transaction() as uow:
            told = certifications(Certificate(code, country) for country, code in codes)
            store_values(uow, "tmdb", {item: {CERTIFICATIONS: told}})

    with house.database.transaction() as uow:
        keys = [catalog.movie(uow, f"film {number}", library_id=house.open_library) for number in range(4)]
        show, season, episode, _ = catalog.series(uow, library_id=house.open_library)
    film, lower, other, unrated = keys
    say(film, ("US", "R"), ("DE", "16"), ("GB", "15"))
    say(lower, ("US", "PG"), ("DE", "12"))
    say(other, ("GB", "15"), ("FR", "12"))
    say(show, ("US", "TV-PG"), ("DE", "12"))

    def ages() -> list[int | None]:
        with house.database.read() as session:
            return [found.min_age if (found := session.get(MediaItem, key)) else None for key in (*keys, show, season, episode)]

    async def choose(country: str | None) -> Any:
        done = (await client.data(SET, {"country": country}))["setCertificateRegion"]
        Runner(house.database, house.services.settings, queues=("default",), worker="w", random=lambda: 0.0).drain()
        return done

    async def result(done: Any) -> Any:
        asked = "query Job($id: ID!) { node(id: $id) { ... on Job { result } } }"
        return (await client.data(asked, {"id": done["job"]["id"]}))["node"]["result"]

    assert ages() == [17, 10, 15, None, 10, 10, 10]
    done = await choose("de")
    assert (done["country"], done["errors"], ages()) == ("DE", [], [16, 12, 15, None, 12, 12, 12])
    assert (await result(done)) == {"items": 4, "lowered": 1, "raised": 5}
    say(unrated, ("US", "G"), ("DE", "6"))  # what is told from now on goes by it, too
    assert ages()[3] == 6
    assert (await result(await choose("DE"))) == {"items": 5, "lowered": 0, "raised": 0}
    assert (await choose(None))["country"] is None
    assert ages() == [17, 10, 15, 0, 10, 10, 10]
    assert (await choose("XX"))["errors"] == [{"__typename": "InvalidError", "path": ["country"]}]
    refused = (await client.send(SET, {"country": "DE"}, who="editor")).json()
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
