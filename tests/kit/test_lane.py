"""Statements that the event loop itself waits for on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from domain.kit.database import Database, Deadline, deadlines
from domain.kit.database.deadlines import DeadlineExceeded
from domain.kit.database.engines import postgresql_readers
from domain.kit.database.lane import Lane, Lanes

pytestmark = pytest.mark.postgresql

SIZE = 2
FOREVER = "SELECT pg_sleep(600)"
WHO = "SELECT pg_backend_pid()"


@pytest.fixture
async def lane(database: Database) -> AsyncIterator[Lanes]:
    pool, found = postgresql_readers(database.url, size=SIZE, statement_timeout_ms=60_000)
    yield found
    found.close()
    pool.close()


async def busy(database: Database, lane: Lanes) -> int:
    """Wait until the lane's statement runs; the server's process."""
    while True:
        with database.read() as session:  # anew each time: within a transaction the view does not change
            running = f"SELECT pid FROM pg_stat_activity WHERE query = '{FOREVER}' AND state = 'active'"
            for (pid,) in session.connection().exec_driver_sql(running):
                return int(pid)
        await asyncio.sleep(0.01)


async def test_rows_come_and_connections_are_used_again(lane: Lanes) -> None:
    found = {(await lane.fetch(WHO, []))[0][0] for _ in range(5)}
    assert len(found) == 1
    assert await lane.fetch("SELECT $1::bigint, $2::text", [1, "é"]) == [(1, "é")]


async def test_no_more_than_its_size_and_everybody_gets_a_turn(lane: Lanes) -> None:
    found: list[Any] = await asyncio.gather(*[lane.fetch("SELECT pg_backend_pid(), pg_sleep(0.01)", []) for _ in range(9)])
    assert len(found) == 9
    assert len({rows[0][0] for rows in found}) <= SIZE


async def test_a_mistake_is_told_and_harms_nobody(lane: Lanes) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await lane.fetch("SELECT 1 FROM there_is_none", [])
    assert await lane.fetch("SELECT 1", []) == [(1,)]


async def test_whoever_is_cancelled_takes_the_statement_along(database: Database, lane: Lanes) -> None:
    task = asyncio.ensure_future(lane.fetch(FOREVER, []))
    await busy(database, lane)
    waiting = [asyncio.ensure_future(lane.fetch(FOREVER, [])) for _ in range(SIZE + 1)]  # two of them in the queue
    await asyncio.sleep(0)
    for each in (task, *waiting):
        each.cancel()
    ended = await asyncio.gather(task, *waiting, return_exceptions=True)
    assert all(isinstance(each, asyncio.CancelledError) for each in ended)
    assert await asyncio.gather(*[lane.fetch("SELECT 1", []) for _ in range(4)]) == [[(1,)]] * 4


async def test_a_deadline_ends_it(database: Database, lane: Lanes) -> None:
    deadline = Deadline(600)
    deadlines.current.set(deadline)
    task = asyncio.ensure_future(lane.fetch(FOREVER, []))
    await busy(database, lane)
    deadline.expire()
    with pytest.raises(DeadlineExceeded):
        await task
    with pytest.raises(DeadlineExceeded):
        await lane.fetch("SELECT 1", [])
    deadlines.current.set(None)
    assert await lane.fetch("SELECT 1", []) == [(1,)]


async def test_a_server_that_was_started_again_is_asked_again(database: Database, lane: Lanes) -> None:
    ((pid,),) = await lane.fetch(WHO, [])
    with database.read() as session:
        session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")
    assert (await lane.fetch(WHO, []))[0][0] != pid


async def test_loops_do_not_disturb_each_other(database: Database, lane: Lanes) -> None:
    """A second loop reads and ends while the first one still waits for its rows."""
    waiting = asyncio.ensure_future(lane.fetch(FOREVER, []))
    await busy(database, lane)
    for _ in range(2):
        assert await asyncio.to_thread(asyncio.run, lane.fetch("SELECT 1", [])) == [(1,)]
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert await lane.fetch("SELECT 2", []) == [(2,)]


async def test_no_server_is_told(database: Database) -> None:
    lane = Lane("postgresql://nobody@127.0.0.1:1/none", size=1, options={"connect_timeout": 2})
    for _ in range(3):
        with pytest.raises(psycopg.OperationalError):
            await lane.fetch("SELECT 1", [])
