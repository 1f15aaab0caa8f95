"""On SQLite the rows of a statement come as one JSON text where that says them exactly, and as rows elsewhere."""

import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa

from api.kit.planner.dialects import postgresql, sqlite
from api.kit.planner.statements import compiled
from domain.kit.types import Instant

ROWS = sa.table(
    "rows", sa.column("id", sa.BigInteger()), sa.column("name", sa.String()), sa.column("at", Instant()),
    sa.column("more", sa.JSON()),
    sa.column("is_on", sa.Boolean()), sa.column("score", sa.Float()), sa.column("digest", sa.LargeBinary()),
)  # fmt: skip
NAMES = ["", "ä", '"\\\n\t', "'; --", "\u2028\x1f", "名", "null", "[1]"]


@pytest.fixture
def connection() -> Any:
    found = sqlite3.connect(":memory:")
    found.execute("CREATE TABLE rows (id INTEGER, name TEXT, at TEXT, more TEXT, is_on INTEGER, score REAL, digest BLOB)")
    for number, name in enumerate([*NAMES, None]):
        values = (2**63 - 1 - number, name, "2026-11-22T00:00:00.000001Z", '{"a": [1.10]}', number % 2, number / 3, b"\xff")
        found.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    yield found
    found.close()


def test_gathered_rows_are_the_rows_in_their_order(connection: sqlite3.Connection) -> None:
    query = sa.select(ROWS.c.id, ROWS.c.name, ROWS.c.at, ROWS.c.more, ROWS.c.is_on).order_by(ROWS.c.id)
    statement = compiled(query, sqlite)
    found = connection.execute(statement.text).fetchall()
    plain = connection.execute("SELECT id, name, at, more, is_on FROM rows ORDER BY id").fetchall()
    assert statement.is_gathered
    assert len(found) == 1
    assert [tuple(each) for each in statement.rows(found)] == plain
    assert len(plain) == len(NAMES) + 1


def test_no_rows_are_no_rows(connection: sqlite3.Connection) -> None:
    statement = compiled(sa.select(ROWS.c.id).where(ROWS.c.id < sa.literal_column("0")), sqlite)
    assert statement.rows(connection.execute(statement.text).fetchall()) == []


@pytest.mark.parametrize("column", ["score", "digest"])
def test_what_json_cannot_say_exactly_comes_as_rows(connection: sqlite3.Connection, column: str) -> None:
    statement = compiled(sa.select(ROWS.c.id, ROWS.c[column]).order_by(ROWS.c.id), sqlite)
    found = connection.execute(statement.text).fetchall()
    assert not statement.is_gathered
    assert statement.rows(found) == connection.execute(f"SELECT id, {column} FROM rows ORDER BY id").fetchall()


def test_the_parsers_stack_has_room_for_what_is_gathered(connection: sqlite3.Connection) -> None:
    gathered = []
    for depth in range(13):
        query = sa.select(ROWS.c.id)
        for _ in range(depth):
            query = sa.select(ROWS.c.id).where(sa.exists(query.correlate(None)))
        statement = compiled(query, sqlite)
        assert len(statement.rows(connection.execute(statement.text).fetchall())) == len(NAMES) + 1
        gathered.append(statement.is_gathered)
    assert gathered == sorted(gathered, reverse=True)
    assert gathered[0]
    assert not gathered[-1]


def test_postgresql_sends_rows() -> None:
    statement = compiled(sa.select(ROWS.c.id), postgresql)
    assert not statement.is_gathered
    assert statement.rows([(1,)]) == [(1,)]
