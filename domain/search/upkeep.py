"""Databases whose index is missing or older than this version get it by a job, without anybody's doing."""

from typing import Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.jobs import service
from domain.jobs.kinds import REINDEX, NoPayload
from domain.kit.database import UnitOfWork
from domain.search.documents import SOURCES
from domain.system.settings_store import get_setting, put_setting

INDEX: Final = "search.index"
"""The setting that says which version of the index the whole database has."""
VERSION: Final = 1
"""Grows when `documents` writes other documents of the same rows: every database is then indexed anew."""


def ensure_index(uow: UnitOfWork) -> bool:
    """Ask for the index if it is not known to be whole; whether a job was made. An empty database needs none."""
    if get_setting(uow.session, INDEX) == VERSION:
        return False
    if not _has_rows(uow.session):
        index_is_whole(uow)
        return False
    return service.enqueue(uow, REINDEX, NoPayload(), dedupe_key=REINDEX.name).is_new


def index_is_whole(uow: UnitOfWork) -> None:
    """Remember that every row was compared with the index of this version; from then on it follows by itself."""
    put_setting(uow, INDEX, VERSION, description="Version of the search index that this database has.")


def _has_rows(session: Session) -> bool:
    sources = [sa.exists(sa.select(each.table.c.id)) for each in SOURCES.values()]  # unguarded: whether there are any
    return bool(session.connection().execute(sa.select(sa.or_(*sources))).scalar_one())
