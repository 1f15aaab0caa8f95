"""The acceptance checks of enrichment by their number in section 13.6 of Metarr's behaviour."""

import json
from typing import Any, Final

import pytest

from domain.catalog.enums import EntityKind
from domain.catalog.fields import FIELDS, FieldForm
from domain.catalog.resolving import SHOWN, store_values
from domain.catalog.sources import NAME
from tests.api.conftest import Client
from tests.enrich.conftest import World, make_series
from tests.peers import web

LOCK = """mutation L($id: ID!, $fields: [String!]!) { lockFields(input: {item: {id: $id}, fields: $fields}) {
  errors { __typename ... on UserError { code path } } } }"""
UNLOCK = LOCK.replace("lockFields", "unlockFields")
ENRICH = """mutation E($items: [ID!]!) { enrichItems(input: {what: {items: $items}}) {
  job { id } errors { ... on UserError { code path } } } }"""
LOCKABLE: Final = sorted(
    name for name, form in FIELDS[EntityKind.MOVIE].items() if form not in (FieldForm.ARTWORK, FieldForm.TRAILER)
)
BEFORE: Final[dict[str, Any]] = {
    "title": "Ours", "original_title": "Unser", "tagline": "Old.", "plot": "Ours.", "year": 1990, "release_date": "1990-01-02",
    "runtime_ms": 60_000, "genres": ["War"], "studios": ["Ours"], "countries": ["DE"], "tags": ["seen"],
    "certifications": [{"code": "R", "country": "US"}], "collections": [{"name": "Ours", "overview": None, "tmdb_id": None}],
    **{field: [{"name": "Z. Own", "ids": [], "department": department, "job": "", "role": ""}]
       for field, department in (("cast", "cast"), ("directors", "directing"), ("writers", "writing"), ("crew", "editing"))},
}  # fmt: skip
"""What the name of the file says, so to speak: every provider's word would be shown in its place."""


def shown(world: World, film: int, field: str) -> Any:
    """All that the catalog shows of a field."""
    if field in world.item(film):
        return str(world.item(film)[field])
    departments = {"cast": ("cast",), "cast_order": ("cast",), "directors": ("directing",), "writers": ("writing",)}
    others = ("production", "music", "camera", "editing", "art", "sound", "other")
    if field in (*departments, "crew"):
        return [one for one in world.credits(film) if one[0] in departments.get(field, others)]
    tables = {name: f"item_{name}" for name in ("genres", "studios", "countries", "certifications")}
    table = {**tables, "tags": "tags", "collections": "collection_members"}[field]
    return sorted(world.rows(f"SELECT * FROM {table} WHERE item_id = :id", id=film))


@pytest.mark.parametrize("field", LOCKABLE)
async def test_acceptance_1_a_locked_field_is_unchanged_after_enrichment(client: Client, world: World, field: str) -> None:
    film = world.film()
    with world.house.database.transaction() as uow:
        store_values(uow, NAME, {film: BEFORE})
    before = {name: shown(world, film, name) for name in LOCKABLE}
    document = world.changed("/movie/900101", tagline="Night comes.")
    document["credits"]["crew"].append({"id": 79, "name": "Y. Cutter", "job": "Editor", "department": "Editing"})
    answer = await client.data(LOCK, {"id": f"itm_{film}", "fields": [field]})
    assert answer["lockFields"]["errors"] == []
    world.enrich(film, by="admin")
    after = {name: shown(world, film, name) for name in LOCKABLE}
    assert after[field] == before[field]
    told = {name for name in BEFORE if name in SHOWN} - {"tags"}  # no provider sets people's tags
    locked = {"cast", "cast_order"} if field == "cast_order" else {field}
    assert {name for name in told if after[name] == before[name]} == told & locked


