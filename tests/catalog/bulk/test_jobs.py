"""More than a hundred items are a job's work: a snapshot at the start, stretches that are done once, progress, an end."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

import workers.actors
from domain.accounts.tables import User
from domain.catalog.tables import ChangeRow, MediaItem
from domain.jobs import leases, service
from domain.jobs.tables import JOBS, Job
from domain.kit.database import UnitOfWork
from domain.libraries.bulk import running
from domain.system.tables import Event
from tests.catalog.bulk.conftest import DELETE, UNDO, UPDATE, Desk, items
from tests.sampling import some
from workers.catalog import actors
from workers.runner import Runner

assert workers.actors
pytestmark = pytest.mark.both

NUMBER = 250
CHANGE = """query($id: ID!) { node(id: $id) { ... on Change { action total changed unchanged rejected skipped isDryRun
  finishedAt undoneAt job { status }
  rows(first: 2, outcome: REJECTED) { totalCount pageInfo { endCursor } nodes { position item { id } errors } } } } }"""
ALL = {"where": {"title": {"startsWith": "more"}}}


async def work(desk: Desk) -> None:
    """Do every job that waits."""
    runner = Runner(desk.house.database, desk.house.services.settings, queues=("default",), worker="w", random=lambda: 0.0)
    await asyncio.to_thread(runner.drain)


def job(desk: Desk) -> Job:
    """The newest job."""
    found: Job = max(desk.house.rows(Job), key=lambda row: row.id)
    return found


def films(desk: Desk) -> list[MediaItem]:
    with desk.house.database.read() as session:
        query = select(MediaItem).where(MediaItem.sort_key.like("mo%")).order_by(MediaItem.id)  # type: ignore[attr-defined]
        return list(session.exec(query))


async def begin(desk: Desk, changes: dict[str, Any], *, select: Any = ALL, **more: Any) -> Any:
    edit = {"same": {"select": select, "changes": changes}}
    return await desk.act(UPDATE, edit=edit, **{"errorPolicy": "REJECT_FAILED", **more})


async def look(desk: Desk, payload: Any) -> Any:
    return (await desk.client.data(CHANGE, {"id": payload["change"]["id"]}, who="editor"))["node"]


async def test_a_filter_is_read_once_at_the_start(desk: Desk) -> None:
    desk.add_films(NUMBER)
    (error,) = (await begin(desk, {"title": "X"}, errorPolicy="REJECT_ALL"))["errors"]
    assert (error["code"], error["path"]) == ("INVALID", ["errorPolicy"])
    begun = await begin(desk, {"replace": [{"field": "title", "find": "More", "replace": "Less"}]})
    assert (begun["errors"], begun["rows"], begun["counts"]["total"]) == ([], [], NUMBER)
    assert begun["job"]["kind"] == "catalog.bulk_update"
    assert begun["job"]["subject"] == begun["change"]["id"]
    desk.add_films(1)  # matches, and came later
    await work(desk)
    done = await look(desk, begun)
    assert (done["changed"], done["rejected"], done["job"]["status"]) == (NUMBER, 0, "COMPLETED")
    assert done["finishedAt"] is not None
    assert job(desk).result == {
        "change": begun["change"]["id"], "total": NUMBER, "changed": NUMBER, "unchanged": 0, "rejected": 0, "skipped": 0
    }  # fmt: skip
    assert len(films(desk)) == 1
    undone = await desk.act(UNDO, change=begun["change"]["id"])
    assert (undone["job"]["kind"], undone["counts"]["total"]) == ("catalog.undo", NUMBER)
    (error,) = (await desk.act(UNDO, change=undone["change"]["id"]))["errors"]
    assert (error["code"], error["message"]) == ("CONFLICT", "Its job is still at work: wait for it, or cancel it.")
    await work(desk)
    assert (await look(desk, undone))["changed"] == NUMBER
    assert [film.title[:5] for film in films(desk)] == ["More "] * (NUMBER + 1)


async def test_what_fails_can_be_read_page_by_page(desk: Desk) -> None:
    keys = desk.add_films(NUMBER)
    select_ = items(keys)
    for place in (3, 120, 249):
        select_["items"][place]["expectedVersion"] = 9
    begun = await begin(desk, {"year": 1999}, select=select_, dryRun=True)
    await work(desk)
    rehearsed = await look(desk, begun)
    assert (rehearsed["isDryRun"], rehearsed["changed"], rehearsed["rejected"]) == (True, NUMBER - 3, 3)
    assert {film.year for film in films(desk)} == {None}
    (error,) = (await desk.act(UNDO, change=begun["change"]["id"]))["errors"]
    assert error["code"] == "CONFLICT"
    begun = await begin(desk, {"year": 1999}, select=select_)
    await work(desk)
    page = (await look(desk, begun))["rows"]
    assert (page["totalCount"], [row["position"] for row in page["nodes"]]) == (3, [3, 120])
    assert page["nodes"][0]["errors"][0]["code"] == "VERSION_CONFLICT"
    assert [film.year for film in films(desk)].count(1999) == NUMBER - 3


async def test_a_stretch_that_fails_is_done_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add_films(NUMBER)
    tries = []

    def fails_once(uow: UnitOfWork, change_id: int, *, done: int) -> running.Step:
        step = running.advance(uow, change_id, done=done)
        tries.append(done)
        if tries == [0, 100]:
            raise RuntimeError("the power went")
        return step

    monkeypatch.setattr(actors, "advance", fails_once)
    begun = await begin(desk, {"replace": [{"field": "title", "find": "M", "replace": "MM"}], "tags": {"add": ["x"]}})
    await work(desk)
    assert tries == [0, 100, 100, 200]
    assert (await look(desk, begun))["changed"] == NUMBER
    with desk.house.database.read() as session:
        titles = session.exec(select(MediaItem.title, MediaItem.version).where(MediaItem.title.like("MM%"))).all()  # type: ignore[attr-defined]
        events = session.exec(select(sa.func.count()).select_from(Event).where(Event.type == "item.changed")).one()
    assert {(title[:7], version) for title, version in titles} == {("MMore 0", 2), ("MMore 1", 2), ("MMore 2", 2)}
    assert (len(titles), events, len(desk.house.rows(ChangeRow))) == (NUMBER, NUMBER, NUMBER)


@pytest.mark.parametrize("moment", some(["before", "after"], 2))
async def test_a_worker_is_killed(desk: Desk, database_url: str, moment: str) -> None:
    desk.add_films(NUMBER)
    begun = await begin(desk, {"replace": [{"field": "title", "find": "M", "replace": "MM"}]})
    script = Path(__file__).with_name("killed_change.py")
    killed = subprocess.run([sys.executable, str(script), database_url, moment], cwd=script.parents[3], timeout=60, check=False)
    assert killed.returncode == -9
    assert (await look(desk, begun))["changed"] == (100 if moment == "before" else 200)
    with desk.house.database.transaction() as uow:
        uow.session.execute(sa.update(JOBS).values(lease_until=uow.now() - timedelta(hours=1)))
        assert leases.sweep(uow, max_deaths=3, random=lambda: 0.0) == 1
    await work(desk)
    done = await look(desk, begun)
    assert (done["changed"], done["job"]["status"]) == (NUMBER, "COMPLETED")
    with desk.house.database.read() as session:
        titles = session.exec(select(MediaItem.title, MediaItem.version).where(MediaItem.title.like("MM%"))).all()  # type: ignore[attr-defined]
    assert (len(titles), {version for _, version in titles}) == (NUMBER, {2})
    assert not any(title.startswith("MMM") for title, _ in titles)


async def test_what_was_done_before_a_cancellation_can_be_undone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add_films(NUMBER)

    def cancelled(uow: UnitOfWork, change_id: int, *, done: int) -> running.Step:
        step = running.advance(uow, change_id, done=done)
        service.cancel(uow, job(desk).id)
        return step

    monkeypatch.setattr(actors, "advance", cancelled)
    begun = await begin(desk, {"year": 1999})
    await work(desk)
    done = await look(desk, begun)
    assert (done["changed"], done["job"]["status"], done["finishedAt"]) == (100, "CANCELLED", None)
    monkeypatch.undo()
    undone = await desk.act(UNDO, change=begun["change"]["id"])
    assert (undone["errors"], undone["counts"]["changed"]) == ([], 100)
    with desk.house.database.transaction() as uow:
        service.retry(uow, max(row.id for row in desk.house.rows(Job)))
    await work(desk)
    assert {film.year for film in films(desk)} == {None}


async def test_many_are_deleted_parents_first(desk: Desk) -> None:
    desk.add_films(NUMBER)
    select_ = {"where": {"kind": ["MOVIE", "SERIES", "SEASON", "EPISODE"]}}
    begun = await desk.act(DELETE, select=select_, errorPolicy="REJECT_FAILED")
    assert begun["job"]["kind"] == "catalog.bulk_delete"
    await work(desk)
    done = await look(desk, begun)
    assert (done["changed"], done["rejected"], done["skipped"]) == (NUMBER + 7, 0, 3)
    assert await desk.item(desk.series[3]) is None
    await desk.act(UNDO, change=begun["change"]["id"])
    await work(desk)
    assert (await desk.item(desk.series[3]))["title"] == "Episode 2"
    assert len(films(desk)) == NUMBER


async def test_somebody_who_may_not_edit_any_more_edits_nothing(desk: Desk) -> None:
    desk.add_films(NUMBER)
    await begin(desk, {"year": 1999})
    with desk.house.database.transaction() as uow:
        uow.session.execute(sa.update(User).values(can_edit=False, is_admin=False))
    await work(desk)
    assert (job(desk).status, job(desk).failure) == ("failed", "error")
    assert {film.year for film in films(desk)} == {None}
