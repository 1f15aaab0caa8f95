"""Senders that stall, drip, die or lose a race; disks that are full: never another's bytes, never a file left behind."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.uploads import receiving
from domain.settings import Settings
from domain.uploads.enums import UploadState
from domain.uploads.sweeping import sweep
from domain.uploads.tables import Upload
from tests.api.conftest import Client
from tests.conftest import ManualClock
from tests.uploads.test_uploads import DELETE, PNG, create, files, told


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30)


class Sender:
    """Somebody who sends a file in two halves, the second when told."""

    def __init__(self, client: Client, url: str, body: bytes = PNG) -> None:
        self._begun, self._go, self._body = asyncio.Event(), asyncio.Event(), body
        self._task = asyncio.create_task(client.http.put(url, content=self._halves()))

    async def _halves(self) -> AsyncIterator[bytes]:
        yield self._body[:2000]
        self._begun.set()
        await self._go.wait()
        yield self._body[2000:]

    async def begun(self) -> "Sender":
        """When the first half is sent."""
        await asyncio.wait_for(self._begun.wait(), 5)
        return self

    async def finish(self) -> httpx.Response:
        """Send the rest."""
        self._go.set()
        return await asyncio.wait_for(self._task, 5)


def state(client: Client, made: Any) -> UploadState:
    (row,) = [row for row in client.house.rows(Upload) if f"upl_{row.id}" == made["upload"]["id"]]
    found: UploadState = row.state
    return found


def stored(client: Client) -> bytes:
    (name,) = files(client)
    return (client.house.services.settings.data_dir / "uploads" / name).read_bytes()


async def test_two_senders_of_one_file_do_not_spoil_each_others(client: Client, manual_clock: ManualClock) -> None:
    """The second, let in after two minutes, emptied the first one's part; the first one's end then hid the mixture's."""
    made = await create(client)
    first = await Sender(client, made["url"]).begun()
    manual_clock.advance(180)
    second = await Sender(client, made["url"]).begun()
    assert told(await first.finish()) == (409, "CONFLICT")
    assert state(client, made) is UploadState.RECEIVING  # the second one's still
    assert (await second.finish()).status_code == 204
    assert (state(client, made), stored(client)) == (UploadState.COMPLETE, PNG)


async def test_a_sender_who_wakes_after_another_finished_changes_nothing(client: Client, manual_clock: ManualClock) -> None:
    made = await create(client)
    first = await Sender(client, made["url"]).begun()
    manual_clock.advance(180)
    assert (await client.http.put(made["url"], content=PNG)).status_code == 204
    assert told(await first.finish())[0] in (404, 409)
    assert (state(client, made), stored(client)) == (UploadState.COMPLETE, PNG)


async def test_a_slow_sender_keeps_its_place_until_its_hour_is_over(
    client: Client, manual_clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "BEAT_S", 0.0)
    made, late = await create(client), await create(client)
    seen: list[tuple[int, str]] = []

    async def slowly(url: str, pause_s: float) -> AsyncIterator[bytes]:
        for start in range(0, len(PNG), 500):
            manual_clock.advance(pause_s)
            yield PNG[start : start + 500]
            if start == 4000:
                manual_clock.advance(pause_s)
                seen.append(told(await client.http.put(url, content=PNG)))

    assert (await client.http.put(made["url"], content=slowly(made["url"], 100))).status_code == 204
    assert seen == [(409, "CONFLICT")]
    assert told(await client.http.put(late["url"], content=slowly(late["url"], 1000))) == (404, "NOT_FOUND")
    assert len(files(client)) == 1


async def test_the_next_uploads_number_is_no_way_into_it(client: Client) -> None:
    """SQLite gave the number of a deleted upload again: its sender completed another user's, with his own bytes."""
    mine = await create(client)
    sender = await Sender(client, mine["url"]).begun()
    await client.data(DELETE, {"id": mine["upload"]["id"]}, who="member")
    theirs = await create(client, b"\x89PNG\r\n\x1a\n" + b"theirs", who="neighbour")
    assert theirs["upload"]["id"] != mine["upload"]["id"]
    assert told(await sender.finish()) == (404, "NOT_FOUND")
    assert (state(client, theirs), files(client)) == (UploadState.WAITING, [])


async def test_whoever_deletes_gets_no_more_room_than_the_quota(client: Client) -> None:
    """The bytes stayed until the night: announcing, sending and deleting over and over filled the disk."""
    for _ in range(3):
        made = await create(client)
        await client.http.put(made["url"], content=PNG)
        await client.data(DELETE, {"id": made["upload"]["id"]}, who="member")
        assert files(client) == []


@pytest.mark.parametrize("failing", ["_write", "_opened"])
async def test_a_full_disk_is_said_and_nothing_is_left(client: Client, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def is_full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    made = await create(client)
    with monkeypatch.context() as patch:
        patch.setattr(receiving, failing, is_full)
        assert told(await client.http.put(made["url"], content=PNG)) == (507, "INSUFFICIENT_STORAGE")
    assert (files(client), state(client, made)) == ([], UploadState.WAITING)
    assert (await client.http.put(made["url"], content=PNG)).status_code == 204


async def test_what_a_killed_server_left_goes(
    client: Client, manual_clock: ManualClock, eventually: Callable[[Callable[[], bool]], Any]
) -> None:
    made = await create(client)
    house, place = client.house, client.house.services.settings.data_dir / "uploads"
    sender = await Sender(client, made["url"]).begun()
    await eventually(lambda: len(files(client)) == 1)
    (place / f"{made['upload']['id'][4:]}.left.part").write_bytes(b"left")
    assert sweep(house.database, place.parent) == 0  # it is being sent
    manual_clock.advance(timedelta(minutes=3).total_seconds())
    assert sweep(house.database, place.parent) == 2
    assert (await client.http.put(made["url"], content=PNG)).status_code == 204
    assert told(await sender.finish())[0] in (404, 409)
    assert stored(client) == PNG
