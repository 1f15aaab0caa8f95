"""What played goes after its time; who listens; limits of time within others."""

from datetime import timedelta
from pathlib import Path

import httpcore
import pytest
import sqlalchemy as sa

from domain.kit.database import Database
from domain.kit.http import ends_after
from domain.kit.http.connecting import _within
from domain.players import capturing, leases
from domain.players.enums import CaptureReason, CaptureStatus, PlaybackStatus
from domain.players.retention import RULES
from domain.players.tables import PlaybackCapture, PlayerState
from domain.settings import Settings
from domain.system.retention import prune_all
from tests.players.living_room import captures, furnish, states
from workers.main import EmbeddedWorkers


@pytest.mark.both
def test_what_is_over_goes_after_its_time(database: Database) -> None:
    room = furnish(database)
    with database.transaction() as uow:
        now = uow.now()
        for session, status, days in (
            ("old", PlaybackStatus.STOPPED, 8), ("young", PlaybackStatus.STOPPED, 6), ("live", PlaybackStatus.PAUSED, 400),
        ):  # fmt: skip
            at = now - timedelta(days=days)
            row = PlayerState(player_id=room.player, session=session, status=status, started_at=at, observed_at=at)
            uow.session.add(row)
        for session, state, days in (
            ("old", CaptureStatus.KEPT, 31), ("young", CaptureStatus.FAILED, 29), ("waits", CaptureStatus.WAITING, 400),
        ):  # fmt: skip
            at = now - timedelta(days=days)
            capture = PlaybackCapture(
                player_id=room.player, session=session, path="/x", position_ms=0, is_paused=False, reason=CaptureReason.SYNC,
                status=state, captured_at=at, expires_at=at + capturing.KEPT_FOR,
            )  # fmt: skip
            uow.session.add(capture)
    assert prune_all(database, RULES, between=lambda: None) == {"playbacks": 1, "playback_captures": 1}
    assert [state.session for state in states(database)] == ["young", "live"]
    assert [capture.session for capture in captures(database)] == ["young", "waits"]


def test_whoever_does_the_jobs_of_players_listens_to_them(database: Database, database_url: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, DATABASE_URL=database_url)
    room = furnish(database)
    with database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE players SET host = '127.0.0.1', port = 1"))
    for queues, listens in ((("scans",), False), ((), True)):
        workers = EmbeddedWorkers(settings, database, queues=queues)
        assert (workers._watching is not None) is listens
        if workers._watching is not None:
            workers._watching.tick()
            assert workers._watching.players == {room.player}
            workers._watching.stop()
    with database.read() as session:
        assert [one.watcher for one in leases.to_watch(session)] == [None]


def test_an_inner_limit_of_time_does_not_outlast_the_outer_one() -> None:
    with ends_after(5):
        with ends_after(60):
            assert 4 < (_within(None, httpcore.ConnectTimeout) or 0) <= 5
        with ends_after(1):
            assert (_within(None, httpcore.ConnectTimeout) or 9) <= 1
        assert 4 < (_within(100, httpcore.ConnectTimeout) or 0) <= 5
    assert _within(None, httpcore.ConnectTimeout) is None
