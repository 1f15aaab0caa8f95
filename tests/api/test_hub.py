"""Equal subscriptions share one stream: who joins whom, and what late ones hear."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from domain.kit.ids import global_id
from domain.system import events
from tests.api.conftest import Live
from tests.api.seats import NUMBERS, hub, number, say, seated, together
from tests.api.sockets import EVENTS, ITEMS, JOBS, advance_job, job_id, signed_in, start_job, subscribed, tell, tell_item


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
