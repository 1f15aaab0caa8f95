"""What enriching would change and why not, and where values come from: asked through the API, written nowhere."""

import pytest

from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from tests.api.conftest import Client
from tests.enrich.conftest import World
from tests.enrich.test_acceptance import LOCK
from tests.enrich.test_enriching import everything
from tests.peers import web

PREVIEW = """query P($id: ID!) { enrichmentPreview(id: $id) {
  fields { field outcome now wouldBe offered provider heldBy } providers { provider outcome externalId code retryAt } } }"""
PROVENANCE = "query F($id: ID!) { fieldProvenance(id: $id) { field isLocked shownFrom words { source value } } }"
EDIT = 'mutation E($id: ID!) { updateMediaItem(input: {item: {id: $id}, title: "Mine", lock: false}) { errors { __typename } } }'


@pytest.mark.both
async def test_a_preview_tells_what_would_change_and_what_holds_the_rest(client: Client, world: World) -> None:
    film = world.film(tagline=None, year=2019)
    with world.house.database.transaction() as uow:
        store_values(uow, NFO, {film: {"plot": "The file's.", "genres": ["Noir"]}})
    await client.data(EDIT, {"id": f"itm_{film}"})
    await client.data(LOCK, {"id": f"itm_{film}", "fields": ["runtimeMs"]})
    before = everything(world)
    found = (await client.data(PREVIEW, {"id": f"itm_{film}"}, who="editor"))["enrichmentPreview"]
    assert found["providers"] == [
        {"provider": "tmdb", "outcome": "ANSWERED", "externalId": "900101", "code": None, "retryAt": None}
    ]
    diffs = {one.pop("field"): one for one in found["fields"]}
    outcomes = {name: one["outcome"] for name, one in diffs.items()}
    assert outcomes == {
        **dict.fromkeys(
            ("budget", "cast", "certifications", "collections", "countries", "crew", "directors", "homepage", "keywords",
             "originalLanguage", "originalTitle", "popularity", "productionStatus", "ratings", "releaseDate", "releaseDates",
             "studios", "writers", "externalIds", "recommendations"), "CHANGES",
        ),
        "year": "EQUAL", "title": "EDITED", "plot": "OUTRANKED", "genres": "OUTRANKED", "runtimeMs": "LOCKED",
    }  # fmt: skip
    assert diffs["originalTitle"] == {
        "outcome": "CHANGES", "now": None, "wouldBe": "Lampiony", "offered": "Lampiony", "provider": "tmdb", "heldBy": None,
    }  # fmt: skip
    assert diffs["plot"] == {
        "outcome": "OUTRANKED", "now": "The file's.", "wouldBe": "The file's.", "offered": "Two sisters rebuild a theatre.",
        "provider": "tmdb", "heldBy": "nfo",
    }  # fmt: skip
    after = everything(world)
    assert {name for name in after if after[name] != before[name]} <= {"events"}
    world.enrich(film, by="editor")
    again = (await client.data(PREVIEW, {"id": f"itm_{film}"}, who="editor"))["enrichmentPreview"]["fields"]
    assert {one["outcome"] for one in again} == {"EQUAL", "EDITED", "OUTRANKED", "LOCKED"}


async def test_a_preview_tells_how_a_provider_failed(client: Client, world: World) -> None:
    film = world.film()
    world.peer.faults = [web.enough("3600")]
    found = (await client.data(PREVIEW, {"id": f"itm_{film}"}))["enrichmentPreview"]
    assert found["fields"] == []
    assert [(one["outcome"], one["code"]) for one in found["providers"]] == [("FAILED", "RATE_LIMITED")]
    for id in ("itm_999", "lib_1", "nonsense"):
        answer = (await client.send(PREVIEW, {"id": id}, who="editor")).json()
        assert answer["data"] == {"enrichmentPreview": None}, id


async def test_provenance_names_every_source_and_the_one_that_is_shown(client: Client, world: World) -> None:
    film = world.film()
    world.enrich(film)
    with world.house.database.transaction() as uow:
        store_values(uow, NFO, {film: {"plot": "The file's."}})
    await client.data(LOCK, {"id": f"itm_{film}", "fields": ["plot", "outline"]})
    await client.data(EDIT, {"id": f"itm_{film}"})
    found = {one.pop("field"): one for one in (await client.data(PROVENANCE, {"id": f"itm_{film}"}))["fieldProvenance"]}
    assert found["plot"] == {
        "isLocked": True, "shownFrom": "nfo",
        "words": [{"source": "nfo", "value": "The file's."}, {"source": "tmdb", "value": "Two sisters rebuild a theatre."}],
    }  # fmt: skip
    assert found["title"]["shownFrom"] == "user"
    assert found["outline"] == {"isLocked": True, "shownFrom": None, "words": []}
    assert found["genres"] == {"isLocked": False, "shownFrom": "tmdb", "words": [{"source": "tmdb", "value": ["Drama"]}]}
    hidden = world.film(library=world.house.closed_library)
    answer = (await client.send(PROVENANCE, {"id": f"itm_{hidden}"}, who="limited")).json()
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN"]
