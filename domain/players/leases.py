"""Which process listens to which player, and what is said of a player when nobody hears it any more."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.kit.database import UnitOfWork, database_time
from domain.kit.ids import global_id
from domain.libraries.enums import ConnectionStatus
from domain.players.announcing import tell
from domain.players.enums import PlaybackStatus
from domain.players.tables import Player, PlayerGroup, PlayerState
from domain.system import events

HOLD_S: Final = 9.0
"""So long a watcher that says nothing more is believed: with the second of the next look, ten until the state says so."""
PLAYERS: Final[Any] = Player.__table__  # type: ignore[attr-defined]
GROUPS: Final[Any] = PlayerGroup.__table__  # type: ignore[attr-defined]
STATES: Final[Any] = PlayerState.__table__  # type: ignore[attr-defined]
_ADDRESS: Final = (
    "group_id", "group_type", "host", "port", "base_path", "websocket_port", "use_websocket", "is_secure",
    "verifies_certificate", "username", "password", "api_key", "config",
)  # fmt: skip
"""What a connection depends on: another value, another connection."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A player that is to be listened to. `address` is another when its connection has to be made anew."""

    id: int
    group_id: int
    address: str
    watcher: str | None
    watched_until: datetime | None
    is_connected: bool
    is_free: bool
    """Nobody listens to it, or whoever did has said nothing for too long."""


def to_watch(session: Session) -> list[Watched]:
    """The enabled players of enabled groups. One statement: it is asked every second."""
    now = database_time(session)
    columns = [PLAYERS.c[name] for name in ("id", "watcher", "watched_until", "connection_status", *_ADDRESS)]
    statement = (
        sa.select(*columns)
        .join(GROUPS, GROUPS.c.id == PLAYERS.c.group_id)
        .where(PLAYERS.c.is_enabled, GROUPS.c.is_enabled)
        .order_by(PLAYERS.c.id)
    )
    return [_watched(row, now) for row in session.connection().execute(statement)]


def _watched(row: Any, now: datetime) -> Watched:
    is_connected = row.connection_status is ConnectionStatus.CONNECTED
    is_free = row.watched_until is None or row.watched_until < now
    return Watched(row.id, row.group_id, repr(tuple(row[4:])), row.watcher, row.watched_until, is_connected, is_free)


def hold(uow: UnitOfWork, watcher: str, players: Collection[int]) -> set[int]:
    """Take or keep these players, all in one statement; those that are now this watcher's."""
    free = sa.or_(PLAYERS.c.watcher == watcher, PLAYERS.c.watcher.is_(None), PLAYERS.c.watched_until < uow.now())
    statement = (
        sa.update(PLAYERS)
        .where(PLAYERS.c.id.in_(players), free)
        .values(watcher=watcher, watched_until=uow.now() + timedelta(seconds=HOLD_S), updated_at=PLAYERS.c.updated_at)
        .returning(PLAYERS.c.id)
    )
    return set(uow.session.execute(statement).scalars())


def forsaken(uow: UnitOfWork, player_id: int, *, at: datetime) -> None:
    """Whoever listened to a player is gone without a word (killed, cut off): say it in his place, as of `at`."""
    lost(uow, player_id, error=None, status=ConnectionStatus.UNKNOWN, at=at)


def release(uow: UnitOfWork, watcher: str, players: Collection[int]) -> None:
    """Let go of players: from now on nobody vouches for what is known of them."""
    for player in sorted(players):
        if is_held(uow, watcher, player):
            lost(uow, player, error=None, status=ConnectionStatus.UNKNOWN, at=uow.now())
            values = {"watcher": None, "watched_until": None, "updated_at": PLAYERS.c.updated_at}
            uow.session.execute(sa.update(PLAYERS).where(PLAYERS.c.id == player).values(**values))


