"""What subscribers hear: the present first, then every change once, in order, and only what is theirs."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from api.kit.context import Context
from api.system.stream import facts
from api.system.tailer import QUEUE, Tailer
from api.system.types import Subscribed
from domain.accounts.sessions import by_token
from domain.kit.ids import global_id
from domain.system import events
from tests.api.conftest import Live
from tests.api.sockets import (
    EVENTS,
    ITEMS,
    JOBS,
    Socket,
    advance_job,
    caught_up,
    end_job,
    job_id,
    signed_in,
    start_job,
    subscribed,
    tell,
    tell_item,
)
from tests.factories.accounts import KEY


def step(message: Any) -> tuple[str, str, float | None]:
    """(type of the event, status, progress) of a step of a job."""
    node = message["jobProgressed"]["node"]
    return message["jobProgressed"]["type"], node["status"], node["progress"]


async def test_a_job_first_as_it_stands_then_every_step_to_its_end(live: Live) -> None:
    lease = start_job(live.house, "member")
    async with signed_in(live, "member") as socket:
        id_, _ = await subscribed(socket, JOBS, {"id": job_id(lease)})
        assert step(await socket.following(id_)) == ("present", "RUNNING", None)
        advance_job(live.house, lease, 0.5)
        assert step(await socket.following(id_)) == ("job.progressed", "RUNNING", 0.5)
        end_job(live.house, lease)
        assert step(await socket.following(id_)) == ("job.completed", "COMPLETED", 1.0)


async def test_without_an_id_every_live_job_is_present(live: Live) -> None:
    ended, first, second = (start_job(live.house, "member") for _ in range(3))
    end_job(live.house, ended)
    start_job(live.house, "neighbour")
    async with signed_in(live, "member") as socket:
        id_, _ = await subscribed(socket, JOBS)
        present = [await socket.following(id_) for _ in range(2)]
        assert [each["jobProgressed"]["subject"] for each in present] == [job_id(first), job_id(second)]
        end_job(live.house, second)
        last = await socket.following(id_)
        assert (last["jobProgressed"]["subject"], *step(last)) == (job_id(second), "job.completed", "COMPLETED", 1.0)


async def test_what_happens_between_the_first_message_and_the_next_is_not_missed(live: Live) -> None:
    """The subscriber is slow to ask for what follows `Subscribed`; the job ends meanwhile."""
    house = live.house
    lease = start_job(house, "member")
    with house.database.read() as session:
        identity = by_token(session, key=KEY, token=house.tokens["member"])
    await caught_up(live)
    stream = facts(Context(house.services, identity, "0"), after=None, wants=lambda fact: fact.topic == "jobs")
    async with contextlib.aclosing(stream), asyncio.timeout(5):  # type: ignore[type-var]
        assert isinstance(await anext(stream), Subscribed)
        end_job(house, lease)
        await caught_up(live)
        fact = await anext(stream)
    assert (fact.type, fact.subject) == ("job.completed", job_id(lease))  # type: ignore[union-attr]


async def test_after_goes_on_without_a_gap(live: Live) -> None:
    lease = start_job(live.house, "member")
    async with signed_in(live, "member") as socket:
        id_, _ = await subscribed(socket, JOBS, {"id": job_id(lease)})
        await socket.following(id_)
        advance_job(live.house, lease, 0.1)
        cursor = (await socket.following(id_))["jobProgressed"]["cursor"]
    for fraction in (0.2, 0.3, 0.4):
        advance_job(live.house, lease, fraction)
    end_job(live.house, lease)
    async with signed_in(live, "member") as socket:
        id_ = await socket.subscribe(JOBS, {"id": job_id(lease), "after": cursor})
        types = [step(await socket.following(id_))[0] for _ in range(4)]
        assert types == ["job.progressed"] * 3 + ["job.completed"]


async def test_a_client_that_comes_and_goes_hears_everything_once(live: Live) -> None:
    heard: list[int] = []
    written = 0

    async def write() -> None:
        nonlocal written
        for written in range(1, 301):
            audience = events.for_user(live.house.users["member"].id)
            await asyncio.to_thread(tell, live.house, "x.happened", "usr_1", topic="x", audience=audience, n=written)

    async with signed_in(live, "member") as socket:
        id_, cursor = await subscribed(socket, EVENTS, {"types": ["x.*"]})
        writing = asyncio.create_task(write())
        while not heard or heard[-1] < 300:
            event = (await socket.following(id_))["events"]
            heard.append(event["payload"]["n"])
            cursor = event["cursor"]
            if len(heard) % 40 == 0:
                await socket.send({"type": "complete", "id": id_})
                while id_ in str(await drained(socket, id_)):
                    pass
                id_ = await socket.subscribe(EVENTS, {"types": ["x.*"], "after": cursor})
        await writing
    assert heard == list(range(1, 301))


async def drained(socket: Socket, id_: str) -> list[Any]:
    """Messages of a completed operation that were on their way."""
    await socket.send({"type": "ping"})
    found = []
    while (message := await socket.receive())["type"] != "pong":
        found.append(message)
    return [each for each in found if each.get("id") == id_ and each["type"] != "next"]


async def test_a_cursor_of_another_log_is_told_so(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        _, cursor = await subscribed(socket, EVENTS)
        with live.house.database.transaction() as uow:
            events.renew_epoch(uow, reason="test")
        id_ = await socket.subscribe(EVENTS, {"after": cursor})
        while (message := await socket.receive())["id"] != id_:
            pass
        assert message["payload"]["data"] == {"events": {"__typename": "Resync", "reason": "EPOCH"}}
        while (message := await socket.receive())["id"] != id_:
            pass
        assert message == {"type": "complete", "id": id_}


async def test_an_expired_cursor_is_told_so(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        _, cursor = await subscribed(socket, EVENTS)
    tell(live.house, "x.happened", "usr_1", topic="x", audience=events.EVERYONE)
    with live.house.database.transaction() as uow:
        assert events.prune(uow, before=uow.now().replace(year=9999)) > 0
    async with signed_in(live, "member") as socket:
        id_ = await socket.subscribe(EVENTS, {"after": cursor})
        assert await socket.following(id_) == {"events": {"__typename": "Resync", "reason": "EXPIRED"}}
        assert await socket.receive() == {"type": "complete", "id": id_}


async def test_an_item_first_as_it_stands_then_its_changes(live: Live) -> None:
    house = live.house
    async with signed_in(live, "member") as socket:
        id_, _ = await subscribed(socket, ITEMS, {"id": global_id("media_items", house.adult_film)})
        assert (await socket.following(id_))["mediaItemChanged"]["type"] == "present"
        tell_item(house, house.child_film, house.open_library)
        tell_item(house, house.adult_film, house.open_library, "updated")
        message = (await socket.following(id_))["mediaItemChanged"]
        assert (message["type"], message["node"]) == ("item.updated", {"title": "Alien"})


async def test_items_of_one_library(live: Live) -> None:
    house = live.house
    async with signed_in(live, "member") as socket:
        id_, _ = await subscribed(socket, ITEMS, {"library": global_id("libraries", house.closed_library)})
        tell_item(house, house.child_film, house.open_library)
        tell_item(house, house.closed_film, house.closed_library)
        assert (await socket.following(id_))["mediaItemChanged"]["node"] == {"title": "Brazil"}


async def test_families_of_types(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        id_, _ = await subscribed(socket, EVENTS, {"types": ["a.*", "b.one"]})
        for type_ in ("b.two", "ab.one", "a.one", "b.one.more", "b.one"):
            tell(live.house, type_, "usr_1", topic="x", audience=events.EVERYONE)
        assert [(await socket.following(id_))["events"]["type"] for _ in range(2)] == ["a.one", "b.one"]


KINDS = JOBS.replace("$id: ID", "$kinds: [String!]").replace("id: $id", "kinds: $kinds")


@pytest.mark.parametrize(("document", "name"), [(EVENTS, "types"), (KINDS, "kinds")])
async def test_too_many_names_to_follow_are_refused(live: Live, document: str, name: str) -> None:
    async with signed_in(live, "member") as socket:
        await socket.subscribe(document, {name: ["a.one"] * 101})
        message = await socket.receive()
        told = [error["extensions"]["limit"] for error in message["payload"].get("errors", [])]
        assert told == ["filterValues"], message


def tailer(live: Live) -> Tailer:
    found: Tailer = live.house.services.events
    return found


@pytest.mark.parametrize("who", ["admin", "member"])
async def test_twenty_subscribers_of_the_same_cost_one_execution_an_event(
    live: Live, statements: Callable[[], int], who: str
) -> None:
    house = live.house
    async with contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(signed_in(live, who)) for _ in range(20)]
        ids = [(await subscribed(socket, ITEMS))[0] for socket in sockets]
        statements()
        for count in range(1, 4):
            tell_item(house, house.adult_film, house.open_library)
            heard = [await socket.following(id_) for socket, id_ in zip(sockets, ids, strict=True)]
            assert [each["mediaItemChanged"]["node"] for each in heard] == [{"title": "Alien"}] * 20
            assert statements() == 1, count


async def test_different_rights_never_share_an_answer(live: Live) -> None:
    house = live.house
    query = "subscription { events { ... on EventHappened { type node { ... on MediaItem { title } } } } }"
    async with signed_in(live, "admin") as admin, signed_in(live, "limited") as limited:
        ids = []
        for socket in (admin, limited):
            ids.append(await socket.subscribe(query))
            await socket.following(ids[-1])
        tell(house, "item.deleted", global_id("media_items", house.adult_film), topic="catalog",
             audience=events.for_library(house.open_library))  # fmt: skip
        shown = {"type": "item.deleted", "node": {"title": "Alien"}}
        assert await admin.following(ids[0]) == {"events": shown}
        assert await limited.following(ids[1]) == {"events": {**shown, "node": None}}


async def test_variables_do_not_share_an_answer(live: Live) -> None:
    query = """subscription A($yes: Boolean!) {
      events { __typename ... on EventHappened { type subject @include(if: $yes) } }
    }"""
    async with signed_in(live, "admin") as socket:
        ids = {await socket.subscribe(query, {"yes": yes}): yes for yes in (True, False)}
        for _ in ids:
            assert (await socket.receive())["payload"]["data"] == {"events": {"__typename": "Subscribed"}}
        tell(live.house, "x.happened", "usr_1", topic="x", audience=events.EVERYONE)
        for _ in ids:
            message = await socket.receive()
            assert ("subject" in message["payload"]["data"]["events"]) is ids[message["id"]]


async def test_whoever_lags_too_far_behind_is_told_to_read_anew(live: Live) -> None:
    listening = tailer(live).listen()
    async with contextlib.aclosing(listening), asyncio.timeout(20):  # type: ignore[type-var]
        first = asyncio.ensure_future(anext(listening))
        await asyncio.sleep(0)
        with live.house.database.transaction() as uow:
            for number in range(QUEUE + 2):
                events.emit(uow, "x.happened", "usr_1", topic="x", audience=events.EVERYONE, payload={"n": number})
        with pytest.raises(events.Resync, match="lagged"):
            await first
