"""Keeps the index true: what a transaction changed about names is in the index when it commits.

Triggers note the rows (`search_changes`), so that no service has to think of it and no bulk statement slips past; the
last step of every transaction reads the notes and writes documents, words and postings.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import EntityKind
from domain.catalog.queries import chunks
from domain.catalog.tables import Entity
from domain.kit.database import UnitOfWork, serialize
from domain.kit.database.unit import LAST_STEPS
from domain.kit.types import Key
from domain.search.documents import SOURCES, Document, document, rows_of, table_of, translated_of
from domain.search.enums import SearchKind
from domain.search.tables import SearchChange, SearchDocument, SearchPosting, SearchTypo, SearchWord
from domain.search.words import can_err, checksum, shortened, terms

CHANGES: Final[Any] = SearchChange.__table__  # type: ignore[attr-defined]
DOCUMENTS: Final[Any] = SearchDocument.__table__  # type: ignore[attr-defined]
POSTINGS: Final[Any] = SearchPosting.__table__  # type: ignore[attr-defined]
TYPOS: Final[Any] = SearchTypo.__table__  # type: ignore[attr-defined]
WORDS: Final[Any] = SearchWord.__table__  # type: ignore[attr-defined]
KINDS: Final = {EntityKind(kind.value): kind for kind in SearchKind if kind.value in {each.value for each in EntityKind}}
SHORTEST_TARGET: Final = 3
"""Letters of a word that can be meant by a mistyped longer one."""


def keep(uow: UnitOfWork) -> None:
    """Write what the noted changes mean. Notes that somebody else left are dealt with by whoever comes first."""
    connection = uow.session.connection()
    noted = sa.select(CHANGES.c.id, CHANGES.c.source, CHANGES.c.key).order_by(CHANGES.c.id).with_for_update(skip_locked=True)
    rows = connection.execute(noted).all()
    if not rows:
        return
    by_source: dict[str, dict[int, None]] = {}
    for row in rows:
        by_source.setdefault(row.source, {})[row.key] = None
    for source, keys in _merged(uow.session, by_source).items():
        index(uow.session, source, keys)
    for piece in chunks(row.id for row in rows):
        connection.execute(sa.delete(CHANGES).where(CHANGES.c.id.in_(piece)))


LAST_STEPS.append(keep)


def _merged(session: Session, noted: dict[str, dict[int, None]]) -> dict[str, dict[int, None]]:
    """Entities that were merged or parted again, among the rows of their tables."""
    entities: Any = Entity.__table__  # type: ignore[attr-defined]
    for piece in chunks(noted.pop("entities", ())):
        query = sa.select(entities.c.id, entities.c.kind).where(entities.c.id.in_(piece))  # unguarded: the index is everybody's
        for row in session.connection().execute(query):
            if row.kind in KINDS:
                noted.setdefault(table_of(KINDS[row.kind]), {})[row.id] = None
    return {source: keys for source, keys in noted.items() if source in SOURCES}


def index(session: Session, source: str, keys: Iterable[int]) -> int:
    """Make the documents of these rows what they should be; returns how many were not."""
    wanted = list(keys)
    rows = rows_of(session, source, wanted)
    translated = translated_of(session, rows) if SOURCES[source].column == "entity_id" else {}
    documents = {key: found for key, row in rows.items() if (found := document(source, row, translated.get(key, ()))) is not None}
    column = DOCUMENTS.c[SOURCES[source].column]
    present: dict[int, Any] = {}
    for piece in chunks(wanted):
        query = sa.select(DOCUMENTS).where(column.in_(piece))  # unguarded: the index is written for everybody
        present |= {getattr(row, column.name): row for row in session.connection().execute(query)}
    _delete(session, [row.id for key, row in present.items() if key not in documents])
    changed: dict[int, Document] = {}
    new: dict[int, Document] = {}
    for key, found in documents.items():
        row = present.get(key)
        if row is None:
            new[key] = found
        elif any(getattr(row, name) != value for name, value in found.values.items()):
            changed[row.id] = found
    gone = sum(key not in documents for key in present)
    _update(session, changed)
    made = _insert(session, column.name, new)
    _post(session, changed | made)
    return len(changed) + len(made) + gone


def _delete(session: Session, keys: Sequence[int]) -> None:
    for piece in chunks(keys):
        session.connection().execute(sa.delete(DOCUMENTS).where(DOCUMENTS.c.id.in_(piece)))


def _update(session: Session, changed: Mapping[int, Document]) -> None:
    if not changed:
        return
    for piece in chunks(changed):
        session.connection().execute(sa.delete(POSTINGS).where(POSTINGS.c.document_id.in_(piece)))
    rows = [{"key": key, **each.values} for key, each in changed.items()]
    session.connection().execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.id == sa.bindparam("key")), rows)


def _insert(session: Session, column: str, new: Mapping[int, Document]) -> dict[int, Document]:
    if not new:
        return {}
    rows = [{column: key, **each.values} for key, each in new.items()]
    made: Any = sa.insert(SearchDocument).returning(sa.column("id", Key), sa.column(column, Key))
    return {row[0]: new[row[1]] for row in session.connection().execute(made, rows)}


def _post(session: Session, documents: Mapping[int, Document]) -> None:
    if not documents:
        return
    found = {key: terms(each.names) for key, each in documents.items()}
    keys = _words(session, {word for each in found.values() for word in each})
    rows = [{"word_id": keys[word], "document_id": key} for key, each in found.items() for word in each]
    session.connection().execute(sa.insert(POSTINGS), rows)


def word_keys(session: Session, words: Iterable[str]) -> dict[str, int]:
    """The ids of the words that are known."""
    found: dict[str, int] = {}
    for piece in chunks(words):
        rows = session.connection().execute(sa.select(WORDS.c.word, WORDS.c.id).where(WORDS.c.word.in_(piece)))
        found.update((row.word, row.id) for row in rows)
    return found


def _words(session: Session, words: set[str]) -> dict[str, int]:
    """The id of each word, made where it is new."""
    found = word_keys(session, sorted(words))
    if len(found) == len(words):
        return found
    serialize(session, "search_words")  # who waited here sees what the other made
    found |= word_keys(session, sorted(words - found.keys()))
    missing = sorted(words - found.keys())
    if missing:
        made: Any = sa.insert(SearchWord).returning(sa.column("id", Key), sa.column("word", sa.String()))
        rows = session.connection().execute(made, [{"word": word} for word in missing]).all()
        found |= {row[1]: row[0] for row in rows}
        typos = [
            {"checksum": number, "word_id": row[0]}
            for row in rows
            if can_err(row[1], shortest=SHORTEST_TARGET)
            for number in {checksum(each) for each in shortened(row[1])}
        ]
        if typos:
            session.connection().execute(sa.insert(TYPOS), typos)
    return found