def is_held(uow: UnitOfWork, watcher: str, player_id: int) -> bool:
    """Whether the player is this watcher's; until the commit it stays so."""
    statement = sa.select(PLAYERS.c.watcher).where(PLAYERS.c.id == player_id).with_for_update(key_share=True)
    found: str | None = uow.session.connection().execute(statement).scalar()
    return found == watcher


def found(uow: UnitOfWork, player_id: int, *, notifies: bool, resumed_at: datetime | None = None) -> None:
    """A player answers. Told once, when that is new. With `resumed_at` it was silent for a while and goes on as if nothing
    had been: each live session is told anew, because it was told as lost."""
    values = {
        "connection_status": ConnectionStatus.CONNECTED, "is_notifying": notifies, "last_connected_at": uow.now(),
        "last_error": None, "updated_at": PLAYERS.c.updated_at,
    }  # fmt: skip
    is_other = sa.or_(
        PLAYERS.c.connection_status != ConnectionStatus.CONNECTED, PLAYERS.c.is_notifying.is_distinct_from(notifies)
    )
    changed = uow.session.execute(
        sa.update(PLAYERS).where(PLAYERS.c.id == player_id, is_other).values(**values).returning(PLAYERS.c.id)
    ).scalar()
    if changed is None:
        return
    _tell(uow, player_id, "player.connected")
    if resumed_at is not None:
        for row in live(uow.session, player_id):
            tell(uow, _carried(uow, row, resumed_at), "progressed")


def lost(uow: UnitOfWork, player_id: int, *, error: str | None, status: ConnectionStatus, at: datetime | None = None) -> None:
    """A player is not heard any more: it is told once, with every session that was live. Their rows say where they were `at`
    the last moment that somebody vouched for; nobody knows what was later."""
    statement = sa.select(PLAYERS.c.connection_status, PLAYERS.c.last_error).where(PLAYERS.c.id == player_id)
    before = uow.session.connection().execute(statement.with_for_update(key_share=True)).first()
    if before is None or tuple(before) == (status, error):
        return
    values = {"connection_status": status, "is_notifying": False, "last_error": error, "updated_at": PLAYERS.c.updated_at}
    uow.session.execute(sa.update(PLAYERS).where(PLAYERS.c.id == player_id).values(**values))
    if before.connection_status is not ConnectionStatus.CONNECTED:
        return
    _tell(uow, player_id, "player.disconnected")
    for row in live(uow.session, player_id):
        tell(uow, row if at is None else _carried(uow, row, at), "lost")


def give_up(uow: UnitOfWork, player_id: int, *, at: datetime) -> None:
    """Nobody knows any more what a player plays, and it has been long: its sessions ended when they were last known."""
    for row in live(uow.session, player_id):
        ended = {"status": PlaybackStatus.STOPPED, "speed": 0.0, "ended_at": max(row.observed_at, at), "is_finished": False}
        tell(uow, _carried(uow, row, at, **ended), "stopped")


def _carried(uow: UnitOfWork, row: Any, at: datetime, **values: Any) -> Any:
    """A session's row with the position carried on to an instant."""
    observed_at = max(row.observed_at, at)
    there = max(0, row.position_ms + int(row.speed * (observed_at - row.observed_at).total_seconds() * 1000))
    position = there if row.total_ms is None else min(there, row.total_ms)
    values |= {"position_ms": position, "observed_at": observed_at, "updated_at": uow.now()}
    return uow.session.execute(sa.update(STATES).where(STATES.c.id == row.id).values(**values).returning(STATES)).one()


def live(session: Session, player_id: int) -> Sequence[Any]:
    """The rows of sessions of a player that have not ended."""
    statement = sa.select(STATES).where(STATES.c.player_id == player_id, STATES.c.status != PlaybackStatus.STOPPED)
    return session.connection().execute(statement.order_by(STATES.c.id)).all()


def _tell(uow: UnitOfWork, player_id: int, what: str) -> None:
    changed = ("connectionStatus", "isNotifying", "lastError")
    events.emit(uow, what, global_id("players", player_id), topic="players", audience=events.EVERYONE, changed_fields=changed)
