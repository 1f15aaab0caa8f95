"""What was captured is taken up again, where nothing speaks against it."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from domain.jobs.backoff import full_jitter
from domain.jobs.kinds import PLAYBACK_RESTORE
from domain.kit.errors import Conflict
from domain.kit.policy import Viewer
from domain.players import capturing, controlling
from domain.players.enums import CaptureReason, CaptureStatus
from domain.players.restoring import Restored
from tests.players.living_room import FILM, OTHER, captures, paused, playing, states, stopped, told
from tests.players.scene import KEY, Scene


@pytest.mark.both
def test_a_sync_that_interrupted_a_paused_film(scene: Scene) -> None:
    scene.plays(paused(3000))
    (key,) = scene.before(job_id=None)
    (capture,) = captures(scene.database)
    assert (capture.id, capture.reason, capture.status) == (key, CaptureReason.SYNC, CaptureStatus.WAITING)
    assert (capture.item_id, capture.file_id) == (scene.room.film, scene.room.film_file)
    assert (capture.position_ms, capture.is_paused, capture.path, capture.media_key) == (3_000_000, True, FILM.path, "7")
    assert (capture.expires_at - capture.captured_at).total_seconds() == 6 * 3600

    scene.plays(stopped(0))  # the scan threw it out, and the film has another id by now
    scene.puppet.library = [replace(FILM, key="70", path="smb://nas/films/Alien (1979)/Alien.2160p.mkv")]
    scene.puppet.done.clear()
    made = scene.restore(key)
    assert made == Restored(CaptureStatus.RESTORED, 3_000_000, was_opened=True, was_sought=False)
    assert [each for each in scene.puppet.done if each[0] != "sessions"] == [
        ("find", "Alien"), ("open", "70", 3_000_000), ("pause", ""),
    ]  # fmt: skip
    (capture,) = captures(scene.database)
    assert (capture.status, capture.restored_at) == (CaptureStatus.RESTORED, scene.clock.moment)
    assert [each for each in told(scene.database) if each.startswith("capture")] == ["capture.captured", "capture.restored"]


@pytest.mark.both
def test_what_went_on_playing_is_kept(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.clock.advance(30)
    for position, status in ((130, CaptureStatus.KEPT), (95, CaptureStatus.KEPT)):
        scene.plays(playing(position))
        assert scene.restore(key).status is status
        with scene.database.transaction() as uow:
            uow.session.execute(sa.text("UPDATE playback_captures SET status = 'waiting'"))
    scene.plays(playing(3))
    assert scene.restore(key) == Restored(CaptureStatus.RESTORED, 100_000, was_opened=False, was_sought=True)


def test_a_player_that_begins_at_the_beginning_is_sent_on(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.plays(stopped())
    scene.puppet.opens_at_ms = 0
    made = scene.restore(key)
    assert (made.status, made.was_opened, made.was_sought) == (CaptureStatus.RESTORED, True, True)
    assert ("seek", 100_000, "") in scene.puppet.done


def test_what_plays_meanwhile_is_not_interrupted(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.plays(playing(5, media=OTHER))
    with pytest.raises(Conflict, match="Something else plays there"):
        scene.restore(key)
    (capture,) = captures(scene.database)
    assert (capture.status, capture.error) == (CaptureStatus.FAILED, "Something else plays there by now.")
    assert scene.restore(key) == Restored(CaptureStatus.FAILED)


def test_the_same_key_is_another_film_by_now(scene: Scene) -> None:
    """Kodi gives ids again after a clean."""
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.plays(playing(5, media=replace(OTHER, key=FILM.key)))
    with pytest.raises(Conflict, match="Something else"):
        scene.restore(key)


def test_an_upgrade_that_pulled_the_file_away(scene: Scene) -> None:
    scene.plays(playing(100))
    scene.clock.advance(10)
    scene.plays(stopped(110))
    scene.clock.advance(20)
    (key,) = scene.before(reason=CaptureReason.UPGRADE, items=[scene.room.film])
    (capture,) = captures(scene.database)
    assert (capture.position_ms, capture.is_paused) == (110_000, False)
    scene.clock.advance(20)
    with scene.database.transaction() as uow:
        capturing.end(uow, key, CaptureStatus.FAILED)
    assert scene.before(reason=CaptureReason.UPGRADE, items=[scene.room.film]) == []


def test_what_ran_to_its_end_is_not_begun_again(scene: Scene) -> None:
    scene.plays(playing(7000))
    scene.plays(stopped(7020, is_finished=True))
    assert scene.before(reason=CaptureReason.UPGRADE, items=[scene.room.film]) == []


@pytest.mark.both
def test_what_ran_to_its_end_meanwhile_is_not_opened_again(scene: Scene) -> None:
    scene.plays(playing(6990))
    (key,) = scene.before()
    scene.clock.advance(30)
    scene.plays(stopped(7020, is_finished=True))
    assert scene.restore(key) == Restored(CaptureStatus.KEPT)
    assert not [each for each in scene.puppet.done if each[0] == "open"]


def test_what_says_that_it_ended_where_its_file_went_away_is_opened_again(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.clock.advance(30)
    scene.plays(stopped(7020, is_finished=True))  # Kodi's word for a file that cannot be read any further
    assert scene.restore(key).was_opened


@pytest.mark.both
def test_what_made_way_for_something_else_is_not_opened_again(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.clock.advance(30)
    scene.plays(playing(5, media=OTHER))
    scene.clock.advance(30)
    scene.plays(stopped(35, media=OTHER))
    with pytest.raises(Conflict, match="Something else was played since"):
        scene.restore(key)
    assert [(one.status, one.error) for one in captures(scene.database)] == [
        (CaptureStatus.FAILED, "Something else was played since.")
    ]  # fmt: skip
    assert not [each for each in scene.puppet.done if each[0] == "open"]


def test_a_person_that_ends_it_with_us_wants_it_no_more(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    (state,) = states(scene.database)
    controlling.stop(scene.database, scene.lan, key=KEY, viewer=Viewer(None, is_admin=True), playback=state.id)
    assert [(one.id, one.status, one.error) for one in captures(scene.database)] == [
        (key, CaptureStatus.FAILED, "Somebody ended it.")
    ]  # fmt: skip
    assert scene.restore(key) == Restored(CaptureStatus.FAILED)


def test_a_shorter_file_is_not_sent_beyond_its_end(scene: Scene) -> None:
    scene.plays(playing(7000))
    (key,) = scene.before(reason=CaptureReason.UPGRADE)
    scene.plays(stopped())
    scene.puppet.opens_at_ms = 0
    scene.puppet.total_ms = 6_900_000
    with pytest.raises(Conflict, match="shorter"):
        scene.restore(key)
    assert not [each for each in scene.puppet.done if each[0] == "seek"]


def test_a_player_that_is_switched_off_is_left_alone(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.plays(stopped(100))
    with scene.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE players SET is_enabled = false"))
    scene.puppet.done.clear()
    with pytest.raises(Conflict, match="switched off"):
        scene.restore(key)
    assert scene.puppet.done == []


def test_a_player_is_waited_for_as_long_as_a_capture_waits() -> None:
    most = sum(full_jitter(attempt, lambda: 0.5).total_seconds() for attempt in range(1, PLAYBACK_RESTORE.max_attempts))
    assert most >= capturing.KEPT_FOR.total_seconds()


@pytest.mark.both
def test_what_survived_the_new_file_is_not_opened_again_hours_later(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before(reason=CaptureReason.UPGRADE)
    scene.clock.advance(3000)
    scene.plays(stopped(3100))  # a person goes to bed; until then the sync was put off, and the capture waited for it
    scene.clock.advance(60)
    assert scene.restore(key) == Restored(CaptureStatus.KEPT)
