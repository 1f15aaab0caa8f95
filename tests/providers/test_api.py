"""Providers through the API: settings, keys that never come out, tests, searches; the operations of docs/providers.md."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.catalog.enums import ItemKind
from domain.libraries.tables import LibraryPath
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk
from domain.providers.known import PROVIDERS
from domain.providers.tables import ProviderConfig
from tests.api.conftest import Client, House
from tests.factories import catalog
from tests.factories.accounts import KEY
from tests.peers import tmdb, tvdb, web
from tests.peers.web import Peer

PAGE = Path(__file__).parents[2] / "docs" / "providers.md"
PROBLEMS = "errors { __typename ... on UserError { code message path } }"
LATER = "errors { __typename ... on UserError { code message path } ... on UpstreamError { retryAt } }"
UPDATE = (
    f"mutation U($input: UpdateProviderInput!) {{ updateProvider(input: $input) {{ provider {{ hasKey version }} {PROBLEMS} }} }}"
)
TEST = f"mutation T($id: ID!) {{ testProvider(input: {{id: $id}}) {{ responseMs provider {{ lastTest }} {LATER} }} }}"
STATE = "{ providers { nodes { name rateLimit region lastTest lastTestError hasKey version state { breaker failureCount } } } }"
SEARCH = """query S($title: String, $year: Int, $provider: String, $kind: MediaItemKind = MOVIE) {
  searchProviders(kind: $kind, title: $title, year: $year, provider: $provider) {
    candidates { externalId title } failures { provider code message } } }"""


@pytest.fixture
def peer(house: House) -> Iterator[Peer]:
    """A loopback TMDB that the server's desk asks; nobody has given a key yet."""
    with house.database.transaction() as uow:
        install_builtins(uow)
    with tmdb.tmdb() as running:
        desk = Desk(house.database, running.egress(), key=KEY, pause=lambda _: None, addresses={"tmdb": f"{running.url}/3"})
        house.services.desk = desk
        yield running


def stored(house: House) -> Any:
    (row,) = [each for each in house.rows(ProviderConfig) if each.name == "tmdb"]
    return row


async def shown(client: Client) -> Any:
    (provider,) = [each for each in (await client.data(STATE))["providers"]["nodes"] if each["name"] == "tmdb"]
    return provider


async def update(client: Client, **input: Any) -> Any:
    return (await client.data(UPDATE, {"input": {"id": "prv_1", **input}}))["updateProvider"]


@pytest.mark.both
async def test_a_key_goes_in_and_never_comes_out(client: Client, peer: Peer) -> None:
    assert await update(client, key=tmdb.KEY) == {"provider": {"hasKey": True, "version": 2}, "errors": []}
    row = stored(client.house)
    assert row.key.startswith("v1:")
    everything = "{ providers { nodes { __typename id name hasKey lastTestError } } }"
    answer = (await client.send(everything, who="admin")).text
    assert '"hasKey":true' in answer
    assert tmdb.KEY not in answer + row.key
    assert "key" not in {name.lower() for name in re.findall(r"^  (\w+)", _type("Provider"), re.MULTILINE)}
    assert await update(client, key=None) == {"provider": {"hasKey": False, "version": 3}, "errors": []}


def _type(name: str) -> str:
    sdl = (PAGE.parents[1] / "api" / "schema.graphql").read_text(encoding="utf-8")
    match = re.search(rf"^type {name} [^{{]*\{{(.*?)^\}}", sdl, re.MULTILINE | re.DOTALL)
    assert match is not None
    return match[1]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"key": "short"}, ["key"]), ({"key": ""}, ["key"]), ({"key": "G" * 32}, ["key"]),
        ({"language": "zh-Hant"}, ["language"]),
        ({"region": "Poland"}, ["region"]), ({"priority": 0}, ["priority"]), ({"priority": 1001}, ["priority"]),
        ({"rateLimit": 0}, ["rateLimit"]), ({"rateLimit": 1e6}, ["rateLimit"]),
    ],
)  # fmt: skip
async def test_what_breaks_a_rule_changes_nothing(client: Client, peer: Peer, changes: Any, path: list[str]) -> None:
    answer = await update(client, isEnabled=False, **changes)
    assert [(each["code"], each["path"]) for each in answer["errors"]] == [("INVALID", path)]
    row = stored(client.house)
    assert (row.version, row.is_enabled) == (1, True)


