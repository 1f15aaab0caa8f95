"""Whose profile of a player is whose of us: what it plays counts for them."""

import sqlalchemy as sa
from sqlmodel import col, select

from domain.accounts.tables import User
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.players.enums import PlaybackStatus
from domain.players.leases import STATES
from domain.players.service import get_player
from domain.players.tables import PlayerUser
from domain.system import audit, events

_LENGTH = 200


def set_user(
    uow: UnitOfWork, *, player_id: int, profile_id: str, user_id: int | None, profile_name: str | None = None
) -> PlayerUser:
    """Let a profile be a user's; None = nobody's. Kodi's one profile is ''. Raises NotFound, Invalid."""
    if len(profile_id) > _LENGTH or not (profile_id + (profile_name or "")).isprintable() or len(profile_name or "") > _LENGTH:
        raise Invalid(f"A profile has an id and a name of at most {_LENGTH} characters.", path=("profileId",))
    get_player(uow, player_id, field="player")  # locked: of two that set the same profile, one waits
    if user_id is not None:
        exists = select(User.id).where(col(User.id) == user_id)  # unguarded: only admins choose
        if uow.session.exec(exists.with_for_update(read=True)).first() is None:
            raise NotFound("There is no such user. `users` lists them.", path=("user",))
    query = select(PlayerUser).where(  # unguarded: only admins choose
        col(PlayerUser.player_id) == player_id, col(PlayerUser.profile_id) == profile_id
    )
    row = uow.session.exec(query).first() or PlayerUser(player_id=player_id, profile_id=profile_id)
    row.user_id = user_id
    row.profile_name = profile_name or row.profile_name
    uow.session.add(row)
    uow.session.flush()
    live = (STATES.c.player_id == player_id, STATES.c.profile_id == profile_id, STATES.c.status != PlaybackStatus.STOPPED)
    uow.session.execute(sa.update(STATES).where(*live).values(user_id=user_id))  # others see it from now on, or no more
    subject = global_id("players", player_id)
    user = None if user_id is None else global_id("users", user_id)
    audit.record(uow, "player.user_set", subject=subject, details={"profile": profile_id, "user": user})
    events.emit(uow, "player.updated", subject, topic="players", changed_fields=("users",))
    return row
