"""Changes coalesce: what waits takes them up, what runs is followed, and nobody is asked where nobody shows it."""

import pytest
import sqlalchemy as sa

from domain.jobs import leases
from domain.jobs.kinds import NORMAL, SYNC_PLAYERS, WEBHOOK, SyncPlayers
from domain.players import requesting
from tests.players.conftest import Home


def jobs(home: Home) -> list[tuple[str, str]]:
    with home.database.read() as session:
        rows = session.execute(sa.text("SELECT status, dedupe_key FROM jobs WHERE kind = 'players.sync' ORDER BY id")).all()
    return [(row.status, row.dedupe_key) for row in rows]


@pytest.mark.both
def test_ten_changes_are_one_job(home: Home) -> None:
    keys = {home.ask(number) for number in range(10)}
    assert len(keys) == 1
    assert home.job(keys.pop())["payload"]["items"] == list(range(10))


@pytest.mark.both
def test_what_comes_while_one_runs_waits_for_it_and_coalesces_too(home: Home) -> None:
    first = home.ask(1)
    with home.database.transaction() as uow:
        lease = leases.claim(uow, queues=["players"], kinds=[SYNC_PLAYERS.name], worker="w", lease_s=60)
    assert lease is not None
    assert lease.job_id == first
    second, third = home.ask(2), home.ask(3)
    assert second == third != first
    assert home.job(first)["payload"]["items"] == [1]
    assert home.job(second)["payload"]["items"] == [2, 3]
    key = f"players.sync:{home.library}::items"
    assert jobs(home) == [("running", key), ("waiting", f"{key}:next")]
    with home.database.transaction() as uow:
        leases.complete(uow, lease, {})
    assert home.job(second)["status"] == "pending"
    assert home.ask(4) == second
    with home.database.transaction() as uow:
        assert leases.claim(uow, queues=["players"], kinds=[SYNC_PLAYERS.name], worker="w", lease_s=60) is not None
    assert home.ask(5) != second
    assert jobs(home)[1:] == [("running", f"{key}:next"), ("waiting", key)]


def test_one_that_was_put_off_does_again_what_it_did(home: Home) -> None:
    key = home.ask(1)
    with home.database.transaction() as uow:
        uow.session.execute(sa.text("""UPDATE jobs SET checkpoint = '{"done": {"plg_1": {}}}'"""))
    assert home.ask(2) == key
    assert home.job(key)["checkpoint"] is None


def test_the_more_urgent_priority_holds(home: Home) -> None:
    with home.database.transaction() as uow:
        first = requesting.request(uow, SyncPlayers(home.library, (1,)), priority=NORMAL).job.id
        requesting.request(uow, SyncPlayers(home.library, (2,)), priority=WEBHOOK)
        requesting.request(uow, SyncPlayers(home.library, (3,)), priority=NORMAL)
    with home.database.read() as session:
        assert session.execute(sa.text("SELECT priority FROM jobs WHERE id = :id"), {"id": first}).scalar_one() == WEBHOOK


def test_folders_libraries_and_groups_are_jobs_of_their_own(home: Home) -> None:
    keys = {
        home.ask(1),
        home.ask(),
        home.ask(folder="/media/films/A"),
        home.ask(folder="/media/films/B"),
        home.ask(1, group_id=4),
    }
    assert len(keys) == 5


def test_too_many_items_are_the_library(home: Home) -> None:
    key = home.ask(*range(requesting.MOST_ITEMS))
    assert len(home.job(key)["payload"]["items"]) == requesting.MOST_ITEMS
    assert home.ask(requesting.MOST_ITEMS) == key
    assert home.job(key)["payload"] == {"library_id": home.library, "items": [], "folder": None, "group_id": None}


@pytest.mark.both
def test_nobody_is_asked_where_no_group_would_hear_of_it(home: Home) -> None:
    def follow(*items: int) -> bool:
        with home.database.transaction() as uow:
            return requesting.follow(uow, home.library, items) is not None

    assert follow(1) is False
    group = home.group()
    assert follow(1) is False
    home.kodi("Off", of=group, is_enabled=False)
    assert follow(1) is False
    home.kodi("On", of=group)
    assert follow() is False
    assert follow(1) is True
    with home.database.transaction() as uow:
        uow.session.execute(sa.text("DELETE FROM jobs"))
        uow.session.execute(sa.text("UPDATE player_groups SET is_enabled = :off"), {"off": False})
    assert follow(1) is False
