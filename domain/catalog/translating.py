"""Texts in several languages: rows of what providers tell, for the languages that libraries ask for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import Translation
from domain.kit.database import UnitOfWork

TEXTS: Final = ("title", "tagline", "plot")
_FIELDS: Final = ("language", "provider", *TEXTS)


def set_translations(uow: UnitOfWork, wanted: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Exactly these on each entity ({language, provider, title, tagline, plot}); equal ones are not written."""
    present: dict[int, dict[str, Any]] = {entity: {} for entity in wanted}
    for row in rows_of(uow.session, Translation.entity_id, wanted):
        present[row.entity_id][row.language] = row
    gone: list[int] = []
    new: list[dict[str, Any]] = []
    for entity, told in wanted.items():
        mine = present[entity]
        for one in told:
            row = mine.pop(one["language"], None)
            if row is not None and all(getattr(row, name) == one[name] for name in _FIELDS):
                continue
            if row is not None:
                gone.append(row.id)
            new.append({"entity_id": entity, **{name: one[name] for name in _FIELDS}})
        gone += [row.id for row in mine.values()]
    connection = uow.session.connection()
    for piece in chunks(gone):
        connection.execute(sa.delete(Translation).where(col(Translation.id).in_(piece)))
    if new:
        connection.execute(sa.insert(Translation), new)
