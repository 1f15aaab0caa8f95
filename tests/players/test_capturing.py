"""What plays is remembered before it is disturbed, and taken up again afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.jobs.backoff import full_jitter
from domain.jobs.kinds import PLAYBACK_RESTORE, SYNC_PLAYERS, SyncPlayers
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.kit.errors import Conflict, Unreachable
from domain.kit.http import Lan
from domain.kit.policy import Viewer
from domain.players import capturing, controlling, leases
from domain.players.enums import CaptureReason, CaptureStatus, PlaybackPolicy, PlaybackStatus, PlayerType
from domain.players.known import MAKERS
from domain.players.observing import Observer
from domain.players.restoring import Restored, restore
from tests.conftest import ManualClock
from tests.players.living_room import (
    FILM,
    OTHER,
    Puppet,
    Room,
    add_player,
    captures,
    facts,
    furnish,
    paused,
    playing,
    states,
    stopped,
    told,
)

KEY = b"k" * 32


class Scene:
    """A film plays on a puppet, and what is written of it."""

    def __init__(self, database: Database, room: Room, clock: ManualClock, puppet: Puppet) -> None:
        self.database, self.room, self.clock, self.puppet = database, room, clock, puppet
        self.lan = Lan()
        with database.transaction() as uow:
            leases.hold(uow, "me", [room.player])
            leases.found(uow, room.player, notifies=True)
        self.observer = Observer(database, player_id=room.player, group_id=room.group, watcher="me")
        self.observer.begin(confirmed_at=None)

    def plays(self, *seen: Any) -> None:
        """The player does this, and its watcher heard it."""
        for one in seen:
            if one.status is PlaybackStatus.STOPPED:
                self.puppet.live.pop(one.session, None)
            else:
                self.puppet.live[one.session] = one
        self.observer.take(seen)

    def before(self, **what: Any) -> list[int]:
        what.setdefault("players", [self.room.player] if not what.keys() & {"items", "files", "folder", "group_id"} else [])
        what.setdefault("reason", CaptureReason.SYNC)
        return capturing.before(self.database, self.lan, key=KEY, **what)

    def restore(self, capture: int, **more: Any) -> Restored:
        def wait(seconds: float) -> None:
            self.clock.advance(seconds)

        return restore(self.database, self.lan, capture, key=KEY, wait=wait, **more)


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet(library=[FILM, OTHER])
    monkeypatch.setitem(MAKERS, PlayerType.KODI, lambda *_: made)
    return made


@pytest.fixture
def scene(database: Database, manual_clock: ManualClock, puppet: Puppet) -> Iterator[Scene]:
    made = Scene(database, furnish(database), manual_clock, puppet)
    yield made
    made.lan.close()


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


@pytest.mark.both
def test_an_upgrade_captures_wherever_it_plays(scene: Scene) -> None:
    with scene.database.transaction() as uow:
        add_player(uow, scene.room.group, "Bedroom", port=8081)
    scene.plays(playing(100))
    for what in ({"items": [scene.room.film]}, {"files": [scene.room.film_file]}, {"folder": "/media/films/Alien (1979)"}):
        (key,) = scene.before(reason=CaptureReason.UPGRADE, **what)  # one and the same: it waits already
    assert [one.id for one in captures(scene.database)] == [key]
    assert scene.before(reason=CaptureReason.UPGRADE, items=[scene.room.other]) == []
    assert scene.before(reason=CaptureReason.UPGRADE, folder="/media/films/Ali") == []
    assert scene.before(reason=CaptureReason.UPGRADE) == [key]


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


@pytest.mark.parametrize(
    ("policy", "reason", "captured"),
    [
        (PlaybackPolicy.RESTORE, CaptureReason.SYNC, True),
        (PlaybackPolicy.RESTORE, CaptureReason.UPGRADE, True),
        (PlaybackPolicy.DEFER, CaptureReason.SYNC, False),
        (PlaybackPolicy.DEFER, CaptureReason.UPGRADE, True),
        (PlaybackPolicy.IGNORE, CaptureReason.SYNC, False),
        (PlaybackPolicy.IGNORE, CaptureReason.UPGRADE, False),
        (PlaybackPolicy.IGNORE, CaptureReason.REQUEST, True),
    ],
)
def test_what_the_policy_says(scene: Scene, policy: PlaybackPolicy, reason: CaptureReason, captured: bool) -> None:
    with scene.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE player_groups SET playback_policy = :policy"), {"policy": policy.value})
    scene.plays(playing(100))
    assert bool(scene.before(reason=reason)) is captured


def test_a_group_with_a_member_that_is_away(scene: Scene) -> None:
    """What is known from before counts; the position ran on as long as somebody vouched for it."""
    scene.plays(playing(100))
    scene.clock.advance(7)
    scene.puppet.failure = Unreachable("It is away.")
    (key,) = scene.before(group_id=scene.room.group)
    assert captures(scene.database)[0].position_ms == 107_000
    with pytest.raises(Unreachable):
        scene.restore(key)
    assert captures(scene.database)[0].status is CaptureStatus.WAITING
    with pytest.raises(Unreachable):
        scene.restore(key, is_last=True)
    (capture,) = captures(scene.database)
    assert (capture.status, capture.error) == (CaptureStatus.FAILED, "It is away.")


@pytest.mark.both
def test_too_late(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    assert capturing.expire_due(scene.database) == 0
    scene.clock.advance(6 * 3600)
    assert capturing.expire_due(scene.database) == 1
    assert captures(scene.database)[0].status is CaptureStatus.EXPIRED
    assert scene.restore(key) == Restored(CaptureStatus.EXPIRED)


def test_an_expired_one_that_nobody_swept(scene: Scene) -> None:
    scene.plays(playing(100))
    (key,) = scene.before()
    scene.clock.advance(6 * 3600)
    assert scene.restore(key) == Restored(CaptureStatus.EXPIRED)
    assert captures(scene.database)[0].status is CaptureStatus.EXPIRED


@pytest.mark.both
def test_one_job_for_each_capture_once(scene: Scene) -> None:
    scene.plays(playing(100))
    keys = scene.before()
    with scene.database.transaction() as uow:
        (job,) = capturing.after(uow, keys)
        assert [one.id for one in capturing.after(uow, keys)] == [job.id]
        capturing.end(uow, keys[0], CaptureStatus.KEPT)
        assert capturing.after(uow, [*keys, 999]) == []
    with scene.database.read() as session:
        (row,) = session.exec(select(Job)).all()
    assert (row.kind, row.payload, row.subject) == (
        "players.playback_restore", {"capture_id": keys[0]}, f"plc_{keys[0]}",
    )  # fmt: skip
    assert captures(scene.database)[0].job_id == job.id


def test_another_film_in_a_captured_session(scene: Scene) -> None:
    scene.plays(playing(100))
    (first,) = scene.before()
    scene.plays(playing(50, media=OTHER))
    (second,) = scene.before()
    one, other = captures(scene.database)
    assert (one.id, one.status, other.id, other.item_id) == (first, CaptureStatus.FAILED, second, scene.room.other)


def test_a_person_asks(scene: Scene) -> None:
    scene.plays(playing(100))
    (state,) = states(scene.database)
    key = capturing.capture_one(scene.database, scene.lan, key=KEY, state_id=state.id)
    (capture,) = captures(scene.database)
    assert (capture.id, capture.reason) == (key, CaptureReason.REQUEST)
    scene.plays(stopped(100))
    with pytest.raises(Conflict, match="Nothing plays there"):
        capturing.capture_one(scene.database, scene.lan, key=KEY, state_id=state.id)


def test_who_hears_of_captures(scene: Scene) -> None:
    scene.plays(playing(100))
    scene.before()
    fact = facts(scene.database)[-1]
    assert (fact.type, fact.audience) == ("capture.captured", f"library:{scene.room.library}")


def test_a_film_that_no_library_knows(scene: Scene) -> None:
    strange = replace(OTHER, key=None, path="/media/usb/holiday.mkv", title="holiday")
    scene.plays(playing(60, media=strange))
    (key,) = scene.before()
    scene.plays(stopped())
    assert scene.restore(key).was_opened
    assert ("open", "/media/usb/holiday.mkv", 60_000) in scene.puppet.done


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


@pytest.mark.both
def test_a_capture_is_not_forgotten_with_the_worker_that_made_it(scene: Scene) -> None:
    scene.plays(playing(100))
    with scene.database.transaction() as uow:
        job = enqueue(uow, SYNC_PLAYERS, SyncPlayers(scene.room.library)).job.id
    (key,) = scene.before(job_id=job)
    scene.plays(stopped(100))  # the library was being read when the worker was killed
    with scene.database.read() as session:
        assert capturing.left_by(session, job) == [key]
    with scene.database.transaction() as uow:
        capturing.after(uow, [key], parent=uow.session.get(Job, job))
    with scene.database.read() as session:
        assert capturing.left_by(session, job) == []


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


@pytest.mark.both
def test_a_capture_that_waits_goes_on_with_what_it_is_of(scene: Scene) -> None:
    scene.plays(playing(100))
    keys = scene.before(reason=CaptureReason.UPGRADE)
    scene.clock.advance(3000)
    scene.plays(playing(3100))
    assert scene.before() == keys
    scene.plays(stopped(3100))  # the reading of the library threw it out
    scene.restore(keys[0])
    assert ("open", "7", 3_100_000) in scene.puppet.done


def test_an_upgrade_that_is_dealt_with_late_knows_what_it_pulled_away(scene: Scene) -> None:
    scene.plays(playing(100))
    came = scene.clock.moment
    scene.clock.advance(5)
    scene.plays(stopped(105))
    scene.clock.advance(60)  # the network disk showed the new folder a minute late
    upgrade = {"reason": CaptureReason.UPGRADE, "items": [scene.room.film]}
    assert scene.before(**upgrade) == []
    assert len(scene.before(**upgrade, at=came)) == 1
    scene.clock.advance(86_400)  # replayed the next day
    capturing.expire_due(scene.database)
    assert scene.before(**upgrade, at=came) == []
