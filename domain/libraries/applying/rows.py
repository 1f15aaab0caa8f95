"""Inserts and updates of many rows in few statements."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from domain.kit.database import UnitOfWork

Row = Mapping[str, Any]


def insert_rows(uow: UnitOfWork, model: Any, rows: Sequence[Row]) -> None:
    """Insert rows; those with the same columns go together."""
    for same in _alike(rows):
        uow.session.connection().execute(sa.insert(model), same)


def insert_for_ids(uow: UnitOfWork, model: Any, rows: Sequence[Row]) -> list[int]:
    """Insert rows with the same columns; their new ids, in order."""
    if not rows:
        return []
    statement: Any = sa.insert(model).returning(sa.column("id"), sort_by_parameter_order=True)
    return [row.id for row in uow.session.connection().execute(statement, list(rows))]


def update_rows(uow: UnitOfWork, model: Any, rows: Sequence[Row]) -> None:
    """Update rows by their id, given as `key`; the other names are columns."""
    table = model.__table__
    for same in _alike(rows):
        uow.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("key")), same)


def _alike(rows: Sequence[Row]) -> list[list[dict[str, Any]]]:
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(dict(row))
    return list(alike.values())
