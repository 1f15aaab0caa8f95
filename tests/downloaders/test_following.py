"""One subscription from the webhook to the player: a chain of jobs, named by any of its jobs or by the webhook."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import Session

import workers.actors
from domain.jobs import declaring
from domain.libraries import mappings
from domain.libraries.enums import SourceKind
from domain.libraries.mappings import NewRule
from domain.libraries.tables import LibraryPath
from tests.api.conftest import House, Live
from tests.api.sockets import signed_in, subscribed
from tests.downloaders.chain_world import WHOLE
from tests.downloaders.conftest import Hook, add
from workers.runner import Runner

assert workers.actors
FIXTURES = Path(__file__).parent / "fixtures"
CHAIN = """subscription Chain($chain: ID!, $after: String, $kinds: [String!]) {
  jobProgressed(chain: $chain, after: $after, kinds: $kinds) {
    __typename
    ... on Subscribed { cursor }
    ... on Resync { reason }
    ... on JobProgressed { cursor type subject node { id kind status chain } }
  }
}"""
WEBHOOKS = """subscription {
  inboundEventReceived(types: ["download"]) {
    __typename ... on Subscribed { cursor } ... on InboundEventReceived { type node { id status chain } }
  }
}"""


@pytest.fixture
def hook(house: House, tmp_path: Path) -> Hook:
    """A Sonarr whose series lie in a library."""
    hook = add(house, SourceKind.SONARR)
    root = tmp_path / "tv"
    place = root / "The Ferry Detectives" / "Season 01"
    place.mkdir(parents=True)
    for number in (1, 2):
        (place / f"The.Ferry.Detectives.S01E0{number}.mkv").write_bytes(b"x" * number)
    with house.database.transaction() as uow:
        session: Session = uow.session
        session.add(LibraryPath(library_id=house.open_library, path=str(root)))
        mappings.put_of_source(uow, source_id=hook.source, rules=[NewRule("/srv/tv", str(root))])
    return hook


async def post(live: Live, hook: Hook, **changes: Any) -> Any:
    body = {**json.loads((FIXTURES / "sonarr-4.0-download.json").read_text()), **changes}
    async with httpx.AsyncClient() as http:
        answer = await http.post(live.url + hook.path, json=body, headers={"x-api-key": hook.token})
    assert answer.status_code == 202
    return answer.json()


async def work(live: Live, *queues: str) -> None:
    house = live.house
    given = {"queues": queues or declaring.queues(), "worker": "w"}
    await asyncio.to_thread(Runner(house.database, house.services.settings, **given).drain)


async def steps(socket: Any, id_: str) -> list[Any]:
    """Everything until the stream is complete."""
    found = []
    while (message := await socket.receive())["type"] == "next":
        assert message["id"] == id_
        assert "errors" not in message["payload"], message
        found.append(message["payload"]["data"]["jobProgressed"])
    assert message == {"id": id_, "type": "complete"}
    return found


def settle(house: House) -> None:
    """The moment for which a series waits has come."""
    with house.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE jobs SET run_at = created_at WHERE kind = 'libraries.scan'")


@pytest.mark.both
@pytest.mark.parametrize("name", ["id", "job"])
async def test_a_chain_is_followed_from_its_webhook_to_the_players(live: Live, hook: Hook, name: str) -> None:
    kept = await post(live, hook)
    async with signed_in(live, "admin") as socket:
        id_, _ = await subscribed(socket, CHAIN, {"chain": kept[name]})
        first = (await socket.following(id_))["jobProgressed"]
        assert (first["type"], first["node"]) == (
            "present", {"id": "job_1", "kind": WHOLE[0], "status": "PENDING", "chain": "job_1"},
        )  # fmt: skip
        await work(live, "default")
        await asyncio.to_thread(settle, live.house)
        await work(live)
        told = await steps(socket, id_)
    last = {each["node"]["kind"]: each["node"]["status"] for each in told}
    assert last == dict.fromkeys(WHOLE, "COMPLETED")
    assert [each["subject"] for each in told if each["type"] == "job.completed"] == ["job_1", "job_2", "job_3", "job_4"]
    async with signed_in(live, "admin") as socket:  # who comes afterwards sees how it stands, and no more
        id_, _ = await subscribed(socket, CHAIN, {"chain": "job_3", "kinds": ["publish.publish"]})
        (only,) = await steps(socket, id_)
        assert (only["type"], only["node"]["kind"], only["node"]["status"]) == ("present", "publish.publish", "COMPLETED")


async def test_whoever_follows_a_webhook_that_joins_a_chain_goes_on_with_that(live: Live, hook: Hook) -> None:
    await post(live, hook)
    await work(live, "default")
    second = await post(live, hook, downloadId="second")
    async with signed_in(live, "admin") as socket:
        id_, _ = await subscribed(socket, CHAIN, {"chain": second["id"]})
        assert (await socket.following(id_))["jobProgressed"]["subject"] == second["job"]
        await work(live, "default")
        await asyncio.to_thread(settle, live.house)
        await work(live)
        told = await steps(socket, id_)
    assert {each["node"]["kind"]: each["node"]["status"] for each in told} == dict.fromkeys(WHOLE, "COMPLETED")
    assert {each["node"]["chain"] for each in told if each["type"] == "job.completed"} == {"job_1"}


async def test_a_stream_of_one_kind_ends_with_the_whole_chain(live: Live, hook: Hook) -> None:
    kept = await post(live, hook)
    await work(live, "default")
    async with signed_in(live, "admin") as socket:
        id_, _ = await subscribed(socket, CHAIN, {"chain": kept["id"], "kinds": ["libraries.scan"]})
        await asyncio.to_thread(settle, live.house)
        await work(live)
        told = await steps(socket, id_)
    assert {each["node"]["kind"] for each in told} == {"libraries.scan"}
    assert told[-1]["type"] == "job.completed"


async def test_a_chain_that_is_not_there_is_refused(live: Live, hook: Hook) -> None:
    await post(live, hook)
    for who, chain in (
        ("admin", "job_99"),
        ("admin", "inb_99"),
        ("admin", "itm_1"),
        ("admin", "x"),
        ("member", "inb_1"),
        ("member", "job_1"),
    ):
        async with signed_in(live, who) as socket:
            await socket.subscribe(CHAIN, {"chain": chain})
            message = await socket.receive()
            code = (
                message["payload"][0]["extensions"]["code"]
                if message["type"] == "error"
                else (message["payload"]["errors"][0]["extensions"]["code"])
            )
            assert code == "NOT_FOUND"


async def test_webhooks_of_one_downloader_are_told_alone(live: Live, hook: Hook) -> None:
    other = add(live.house, SourceKind.SONARR, "Sonarr for children")
    of = """subscription Of($source: ID) {
      inboundEventReceived(source: $source) {
        __typename ... on Subscribed { cursor } ... on InboundEventReceived { type node { id source { id } } }
      }
    }"""
    async with signed_in(live, "admin") as socket:
        id_, _ = await subscribed(socket, of, {"source": f"src_{other.source}"})
        await post(live, hook)
        await post(live, other)
        await work(live, "default")
        for type_ in ("received", "failed"):  # it has no library
            told = (await socket.following(id_))["inboundEventReceived"]
            assert told["__typename"] == "InboundEventReceived"
            assert (told["type"], told["node"]) == (
                f"inbound_event.{type_}", {"id": "inb_2", "source": {"id": f"src_{other.source}"}},
            )  # fmt: skip
        await socket.subscribe(of, {"source": "src_99"})
        refused = (await socket.receive())["payload"]
        assert (refused[0] if isinstance(refused, list) else refused["errors"][0])["extensions"]["code"] == "NOT_FOUND"


async def test_webhooks_are_told_as_they_come_and_as_they_are_dealt_with(live: Live, hook: Hook) -> None:
    async with signed_in(live, "admin") as socket:
        id_, _ = await subscribed(socket, WEBHOOKS)
        await post(live, hook, eventType="Health")  # of another type
        await post(live, hook)
        came = (await socket.following(id_))["inboundEventReceived"]
        assert (came["type"], came["node"]) == ("inbound_event.received", {"id": "inb_2", "status": "RECEIVED", "chain": "job_2"})
        await work(live, "default")
        done = (await socket.following(id_))["inboundEventReceived"]
        assert (done["type"], done["node"]["status"]) == ("inbound_event.processed", "PROCESSED")
