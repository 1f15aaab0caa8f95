"""The end of a chain: each group of players has a job of its own; who publishes joins no chain that does not."""

import pytest
import sqlalchemy as sa

from domain.jobs.kinds import SYNC_PLAYERS
from domain.jobs.tables import JOBS
from domain.libraries.enums import SourceKind
from domain.players import groups
from domain.players.enums import PlayerType
from tests.downloaders.chain_world import FILE, FILM, WHOLE, World, completed


def group(world: World, name: str) -> int:
    with world.database.transaction() as uow:
        made = groups.create(uow, name=name, type=PlayerType.KODI, library_ids=[world.films.id])
        assert made.id is not None
        return made.id


@pytest.mark.both
def test_each_group_has_a_job_of_its_own(world: World) -> None:
    shown_by = [group(world, "Upstairs"), group(world, "Downstairs")]
    world.films.put(FILE)
    event = world.send(world.fixture("radarr-6.1-download"))
    world.work()
    assert world.chain(event) == completed([*WHOLE, "players.sync"])
    query = sa.select(JOBS.c.payload).where(JOBS.c.kind == SYNC_PLAYERS.name).order_by(JOBS.c.id)
    with world.database.read() as session:
        told = [SYNC_PLAYERS.decode(each).group_id for each in session.connection().execute(query).scalars()]
    assert told == shown_by


def test_who_publishes_joins_no_chain_that_does_not(world: World) -> None:
    world.films.put(FILE)
    body = world.fixture("radarr-6.1-download")
    loud = world.sources[SourceKind.RADARR]
    world.add(SourceKind.RADARR, ("/srv/films", str(world.films.root)), publishes=False)
    quiet_event = world.send(body)
    world.work(queues=["default"])
    world.sources[SourceKind.RADARR] = loud
    loud_event = world.send({**body, "downloadId": "another"})
    world.work(queues=["default"])
    assert world.event(loud_event).chain != world.event(quiet_event).chain
    world.work()
    assert world.chain(loud_event) == completed(WHOLE)
    assert (world.films.root / FILM / "Paper.Lanterns.2019.1080p.nfo").exists()


def test_who_does_not_publish_joins_either(world: World) -> None:
    world.films.put(FILE)
    body = world.fixture("radarr-6.1-download")
    loud_event = world.send(body)
    world.work(queues=["default"])
    world.add(SourceKind.RADARR, ("/srv/films", str(world.films.root)), publishes=False)
    quiet_event = world.send({**body, "downloadId": "another"})
    world.work(queues=["default"])
    assert world.event(loud_event).chain == world.event(quiet_event).chain
