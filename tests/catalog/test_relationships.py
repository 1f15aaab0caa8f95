"""How items stand to each other: shown from either end, added and taken away by people, never told of what is hidden."""

from typing import Any

import pytest
import sqlalchemy as sa

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.recommending import set_recommendations
from domain.kit.database.reader import SqliteReader
from domain.system.tables import Event
from tests.api.conftest import Client, House, client, empty_house, house, settings
from tests.factories import catalog

__all__ = ["client", "empty_house", "house", "settings"]

ADD = """mutation ($item: ID!, $relation: Relation!, $other: ID!) {
  addRelationship(input: {item: {id: $item}, relation: $relation, relatedItem: {id: $other}}) {
    mediaItem { version relationships { relation origin item { title } } }
    errors { __typename ... on UserError { message path } }
  }
}"""
REMOVE = ADD.replace("addRelationship", "removeRelationship")
SHOW = """query ($id: ID!, $only: Relation) {
  node(id: $id) { ... on MediaItem { relationships(relation: $only) { relation item { title } } } }
}"""


async def put(client: Client, document: str, item: int, relation: str, other: int, who: str = "editor") -> Any:
    variables = {"item": f"itm_{item}", "relation": relation, "other": f"itm_{other}"}
    return next(iter((await client.data(document, variables, who=who)).values()))


async def shown(client: Client, item: int, *, who: str = "editor", only: str | None = None) -> list[tuple[str, str]]:
    found = (await client.data(SHOW, {"id": f"itm_{item}", "only": only}, who=who))["node"]["relationships"]
    return [(each["relation"], each["item"]["title"]) for each in found]


@pytest.mark.both
async def test_a_relationship_is_read_from_either_end(client: Client, house: House) -> None:
    child, adult, closed = house.child_film, house.adult_film, house.closed_film
    answer = await put(client, ADD, child, "SEQUEL", adult)
    assert answer["errors"] == []
    assert answer["mediaItem"]["relationships"] == [{"relation": "SEQUEL", "origin": "USER", "item": {"title": "Alien"}}]
    assert await shown(client, adult) == [("PREQUEL", "Paddington")]
    for relation, inverse in (("SPUN_OFF_FROM", "SPIN_OFF"), ("REMAKE", "REMAKE_OF"), ("ADAPTED_FROM", "ADAPTATION"),
                              ("SHARED_UNIVERSE", "SHARED_UNIVERSE")):  # fmt: skip
        assert (await put(client, ADD, closed, relation, child))["errors"] == []
        assert (inverse, "Brazil") in await shown(client, child)
        assert await shown(client, closed, only=relation) == [(relation, "Paddington")]
    assert (await put(client, ADD, adult, "PREQUEL", child))["mediaItem"]["version"] == answer["mediaItem"]["version"]
    assert len(await shown(client, child)) == 5
    events = [event.changed_fields for event in house.rows(Event) if event.type == "item.changed"]
    assert events == [["relationships"]] * 10


async def test_what_is_hidden_is_neither_shown_nor_related(client: Client, house: House) -> None:
    await put(client, ADD, house.child_film, "SEQUEL", house.adult_film)
    await put(client, ADD, house.child_film, "REMAKE", house.closed_film)
    with house.database.transaction() as uow:
        uow.session.connection().execute(sa.text("UPDATE users SET can_edit = true WHERE username = 'limited'"))
    assert await shown(client, house.child_film, who="limited") == []
    refused = await put(client, ADD, house.child_film, "SPIN_OFF", house.closed_film, who="limited")
    unknown = await put(client, ADD, house.child_film, "SPIN_OFF", 9999, who="limited")
    assert refused == unknown
    assert [(each["__typename"], each["path"]) for each in refused["errors"]] == [("NotFoundError", ["relatedItem"])]
    gone = await put(client, REMOVE, house.child_film, "REMAKE", house.closed_film, who="limited")
    assert [each["__typename"] for each in gone["errors"]] == ["NotFoundError"]
    assert len(await shown(client, house.child_film)) == 2


