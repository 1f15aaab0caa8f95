"""Too many operations at once: some wait, the rest are sent away, and supervisors are always answered."""

import asyncio
import gc
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.settings import Settings
from tests.api.conftest import Client, Live
from tests.api.sockets import signed_in

INFO = "{ serverInfo { isSetUp } }"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30, in_flight_limit=3, in_flight_limit_per_user=2,
        queue_limit=2, queue_wait_s=1.5,
    )  # fmt: skip


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """`serverInfo` stands still until this is set."""
    event = threading.Event()
    monkeypatch.setattr("api.system.queries.has_admin", lambda _: event.wait(10))
    yield event
    event.set()


def start(client: Client, who: str, count: int) -> list["asyncio.Task[Any]"]:
    return [asyncio.create_task(client.send(INFO, who=who)) for _ in range(count)]


async def test_one_user_does_not_take_every_place(
    client: Client, stuck: threading.Event, eventually: Callable[[Callable[[], bool]], Any]
) -> None:
    gate = client.house.services.gate
    greedy = start(client, "member", 4)
    await eventually(lambda: (gate.in_flight, gate.waiting) == (2, 2))
    other = start(client, "admin", 1)
    await eventually(lambda: gate.in_flight == 3)
    stuck.set()
    assert [(await each).status_code for each in [*greedy, *other]] == [200] * 5
    assert (gate.in_flight, gate.waiting) == (0, 0)


async def test_who_finds_the_queue_full_is_sent_away(
    client: Client, stuck: threading.Event, eventually: Callable[[Callable[[], bool]], Any]
) -> None:
    gate = client.house.services.gate
    before = shed(await scrape(client))
    running = [*start(client, "member", 2), *start(client, "admin", 1)]
    await eventually(lambda: gate.in_flight == 3)
    waiting = start(client, "neighbour", 2)
    await eventually(lambda: gate.waiting == 2)
    response = await client.send(INFO, who="editor")
    (error,) = response.json()["errors"]
    assert (response.status_code, error["extensions"]["code"], response.headers["retry-after"]) == (503, "OVERLOADED", "2")
    assert error["message"] == "The server is busy. Nothing was done; try again in 2 s."
    assert (await client.http.get("/healthz")).status_code == 200
    numbers = await scrape(client)
    assert "marquee_operations_in_flight 3.0" in numbers
    assert "marquee_operations_waiting 2.0" in numbers
    assert [(await each).status_code for each in waiting] == [503, 503], "nobody waits for ever"
    assert shed(await scrape(client)) == before + 3
    stuck.set()
    assert [(await each).status_code for each in running] == [200] * 3
    assert await client.data(INFO) == {"serverInfo": {"isSetUp": True}}


async def test_who_gives_up_waiting_leaves_no_place_behind(
    client: Client, stuck: threading.Event, eventually: Callable[[Callable[[], bool]], Any]
) -> None:
    gate = client.house.services.gate
    running = start(client, "member", 2)
    await eventually(lambda: gate.in_flight == 2)
    (waiting,) = start(client, "member", 1)
    await eventually(lambda: gate.waiting == 1)
    waiting.cancel()
    await asyncio.wait({waiting})
    assert gate.waiting == 0
    stuck.set()
    assert [(await each).status_code for each in running] == [200] * 2
    assert gate.in_flight == 0


async def test_what_is_refused_leaves_no_place_and_no_deadline_behind(client: Client) -> None:
    gate = client.house.services.gate
    gc.disable()  # which would close what was left open
    try:
        response = await client.send('{ __type(name: "Movie") { name } }')
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert (gate.in_flight, gate.waiting) == (0, 0)
        armed = [each for each in asyncio.get_running_loop()._scheduled if "_on_timeout" in repr(each) and not each.cancelled()]
        assert not armed
    finally:
        gc.enable()


async def test_websockets_stand_in_the_same_queue(
    live: Live, stuck: threading.Event, eventually: Callable[[Callable[[], bool]], Any]
) -> None:
    gate = live.house.services.gate
    async with signed_in(live, "member") as socket:
        ids = [await socket.subscribe(INFO) for _ in range(5)]
        message = await socket.receive()
        assert (message["type"], message["id"]) == ("error", ids[4])
        assert message["payload"][0]["extensions"]["code"] == "OVERLOADED"
        assert gate.in_flight == 2
    await eventually(lambda: gate.waiting == 0)


async def test_what_is_counted(client: Client) -> None:
    before = await scrape(client)
    await client.send("{ movies { nodes { title } } }", who="member")
    await client.send("mutation { logout(input: {}) { errors { __typename } } }", who="member")
    await client.send("{ nothing }", who="member")
    await client.http.post("/graphql", content=b"{")
    after = await scrape(client)
    for name in (
        'marquee_operation_duration_seconds_count{kind="query"}', 'marquee_operation_duration_seconds_count{kind="mutation"}',
        'marquee_errors_total{code="GRAPHQL_VALIDATION_FAILED"}', 'marquee_errors_total{code="UNSUPPORTED_MEDIA_TYPE"}',
        'marquee_planner_positions_total{how="planned"}', "marquee_planner_plans_total",
    ):  # fmt: skip
        assert value(after, name) == value(before, name) + 1, name


async def scrape(client: Client) -> str:
    return (await client.http.get("/metrics")).text


def value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def shed(text: str) -> float:
    return value(text, "marquee_shed_total")
