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
