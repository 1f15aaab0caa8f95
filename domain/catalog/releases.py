"""When and how works came out, by country: for the calendar."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import queries
from domain.catalog.enums import ReleaseType
from domain.catalog.tables import ReleaseDate
from domain.kit.database import UnitOfWork

_Key = tuple[str, ReleaseType, dt.date]


def set_release_dates(uow: UnitOfWork, wanted: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Exactly these dates on each item ({country, type, date, note}); equal ones are not written."""
    present: dict[int, dict[_Key, Any]] = {item: {} for item in wanted}
    for row in queries.rows_of(uow.session, ReleaseDate.item_id, wanted):
        present[row.item_id][row.country, row.type, row.date] = row
    new: list[dict[str, Any]] = []
    gone: list[int] = []
    for item, told in wanted.items():
        mine = present[item]
        for one in told:
            key = (one["country"], ReleaseType(one["type"]), dt.date.fromisoformat(one["date"]))
            row = mine.pop(key, None)
            if row is not None and row.note == one["note"]:
                continue
            if row is not None:
                gone.append(row.id)
            new.append({"item_id": item, "country": key[0], "type": key[1], "date": key[2], "note": one["note"]})
        gone += [row.id for row in mine.values()]
    connection = uow.session.connection()
    for piece in queries.chunks(gone):
        connection.execute(sa.delete(ReleaseDate).where(col(ReleaseDate.id).in_(piece)))
    if new:
        connection.execute(sa.insert(ReleaseDate), new)
