"""Who hears which event: what is theirs, what everybody may see of it, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.kit.ids import global_id
from domain.libraries import access_service
from domain.system import events
from tests.api.conftest import Live
from tests.api.sockets import (
    EVENTS,
    ITEMS,
    JOBS,
    end_job,
    job_id,
    signed_in,
    start_job,
    subscribed,
    tell,
    tell_item,
)

END = "end.of.test"


async def heard_by(live: Live, who: str, happen: Callable[[], None]) -> list[tuple[str, str, Any]]:
    """(type, subject, node) of all that somebody hears while something happens."""
    async with signed_in(live, who) as socket:
        id_, _ = await subscribed(socket, EVENTS)
        happen()
        tell(live.house, END, "usr_1", topic="x", audience=events.EVERYONE)
        found = []
        while (event := (await socket.following(id_))["events"])["type"] != END:
            found.append((event["type"], event["subject"], event["node"]))
        return found


def happenings(live: Live) -> None:
    """One event of each sort."""
    house = live.house
    start_job(house, "member")
    for item, library in (
        (house.child_film, house.open_library),
        (house.adult_film, house.open_library),
        (house.closed_film, house.closed_library),
    ):
        tell_item(house, item, library)
        tell(house, "item.deleted", global_id("media_items", item), topic="catalog", audience=events.for_library(library))
    tell(house, "server.secret", "usr_1", topic="x", audience=events.ADMINS)
    tell(house, "mail.came", "usr_1", topic="x", audience=events.for_user(house.users["neighbour"].id))
    tell(house, "library.updated", global_id("libraries", house.closed_library), topic="libraries",
         audience=events.for_library(house.closed_library))  # fmt: skip
    tell(house, "item.seen", global_id("media_items", house.adult_film), topic="catalog", audience=events.EVERYONE)


OPEN_CHILD = [("item.changed", "itm_1"), ("item.deleted", "itm_1")]
OPEN_ADULT = [("item.changed", "itm_2"), ("item.deleted", "itm_2")]
CLOSED = [("item.changed", "itm_3"), ("item.deleted", "itm_3")]
AUDIENCES = {
    "admin": [
        ("job.created", "job_1"), ("job.started", "job_1"), *OPEN_CHILD, *OPEN_ADULT, *CLOSED, ("server.secret", "usr_1"),
        ("mail.came", "usr_1"), ("library.updated", "lib_2"), ("item.seen", "itm_2"),
    ],
    "editor": [*OPEN_CHILD, *OPEN_ADULT, *CLOSED, ("library.updated", "lib_2"), ("item.seen", "itm_2")],
    "member": [
        ("job.created", "job_1"), ("job.started", "job_1"), *OPEN_CHILD, *OPEN_ADULT, *CLOSED, ("library.updated", "lib_2"),
        ("item.seen", "itm_2"),
    ],
    "neighbour": [
        *OPEN_CHILD, *OPEN_ADULT, *CLOSED, ("mail.came", "usr_1"), ("library.updated", "lib_2"), ("item.seen", "itm_2"),
    ],
    "limited": [*OPEN_CHILD, ("item.deleted", "itm_2")],
}  # fmt: skip


@pytest.mark.parametrize("who", AUDIENCES)
async def test_everybody_hears_only_what_is_theirs(live: Live, who: str) -> None:
    heard = await heard_by(live, who, lambda: happenings(live))
    assert [(type_, subject) for type_, subject, _ in heard] == AUDIENCES[who]


async def test_a_token_without_the_scope_hears_nothing(live: Live) -> None:
    async with signed_in(live, "scrobbler") as socket:
        for query in (EVENTS, JOBS, ITEMS):
            id_ = await socket.subscribe(query)
            message = await socket.receive()
            assert (message["type"], message["id"]) == ("error", id_)
            assert message["payload"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_job_of_somebody_else_is_not_there(live: Live) -> None:
    lease = start_job(live.house, "neighbour")
    async with signed_in(live, "member") as socket:
        told = []
        for job in (job_id(lease), "job_999999"):
            id_ = await socket.subscribe(JOBS, {"id": job})
            message = await socket.receive()
            assert (message["id"], message["type"]) == (id_, "next")
            (error,) = message["payload"]["errors"]
            told.append((error["message"], error["extensions"]["code"]))
            assert await socket.receive() == {"id": id_, "type": "complete"}
        assert told[0] == told[1]  # nobody learns that it exists
        assert told[0][1] == "NOT_FOUND"
        end_job(live.house, lease)
        mine = start_job(live.house, "member")
        all_, _ = await subscribed(socket, JOBS)
        message = await socket.following(all_)
        assert message["jobProgressed"]["subject"] == job_id(mine)


async def test_a_library_taken_away_is_heard_of_no_more(live: Live) -> None:
    house = live.house
    async with signed_in(live, "limited") as socket:
        id_, _ = await subscribed(socket, ITEMS)
        tell_item(house, house.child_film, house.open_library)
        await socket.following(id_)
        with house.database.transaction() as uow:
            access_service.set_user_libraries(uow, user_id=house.users["limited"].id, library_ids=[house.closed_library])
        tell_item(house, house.child_film, house.open_library, "deleted")
        tell_item(house, house.closed_film, house.closed_library)
        assert (await socket.following(id_))["mediaItemChanged"]["node"] == {"title": "Brazil"}
