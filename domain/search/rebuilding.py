"""Compares the whole index with the rows it follows, and mends it: a safety net, and what an older database needs once."""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from domain.kit.database import Database
from domain.search.documents import SOURCES, document, rows_of
from domain.search.keeping import DOCUMENTS, POSTINGS, WORDS, index

BITE = 1_000
"""Rows a transaction: others want to write too."""


def differing(session: Session) -> int:
    """How many rows the index knows wrongly or not at all; reads everything, some seconds for 100,000 rows."""
    return sum(_differing(session, source, keys) for source in SOURCES for keys in _bites(session, source))


def rebuild(database: Database, *, between: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Bring every document up to date and forget words that nothing holds; returns how many documents were wrong.

    Each bite commits by itself, so that it may be stopped and begun again at any time; `between` is told after each how
    many are done, and of how many.
    """
    mended = 0
    with database.read() as session:
        bites = [(source, keys) for source in SOURCES for keys in _bites(session, source)]
    for number, (source, keys) in enumerate(bites, start=1):
        with database.transaction() as uow:
            mended += index(uow.session, source, keys)
        between(number, len(bites))
    with database.transaction() as uow:
        held = sa.exists(sa.select(sa.literal(1)).where(POSTINGS.c.word_id == WORDS.c.id))
        uow.session.connection().execute(sa.delete(WORDS).where(sa.not_(held)))
    return mended


def _bites(session: Session, source: str) -> Iterator[list[int]]:
    key = SOURCES[source].table.c.id
    last = 0
    while True:
        query = sa.select(key).where(key > last).order_by(key).limit(BITE)
        keys = list(session.connection().execute(query).scalars())
        if not keys:
            return
        yield keys
        last = keys[-1]


def _differing(session: Session, source: str, keys: list[int]) -> int:
    rows = rows_of(session, source, keys)
    wanted = {key: found.values for key, row in rows.items() if (found := document(source, row)) is not None}
    column = DOCUMENTS.c[SOURCES[source].column]
    query = sa.select(DOCUMENTS).where(column.in_(keys))  # unguarded: the index is compared for everybody
    present: dict[int, Any] = {getattr(row, column.name): row for row in session.connection().execute(query)}
    return sum(
        key not in wanted
        or key not in present
        or any(getattr(present[key], name) != value for name, value in wanted[key].items())
        for key in wanted.keys() | present.keys()
    )
