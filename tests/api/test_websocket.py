"""The protocol graphql-transport-ws: signing in, wrong messages, limits, and how connections end."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
import structlog
import websockets

import api.system.queries
from domain.accounts.tables import User
from domain.settings import Settings
from tests.api.conftest import Live
from tests.api.sockets import opened, shake_hands, signed_in

ME = "{ viewer { username } }"
EVENTS = "subscription { events { __typename } }"


@pytest.mark.parametrize(
    "payload",
    [{"authorization": "Bearer {}"}, {"Authorization": "bearer {}"}, {"token": "{}"}],
)
async def test_a_token_in_connection_init(live: Live, payload: dict[str, str]) -> None:
    token = live.house.tokens["member"]
    async with opened(live) as socket:
        await socket.send({"type": "connection_init", "payload": {key: text.format(token) for key, text in payload.items()}})
        assert await socket.receive() == {"type": "connection_ack"}
        id_ = await socket.subscribe(ME)
        assert await socket.receive() == {
            "type": "next",
            "id": id_,
            "payload": {"data": {"viewer": {"username": "member"}}, "extensions": {"cost": {"requested": 0, "limit": 20000}}},
        }
        assert await socket.receive() == {"type": "complete", "id": id_}


@pytest.mark.parametrize("payload", [{}, {"payload": None}, {"payload": {}}])
async def test_the_cookie_of_our_own_page(live: Live, payload: dict[str, Any]) -> None:
    async with opened(live, Origin=live.url, **live.house.cookie("editor")) as socket:
        await socket.send({"type": "connection_init", **payload})
        assert await socket.receive() == {"type": "connection_ack"}
        id_ = await socket.subscribe(ME)
        assert await socket.following(id_) == {"viewer": {"username": "editor"}}


@pytest.mark.parametrize(
    "payload", [{}, {"token": "mq_wrong"}, {"authorization": "Bearer x"}, {"authorization": 7}, {"token": 7}]
)
async def test_whoever_does_not_sign_in_is_sent_away(live: Live, payload: dict[str, Any]) -> None:
    async with opened(live) as socket:
        await socket.send({"type": "connection_init", "payload": payload})
        assert await socket.closed() == 4403


async def test_a_wrong_token_is_never_the_cookie(live: Live) -> None:
    async with opened(live, **live.house.cookie("admin")) as socket:
        await socket.send({"type": "connection_init", "payload": {"token": "mq_wrong"}})
        assert await socket.closed() == 4403


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
async def test_a_page_of_another_site_is_refused_at_the_door(live: Live, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with opened(live, Origin=origin, **live.house.cookie("member")):
            pass
    assert refused.value.response.status_code == 403


async def test_a_foreign_name_is_refused_at_the_door(live: Live) -> None:
    with socket.create_connection(("127.0.0.1", live.port)) as raw:
        assert (await asyncio.to_thread(shake_hands, raw, "evil.example")).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("protocol", ["graphql-ws", "soap"])
async def test_other_protocols_are_off(live: Live, protocol: str) -> None:
    async with websockets.connect(
        f"ws://127.0.0.1:{live.port}/graphql", subprotocols=[websockets.Subprotocol(protocol)]
    ) as connection:
        await connection.wait_closed()
        assert connection.close_code == 4406


async def test_whoever_says_nothing_is_sent_away(live: Live) -> None:
    async with opened(live) as socket:
        assert await socket.closed() == 4408


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("{", 4400),
        ("[]", 4400),
        ("null", 4400),
        ("1", 4400),
        ("[" * 100_000, 4400),
        (b'{"type":"ping"}', 4400),
        ("{}", 4400),
        ('{"type":"nonsense"}', 4400),
        ('{"type":7}', 4400),
        ('{"type":"connection_init","payload":[]}', 4400),
        ('{"type":"subscribe","id":"1","payload":{"query":"{__typename}"}}', 4401),
        ('{"type":"subscribe"}', 4400),
        ('{"type":"subscribe","id":[],"payload":{"query":"{__typename}"}}', 4400),
        ('{"type":"subscribe","id":"1","payload":[]}', 4400),
        # fifty of 900 kB made 45 MB of every event
        ('{"type":"subscribe","id":"' + "x" * 257 + '","payload":{"query":"subscription{events{__typename}}"}}', 4400),
        ('{"type":"subscribe","id":"1","payload":{"query":1}}', 4400),
        ('{"type":"subscribe","id":"1","payload":{"query":"{__typename}","variables":[]}}', 4400),
        ('{"type":"subscribe","id":"1","payload":{"query":"{__typename}","operationName":1}}', 4400),
        ('{"type":"complete","id":{}}', 4400),
        ('{"type":"complete"}', 4400),
    ],
)
async def test_wrong_messages_end_the_connection_in_order(live: Live, message: str | bytes, code: int) -> None:
    with structlog.testing.capture_logs() as logs:
        async with opened(live) as socket:
            await socket.connection.send(message)
            assert await socket.closed() == code
    assert logs == []


async def test_a_message_beyond_one_mebibyte_ends_the_connection(live: Live) -> None:
    async with opened(live) as socket:
        await socket.connection.send('{"type":"ping","payload":{"x":"' + "x" * 1_048_576 + '"}}')
        assert await socket.closed() == 1009


async def test_a_second_init_ends_the_connection(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        await socket.send({"type": "connection_init", "payload": live.house.headers("admin")})
        assert await socket.closed() == 4429


async def test_an_id_in_use_ends_the_connection(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        for _ in range(2):
            await socket.send({"type": "subscribe", "id": "1", "payload": {"query": EVENTS}})
        assert await socket.closed() == 4409


async def test_a_ping_is_answered(live: Live) -> None:
    async with opened(live) as socket:
        await socket.send({"type": "ping"})
        assert await socket.receive() == {"type": "pong"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("", "BAD_REQUEST"),
        ("query A { __typename } query B { __typename }", "BAD_REQUEST"),
        ("{ " + "a{" * 12 + "a" + "}" * 12 + " }", "LIMIT_EXCEEDED"),
        ('subscription { jobProgressed(id: "x") { __typename } }', "BAD_USER_INPUT"),
        ('subscription { jobProgressed(id: "job_999999") { __typename } }', "NOT_FOUND"),
        ('subscription { playerChanged(id: "plr_99") { __typename } }', "NOT_FOUND"),
        ('subscription { playbackChanged(player: "plr_99") { __typename } }', "NOT_FOUND"),
        ('subscription { events(after: "x") { __typename } }', "INVALID_CURSOR"),
    ],
)
async def test_wrong_operations_are_errors_and_the_connection_lives_on(live: Live, query: str, code: str) -> None:
    async with signed_in(live, "member") as socket:
        id_ = await socket.subscribe(query)
        message = await socket.receive()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert (message["id"], errors[0]["extensions"]["code"]) == (id_, code)
        assert len(errors[0]["extensions"]["requestId"]) == 16
        if message["type"] == "next":
            assert await socket.receive() == {"type": "complete", "id": id_}
        id_ = await socket.subscribe(ME)
        assert await socket.following(id_) == {"viewer": {"username": "member"}}


async def test_bugs_are_masked(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> bool:
        raise RuntimeError("secret db password")

    monkeypatch.setattr(api.system.queries, "has_admin", fail)
    async with signed_in(live, "member") as socket:
        await socket.subscribe("{ serverInfo { isSetUp } }")
        message = await socket.receive()
    assert message["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in str(message)


async def test_each_operation_reads_afresh(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        for name in ("First", "Second"):
            with live.house.database.transaction() as uow:
                found = uow.session.get(User, live.house.users["member"].id)
                assert found is not None
                found.display_name = name
            id_ = await socket.subscribe("{ viewer { displayName } }")
            assert await socket.following(id_) == {"viewer": {"displayName": name}}
            assert (await socket.receive())["type"] == "complete"


async def test_operations_run_beside_each_other(live: Live) -> None:
    async with signed_in(live, "admin") as socket:
        ids = [await socket.subscribe("{ movies { nodes { title } } }") for _ in range(20)]
        messages = [await socket.receive() for _ in range(40)]
    titles = [{"title": "Alien"}, {"title": "Brazil"}, {"title": "Paddington"}]
    answers = {each["id"]: each["payload"]["data"] for each in messages if each["type"] == "next"}
    assert answers == {id_: {"movies": {"nodes": titles}} for id_ in ids}


async def test_open_operations_are_bounded(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        for _ in range(50):
            await socket.following(await socket.subscribe(EVENTS))
        id_ = await socket.subscribe(EVENTS)
        message = await socket.receive()
        assert (message["type"], message["id"], message["payload"][0]["message"]) == ("error", id_, "Subscription limit reached")


class TestAnotherOrigin:
    """A single-page application of MARQUEE_ORIGINS may connect, with a token."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return Settings(data_dir=tmp_path, DATABASE_URL=database_url, origins="http://localhost:5173", event_poll_s=30)

    async def test_with_a_token(self, live: Live) -> None:
        async with opened(live, Origin="http://localhost:5173") as socket:
            await socket.send({"type": "connection_init", "payload": live.house.headers("member")})
            assert await socket.receive() == {"type": "connection_ack"}

    async def test_but_not_with_the_cookie(self, live: Live) -> None:
        async with opened(live, Origin="http://localhost:5173", **live.house.cookie("member")) as socket:
            await socket.send({"type": "connection_init"})
            assert await socket.closed() == 4403