async def test_settings_change_and_old_versions_do_not(client: Client, peer: Peer) -> None:
    changes = {"language": "pt-BR", "region": "BR", "priority": 5, "rateLimit": 2.5, "isEnabled": False}
    assert (await update(client, expectedVersion=1, **changes))["errors"] == []
    row = stored(client.house)
    assert (row.language, row.region, row.priority, row.rate_limit, row.is_enabled) == ("pt-BR", "BR", 5, 2.5, False)
    assert [each["code"] for each in (await update(client, expectedVersion=1, priority=6))["errors"]] == ["VERSION_CONFLICT"]
    assert (await update(client, rateLimit=None, region=None))["errors"] == []
    provider = await shown(client)
    assert (provider["rateLimit"], provider["region"]) == (20.0, None)


async def test_a_test_tells_what_is_wrong(client: Client, peer: Peer) -> None:
    async def tested() -> Any:
        return (await client.data(TEST, {"id": "prv_1"}))["testProvider"]

    assert [each["code"] for each in (await tested())["errors"]] == ["CONFLICT"]
    await update(client, key="f" * 32)
    assert [(each["__typename"], each["code"]) for each in (await tested())["errors"]] == [("UpstreamError", "KEY_REFUSED")]
    await update(client, key=tmdb.KEY)
    for fault, code in (
        (web.HTML, "UNEXPECTED_ANSWER"), (web.broken(), "UNREACHABLE"), (web.elsewhere("http://10.0.0.1/"), "REFUSED_BY_POLICY"),
    ):  # fmt: skip
        peer.faults = [fault]
        assert [each["code"] for each in (await tested())["errors"]] == [code]
    provider = await shown(client)
    assert (provider["lastTest"], provider["state"]) == ("FAILED", {"breaker": "CLOSED", "failureCount": 3})
    answer = await tested()
    assert (answer["errors"], answer["provider"]) == ([], {"lastTest": "PASSED"})
    assert answer["responseMs"] >= 0
    provider = await shown(client)
    assert (provider["lastTest"], provider["lastTestError"], provider["state"]["failureCount"]) == ("PASSED", None, 0)
    peer.faults = [web.enough("77")]
    (problem,) = (await tested())["errors"]
    assert problem["code"] == "RATE_LIMITED"
    assert problem["retryAt"] is not None


async def test_a_key_can_be_tried_before_it_is_given(client: Client, peer: Peer) -> None:
    async def tried(key: str, provider: str = "prv_1") -> Any:
        text = TEST.replace("$id: ID!", "$id: ID!, $key: String").replace("{id: $id}", "{id: $id, key: $key}")
        answer = (await client.data(text, {"id": provider, "key": key}))["testProvider"]
        return [each["code"] for each in answer["errors"]], answer["provider"]

    assert await tried("short") == (["INVALID"], None)
    assert await tried("f" * 32) == (["KEY_REFUSED"], None)
    assert await tried(tmdb.KEY) == ([], {"lastTest": None})
    row = stored(client.house)
    assert (row.key, row.last_test, row.version) == (None, None, 1)
    with tvdb.tvdb() as other:
        database = client.house.database
        client.house.services.desk = Desk(database, other.egress(), key=KEY, addresses={"tvdb": f"{other.url}/v4"})
        wrong = tvdb.KEY.replace("0", "9")
        assert await tried(wrong, "prv_2") == (["KEY_REFUSED"], None)
        assert await tried(tvdb.KEY, "prv_2") == ([], {"lastTest": None})
        (row,) = [each for each in client.house.rows(ProviderConfig) if each.name == "tvdb"]
        assert (row.key, row.token) == (None, None)


async def test_an_open_breaker_shows_and_a_new_key_closes_it(client: Client, peer: Peer) -> None:
    await update(client, key=tmdb.KEY)
    peer.faults = [web.broken()] * 5
    for _ in range(5):
        await client.data(TEST, {"id": "prv_1"})
    (problem,) = (await client.data(TEST, {"id": "prv_1"}))["testProvider"]["errors"]
    assert problem["code"] == "PAUSED"
    provider = await shown(client)
    assert provider["state"] == {"breaker": "OPEN", "failureCount": 5}
    await update(client, key=tmdb.TOKEN)
    assert (await client.data(TEST, {"id": "prv_1"}))["testProvider"]["errors"] == []


@pytest.mark.both
async def test_films_and_series_are_found(client: Client, peer: Peer) -> None:
    await update(client, key=tmdb.KEY)
    found = (await client.data(SEARCH, {"title": "Paper Lanterns", "year": 2019}, who="editor"))["searchProviders"]
    assert found == {"candidates": [{"externalId": "900101", "title": "Paper Lanterns"}], "failures": []}
    found = (await client.data(SEARCH, {"title": "Lamplighters", "kind": "SERIES"}, who="editor"))["searchProviders"]
    assert [each["externalId"] for each in found["candidates"]] == ["880001"]


