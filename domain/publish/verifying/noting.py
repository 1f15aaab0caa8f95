"""Writes what verifying found: new problems come, those that are no more go."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.queries import chunks, rows_of
from domain.kit.database import UnitOfWork
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.publish.enums import OF_CACHE, REPAIRS, FileProblemKind, FileRepair
from domain.publish.tables import FileProblem
from domain.publish.verifying.published import Problem

PROBLEMS: Final[Any] = FileProblem.__table__  # type: ignore[attr-defined]


def of_items(uow: UnitOfWork, items: Iterable[int]) -> list[Any]:
    """The rows of problems beside items."""
    return [row for row in rows_of(uow.session, FileProblem.item_id, items) if row.kind not in OF_CACHE]


def of_stretch(uow: UnitOfWork, prefix: str) -> list[Any]:
    """The rows of problems of a stretch of the cache."""
    query = sa.select(PROBLEMS).where(PROBLEMS.c.kind.in_(sorted(OF_CACHE)), PROBLEMS.c.path.like(f"{prefix}/%"))
    return list(uow.session.connection().execute(query))


def noted_stretches(session: Session) -> set[str]:
    """The prefixes of the stretches of the cache that problems are known of."""
    prefix = sa.func.substr(PROBLEMS.c.path, 1, 2)
    query = sa.select(prefix).where(PROBLEMS.c.kind.in_(sorted(OF_CACHE))).distinct()
    return set(session.connection().execute(query).scalars())  # unguarded: upkeep of all bytes


def note(uow: UnitOfWork, problems: Sequence[Problem], before: Iterable[Any]) -> None:
    """Write the problems of what was looked at; `before` are the rows of what was not right about the same."""
    known = {(row.kind, row.path): row for row in before}
    known |= {(row.kind, row.path): row for row in rows_of(uow.session, FileProblem.path, {one.path for one in problems})}
    found = {(one.kind, one.path): one for one in problems}
    forget(uow, [row.id for name, row in known.items() if name not in found])
    update_rows(uow, FileProblem, [{"key": known[name].id, **_row(uow, one)} for name, one in found.items() if name in known])
    insert_rows(uow, FileProblem, [_row(uow, one) for name, one in found.items() if name not in known])


def forget(uow: UnitOfWork, keys: Iterable[int]) -> None:
    """These are no problems any more."""
    for piece in chunks(keys):
        uow.session.connection().execute(sa.delete(PROBLEMS).where(PROBLEMS.c.id.in_(piece)))


def forget_before(uow: UnitOfWork, kind: FileProblemKind, *, checked_before: datetime) -> None:
    """Problems of a kind that were not found this time."""
    is_old = sa.and_(PROBLEMS.c.kind == kind, PROBLEMS.c.checked_at < checked_before)
    uow.session.connection().execute(sa.delete(PROBLEMS).where(is_old))


def fail(uow: UnitOfWork, key: int, message: str) -> None:
    """Note why a repair failed."""
    uow.session.connection().execute(sa.update(PROBLEMS).where(PROBLEMS.c.id == key).values(error=message))


def _row(uow: UnitOfWork, one: Problem) -> dict[str, Any]:
    return {
        "kind": one.kind, "path": one.path, "repair": _usual(one), "checked_at": uow.now(), "library_id": one.library_id,
        "item_id": one.item_id, "published_file_id": one.published_file_id, "cached_file_id": one.cached_file_id,
    }  # fmt: skip


def _usual(one: Problem) -> FileRepair | None:
    if not one.can_repair:
        return None
    if one.kind in OF_CACHE and one.published_file_id is None:
        return FileRepair.DOWNLOAD
    return REPAIRS[one.kind][0]
