"""Others write the same items in the same moment: an edit is begun anew, and nobody hears of it."""

import asyncio
import threading

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.tables import MediaItem
from tests.catalog.bulk.conftest import UPDATE, Desk, items
from tests.catalog.bulk.test_jobs import job, work

pytestmark = pytest.mark.postgresql  # SQLite has one writer


class Rival:
    """A transaction that locks the last item, waits until somebody waits for it, and then wants the first."""

    def __init__(self, desk: Desk, url: str, keys: list[int]) -> None:
        self._desk, self._url, self._keys = desk, url, keys
        self.holds, self.error = threading.Event(), ""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._desk.house.database.transaction() as uow:
                uow.session.execute(sa.text("SET LOCAL deadlock_timeout = '60s'"))  # the other one is the victim
                for key in (self._keys[-1], self._keys[0]):
                    where = col(MediaItem.id) == key
                    uow.session.execute(sa.update(MediaItem).where(where).values(outline="The rival's."))
                    if not self.holds.is_set():
                        self.holds.set()
                        self._until_somebody_waits()
        except Exception as error:
            self.error = str(error)

    def _until_somebody_waits(self) -> None:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with psycopg.connect(self._url, autocommit=True) as connection:
            while connection.execute(waiting).fetchone() == (0,):
                threading.Event().wait(0.005)

    async def end(self) -> None:
        """When it is committed."""
        await asyncio.to_thread(self._thread.join, 20)


async def test_the_victim_of_a_deadlock_tries_again(desk: Desk, database_url: str) -> None:
    keys = [*desk.films, *desk.add_films(20)]
    rival = Rival(desk, database_url, keys)
    await asyncio.to_thread(rival.holds.wait, 5)
    edit = {"same": {"select": items(keys), "changes": {"year": 1999, "tags": {"add": ["x"]}}}}
    answer = (await desk.client.send(UPDATE, {"input": {"edit": edit, "idempotencyKey": "k"}}, who="editor")).json()
    await rival.end()
    assert "errors" not in answer, answer
    assert answer["data"]["bulkUpdateMediaItems"]["counts"]["changed"] == len(keys)
    assert rival.error == ""
    with desk.house.database.read() as session:
        rows = session.execute(sa.select(col(MediaItem.year), col(MediaItem.outline)).where(col(MediaItem.id).in_(keys))).all()
    assert {row.year for row in rows} == {1999}
    assert [row.outline for row in rows].count("The rival's.") == 2


async def test_who_waits_for_too_long_is_told_to_come_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with desk.house.database.transaction() as uow:
            uow.session.execute(sa.update(MediaItem).where(col(MediaItem.id) == desk.films[0]).values(outline="x"))
            held.set()
            go.wait(20)

    @sa.event.listens_for(desk.house.database.engine, "begin")
    def impatient(connection: sa.Connection) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

    holder = threading.Thread(target=hold)
    holder.start()
    await asyncio.to_thread(held.wait, 5)
    edit = {"same": {"select": items(desk.films), "changes": {"year": 1999}}}
    answer = (await desk.client.send(UPDATE, {"input": {"edit": edit}}, who="editor")).json()
    go.set()
    await asyncio.to_thread(holder.join, 20)
    assert answer["errors"][0]["extensions"]["code"] == "OVERLOADED", answer
    assert (await desk.item(desk.films[1]))["year"] is None


async def test_a_job_that_is_the_victim_has_not_failed(desk: Desk, database_url: str) -> None:
    keys = desk.add_films(150)
    edit = {"same": {"select": items(keys), "changes": {"year": 1999}}}
    begun = await desk.act(UPDATE, edit=edit, errorPolicy="REJECT_FAILED")
    rival = Rival(desk, database_url, keys[:100])
    await asyncio.to_thread(rival.holds.wait, 5)
    await work(desk)
    await rival.end()
    done = job(desk)
    assert (done.status, done.attempts, done.result["changed"] if done.result else None) == ("completed", 1, 150), begun
    assert rival.error == ""
