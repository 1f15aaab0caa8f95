"""What plays is remembered before it is disturbed, once, for as long as it is of use."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.jobs.kinds import SYNC_PLAYERS, SyncPlayers
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.errors import Conflict, Unreachable
from domain.players import captured, capturing
from domain.players.enums import CaptureReason, CaptureStatus, PlaybackPolicy
from domain.players.restoring import Restored
from tests.players.living_room import OTHER, add_player, captures, facts, playing, states, stopped
from tests.players.scene import KEY, Scene


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
def test_a_capture_is_not_forgotten_with_the_worker_that_made_it(scene: Scene) -> None:
    scene.plays(playing(100))
    with scene.database.transaction() as uow:
        job = enqueue(uow, SYNC_PLAYERS, SyncPlayers(scene.room.library)).job.id
    (key,) = scene.before(job_id=job)
    scene.plays(stopped(100))  # the library was being read when the worker was killed
    with scene.database.read() as session:
        assert captured.left_by(session, job) == [key]
    with scene.database.transaction() as uow:
        capturing.after(uow, [key], parent=uow.session.get(Job, job))
    with scene.database.read() as session:
        assert captured.left_by(session, job) == []


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
