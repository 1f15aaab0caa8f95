"""The order of providers: what a field's value is when several speak, and how people order them."""

from typing import Any

import pytest

from domain.catalog.enums import Fallback
from domain.catalog.provider_order import Orders, Place
from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO, USER
from domain.enrich.builtin import install_builtins
from domain.enrich.tables import ProviderPriority
from domain.kit.database import Database
from domain.providers.builtin import install_builtins as install_providers
from tests.api.conftest import Client
from tests.factories import catalog
from tests.factories.shelves import item
from tests.peers.web import Peer

SET = """mutation S($input: SetProviderPrioritiesInput!) { setProviderPriorities(input: $input) {
  priorities { field priority isEnabled fallback provider { name } mediaType { name } }
  errors { __typename ... on UserError { code path } } } }"""
LIST = "query L($field: String) { providerPriorities(field: $field) { nodes { priority provider { name } } } }"
Given = dict[tuple[int | None, str], list[Place]]
C, S, M = Fallback.CONTINUE, Fallback.STOP, Fallback.MERGE


@pytest.mark.parametrize(
    ("places", "said", "value"),
    [
        ([("a", C), ("b", C)], {"a": "A", "b": "B"}, "A"), ([("b", C), ("a", C)], {"a": "A", "b": "B"}, "B"),
        ([("a", C), ("b", C)], {"b": "B"}, "B"), ([("a", S), ("b", C)], {"b": "B"}, None),
        ([("a", S)], {"a": "A", "b": "B"}, "A"),
        ([("a", C), ("b", C)], {"a": [], "b": ["B"]}, ["B"]), ([("a", M), ("b", C)], {"a": "A", "b": "B"}, "A"),
        ([("a", M), ("b", C)], {"a": ["Drama", "War"], "b": ["war", "Noir"]}, ["Drama", "War", "Noir"]),
        ([("a", M), ("b", C), ("c", C)], {"a": ["1"], "b": ["2"], "c": ["3"]}, ["1", "2"]),
        ([("a", M), ("b", S), ("c", C)], {"a": ["1"], "c": ["3"]}, ["1"]), ([], {"b": "B", "a": "A"}, "A"),
    ],
)  # fmt: skip
def test_among_providers_the_order_decides(places: list[Any], said: dict[str, Any], value: Any) -> None:
    orders = Orders({(None, "*"): [Place(name, fallback) for name, fallback in places]})
    assert orders.combine(1, "genres", said) == value


def test_the_nearest_order_counts() -> None:
    given = {(None, "*"): [Place("a")], (7, "*"): [Place("b")], (None, "plot"): [Place("c")], (7, "plot"): [Place("d")]}
    orders = Orders(given, ["z", "a"])
    assert [[one.provider for one in orders.of(*key)] for key in ((1, "title"), (7, "title"), (1, "plot"), (7, "plot"))] == [
        ["a", "z"], ["b", "z", "a"], ["c", "z", "a"], ["d", "z", "a"],
    ]  # fmt: skip
    off = Orders({(None, "*"): [Place("a", is_heard=False), Place("b")]})
    assert off.combine(None, "title", {"a": "A", "b": "B"}) == "B"


def test_scores_of_several_providers_stand_side_by_side() -> None:
    said = {"a": [{"source": "tmdb", "value": "7", "votes": 1}], "b": [{"source": "tvdb", "value": "8", "votes": 2}]}
    every: Given = {(None, "*"): [Place("a"), Place("b")]}
    assert [one["source"] for one in Orders(every).combine(1, "ratings", said)] == ["tmdb", "tvdb"]
    own: Given = {(None, "ratings"): [Place("b"), Place("a")]}
    assert [one["source"] for one in Orders(own).combine(1, "ratings", said)] == ["tvdb"]


@pytest.mark.both
def test_people_and_nfo_files_stand_above_every_provider(database: Database) -> None:
    with database.transaction() as uow:
        types = catalog.types(uow)
        install_providers(uow)
        film = catalog.movie(uow, "paper.lanterns")
        tmdb, tvdb = 1, 2
        uow.session.add(ProviderPriority(media_type_id=types["movie"], provider_id=tvdb, field="plot", priority=1))
        uow.session.add(ProviderPriority(media_type_id=None, provider_id=tmdb, field="*", priority=1))
        uow.session.flush()
        steps = []
        for source, said in (
            ("tmdb", {"plot": "T", "title": "Paper Lanterns"}), ("tvdb", {"plot": "F", "title": "Other"}),
            (NFO, {"plot": "N"}), (USER, {"plot": "U"}), (USER, {"plot": None}), (NFO, {"plot": None}),
            ("tvdb", {"plot": None}),
        ):  # fmt: skip
            changed = store_values(uow, source, {film: said})
            row = item(uow.session, film)
            steps.append((row.plot, row.title, sorted(changed.get(film, ()))))
    assert steps == [
        ("T", "Paper Lanterns", ["plot", "title"]), ("F", "Paper Lanterns", ["plot"]), ("N", "Paper Lanterns", ["plot"]),
        ("U", "Paper Lanterns", ["plot"]), ("N", "Paper Lanterns", ["plot"]), ("F", "Paper Lanterns", ["plot"]),
        ("T", "Paper Lanterns", ["plot"]),
    ]  # fmt: skip


