"""Which letters of a thing's names answered a query, for showing them in bold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from domain.search.asking import Query
from domain.search.documents import SOURCES, rows_of
from domain.search.enums import SearchField
from domain.search.finding import Hit
from domain.search.scoring import split_at, where_found
from domain.search.words import Word, is_run, words


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a text; all of them together are the text."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Highlight:
    """A name in which something was found."""

    field: SearchField
    fragments: tuple[Fragment, ...]


def highlights(session: Session, query: Query, hits: Sequence[Hit]) -> list[tuple[Highlight, ...]]:
    """The names of each hit in which words of the query were found. Hits are what `find` gave, so their rows may be read."""
    rows: dict[str, Mapping[int, Any]] = {}
    for source in {hit.table for hit in hits}:
        rows[source] = rows_of(session, source, [hit.key for hit in hits if hit.table == source])
    return [tuple(_of_row(query, hit.table, rows[hit.table].get(hit.key))) for hit in hits]


def _of_row(query: Query, source: str, row: Any) -> Iterator[Highlight]:
    for field in SOURCES[source].fields if row is not None else ():
        text = getattr(row, field.value)
        spans = list(_spans(query, words(text))) if text else []
        if spans:
            yield Highlight(field, tuple(_fragments(text, spans)))


def _spans(query: Query, found: Sequence[Word]) -> Iterator[tuple[int, int]]:
    name = [word.text for word in found]
    for asked, at in where_found(query, name):
        word = found[at]
        inside = word.text.find(asked.text) if is_run(word.text) else -1
        if inside >= 0:
            yield word.start + inside, word.start + inside + len(asked.text)
            continue
        yield word.start, word.end
        if split_at(asked, name, at):
            yield found[at + 1].start, found[at + 1].end


def _fragments(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Fragment]:
    reached = 0
    for start, end in sorted(set(spans)):
        if start < reached:
            continue
        if start > reached:
            yield Fragment(text[reached:start], False)
        yield Fragment(text[start:end], True)
        reached = end
    if reached < len(text):
        yield Fragment(text[reached:], False)
