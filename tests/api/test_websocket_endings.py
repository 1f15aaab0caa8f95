"""How connections end: by the client, by rights that went, by a client that does not read."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from domain.accounts.tables import ApiToken, BrowserSession, User
from domain.system import events
from tests.api.conftest import Live
from tests.api.sockets import deafen, following, opened, signed_in, tell

ME = "{ viewer { username } }"
EVENTS = "subscription { events { __typename } }"


async def test_complete_ends_a_subscription(live: Live, eventually: Callable[..., Any]) -> None:
    async with signed_in(live, "member") as socket:
        id_ = await socket.subscribe(EVENTS)
        await socket.following(id_)
        await eventually(lambda: following(live) == 1)
        await socket.send({"type": "complete", "id": id_})
        await eventually(lambda: following(live) == 0)


async def test_a_client_that_vanishes_leaves_nothing_behind(live: Live, eventually: Callable[..., Any]) -> None:
    async with signed_in(live, "member") as socket:
        await socket.following(await socket.subscribe(EVENTS))
        await eventually(lambda: following(live) == 1)
        socket.connection.transport.abort()
        await eventually(lambda: following(live) == 0)


async def test_a_revoked_token_ends_the_connection(live: Live, eventually: Callable[..., Any]) -> None:
    async with signed_in(live, "member") as socket, signed_in(live, "neighbour") as other:
        await socket.following(await socket.subscribe(EVENTS))
        id_ = await other.subscribe(EVENTS)
        await other.following(id_)
        with live.house.database.transaction() as uow:
            for token in uow.session.query(ApiToken).filter_by(user_id=live.house.users["member"].id):
                token.revoked_at = uow.now()
        live.house.services.identities.clear()
        assert await socket.closed() == 4403
        await eventually(lambda: following(live) == 1)
        tell(live.house, "x.happened", "usr_1", topic="x", audience=events.EVERYONE)
        assert await other.following(id_) == {"events": {"__typename": "EventHappened"}}


async def test_a_revoked_session_ends_the_connection(live: Live) -> None:
    async with opened(live, **live.house.cookie("member")) as socket:
        await socket.send({"type": "connection_init"})
        await socket.receive()
        with live.house.database.transaction() as uow:
            for session in uow.session.query(BrowserSession):
                session.revoked_at = uow.now()
        live.house.services.identities.clear()
        assert await socket.closed() == 4403


async def test_changed_rights_end_the_connection(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        with live.house.database.transaction() as uow:
            found = uow.session.get(User, live.house.users["member"].id)
            assert found is not None
            found.max_age = 6
        live.house.services.identities.clear()
        assert await socket.closed() == 4403


async def test_a_database_that_is_away_for_a_moment_ends_nothing(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = asyncio.Event()

    async def away(*_: Any) -> None:
        looked.set()
        raise OSError("away")

    async with signed_in(live, "member") as socket:
        with monkeypatch.context() as patch:
            patch.setattr("api.kit.auth.identify_again", away)
            await asyncio.wait_for(looked.wait(), 5)
        assert await socket.following(await socket.subscribe(ME)) == {"viewer": {"username": "member"}}


async def test_a_client_that_does_not_read_is_cut_off(live: Live, eventually: Callable[..., Any]) -> None:
    async with signed_in(live, "admin") as reader:
        id_ = await reader.subscribe("subscription { events { ... on EventHappened { payload } } }")
        await reader.following(id_)
        with socket.create_connection(("127.0.0.1", live.port)) as deaf:
            await asyncio.to_thread(deafen, deaf, live, "subscription { events { ... on EventHappened { payload } } }")
            await eventually(lambda: following(live) == 2)
            with structlog.testing.capture_logs() as logs:
                big = "x" * 60_000
                for number in range(150):
                    tell(live.house, "x.happened", "usr_1", topic="x", audience=events.ADMINS, n=number, big=big)
                    assert (await reader.following(id_))["events"]["payload"]["n"] == number
                await eventually(lambda: [line["event"] for line in logs] == ["slow_reader_cut_off"])
            await eventually(lambda: following(live) == 1)
