"""Remembers what plays before something is done to it, and has it taken up again afterwards.

Around whatever may disturb a player:

    captures = capturing.before(database, lan, key=key, reason=CaptureReason.SYNC, players=[player_id])
    ...                                            # the scan, the new file, the sync
    capturing.after(uow, captures, parent=job)     # in the transaction that ends it; nothing else is needed

`before` asks players and therefore stands outside of transactions. It never raises for a player that does not answer: what
is known of it from before counts. What the group's policy says is asked in here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlmodel import Session

from domain.jobs import service as jobs
from domain.jobs.enums import OnFailure
from domain.jobs.kinds import PLAYBACK_RESTORE, RestorePlayback
from domain.jobs.tables import Job
from domain.kit import clock
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Conflict, DomainError
from domain.kit.http import Lan, ends_after
from domain.kit.ids import global_id
from domain.libraries.enums import ConnectionStatus
from domain.players import matching
from domain.players.announcing import TOPIC, audience
from domain.players.enums import CaptureReason, CaptureStatus, PlaybackPolicy, PlaybackStatus
from domain.players.leases import PLAYERS, STATES
from domain.players.matching import Match
from domain.players.model import Playing
from domain.players.playing import is_same, position_at, sober
from domain.players.recording import playing_of
from domain.players.speaking import Line, line_to
from domain.players.tables import PlaybackCapture
from domain.system import events

log = structlog.get_logger()
CAPTURES: Final[Any] = PlaybackCapture.__table__  # type: ignore[attr-defined]
KEPT_FOR: Final = timedelta(hours=6)
"""So long a playback waits to be taken up again; later nobody wants it any more."""
JUST_NOW: Final = timedelta(seconds=30)
"""A playback of a replaced file that ended so shortly before was ended by that, not by a person."""
LATE: Final = timedelta(minutes=5)
"""A replacement that is heard of later than this disturbs nobody any more."""
ASK_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Captured:
    """A session that plays, or just did."""

    line: Line
    playing: Playing
    match: Match
    user_id: int | None


def before(
    database: Database, lan: Lan, *, key: bytes, reason: CaptureReason, players: Sequence[int] = (), group_id: int | None = None,
    items: Sequence[int] = (), files: Sequence[int] = (), folder: str | None = None, job_id: int | None = None,
    kept_for: timedelta = KEPT_FOR, at: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Remember what plays, and the keys of the captures that wait now; to be called before the players are disturbed.

    Either of these `players`, or of all members of a group, whatever plays; or wherever one of these `items` (their files
    too) or `files` plays, or something below a `folder` of ours. With UPGRADE also what ended within 30 seconds of `at`
    (when the file was replaced; now if not given) without being watched to its end, because the file was gone. The policy of
    the players' group decides: IGNORE captures nothing; DEFER only for UPGRADE (a sync is put off instead by whoever asks for
    it); a REQUEST stands above it. A session that was captured and waits already is not captured twice: its key is among the
    answers.
    """
    with database.read() as session:
        named = [*players, *([] if group_id is None else _members(session, group_id))]
        states = _states(session, named, items=items, files=files, folder=folder, reason=reason, at=at)
    by_player: dict[int, list[Any]] = {player: [] for player in named}
    for state in states:
        by_player.setdefault(state.player_id, []).append(state)
    found: list[_Captured] = []
    for player, rows in by_player.items():
        try:
            line = line_to(database, lan, player, key=key)
        except DomainError as error:
            log.warning("playback_not_captured", player=player, error=error.message)
            continue
        if _counts(line.policy, reason):
            found += _seen(database, line, rows, everything=player in named)
    if not found:
        return []
    with database.transaction() as uow:
        return [_store(uow, one, reason=reason, job_id=job_id, expires_at=uow.now() + kept_for) for one in found]


def capture_one(database: Database, lan: Lan, *, key: bytes, state_id: int) -> int:
    """Remember what plays in one session, because a person asked. Raises Conflict when nothing plays there."""
    with database.read() as session:
        row = session.connection().execute(sa.select(STATES).where(STATES.c.id == state_id)).first()
    if row is not None and row.status is not PlaybackStatus.STOPPED:
        line = line_to(database, lan, row.player_id, key=key)
        seen = [one for one in _seen(database, line, [row], everything=False) if one.playing.session == row.session]
        if seen:
            with database.transaction() as uow:
                return _store(uow, seen[0], reason=CaptureReason.REQUEST, job_id=None, expires_at=uow.now() + KEPT_FOR)
    raise Conflict("Nothing plays there.", path=("id",))


