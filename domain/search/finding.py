"""From a query to the things that answer it, best first, as one viewer may see them.

Candidates are the documents that hold every required word in one of its spellings (sets of ids from the postings);
the row policy is asked when their documents are read, before anything is counted, weighed or cut.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.tables import MediaItem
from domain.kit.policy import Viewer, visible
from domain.search.asking import SHORTEST_PREFIX, Query, prepare
from domain.search.documents import table_of
from domain.search.enums import SearchKind
from domain.search.keeping import DOCUMENTS, POSTINGS, WORDS
from domain.search.scoring import score
from domain.search.words import STOPWORDS, is_run, pairs

MOST_WEIGHED: Final = 2_000
"""Visible candidates that are weighed, and so the most answers that a search has."""
_PIECE: Final = 5_000
_MOST_POSTINGS: Final = 100_000
_END: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer: the row of a table, and how well it answers (0 to 1)."""

    kind: SearchKind
    key: int
    score: float
    place: tuple[Any, ...]
    """Where it stands: smaller comes first. Total, and of plain values, so that cursors can carry it."""

    @property
    def table(self) -> str:
        """The table of the row."""
        return table_of(self.kind)


@dataclass(frozen=True, slots=True)
class Where:
    """Which documents at all: of these kinds, in this library."""

    kinds: Collection[SearchKind] | None = None
    library_id: int | None = None


def find(session: Session, viewer: Viewer, text: str, where: Where = Where()) -> list[Hit]:
    """Everything that answers, best first; nothing for a query without letters. Raises Invalid for more than 200 characters."""
    query = prepare(session, text)
    if query is None:
        return []
    rows = _Candidates(session, viewer, query, where).rows()
    hits = []
    for row in rows:
        found = score(query, row.names, row.year)
        if found:
            key = row.genre_id if row.entity_id is None else row.entity_id
            place = (-found, row.rank, -(row.year or 0), row.first_name, row.kind.value, key)
            hits.append(Hit(row.kind, key, found, place))
    return sorted(hits, key=lambda hit: hit.place)


class _Candidates:
    """The documents that one search weighs."""

    def __init__(self, session: Session, viewer: Viewer, query: Query, where: Where) -> None:
        self._session = session
        self._viewer = viewer
        self._query = query
        self._where = where
        self._postings = self._read_postings()

    def rows(self) -> list[Any]:
        """Visible documents that may answer, at most 2,000: those that hold the very words first."""
        query = self._query
        exact = self._all_of([self._exactly(at) for at in query.required])
        every = self._all_of([self._somehow(at) for at in query.required])
        found: dict[int, Any] = {}
        for keys in (exact or set(), (every or set()) - (exact or set())):
            self._read(found, sorted(keys))
        if every is None:  # nothing narrows it but a year or the beginning of a name
            for each in (query.asked[at] for at in query.required):
                if each.year is not None:
                    self._read(found, sorted(self._holding(each.text)))
                    self._read_where(found, DOCUMENTS.c.year == each.year)
            begins = DOCUMENTS.c.first_name >= query.text, DOCUMENTS.c.first_name < query.text + _END
            self._read_where(found, *begins)
        return list(found.values())

    def _all_of(self, sets: Sequence[set[int] | None]) -> set[int] | None:
        """What is in all sets; None = everything."""
        known = sorted((each for each in sets if each is not None), key=len)
        return set.intersection(*known) if known else None

    def _holding(self, word: str) -> set[int]:
        return self._postings.get(self._query.keys.get(word, -1), set())

    def _exactly(self, at: int) -> set[int] | None:
        asked = self._query.asked[at]
        if asked.year is not None or is_run(asked.text):
            return self._somehow(at)
        return self._holding(asked.text)

    def _somehow(self, at: int) -> set[int] | None:
        """Documents that hold a required word in any spelling; None where looking it up would narrow too little."""
        asked = self._query.asked[at]
        if asked.year is not None or asked.text in STOPWORDS:
            return None
        if is_run(asked.text):
            if len(asked.text) == 1:
                return self._beginning(asked.text)
            return set.intersection(*(self._holding(pair) for pair in pairs(asked.text)))
        if len(asked.text) < SHORTEST_PREFIX and asked.is_prefix:
            return None
        found = set().union(*(self._holding(form) for form in asked.forms))
        if asked.is_prefix:
            found |= self._beginning(asked.text)
        for pair in asked.splits:
            found |= set.intersection(*(self._holding(part) for part in pair if part not in STOPWORDS))
        for number in (at - 1, at):
            if 0 <= number < len(self._query.joins):
                joined = self._query.joins[number]
                found |= self._holding(joined)
                if self._query.asked[number + 1].is_prefix and len(joined) > SHORTEST_PREFIX:
                    found |= self._beginning(joined)
        return found

    def _read_postings(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        wanted = sorted(set(self._query.keys.values()))
        query = sa.select(POSTINGS.c.word_id, POSTINGS.c.document_id).where(POSTINGS.c.word_id.in_(wanted))
        for row in self._session.connection().execute(query.limit(_MOST_POSTINGS)):
            found.setdefault(row[0], set()).add(row[1])
        return found

    def _beginning(self, text: str) -> set[int]:
        joined = sa.select(POSTINGS.c.document_id).join(WORDS, WORDS.c.id == POSTINGS.c.word_id)
        query = joined.where(WORDS.c.word >= text, WORDS.c.word < text + _END).limit(_MOST_POSTINGS)
        return set(self._session.connection().execute(query).scalars())

    def _read(self, found: dict[int, Any], keys: Sequence[int]) -> None:
        for start in range(0, len(keys), _PIECE):
            if len(found) >= MOST_WEIGHED:
                return
            some: sa.BindParameter[Any] = sa.bindparam("keys", keys[start : start + _PIECE], expanding=True, literal_execute=True)
            self._read_where(found, DOCUMENTS.c.id.in_(some))

    def _read_where(self, found: dict[int, Any], *conditions: Any) -> None:
        """Add the visible documents that meet the conditions, as far as there is room."""
        seen = visible(DOCUMENTS, self._viewer.shape)
        query = sa.select(DOCUMENTS).where(*conditions, *([] if seen is None else [seen]), *self._narrowed())
        query = query.order_by(DOCUMENTS.c.rank, DOCUMENTS.c.first_name, DOCUMENTS.c.id).limit(MOST_WEIGHED - len(found))
        for row in self._session.connection().execute(query, self._viewer.binds):
            found[row.id] = row

    def _narrowed(self) -> Iterable[Any]:
        if self._where.kinds is not None:
            yield DOCUMENTS.c.kind.in_(sorted(self._where.kinds))
        if self._where.library_id is not None:
            items: Any = MediaItem.__table__  # type: ignore[attr-defined]
            there = sa.select(items.c.id).where(items.c.library_id == self._where.library_id)  # unguarded: the document is asked
            yield DOCUMENTS.c.entity_id.in_(there)
