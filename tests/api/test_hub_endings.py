"""Equal subscriptions share one stream: who leaves it, who is cut off, and how groups end."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from api.system.audience import Audience
from domain.accounts.tables import ApiToken, User
from domain.libraries import access_service
from tests.api.conftest import FULL, Live
from tests.api.seats import hub, number, say, together
from tests.api.sockets import ITEMS, JOBS, deafen, end_job, following, job_id, signed_in, start_job, subscribed, tell_item
from tests.factories.accounts import make_token


async def test_whoever_completes_leaves_and_the_last_one_ends_the_stream(live: Live, eventually: Callable[..., Any]) -> None:
    async with together(live, "member", "member") as (first, second):
        await first[0].send({"type": "complete", "id": first[1]})
        await eventually(lambda: hub(live).seated == 1)
        say(live, 1)
        assert await number(*second) == 1
        await second[0].send({"type": "complete", "id": second[1]})
        await eventually(lambda: (len(hub(live)), live.house.services.events.listeners) == (0, 0))
        await first[0].send({"type": "ping"})
        assert await first[0].receive() == {"type": "pong"}


async def test_a_revoked_token_leaves_the_group_to_the_others(live: Live, eventually: Callable[..., Any]) -> None:
    """Both belong to one user with the same rights, and so to one group."""
    house = live.house
    tokens = {"first": house.tokens["member"], "second": make_token(house.database, house.users["member"], *FULL)}
    house.tokens |= tokens
    async with together(live, "first", "second") as (first, second):
        assert len(hub(live)) == 1
        with house.database.transaction() as uow:
            uow.session.query(ApiToken).filter_by(user_id=house.users["member"].id).order_by(ApiToken.id)[
                0
            ].revoked_at = uow.now()
        house.services.identities.clear()
        assert await first[0].closed() == 4403
        await eventually(lambda: hub(live).seated == 1)
        say(live, 1)
        assert await number(*second) == 1


async def test_changed_rights_leave_the_group(live: Live, eventually: Callable[..., Any]) -> None:
    house = live.house
    async with together(live, "member", "admin") as (member, admin):
        with house.database.transaction() as uow:
            found = uow.session.get(User, house.users["member"].id)
            assert found is not None
            found.max_age = 6
        house.services.identities.clear()
        assert await member[0].closed() == 4403
        await eventually(lambda: hub(live).seated == 1)
        say(live, 1)
        assert await number(*admin) == 1


async def test_a_library_taken_away_is_heard_of_no_more_in_a_group(live: Live) -> None:
    house = live.house
    async with together(live, "limited", "limited", query=ITEMS, variables=None) as pairs:
        tell_item(house, house.child_film, house.open_library)
        for socket, id_ in pairs:
            await socket.following(id_)
        with house.database.transaction() as uow:
            access_service.set_user_libraries(uow, user_id=house.users["limited"].id, library_ids=[house.closed_library])
        tell_item(house, house.child_film, house.open_library, "deleted")
        tell_item(house, house.closed_film, house.closed_library)
        for socket, id_ in pairs:
            assert (await socket.following(id_))["mediaItemChanged"]["node"] == {"title": "Brazil"}


async def test_those_who_do_not_read_are_cut_off_and_nobody_notices(live: Live, eventually: Callable[..., Any]) -> None:
    query = "subscription { events { ... on EventHappened { payload } } }"
    async with contextlib.AsyncExitStack() as stack:
        readers = []
        for _ in range(3):
            socket_ = await stack.enter_async_context(signed_in(live, "admin"))
            id_ = await socket_.subscribe(query)
            await socket_.following(id_)
            readers.append((socket_, id_))
        for _ in range(3):
            deaf = stack.enter_context(socket.create_connection(("127.0.0.1", live.port)))
            await asyncio.to_thread(deafen, deaf, live, query)
        await eventually(lambda: (len(hub(live)), hub(live).seated) == (1, 6))
        with structlog.testing.capture_logs() as logs:
            big = "x" * 60_000
            for said in range(150):
                say(live, said, big=big)
                assert [await number(*reader) for reader in readers] == [said] * 3
            await eventually(lambda: [line["event"] for line in logs] == ["slow_reader_cut_off"] * 3)
        await eventually(lambda: following(live) == hub(live).seated == 3)


async def test_a_subscription_of_a_job_is_complete_with_the_job(live: Live, eventually: Callable[..., Any]) -> None:
    lease = start_job(live.house, "member")
    async with together(live, "member", "member", query=JOBS, variables={"id": job_id(lease)}) as pairs:
        for socket_, id_ in pairs:
            await socket_.following(id_)
        end_job(live.house, lease)
        for socket_, id_ in pairs:
            step = (await socket_.following(id_))["jobProgressed"]
            assert (step["type"], step["node"]["status"]) == ("job.completed", "COMPLETED")
            assert await socket_.receive() == {"type": "complete", "id": id_}
        await eventually(lambda: (len(hub(live)), live.house.services.events.listeners) == (0, 0))


async def test_a_job_that_ended_before_is_told_once_and_is_complete(live: Live) -> None:
    lease = start_job(live.house, "member")
    end_job(live.house, lease)
    async with signed_in(live, "member") as socket_:
        id_, cursor = await subscribed(socket_, JOBS, {"id": job_id(lease)})
        for again in (None, cursor):
            if again is not None:
                id_ = await socket_.subscribe(JOBS, {"id": job_id(lease), "after": cursor})
            step = (await socket_.following(id_))["jobProgressed"]
            assert (step["type"], step["node"]["status"]) == ("present", "COMPLETED")
            assert await socket_.receive() == {"type": "complete", "id": id_}


async def test_a_group_that_fails_leaves_its_members_to_themselves(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    async with together(live, "member", "member") as pairs:
        say(live, 0)
        assert [await number(*pair) for pair in pairs] == [0, 0]
        with monkeypatch.context() as patch:
            patch.setattr("api.kit.hub.answer", _fail)
            with structlog.testing.capture_logs() as logs:
                say(live, 1)
                assert [await number(*pair) for pair in pairs] == [1, 1]
        assert [line["event"] for line in logs] == ["subscription_group_failed"]
        say(live, 2)
        assert [await number(*pair) for pair in pairs] == [2, 2]
        assert len(hub(live)) == 0


async def test_a_stream_that_breaks_is_not_the_members_end(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    hears = Audience.hears
    failures = iter([OSError("the database is away")])

    async def once(self: Audience, fact: Any) -> bool:
        for failure in failures:
            raise failure
        return await hears(self, fact)

    async with together(live, "member", "member") as pairs:
        say(live, 0)
        assert [await number(*pair) for pair in pairs] == [0, 0]
        monkeypatch.setattr(Audience, "hears", once)
        for said in (1, 2):
            say(live, said)
            assert [await number(*pair) for pair in pairs] == [said, said]


def _fail(*_: Any) -> Any:
    raise RuntimeError("bug")