async def test_acceptance_1_a_lock_above_keeps_what_is_below(client: Client, world: World) -> None:
    series = make_series(world)
    answer = await client.data(LOCK, {"id": f"itm_{series[0]}", "fields": ["plot"]})
    assert answer["lockFields"]["errors"] == []
    world.enrich(series[0], by="admin")
    assert [world.item(key)["plot"] for key in series] == [None] * 4
    assert world.item(series[3])["title"] == "The Second Lamp"


async def test_acceptance_7_a_persons_enrichment_of_an_unmonitored_film_works_as_automations_does(
    client: Client, world: World
) -> None:
    """Its half about metadata: both update it."""
    for who in (None, "admin"):
        film = world.film(is_monitored=False)
        world.enrich(film, by=who)
        assert world.item(film)["title"] == "Paper Lanterns"


@pytest.mark.both
def test_acceptance_15_a_rate_limit_in_bulk_stops_the_run_and_resumes_at_the_named_moment(
    world: World, manual_clock: Any
) -> None:
    films = [world.film(title=f"film {number}") for number in range(3)]
    world.peer.faults = [web.enough("3600")]
    status, error = world.enrich(library=world.house.open_library)
    assert status == "pending"
    assert error in ("127.0.0.1 has had enough requests for now.", "tmdb has been asked as often as it allows for now.")
    assert {world.item(key)["enrichment"] for key in films} == {"never"}
    ((job_id, run_at),) = world.rows("SELECT id, run_at FROM jobs")
    assert str(run_at)[:19].replace("T", " ") == "2026-01-15 13:00:00"
    manual_clock.advance(3_601)
    result = world.work(job_id)
    assert result["providers"] == {"tmdb": {"answered": 4, "not_there": 0, "failed": 0}}
    assert {world.item(key)["title"] for key in films} == {"Paper Lanterns"}


@pytest.mark.both
def test_acceptance_15_for_a_person_the_answer_is_partial_and_tells_how_each_provider_did(world: World) -> None:
    film = world.film()
    world.peer.faults = [web.enough("3600")]
    result = world.enrich(film, by="admin")
    assert result["providers"] == {"tmdb": {"answered": 0, "not_there": 0, "failed": 1}}
    assert [(each["id"], each["provider"], each["code"]) for each in result["failures"]] == [
        (f"itm_{film}", "tmdb", "RATE_LIMITED")
    ]
    assert world.item(film)["enrichment"] == "failed"
    assert world.rows("SELECT provider, outcome, code FROM enrichment_results") == [("tmdb", "failed", "RATE_LIMITED")]


@pytest.mark.parametrize("field", ["plot; DROP TABLE media_items", "plot' --", "budget", "nonsense", "artwork.", "Title"])
async def test_acceptance_16_an_unknown_field_name_is_a_typed_error_and_no_sql(client: Client, world: World, field: str) -> None:
    film = world.film()
    for text in (LOCK, UNLOCK):
        (answer,) = (await client.data(text, {"id": f"itm_{film}", "fields": [field]})).values()
        assert [(each["code"], each["path"]) for each in answer["errors"]] == [("INVALID", ["fields"])], json.dumps(answer)
    assert world.rows("SELECT count(*) FROM field_locks") == [(0,)]


async def test_enriching_is_asked_for_by_mutation(client: Client, world: World) -> None:
    film = world.film()
    answer = (await client.data(ENRICH, {"items": [f"itm_{film}"]}, who="editor"))["enrichItems"]
    assert answer["errors"] == []
    assert world.work(int(answer["job"]["id"].removeprefix("job_")))["changed"] == 1
    assert world.item(film)["title"] == "Paper Lanterns"
    for items, code in (([], "INVALID"), (["itm_999"], "NOT_FOUND"), (["lib_1"], "INVALID"), (["itm_1"] * 101, "INVALID")):
        (problem,) = (await client.data(ENRICH, {"items": items}, who="editor"))["enrichItems"]["errors"]
        assert (problem["code"], problem["path"]) == (code, ["items"])
    refused = (await client.send(ENRICH, {"items": [f"itm_{film}"]}, who="member")).json()
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["FORBIDDEN"]