async def test_what_cannot_be_asked_is_told_beside_the_answers(client: Client, peer: Peer) -> None:
    async def failures(**variables: Any) -> list[Any]:
        found = (await client.data(SEARCH, variables, who="editor"))["searchProviders"]
        assert found["candidates"] == []
        return [(each["provider"], each["code"]) for each in found["failures"]]

    assert await failures(title="Lampiony") == [(None, "CONFLICT")]  # no key
    await update(client, key=tmdb.KEY, isEnabled=False)
    assert await failures(title="Lampiony") == [(None, "CONFLICT")]
    await update(client, isEnabled=True)
    assert await failures(title=" ") == [(None, "INVALID")]
    assert await failures(title="x" * 201) == [(None, "INVALID")]
    assert await failures(title="x", year=3000) == [(None, "INVALID")]
    assert await failures(title="x", provider="imdb") == [(None, "NOT_FOUND")]
    for kind in (ItemKind.EPISODE, ItemKind.CUSTOM):
        assert await failures(title="x", kind=kind.name) == [(None, "INVALID")]
    peer.faults = [web.HTML]
    assert await failures(title="Lampiony") == [("tmdb", "UNEXPECTED_ANSWER")]


async def test_a_search_is_for_editors_and_settings_for_admins(client: Client, peer: Peer) -> None:
    for query, who in ((SEARCH, "member"), (STATE, "editor"), (TEST, "editor")):
        answer = (await client.send(query, {"id": "prv_1"}, who=who)).json()
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN"]
    node = 'query N { node(id: "prv_1") { __typename } }'
    assert (await client.data(node, who="editor"))["node"] is None
    assert (await client.data(node))["node"] == {"__typename": "Provider"}


@pytest.mark.both
async def test_what_lies_beside_the_media_is_a_provider_without_a_key(client: Client, peer: Peer, tmp_path: Path) -> None:
    async def local(**input: Any) -> Any:
        return (await client.data(UPDATE, {"input": {"id": "prv_4", **input}}))["updateProvider"]

    names = [each["name"] for each in (await client.data(STATE))["providers"]["nodes"]]
    assert names == ["fanarttv", "local", "tmdb", "tvdb"]
    for changes in ({"key": "x" * 32}, {"language": "pl"}, {"region": "PL"}, {"priority": 1}, {"rateLimit": 1.0}):
        problems = (await local(isEnabled=False, **changes))["errors"]
        assert [(each["code"], each["path"]) for each in problems] == [("INVALID", list(changes))]
    assert await local(isEnabled=False) == {"provider": {"hasKey": False, "version": 2}, "errors": []}
    folder = tmp_path / "films"
    with client.house.database.transaction() as uow:
        library = catalog.library(uow)
        uow.session.add(LibraryPath(library_id=library, path=str(folder)))
    (problem,) = (await client.data(TEST, {"id": "prv_4"}))["testProvider"]["errors"]
    assert (problem["code"], str(folder) in problem["message"]) == ("UNREACHABLE", True)
    folder.mkdir()
    tested = (await client.data(TEST, {"id": "prv_4"}))["testProvider"]
    assert (tested["errors"], tested["provider"]) == ([], {"lastTest": "PASSED"})


async def test_the_operations_of_the_page(client: Client, peer: Peer) -> None:
    ran = []
    variables = {"provider": "prv_1", "key": tmdb.KEY, "kind": "MOVIE", "title": "Lampiony", "year": 2019}
    for document in re.findall(r"```graphql\n((?!subscription).*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        declared = {name: variables[name] for name in re.findall(r"\$(\w+):", document)}
        data = await client.data(document, declared)
        (answer,) = data.values()
        assert answer.get("errors", []) == answer.get("failures", []) == [], json.dumps(answer)
        ran.append(document.split()[1].partition("(")[0])
    assert ran == ["Providers", "GiveKey", "Test", "Look", "ById"]


def test_every_provider_keeps_its_word() -> None:
    """Its address is one of its hosts, over HTTPS; its name fits everywhere."""
    for name, provider in PROVIDERS.items():
        assert (provider.name, bool(re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name))) == (name, True)
        scheme, _, rest = provider.base_url.partition("://")
        assert (scheme, rest.partition("/")[0] in provider.hosts, provider.base_url[-1] != "/") == ("https", True, True)


@pytest.mark.both
def test_what_is_built_in_is_added_once_and_left_alone(house: House) -> None:
    for _ in range(2):
        with house.database.transaction() as uow:
            install_builtins(uow)
    found = {row.id: (row.name, row.key, row.is_enabled) for row in house.rows(ProviderConfig)}
    assert found == {1: ("tmdb", None, True), 2: ("tvdb", None, True), 3: ("fanarttv", None, True), 4: ("local", None, True)}
