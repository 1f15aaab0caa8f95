"""Equal subscriptions share one stream: who joins whom, what late ones and slow ones hear, and how groups end."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from api.kit.hub import Hub
from api.system.audience import Audience
from domain.accounts.tables import ApiToken, User
from domain.kit.ids import global_id
from domain.libraries import access_service
from domain.system import events
from tests.api.conftest import FULL, Live
from tests.api.sockets import (
    EVENTS,
    ITEMS,
    JOBS,
    Socket,
    advance_job,
    deafen,
    end_job,
    following,
    job_id,
    signed_in,
    start_job,
    subscribed,
    tell,
    tell_item,
)
from tests.factories.accounts import make_token

NUMBERS = {"types": ["x.*"]}


def hub(live: Live) -> Hub:
    found: Hub = live.house.services.hub
    return found


def say(live: Live, number: int, **more: Any) -> None:
    """One event that everybody hears."""
    tell(live.house, "x.happened", "usr_1", topic="x", audience=events.EVERYONE, n=number, **more)


async def number(socket: Socket, id_: str) -> int:
    """What `say` said."""
    message = await socket.following(id_)
    found: int = message["events"]["payload"]["n"]
    return found


async def seated(live: Live, groups: int, members: int) -> None:
    """Wait until that many sit in so many groups: who has just been told something may be on the way to its seat."""
    async with asyncio.timeout(5):
        while (len(hub(live)), hub(live).seated) != (groups, members):
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def together(live: Live, *who: str, query: str = EVENTS, variables: Any = NUMBERS) -> Any:
    """Connections of people who all follow the same: pairs of socket and id, all in groups."""
    async with contextlib.AsyncExitStack() as stack:
        pairs = []
        for each in who:
            socket = await stack.enter_async_context(signed_in(live, each))
            pairs.append((socket, (await subscribed(socket, query, variables))[0]))
        async with asyncio.timeout(5):
            while hub(live).seated < len(who):
                await asyncio.sleep(0.01)
        yield pairs


async def test_equal_subscriptions_have_one_stream(live: Live) -> None:
    async with together(live, *["member"] * 5) as pairs:
        assert (len(hub(live)), live.house.services.events.listeners) == (1, 1)
        for said in range(3):
            say(live, said)
            assert [await number(*pair) for pair in pairs] == [said] * 5


async def test_two_operations_of_one_connection_share_too(live: Live) -> None:
    async with signed_in(live, "member") as both:
        ids = [(await subscribed(both, EVENTS, NUMBERS))[0] for _ in range(2)]
        say(live, 1)
        heard = [await both.receive() for _ in range(2)]
        assert sorted(each["id"] for each in heard) == ids
        await seated(live, 1, 2)


@pytest.mark.parametrize("who", ["admin", "neighbour", "limited"])
async def test_other_rights_are_another_group(live: Live, who: str) -> None:
    async with together(live, "member", who) as pairs:
        assert len(hub(live)) == 2
        say(live, 1)
        assert [await number(*pair) for pair in pairs] == [1, 1]


async def test_a_limited_member_hears_nothing_through_an_admin(live: Live) -> None:
    house = live.house
    async with together(live, "admin", "limited", query=ITEMS, variables=None) as (admin, limited):
        for item in (house.adult_film, house.child_film):
            tell_item(house, item, house.open_library)
        heard = [(await admin[0].following(admin[1]))["mediaItemChanged"]["node"]["title"] for _ in range(2)]
        assert heard == ["Alien", "Paddington"]
        message = await limited[0].following(limited[1])
        assert message["mediaItemChanged"]["node"] == {"title": "Paddington"}


async def test_other_variables_are_another_group(live: Live) -> None:
    async with together(live, "member") as ((one, id_),):
        other, _ = await subscribed(one, EVENTS, {"types": ["y.*"]})
        say(live, 1)
        tell(live.house, "y.happened", "usr_1", topic="x", audience=events.EVERYONE, n=2)
        heard = [await one.receive() for _ in range(2)]  # of two streams: in whatever order
        assert {each["id"]: each["payload"]["data"]["events"]["payload"]["n"] for each in heard} == {id_: 1, other: 2}
        await seated(live, 2, 2)


async def test_the_same_with_its_default_written_out_is_the_same(live: Live) -> None:
    query = 'subscription A($types: [String!] = ["x.*"]) { events(types: $types) { __typename ... on Subscribed { cursor } } }'
    async with signed_in(live, "member") as socket:
        for variables in ({}, NUMBERS):
            await subscribed(socket, query, variables)
        say(live, 1)
        assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "next"]
        await seated(live, 1, 2)


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


async def test_a_late_one_gets_its_present_state_then_the_changes(live: Live) -> None:
    lease = start_job(live.house, "member")
    variables = {"id": job_id(lease)}
    async with together(live, "member", query=JOBS, variables=variables) as ((early, id_),):
        assert (await early.following(id_))["jobProgressed"]["type"] == "present"
        advance_job(live.house, lease, 0.25)
        assert (await early.following(id_))["jobProgressed"]["node"]["progress"] == 0.25
        async with signed_in(live, "member") as late:
            other, _ = await subscribed(late, JOBS, variables)
            present = (await late.following(other))["jobProgressed"]
            assert (present["type"], present["node"]["progress"]) == ("present", 0.25)
            advance_job(live.house, lease, 0.5)
            for socket, id__ in ((early, id_), (late, other)):
                step = (await socket.following(id__))["jobProgressed"]
                assert (step["type"], step["node"]["progress"]) == ("job.progressed", 0.5)
            await seated(live, 1, 2)


async def test_those_who_come_while_much_happens_miss_nothing_and_hear_nothing_twice(live: Live) -> None:
    last = 150
    listening: list[asyncio.Task[list[int]]] = []
    begun = asyncio.Semaphore(0)

    async def write() -> None:
        for said in range(1, last):
            await asyncio.to_thread(say, live, said)
        for _ in range(12):
            await begun.acquire()
        await asyncio.to_thread(say, live, last)

    async def listen() -> list[int]:
        async with signed_in(live, "member") as socket:
            id_, _ = await subscribed(socket, EVENTS, NUMBERS)
            begun.release()
            heard = [await number(socket, id_)]
            while heard[-1] < last:
                heard.append(await number(socket, id_))
            return heard

    async with together(live, "member") as ((first, id_),):
        writing = asyncio.create_task(write())
        for said in range(1, last + 1):
            assert await number(first, id_) == said
            if said % 10 == 5 and said < 120:  # twelve times
                listening.append(asyncio.create_task(_soon(listen)))
        await writing
        for task in listening:
            heard = await task
            assert heard == list(range(heard[0], last + 1))


async def _soon(listen: Callable[[], Any]) -> Any:
    async with asyncio.timeout(20):
        return await listen()


async def test_after_a_cursor_first_what_was_missed_then_with_the_others(live: Live) -> None:
    async with together(live, "member") as ((first, id_),):
        say(live, 1)
        cursor = (await first.following(id_))["events"]["cursor"]
        for said in (2, 3):
            say(live, said)
        async with signed_in(live, "member") as second:
            other = await second.subscribe(EVENTS, {**NUMBERS, "after": cursor})
            assert [await number(second, other) for _ in range(2)] == [2, 3]
            assert [await number(first, id_) for _ in range(2)] == [2, 3]
            say(live, 4)
            assert [await number(second, other), await number(first, id_)] == [4, 4]
            await seated(live, 1, 2)


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


async def test_an_item_of_its_own_is_its_own_group(live: Live) -> None:
    house = live.house
    films = (house.child_film, house.adult_film)
    async with signed_in(live, "member") as socket_:
        ids = {}
        for film in films:
            id_, _ = await subscribed(socket_, ITEMS, {"id": global_id("media_items", film)})
            await socket_.following(id_)
            ids[id_] = film
        tell_item(house, house.adult_film, house.open_library)
        message = await socket_.receive()
        assert ids[message["id"]] == house.adult_film
        await seated(live, 2, 2)
