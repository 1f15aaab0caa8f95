"""Rows of `player_states`: one a session of a player, with what plays in it or did last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.kit.database import UnitOfWork
from domain.players.announcing import tell
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.leases import STATES
from domain.players.matching import Match
from domain.players.model import Media, Playing, Profile
from domain.players.playing import Change


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened in a session, how it is since, and what of ours it is about."""

    change: Change
    playing: Playing
    match: Match
    user_id: int | None


def record(uow: UnitOfWork, player_id: int, entries: Sequence[Entry]) -> None:
    """Write what happened in a session of a player, in its order. The caller holds the player's row: nobody writes beside it."""
    for entry in entries:
        tell(uow, _stored(uow, player_id, entry), entry.change.value)


def playing_of(row: Any) -> Playing:
    """The observation that a row was made of, as far as it tells."""
    return Playing(
        status=row.status,
        media=Media(row.kind, row.title or "", key=row.media_key, path=row.path),
        position_ms=row.position_ms,
        observed_at=row.observed_at,
        session=row.session,
        total_ms=row.total_ms,
        speed=row.speed,
        profile=Profile(row.profile_id, row.profile_name) if row.profile_id or row.profile_name else None,
        device=row.device,
        streams=row.streams,
        is_finished=row.is_finished,
    )


def _stored(uow: UnitOfWork, player_id: int, entry: Entry) -> Any:
    now, media = entry.playing, entry.playing.media or Media(MediaKind.UNKNOWN, "")
    profile = now.profile or Profile("", None)
    is_stopped = now.status is PlaybackStatus.STOPPED
    values = {
        "status": now.status, "item_id": entry.match.item_id, "file_id": entry.match.file_id, "user_id": entry.user_id,
        "profile_id": profile.id, "profile_name": profile.name, "device": now.device, "kind": media.kind,
        "title": media.title or None, "path": media.path, "media_key": media.key, "position_ms": now.position_ms,
        "total_ms": now.total_ms, "speed": now.speed, "streams": dict(now.streams), "observed_at": now.observed_at,
        "ended_at": now.observed_at if is_stopped else None, "is_finished": now.is_finished, "updated_at": uow.now(),
    }  # fmt: skip
    if entry.change is Change.STARTED:
        values["started_at"] = now.observed_at
    same = (STATES.c.player_id == player_id, STATES.c.session == now.session)
    row = uow.session.execute(sa.update(STATES).where(*same).values(**values).returning(STATES)).first()
    if row is None:
        values |= {"player_id": player_id, "session": now.session, "created_at": uow.now()}
        values.setdefault("started_at", now.observed_at)
        row = uow.session.execute(sa.insert(STATES).values(**values).returning(STATES)).one()
    return row
