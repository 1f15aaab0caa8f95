"""A database from before search gets its index by itself: asked for at the start, made by a job, once."""

from pathlib import Path

import pytest
import sqlalchemy as sa

import workers.actors
from api.cli.compose import House, prepare
from domain.jobs import service
from domain.jobs.enums import JobStatus
from domain.jobs.tables import JOBS
from domain.kit.database import Database
from domain.kit.policy import SYSTEM
from domain.search.finding import find
from domain.search.keeping import DOCUMENTS, WORDS
from domain.search.rebuilding import differing
from domain.search.upkeep import INDEX, VERSION
from domain.settings import Settings
from domain.system.settings_store import drop_setting, get_setting, put_setting
from tests.factories import catalog
from workers.runner import Runner

pytestmark = pytest.mark.both
assert workers.actors


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, DATABASE_URL=database_url)


@pytest.fixture
def film(database: Database) -> int:
    """A film that no index knows, in a database that was never indexed."""
    with database.transaction() as uow:
        catalog.types(uow)
        film = catalog.movie(uow, "Nosferatu", year=1922)
    with database.transaction() as uow:
        for table in (DOCUMENTS, WORDS):
            uow.session.connection().execute(sa.delete(table))
        drop_setting(uow, INDEX)
    return film


def start(database: Database, settings: Settings) -> None:
    """What `marquee serve` and `marquee migrate` do first."""
    prepare(House(settings, database, b"k" * 32))


def work(database: Database, settings: Settings) -> None:
    Runner(database, settings, queues=("default",), worker="w", random=lambda: 0.0).drain()


def statuses(database: Database) -> list[str]:
    with database.read() as session:
        query = sa.select(JOBS.c.status).where(JOBS.c.kind == "search.reindex").order_by(JOBS.c.id)
        return [str(status.value) for status in session.connection().execute(query).scalars()]


def found(database: Database) -> list[int]:
    with database.read() as session:
        return [hit.key for hit in find(session, SYSTEM, "nosferatu")]


def test_a_database_from_before_search_is_indexed_by_itself(database: Database, settings: Settings, film: int) -> None:
    assert found(database) == []
    start(database, settings)
    start(database, settings)  # another process, or the same again before a worker came
    assert statuses(database) == ["pending"]
    work(database, settings)
    assert (found(database), statuses(database)) == ([film], ["completed"])
    with database.read() as session:
        assert (differing(session), get_setting(session, INDEX)) == (0, VERSION)
    start(database, settings)
    assert statuses(database) == ["completed"]


def test_an_older_index_is_made_anew(database: Database, settings: Settings, film: int) -> None:
    with database.transaction() as uow:
        put_setting(uow, INDEX, VERSION - 1)
    start(database, settings)
    work(database, settings)
    assert (found(database), statuses(database)) == ([film], ["completed"])


def test_an_empty_database_needs_no_job(database: Database, settings: Settings) -> None:
    start(database, settings)
    with database.transaction() as uow:
        catalog.types(uow)
        film = catalog.movie(uow, "Nosferatu", year=1922)
    start(database, settings)
    assert (found(database), statuses(database)) == ([film], [])


def test_a_cancelled_job_is_asked_for_again_at_the_next_start(database: Database, settings: Settings, film: int) -> None:
    start(database, settings)
    with database.transaction() as uow:
        (key,) = uow.session.connection().execute(sa.select(JOBS.c.id)).scalars()
        service.cancel(uow, key)
    start(database, settings)
    assert statuses(database) == [JobStatus.CANCELLED.value, JobStatus.PENDING.value]