async def test_what_cannot_be(client: Client, house: House) -> None:
    child, adult = house.child_film, house.adult_film
    await put(client, ADD, child, "SEQUEL", adult)
    for document, item, relation, other, error in (
        (ADD, child, "SEQUEL", child, ("InvalidError", ["relatedItem"])),
        (ADD, child, "PREQUEL", adult, ("ConflictError", ["relation"])),
        (REMOVE, child, "REMAKE", adult, ("NotFoundError", ["relation"])),
        (REMOVE, child, "PREQUEL", adult, ("NotFoundError", ["relation"])),
    ):
        (found,) = (await put(client, document, item, relation, other))["errors"]
        assert (found["__typename"], found["path"]) == error
    assert (await put(client, REMOVE, adult, "PREQUEL", child))["mediaItem"]["relationships"] == []
    (again,) = (await put(client, REMOVE, adult, "PREQUEL", child))["errors"]
    assert again["__typename"] == "NotFoundError"
    assert (await put(client, ADD, adult, "SEQUEL", child))["errors"] == []
    assert await shown(client, child) == [("PREQUEL", "Alien")]
    assert (await put(client, REMOVE, child, "PREQUEL", adult, who="editor"))["errors"] == []
    assert (await put(client, ADD, child, "SEQUEL", adult))["errors"] == []
    assert await shown(client, child) == [("SEQUEL", "Alien")]


@pytest.fixture
def recommended(house: House) -> House:
    """Paddington's are Brazil (by two ids), Alien, and one that nobody has."""
    ids = {house.adult_film: "348", house.closed_film: "68"}
    with house.database.transaction() as uow:
        known = {
            key: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", number), CatalogueId("tvdb", "movie", number)])
            for key, number in ids.items()
        }
        add_external_ids(uow, known)
        told = [("tmdb", "68"), ("tmdb", "1"), ("tmdb", "348"), ("tvdb", "68")]
        set_recommendations(uow, {house.child_film: [{"provider": p, "namespace": "movie", "id": key} for p, key in told]})
    return house


@pytest.mark.both
async def test_recommendations_are_what_the_viewer_has(client: Client, recommended: House) -> None:
    house, query = recommended, "query ($id: ID!) { node(id: $id) { ... on MediaItem { recommendations { title } } } }"

    async def titles(who: str) -> list[str]:
        found = (await client.data(query, {"id": f"itm_{house.child_film}"}, who=who))["node"]["recommendations"]
        return [each["title"] for each in found]

    assert await titles("editor") == ["Brazil", "Alien"]
    assert await titles("limited") == []
    with house.database.transaction() as uow:
        later = catalog.movie(uow, "Later", library_id=house.open_library, min_age=0)
        add_external_ids(uow, {later: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", "1")])})
    assert await titles("limited") == ["Later"]
    assert await titles("editor") == ["Brazil", "Later", "Alien"]


async def test_lists_cost_the_same_however_many(client: Client, recommended: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = recommended
    query = "{ movies(first: 50) { nodes { relationships { relation item { title } } recommendations { title } } } }"
    seen: list[str] = []
    own = SqliteReader._own_connection

    def traced(reader: SqliteReader) -> Any:
        connection = own(reader)
        connection.set_trace_callback(seen.append)
        return connection

    monkeypatch.setattr(SqliteReader, "_own_connection", traced)

    async def cost() -> int:
        before = house.database.reader.statements
        await client.data(query)
        return house.database.reader.statements - before

    first = await cost()
    with house.database.transaction() as uow:
        films = [catalog.movie(uow, f"film {number}", library_id=house.open_library) for number in range(30)]
        uow.session.connection().execute(
            sa.text(
                "INSERT INTO media_relationships (created_at, updated_at, from_item_id, to_item_id, type, origin, is_removed)"
                " SELECT created_at, updated_at, id, id + 1, 'sequel', 'provider', false FROM media_items"
                " WHERE id >= :first AND id < :last"
            ),
            {"first": films[0], "last": films[-1]},
        )
    assert await cost() == first <= 3
    if house.database.engine.dialect.name != "sqlite":
        return
    plans = []
    with house.database.read() as session:
        for statement in (each for each in seen if "media_relationships" in each or "recommendations" in each):
            plans += [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert plans
    print([e for e in seen if "media_relationships" in e][-1])
    tables = ("media_relationships", "recommendations", "external_ids")
    assert [line for line in plans if line.startswith("SCAN") and any(name in line for name in tables)] == []
