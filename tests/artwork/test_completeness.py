"""Completeness: what an item lacks of what its kind should have, by weight; whoever says it."""

from typing import Any

import pytest

from domain.artwork.completeness import WEIGHTS, completeness, missing
from domain.catalog.enums import ItemKind
from domain.kit.ids import global_id
from tests.api.conftest import Client, House, client, empty_house, house, settings
from tests.factories import catalog

__all__ = ["client", "empty_house", "house", "settings"]

ASKED = "query A($id: ID!) { mediaItem(ref: {id: $id}) { completeness { fraction missing } } }"
COUNTS = """query C($library: ID!) {
  libraryCompleteness(library: $library) { kind itemCount completeCount fraction missing { fact itemCount } }
}"""
LIST = "{ movies(first: 10) { nodes { title completeness { fraction missing } } } }"


def run(house: House, *statements: str) -> None:
    def work(uow: Any) -> None:
        for statement in statements:
            uow.session.connection().exec_driver_sql(statement)

    house.database.perform(work)


@pytest.mark.both
async def test_what_is_missing_and_how_much_is_there(client: Client, house: House) -> None:
    film, now = house.child_film, "'2026-01-01T00:00:00.000000Z'"

    async def found(key: int = film) -> Any:
        return (await client.data(ASKED, {"id": global_id("media_items", key)}))["mediaItem"]["completeness"]

    assert await found() == {
        "fraction": 0.0,
        "missing": [
            "PLOT", "POSTER", "RELEASE_DATE", "RUNTIME", "GENRES", "RATING", "EXTERNAL_ID", "DIRECTOR", "CAST", "FANART",
            "CERTIFICATION", "CLEARLOGO",
        ],
    }  # fmt: skip
    run(house, f"UPDATE media_items SET plot = 'A bear.', release_date = '2014-11-28', runtime_ms = 5 WHERE id = {film}")
    run(
        house,
        f"INSERT INTO external_ids (entity_id, entity_kind, provider, namespace, external_id, is_primary, is_default, created_at,"
        f" updated_at) VALUES ({film}, 'movie', 'tmdb', 'movie', '1', true, true, {now}, {now})",
        f"INSERT INTO item_ratings (item_id, source, value, created_at, updated_at) VALUES ({film}, 'tmdb', 7, {now}, {now})",
    )
    # 8 + 6 + 4 + 4 + 4 of 54
    assert await found() == {
        "fraction": 0.481,
        "missing": ["POSTER", "GENRES", "DIRECTOR", "CAST", "FANART", "CERTIFICATION", "CLEARLOGO"],
    }
    with house.database.transaction() as uow:
        series, season, episode, _ = catalog.series(uow, library_id=house.open_library)
    assert await found(season) == {"fraction": 0.0, "missing": ["POSTER"]}
    assert (await found(episode))["missing"] == ["PLOT", "RELEASE_DATE", "RUNTIME", "THUMB"]
    assert "DIRECTOR" not in (await found(series))["missing"]
    kinds = (await client.data(COUNTS, {"library": global_id("libraries", house.open_library)}))["libraryCompleteness"]
    assert [(one["kind"], one["itemCount"], one["completeCount"], one["fraction"]) for one in kinds] == [
        ("MOVIE", 2, 0, 0.24), ("SERIES", 1, 0, 0.0), ("SEASON", 1, 0, 0.0), ("EPISODE", 2, 0, 0.0),
    ]  # fmt: skip
    assert {one["fact"]: one["itemCount"] for one in kinds[0]["missing"]}["PLOT"] == 1
    limited = await client.data(COUNTS, {"library": global_id("libraries", house.open_library)}, who="limited")
    assert [(one["kind"], one["itemCount"]) for one in limited["libraryCompleteness"]] == [("MOVIE", 1)]
    closed = await client.data(COUNTS, {"library": global_id("libraries", house.closed_library)}, who="limited")
    assert closed["libraryCompleteness"] is None
    nodes = (await client.data(LIST, who="member"))["movies"]["nodes"]
    assert {node["title"]: node["completeness"]["fraction"] for node in nodes}["Paddington"] == 0.481


def test_every_rule_counts_and_all_of_it_is_one() -> None:
    for kind, weights in WEIGHTS.items():
        assert (missing(kind, 0), completeness(kind, 0)) == ([], 1.0)
        assert (set(missing(kind, 2**13 - 1)), completeness(kind, 2**13 - 1)) == (set(weights), 0.0)
    assert (missing(ItemKind.CLIP, 1), completeness(ItemKind.CLIP, 1)) == ([], 1.0)
