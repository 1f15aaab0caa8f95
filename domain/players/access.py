"""Row policy of players: whoever is signed in sees them.

What plays is seen by its user; where it is nobody's, by everybody who may see the item.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.catalog.tables import MediaItem
from domain.kit.policy import VIEWER_USER_ID, Shape, follows, guard, visible
from domain.libraries.tables import Library
from domain.players.tables import PlaybackCapture, Player, PlayerGroup, PlayerGroupLibrary, PlayerState, PlayerUser


def _signed_in(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    return None if shape.is_signed_in or shape.is_admin else sa.false()


def _shared(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """Of the libraries, those that the viewer may see."""
    if not (shape.is_signed_in or shape.is_admin):
        return sa.false()
    return _exists(Library, alias.c.library_id, shape)


def _own(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """One's own profiles; administrators see all."""
    if shape.is_admin:
        return None
    return alias.c.user_id == VIEWER_USER_ID if shape.is_signed_in else sa.false()


def _playing(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    if shape.is_admin:
        return None
    if not shape.is_signed_in:
        return sa.false()
    item = _exists(MediaItem, alias.c.item_id, shape)
    nobodys = alias.c.item_id.is_not(None) if item is None else item
    return sa.or_(alias.c.user_id == VIEWER_USER_ID, sa.and_(alias.c.user_id.is_(None), nobodys))


def _exists(model: Any, key: ColumnElement[Any], shape: Shape) -> ColumnElement[bool] | None:
    target = model.__table__.alias()
    condition = visible(target, shape)
    if condition is None:
        return None
    return sa.exists(sa.select(sa.literal(1)).select_from(target).where(target.c.id == key, condition))


guard(PlayerGroup, _signed_in)
follows(Player, Player.group_id)
guard(PlayerGroupLibrary, _shared)
guard(PlayerUser, _own)
guard(PlayerState, _playing)
guard(PlaybackCapture, _playing)
