"""Reads of the catalog that services need."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog.enums import ItemKind
from domain.catalog.tables import Entity, MediaLevel, MediaType
from domain.kit.errors import NotFound

K = TypeVar("K")

_MOST_MERGES = 10
"""Steps from an id to what it was merged into, by way of others."""

CHUNK = 500  # ids in one IN list: far below the parameter limits of both engines


def chunks(keys: Iterable[K]) -> Iterator[list[K]]:
    """Distinct keys in pieces that fit into one statement."""
    distinct = list(dict.fromkeys(keys))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


def rows_of(session: Session, column: Any, keys: Iterable[Any], *conditions: Any) -> list[Any]:
    """Every row of `column`'s table whose `column` is among `keys` (and that meets `conditions`), as plain rows."""
    table = column.property.columns[0].table
    found: list[Any] = []
    for piece in chunks(keys):
        found += session.connection().execute(sa.select(table).where(column.in_(piece), *conditions)).all()
    return found


def media_type_id(session: Session, name: str) -> int:
    """The key of a media type. Raises NotFound."""
    key = session.exec(select(MediaType.id).where(MediaType.name == name)).first()
    if key is None:
        raise NotFound(f"There is no media type {name!r}.")
    return key


def levels(session: Session) -> dict[tuple[int, ItemKind], tuple[int, ...]]:
    """The levels at which a kind may stand, by media type and kind, lowest first."""
    found: dict[tuple[int, ItemKind], tuple[int, ...]] = {}
    for row in session.exec(select(MediaLevel).order_by(col(MediaLevel.level))):
        key = (row.media_type_id, row.kind)
        found[key] = (*found.get(key, ()), row.level)
    return found


def living(session: Session, key: int) -> int:
    """What an entity's key means now: a merged one means what it was merged into."""
    return living_of(session, [key])[key]


def living_of(session: Session, keys: Iterable[int]) -> dict[int, int]:
    """What each of these keys means now."""
    now = {key: key for key in keys}
    for _ in range(_MOST_MERGES):
        rows: list[Any] = rows_of(session, Entity.id, now.values())
        into = {row.id: row.merged_into_id for row in rows if row.merged_into_id is not None}
        if not into:
            break
        now = {key: into.get(step, step) for key, step in now.items()}
    return now
