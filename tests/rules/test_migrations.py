"""The migrations make exactly the schema of the models, forth and back, on both engines."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from domain.kit.database import Database, migrations

pytestmark = pytest.mark.both


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without any table."""
    if engine == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/empty.db")
        yield database
        database.close()
        return
    server: str = request.getfixturevalue("postgresql_url")
    name = f"empty_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        database = Database(server.rsplit("/", 1)[0] + f"/{name}")
        yield database
        database.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def test_the_migrations_make_the_models_schema(empty: Database) -> None:
    from domain.registry import metadata

    assert migrations.current(empty) is None
    assert not migrations.verify(empty)
    migrations.upgrade(empty)
    assert tables(empty) == {*metadata.tables, "alembic_version", "schema_history"}
    assert migrations.check(empty) == []
    assert migrations.verify(empty)
    assert migrations.current(empty) == migrations.head()


def test_down_to_nothing_and_up_again(empty: Database) -> None:
    migrations.upgrade(empty)
    migrations.downgrade(empty, "base")
    assert tables(empty) == {"alembic_version", "schema_history"}
    migrations.upgrade(empty)
    assert migrations.check(empty) == []


def test_every_step_is_remembered_with_its_checksum(empty: Database) -> None:
    migrations.upgrade(empty, "+1")
    migrations.downgrade(empty, "base")
    with empty.engine.connect() as connection:
        history = connection.execute(sa.select(migrations.HISTORY).order_by(migrations.HISTORY.c.id)).all()
    assert [(row.revision, row.direction, len(row.checksum)) for row in history] == [("0001", "up", 64), ("0001", "down", 64)]
    assert history[0].description == "People and rights."
    assert history[0].applied_at.tzinfo is not None


def test_a_database_of_newer_code_is_refused(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffff'")
    for act in (migrations.verify, migrations.upgrade):
        with pytest.raises(migrations.SchemaMismatch, match="newer version"):
            act(empty)


def test_a_changed_migration_is_refused(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(migrations.HISTORY.update().where(migrations.HISTORY.c.revision == "0001").values(checksum="0" * 64))
    with pytest.raises(migrations.SchemaMismatch, match="0001"):
        migrations.verify(empty)


def test_a_step_that_fails_leaves_everything_as_it_was(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE tags (id INTEGER)")
    with pytest.raises(sa.exc.DBAPIError, match="tags"):
        migrations.upgrade(empty)
    assert tables(empty) == {"tags"}


def test_rebuilt_tables_keep_their_rows_and_what_refers_to_them(empty: Database) -> None:
    """0011 drops six tables of SQLite and makes them anew: nothing that refers to them goes or changes."""
    migrations.upgrade(empty, "0010")
    at = "2026-01-01T00:00:00.000000Z"
    same = {"created_at": at, "updated_at": at}
    rows: dict[str, dict[str, object]] = {
        "users": same | {
            "id": 7, "version": 1, "username": "ada", "username_key": "ada", "password_hash": "x", "timezone": "UTC",
            "locale": "en", "is_active": True, "is_admin": False, "can_edit": False, "has_all_libraries": False,
            "sees_unrated": True, "privacy_settings": "{}", "preferences": "{}",
        },
        "api_tokens": same | {"id": 5, "user_id": 7, "name": "t", "token_hash": "h", "hint": "t", "scopes": "[]"},
        "jobs": same | {
            "id": 9, "kind": "k", "queue": "q", "priority": 5, "status": "pending", "requested_by_user_id": 7, "payload": "{}",
            "run_at": at, "attempts": 0, "max_attempts": 1, "deaths": 0, "lease_token": 0, "pending_deps": 0, "request_id": "",
        },
        "changes": same | {
            "id": 3, "user_id": 7, "job_id": 9, "action": "update", "is_dry_run": False, "total": 1, "changed": 1,
            "unchanged": 0, "rejected": 0, "skipped": 0,
        },
    }  # fmt: skip
    with empty.engine.begin() as connection:
        for table, row in rows.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
    migrations.upgrade(empty)
    assert migrations.check(empty) == []
    with empty.engine.begin() as connection:
        for table, row in rows.items():
            assert connection.execute(sa.text(f"SELECT id FROM {table}")).scalars().all() == [row["id"]]
        connection.execute(sa.text("DELETE FROM users"))
        assert connection.execute(sa.text("SELECT count(*) FROM api_tokens")).scalar() == 0
        assert connection.execute(sa.text("SELECT user_id, job_id FROM changes")).all() == [(None, 9)]
