"""Takes a root folder away from its library: what lay in it is missing, and keeps its identity should it come up elsewhere."""

from typing import Any, Final

import sqlalchemy as sa

from domain.catalog.changing import ITEMS
from domain.catalog.enums import Availability
from domain.kit.database import UnitOfWork
from domain.libraries.enums import FileRole
from domain.libraries.scanning.known import DIRECTORIES, FILES, ROOTS
from domain.libraries.tables import ItemFile

_LINKS: Final[Any] = ItemFile.__table__  # type: ignore[attr-defined]
_LEVELS_ABOVE: Final = 2
"""A season and a series."""


def detach_root(uow: UnitOfWork, root_id: int) -> None:
    """Forget a root and its directories; its files, and items without another file, are missing from now on.

    A few statements however many files there are: 200,000 take about two seconds on SQLite.
    """
    connection = uow.session.connection()
    inside = sa.select(DIRECTORIES.c.id).where(DIRECTORIES.c.library_path_id == root_id)
    here = FILES.c.directory_id.in_(inside)
    connection.execute(sa.update(FILES).where(here, FILES.c.missing_since.is_(None)).values(missing_since=uow.now()))
    main = sa.select(_LINKS.c.item_id).join(FILES, FILES.c.id == _LINKS.c.file_id).where(_LINKS.c.role == FileRole.MAIN)
    left = main.where(FILES.c.missing_since.is_(None), _LINKS.c.item_id == ITEMS.c.id).correlate(ITEMS)
    _lose(uow, ITEMS.c.id.in_(main.where(here)), sa.exists(left))
    part = ITEMS.alias()
    for _ in range(_LEVELS_ABOVE):
        lost = sa.select(part.c.parent_id).where(part.c.missing_since == uow.now(), part.c.parent_id.is_not(None))
        there = sa.and_(part.c.availability == Availability.PRESENT, part.c.deleted_at.is_(None))
        held = sa.exists(sa.select(sa.literal(1)).where(part.c.parent_id == ITEMS.c.id, there).correlate(ITEMS))
        _lose(uow, ITEMS.c.id.in_(lost), held)
    connection.execute(sa.delete(ROOTS).where(ROOTS.c.id == root_id))


def _lose(uow: UnitOfWork, which: sa.ColumnElement[bool], is_held: sa.ColumnElement[bool]) -> None:
    values = {"availability": Availability.MISSING, "missing_since": uow.now(), "updated_at": uow.now()}
    is_there = ITEMS.c.availability == Availability.PRESENT
    uow.session.connection().execute(sa.update(ITEMS).where(which, is_there, sa.not_(is_held)).values(values))
