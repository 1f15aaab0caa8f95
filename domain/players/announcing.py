"""What plays, as events: to its user, else to whoever sees the library of its item, else to administrators."""

from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.tables import MediaItem
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id
from domain.system import events

TOPIC: Final = "playback"
_ITEMS: Any = MediaItem.__table__  # type: ignore[attr-defined]


def tell(uow: UnitOfWork, row: Any, what: str) -> None:
    """Emit `playback.<what>` of a session (a row of `player_states` as after the change); the payload says how it was then."""
    payload = {
        "player": global_id("players", row.player_id),
        "status": row.status.value,
        "position_ms": row.position_ms,
        "total_ms": row.total_ms,
        "speed": row.speed,
        "item": None if row.item_id is None else global_id("media_items", row.item_id),
        "file": None if row.file_id is None else global_id("media_files", row.file_id),
        "user": None if row.user_id is None else global_id("users", row.user_id),
        "observed_at": row.observed_at.isoformat(),
    }
    subject = global_id("player_states", row.id)
    events.emit(uow, f"playback.{what}", subject, topic=TOPIC, audience=audience(uow.session, row), payload=payload)


def audience(session: Session, row: Any) -> str:
    """Who may hear of a playback or a capture: the same people who see its row."""
    if row.user_id is not None:
        return events.for_user(row.user_id)
    if row.item_id is None:
        return events.ADMINS
    library = session.connection().execute(sa.select(_ITEMS.c.library_id).where(_ITEMS.c.id == row.item_id)).scalar()
    return events.ADMINS if library is None else events.for_library(library)