async def order(client: Client, **input: Any) -> Any:
    return (await client.data(SET, {"input": input}))["setProviderPriorities"]


@pytest.mark.both
async def test_an_order_is_set_shown_and_taken_back(client: Client, peer: Peer) -> None:
    async def shown(field: str) -> list[str]:
        nodes = (await client.data(LIST, {"field": field}))["providerPriorities"]["nodes"]
        return [each["provider"]["name"] for each in nodes]

    assert await shown("artwork.clearlogo") == ["local", "fanarttv", "tmdb", "tvdb"]
    places = [{"provider": "prv_1", "fallback": "MERGE"}, {"provider": "prv_2", "isEnabled": False}]
    answer = await order(client, mediaType="mty_1", field="originalTitle", order=places)
    assert answer == {
        "errors": [],
        "priorities": [
            {"field": "original_title", "priority": 1, "isEnabled": True, "fallback": "MERGE", "provider": {"name": "tmdb"},
             "mediaType": {"name": "movie"}},
            {"field": "original_title", "priority": 2, "isEnabled": False, "fallback": "CONTINUE",
             "provider": {"name": "tvdb"}, "mediaType": {"name": "movie"}},
        ],
    }  # fmt: skip
    assert await shown("original_title") == ["tmdb", "tvdb"]
    assert (await order(client, mediaType="mty_1", field="original_title", order=[]))["priorities"] == []
    await order(client, field="artwork.clearlogo", order=[{"provider": "prv_1"}])
    assert await shown("artwork.clearlogo") == ["tmdb"]
    await order(client, field="artwork.clearlogo", order=[])
    with client.house.database.transaction() as uow:
        install_builtins(uow)
    assert await shown("artwork.clearlogo") == ["local", "fanarttv", "tmdb", "tvdb"]
    await order(client, field="artwork.poster", order=[{"provider": "prv_1"}, {"provider": "prv_4", "fallback": "STOP"}])
    assert await shown("artwork.poster") == ["tmdb", "local"]


def test_what_lies_beside_the_media_comes_first_unless_an_order_says_otherwise() -> None:
    servers = ["tmdb", "tvdb"]
    given: Given = {(None, "artwork.banner"): [Place("tvdb")], (7, "artwork.banner"): [Place("tmdb", M), Place("local")]}
    orders = Orders(given, servers)
    assert orders.places(1, "artwork.poster") is None
    assert orders.places(1, "artwork.banner") == {"local": 0, "tvdb": 1, "tmdb": 2}
    assert orders.places(7, "artwork.banner") == {"tmdb": 0, "local": 0, "tvdb": 1}
    stopped: Given = {(None, "artwork.banner"): [Place("tmdb", S), Place("local")]}
    assert Orders(stopped, servers).places(1, "artwork.banner") == {"tmdb": 0}
    kept_out: Given = {(None, "artwork.banner"): [Place("local", is_heard=False)]}
    assert Orders(kept_out, servers).places(1, "artwork.banner") == {"tmdb": 0, "tvdb": 0}
    assert Orders(given, servers, is_local_on=False).places(1, "artwork.banner") == {"tvdb": 0, "tmdb": 1}


async def test_what_cannot_be_an_order_changes_nothing(client: Client, peer: Peer) -> None:
    before = client.house.rows(ProviderPriority)
    for input, code, path in (
        ({"field": "plot; DROP TABLE", "order": []}, "INVALID", "field"), ({"field": "tags", "order": []}, "INVALID", "field"),
        ({"order": [{"provider": "prv_1"}, {"provider": "prv_1"}]}, "INVALID", "order"),
        ({"order": [{"provider": "prv_9"}]}, "NOT_FOUND", "order"), ({"order": [{"provider": "itm_1"}]}, "INVALID", "order"),
        ({"mediaType": "mty_99", "order": []}, "NOT_FOUND", "mediaType"),
        ({"order": [{"provider": "prv_1"}] * 21}, "INVALID", "order"),
        ({"field": "plot", "order": [{"provider": "prv_4"}]}, "INVALID", "order"),
        ({"order": [{"provider": "prv_4"}]}, "INVALID", "order"),
    ):  # fmt: skip
        problems = (await order(client, **input))["errors"]
        assert [(each["code"], each["path"]) for each in problems] == [(code, [path])], input
    assert client.house.rows(ProviderPriority) == before