def after(
    uow: UnitOfWork, captures: Sequence[int], *, parent: Job | None = None, depends_on: Sequence[int] = (),
    requested_by_user_id: int | None = None,
) -> list[Job]:  # fmt: skip
    """Have captures taken up again: one job each (`players.playback_restore`), once those in `depends_on` have ended, well or
    not. Captures that wait no more are passed over. `parent` puts the jobs into its chain."""
    made = []
    for capture in captures:
        row = uow.session.execute(sa.select(CAPTURES).where(CAPTURES.c.id == capture)).first()
        if row is None or row.status is not CaptureStatus.WAITING:
            continue
        job = jobs.enqueue(
            uow, PLAYBACK_RESTORE, RestorePlayback(capture), dedupe_key=f"playback_restore:{capture}",
            subject=global_id("playback_captures", capture), requested_by_user_id=requested_by_user_id, parent=parent,
            depends_on=depends_on, on_failure=OnFailure.CONTINUE,
        ).job  # fmt: skip
        uow.session.execute(sa.update(CAPTURES).where(CAPTURES.c.id == capture).values(job_id=job.id, updated_at=uow.now()))
        made.append(job)
    return made


def given_up(uow: UnitOfWork, player_id: int, session: str) -> None:
    """A person ended what plays there: what was captured of it for a job is wanted no more. What a person captured is."""
    here = (CAPTURES.c.player_id == player_id, CAPTURES.c.session == session, CAPTURES.c.status == CaptureStatus.WAITING)
    keys = sa.select(CAPTURES.c.id).where(*here, CAPTURES.c.reason != CaptureReason.REQUEST)
    for key in uow.session.execute(keys).scalars().all():
        end(uow, key, CaptureStatus.FAILED, error="Somebody ended it.")


def end(uow: UnitOfWork, capture_id: int, status: CaptureStatus, *, error: str | None = None) -> bool:
    """Write what became of a capture, and tell it; whether it was still waiting."""
    values = {
        "status": status, "error": error, "updated_at": uow.now(),
        "restored_at": uow.now() if status is CaptureStatus.RESTORED else None,
    }  # fmt: skip
    waiting = (CAPTURES.c.id == capture_id, CAPTURES.c.status == CaptureStatus.WAITING)
    row = uow.session.execute(sa.update(CAPTURES).where(*waiting).values(**values).returning(CAPTURES)).first()
    if row is not None:
        _tell(uow, row, status.value)
    return row is not None


def expire(uow: UnitOfWork) -> int:
    """End captures that nobody took up in their time; the number of them."""
    due = sa.select(CAPTURES.c.id).where(CAPTURES.c.status == CaptureStatus.WAITING, CAPTURES.c.expires_at <= uow.now())
    keys = uow.session.execute(due.order_by(CAPTURES.c.expires_at).limit(100)).scalars().all()
    return sum(end(uow, key, CaptureStatus.EXPIRED) for key in keys)


def expire_due(database: Database) -> int:
    """The same, without a write where none is due."""
    with database.read() as session:
        due = sa.select(CAPTURES.c.id).where(CAPTURES.c.status == CaptureStatus.WAITING, CAPTURES.c.expires_at <= clock.now())
        if session.connection().execute(due.limit(1)).first() is None:
            return 0
    with database.transaction() as uow:
        return expire(uow)


def _counts(policy: PlaybackPolicy, reason: CaptureReason) -> bool:
    if reason is CaptureReason.REQUEST:
        return True
    return policy is PlaybackPolicy.RESTORE or (policy is PlaybackPolicy.DEFER and reason is CaptureReason.UPGRADE)


def _members(session: Session, group_id: int) -> list[int]:
    statement = sa.select(PLAYERS.c.id).where(PLAYERS.c.group_id == group_id, PLAYERS.c.is_enabled).order_by(PLAYERS.c.id)
    return list(session.connection().execute(statement).scalars())


def _states(
    session: Session, players: Sequence[int], *, items: Sequence[int], files: Sequence[int], folder: str | None,
    reason: CaptureReason, at: datetime | None,
) -> Sequence[Any]:  # fmt: skip
    """The sessions that are asked for and live, by what is known here; of an upgrade those too that just ended."""
    wanted = [STATES.c.player_id.in_(players)] if players else []
    if items:
        wanted.append(STATES.c.item_id.in_(items))
    if files or items:
        wanted.append(STATES.c.file_id.in_([*files, *matching.files_of(session, items)]))
    if folder is not None:
        wanted.append(STATES.c.file_id.in_(matching.files_below(folder)))
    if not wanted:
        return []
    is_live: Any = STATES.c.status != PlaybackStatus.STOPPED
    if reason is CaptureReason.UPGRADE:
        now = clock.now()
        since, until = max((at or now) - JUST_NOW, now - LATE), (at or now) + JUST_NOW
        is_live = sa.or_(is_live, sa.and_(STATES.c.ended_at.between(since, until), STATES.c.is_finished.is_(False)))
    return session.connection().execute(sa.select(STATES).where(sa.or_(*wanted), is_live).order_by(STATES.c.id)).all()


