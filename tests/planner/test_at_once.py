"""Short reads are made where they are asked for; long ones are given up and go to the reader's thread."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from api.kit.planner.planner import DETOURS, Planner
from domain.kit.database.reader import Read, SqliteReader, TooLong
from tests.planner.conftest import ADMIN, Lab

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[SqliteReader]:
    found = SqliteReader(sa.make_url(f"sqlite:///{tmp_path}/some.db"))
    yield found
    found.close()


def _one(read: Read) -> tuple[Any, int]:
    return read("SELECT 1", ())[0][0], threading.get_ident()


@pytest.mark.parametrize("snapshot", [False, True])
def test_a_short_read_is_made_here(reader: SqliteReader, snapshot: bool) -> None:
    assert reader.at_once(_one, snapshot=snapshot) == (1, threading.get_ident())
    assert reader.submit(_one, snapshot=snapshot).result()[1] != threading.get_ident()
    assert reader.statements == 2


@pytest.mark.parametrize("snapshot", [False, True])
def test_a_long_read_is_given_up_and_leaves_nothing_behind(reader: SqliteReader, snapshot: bool) -> None:
    with pytest.raises(TooLong):
        reader.at_once(lambda read: (read("SELECT 1", ()), read(ENDLESS, ())), snapshot=snapshot)
    assert reader.statements == 0
    assert reader._here is not None
    assert not reader._here.in_transaction
    assert reader.at_once(_one, snapshot=True)[0] == 1


def test_a_fault_is_no_long_read(reader: SqliteReader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        reader.at_once(lambda read: read("SELECT * FROM nowhere", ()), snapshot=True)
    assert reader.at_once(_one, snapshot=True)[0] == 1


def test_nobody_waits_for_another_loops_read(reader: SqliteReader) -> None:
    def inside(read: Read) -> Any:
        with pytest.raises(TooLong):
            reader.at_once(_one, snapshot=False)
        return read("SELECT 2", ())

    assert reader.at_once(inside, snapshot=True) == [(2,)]


async def test_a_plan_that_was_slow_goes_to_the_thread_for_a_while(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner(lab.database)
    reader = lab.database.reader
    tried: list[int] = []

    def never(work: object, *, snapshot: bool) -> object:
        tried.append(1)
        raise TooLong

    monkeypatch.setattr(reader, "can_fetch", False)
    monkeypatch.setattr(reader, "at_once", never)
    query = "{ items(first: 2) { nodes { id title } } }"
    answers = [await lab.run(planner, query, {}, ADMIN) for _ in range(DETOURS + 2)]
    assert len(tried) == 2
    assert all(answer == answers[0] and not answer["errors"] for answer in answers)
