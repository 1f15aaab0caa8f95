"""A player that was switched off hears of everything when it comes back, without anybody asking again."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.jobs.enums import JobFailure, JobStatus
from domain.jobs.tables import JOBS
from domain.kit.database import Database
from domain.players import requesting, returning
from domain.players.tables import Player
from tests.peers.servers import free_port
from tests.players import conftest
from tests.players.conftest import Home
from tests.players.house import House
from tests.players.living_room import until


def end(database: Database, key: int, **values: Any) -> None:
    with database.transaction() as uow:
        named = {
            "finished_at": uow.now(), "status": JobStatus.FAILED, "failure": JobFailure.ERROR, "attempts": 12, "error": "off",
        }  # fmt: skip
        uow.session.connection().execute(sa.update(JOBS).where(JOBS.c.id == key).values(**named | values))


def back(home: Home, group: int) -> int:
    with home.database.transaction() as uow:
        return returning.catch_up(uow, group)


@pytest.mark.both
def test_what_failed_while_it_was_off_is_done_when_it_is_back(home: Home) -> None:
    film = home.film("Paper Lanterns", "Paper Lanterns (2019)/Paper Lanterns (2019).mkv", tmdb="900101")
    group = home.group()
    with home.database.transaction() as uow:
        off = conftest.player(uow, group, "Bedroom", port=free_port())
    key = home.ask(film)
    home.work()
    tried = home.job(key)
    assert (tried["status"], tried["attempts"]) == ("failed", 12)
    kodi = home.kodi("Den", of=group, websocket=False)
    with home.database.transaction() as uow:
        uow.session.execute(sa.update(Player).where(Player.id == off).values(is_enabled=False))  # type: ignore[arg-type]
    assert back(home, group) == 1
    home.work()
    assert home.job(key)["status"] == "completed"
    assert "VideoLibrary.Scan" in kodi.methods()


def test_what_waits_for_another_try_does_not_wait_on(home: Home) -> None:
    group = home.group()
    key = home.ask(1)
    with home.database.transaction() as uow:
        uow.session.execute(sa.update(JOBS).values(attempts=3, run_at=uow.now() + timedelta(hours=1)))
    assert back(home, group) == 1
    with home.database.transaction() as uow:
        assert uow.session.execute(sa.select(JOBS.c.run_at).where(JOBS.c.id == key)).scalar_one() <= uow.now()


def test_what_waits_for_somebody_to_stop_watching_waits_on(home: Home) -> None:
    group = home.group()
    home.ask(1)
    with home.database.transaction() as uow:
        uow.session.execute(sa.update(JOBS).values(run_at=uow.now() + timedelta(minutes=1)))
    assert back(home, group) == 0


def test_other_groups_and_old_failures_are_let_be(home: Home) -> None:
    group = home.group()
    with home.database.transaction() as uow:
        other = conftest.group(uow, "Other")
        gone = conftest.group(uow, "Shows nothing", is_enabled=False)
    old, named = home.ask(1), home.ask(group_id=other)
    end(home.database, named)
    with home.database.transaction() as uow:
        long_ago = uow.now() - returning.LONGEST - timedelta(days=1)
    end(home.database, old, finished_at=long_ago)
    assert back(home, group) == back(home, gone) == 0
    assert back(home, other) == 1


def test_what_is_asked_for_again_already_is_not_begun_twice(home: Home) -> None:
    group = home.group()
    first = home.ask(1)
    end(home.database, first)
    second = home.ask(1)
    assert second != first
    assert back(home, group) == 0
    assert home.job(first)["status"] == "failed"


def test_its_listener_says_that_it_is_back(house: House) -> None:
    with house.database.transaction() as uow:
        key = requesting.request(uow, requesting.SyncPlayers(house.room.library, (house.room.film,))).job.id
    end(house.database, key)
    house.supervisor().tick()

    def status() -> Any:
        with house.database.read() as session:
            return session.execute(sa.select(JOBS.c.status).where(JOBS.c.id == key)).scalar_one()

    until(house.puppet.watching.is_set)
    until(lambda: status() is JobStatus.PENDING)