def _seen(database: Database, line: Line, rows: Sequence[Any], *, everything: bool) -> list[_Captured]:
    """What plays according to the player itself, where it answers; else according to the rows."""
    known = {row.session: row for row in rows}
    try:
        with ends_after(ASK_S):
            told = {one.session: one for one in (sober(each, now=clock.now()) for each in line.adapter.sessions())}
    except Exception as error:
        log.warning("player_not_asked", player=line.player_id, error=str(error))
        told = None
    now, found = clock.now(), []
    with database.read() as session:
        is_up = _is_up(session, line.player_id)
        for name in {**known, **({} if told is None or not everything else told)}:
            row, live = known.get(name), None if told is None else told.get(name)
            if live is not None and live.status is not PlaybackStatus.STOPPED and live.media is not None:
                found.append(_looked_up(session, line, live, row))
            elif row is not None and (row.status is PlaybackStatus.STOPPED or told is None):
                there = playing_of(row)
                at = now if is_up else row.observed_at
                moved = there if row.status is PlaybackStatus.STOPPED else replace(there, position_ms=position_at(there, at))
                found.append(_Captured(line, moved, Match(row.item_id, row.file_id), row.user_id))
    return found


def _looked_up(session: Session, line: Line, live: Playing, row: Any) -> _Captured:
    assert live.media is not None
    if row is not None and is_same(playing_of(row).media, live.media):
        return _Captured(line, live, Match(row.item_id, row.file_id), row.user_id)
    match = matching.match(session, line.group_id, live.media, position_ms=live.position_ms)
    return _Captured(line, live, match, matching.user_of(session, line.player_id, live.profile))


def _is_up(session: Session, player_id: int) -> bool:
    status = session.connection().execute(sa.select(PLAYERS.c.connection_status).where(PLAYERS.c.id == player_id)).scalar()
    return status is ConnectionStatus.CONNECTED


def _store(uow: UnitOfWork, one: _Captured, *, reason: CaptureReason, job_id: int | None, expires_at: datetime) -> int:
    now, media = one.playing, one.playing.media
    assert media is not None
    same = (CAPTURES.c.player_id == one.line.player_id, CAPTURES.c.session == now.session)
    uow.session.execute(sa.select(PLAYERS.c.id).where(PLAYERS.c.id == one.line.player_id).with_for_update(key_share=True))
    waiting = uow.session.execute(sa.select(CAPTURES).where(*same, CAPTURES.c.status == CaptureStatus.WAITING)).first()
    if waiting is not None:
        if _is_of_the_same(waiting, one):
            if now.status is not PlaybackStatus.STOPPED and now.position_ms > waiting.position_ms:
                _go_on(uow, waiting.id, now, reason)
            return int(waiting.id)  # else the first knows better where it was: by now it may have been disturbed
        end(uow, waiting.id, CaptureStatus.FAILED, error="Something else was played since.")
    # of a session that was interrupted nobody knows whether it was paused: it played until it could not
    is_paused = now.status is PlaybackStatus.PAUSED
    values = {
        "player_id": one.line.player_id, "session": now.session, "item_id": one.match.item_id, "file_id": one.match.file_id,
        "user_id": one.user_id, "path": media.path or "", "media_key": media.key, "position_ms": now.position_ms,
        "total_ms": now.total_ms, "is_paused": is_paused, "speed": now.speed, "reason": reason,
        "status": CaptureStatus.WAITING, "job_id": job_id, "captured_at": now.observed_at, "expires_at": expires_at,
        "created_at": uow.now(), "updated_at": uow.now(),
    }  # fmt: skip
    row = uow.session.execute(sa.insert(CAPTURES).values(**values).returning(CAPTURES)).one()
    _tell(uow, row, "captured")
    return int(row.id)


def _go_on(uow: UnitOfWork, capture_id: int, now: Playing, reason: CaptureReason) -> None:
    """It went on since it was captured first, and is about to be disturbed once more."""
    values = {
        "position_ms": now.position_ms, "is_paused": now.status is PlaybackStatus.PAUSED, "speed": now.speed, "reason": reason,
        "captured_at": now.observed_at, "updated_at": uow.now(),
    }  # fmt: skip
    uow.session.execute(sa.update(CAPTURES).where(CAPTURES.c.id == capture_id).values(**values))


def _is_of_the_same(waiting: Any, one: _Captured) -> bool:
    if waiting.item_id is not None and one.match.item_id is not None:
        return bool(waiting.item_id == one.match.item_id)
    media = one.playing.media
    return media is not None and (waiting.media_key, waiting.path) == (media.key, media.path or "")


def _tell(uow: UnitOfWork, row: Any, what: str) -> None:
    payload = {
        "player": global_id("players", row.player_id), "reason": row.reason.value, "status": row.status.value,
        "position_ms": row.position_ms, "item": None if row.item_id is None else global_id("media_items", row.item_id),
    }  # fmt: skip
    subject = global_id("playback_captures", row.id)
    events.emit(uow, f"capture.{what}", subject, topic=TOPIC, audience=audience(uow.session, row), payload=payload)
