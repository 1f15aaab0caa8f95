"""What of a row can be found: its names, kind and year."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.queries import chunks
from domain.catalog.tables import Collection, Entity, Genre, MediaItem, Person, Studio, Translation
from domain.search.enums import SearchField, SearchKind
from domain.search.words import normal, spelled

FIRST_NAME: Final = 24
RANKS: Final = {
    SearchKind.MOVIE: 0, SearchKind.SERIES: 0, SearchKind.COLLECTION: 1, SearchKind.PERSON: 1, SearchKind.ARTIST: 1,
    SearchKind.ALBUM: 2, SearchKind.STUDIO: 2, SearchKind.GENRE: 2, SearchKind.SEASON: 3, SearchKind.EPISODE: 3,
    SearchKind.TRACK: 3,
}  # fmt: skip
"""Which kind comes first among equals; others after all these."""
LAST_RANK: Final = 4

_NUMBERED: Final = re.compile(
    r"(episode|season|series|part|folge|staffel|teil|saison|partie|episodio|temporada|stagione|capitulo|aflevering|seizoen|"
    r"avsnitt|sasong|sesong|afsnit|серия|сезон|эпизод|odcinek|sezon|bolum) \d+|specials|第 ?\d+ ?[話话集季期]|\d+"
)
"""Names that say no more than the number: nobody looks for them, and a library has tens of thousands."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose rows can be found: its name fields in the order of their weight."""

    model: Any
    fields: tuple[SearchField, ...]
    column: str
    """The column of `search_documents` that names the row."""
    kind: SearchKind | None = None
    """None: the row says it."""

    @property
    def table(self) -> sa.Table:
        """The table."""
        found: sa.Table = self.model.__table__
        return found


SOURCES: Final[Mapping[str, Source]] = {
    "media_items": Source(
        MediaItem, (SearchField.TITLE, SearchField.ORIGINAL_TITLE, SearchField.SORT_TITLE), "entity_id"
    ),
    "people": Source(Person, (SearchField.NAME, SearchField.SORT_NAME), "entity_id", SearchKind.PERSON),
    "collections": Source(Collection, (SearchField.NAME, SearchField.SORT_NAME), "entity_id", SearchKind.COLLECTION),
    "studios": Source(Studio, (SearchField.NAME,), "entity_id", SearchKind.STUDIO),
    "genres": Source(Genre, (SearchField.NAME,), "genre_id", SearchKind.GENRE),
}  # fmt: skip


def table_of(kind: SearchKind) -> str:
    """The table whose rows are of this kind."""
    return next((name for name, source in SOURCES.items() if source.kind is kind), "media_items")


@dataclass(frozen=True, slots=True)
class Document:
    """A row of `search_documents` as it should be; `names` are normalized."""

    kind: SearchKind
    year: int | None
    names: tuple[str, ...]

    @property
    def values(self) -> dict[str, Any]:
        """Its columns."""
        return {
            "kind": self.kind,
            "rank": RANKS.get(self.kind, LAST_RANK),
            "year": self.year,
            "names": "\n".join(self.names),
            "first_name": self.names[0][:FIRST_NAME],
        }


def rows_of(session: Session, source: str, keys: Iterable[int]) -> dict[int, Any]:
    """The rows of a source with their name fields; merged ones have none."""
    table = SOURCES[source].table
    columns = [table.c.id, *(table.c[field.value] for field in SOURCES[source].fields)]
    if source == "media_items":
        columns += [table.c.kind, table.c.year]
    query = sa.select(*columns)
    if "kind" in table.c:
        entities: Any = Entity.__table__  # type: ignore[attr-defined]
        query = query.join(entities, entities.c.id == table.c.id).where(entities.c.merged_into_id.is_(None))
    found: dict[int, Any] = {}
    for piece in chunks(keys):
        for row in session.connection().execute(query.where(table.c.id.in_(piece))):
            found[row.id] = row
    return found


def translated_of(session: Session, keys: Iterable[int]) -> dict[int, list[str]]:
    """Titles in other languages, of those that have any."""
    found: dict[int, list[str]] = {}
    table: Any = Translation.__table__  # type: ignore[attr-defined]
    query = sa.select(table.c.entity_id, table.c.title).where(table.c.title.is_not(None)).order_by(table.c.id)
    for piece in chunks(keys):  # unguarded: the index is everybody's
        for row in session.connection().execute(query.where(table.c.entity_id.in_(piece))):
            found.setdefault(row.entity_id, []).append(row.title)
    return found


def document(source: str, row: Any, translated: Iterable[str] = ()) -> Document | None:
    """What a row is found by, titles in other languages after its own; None where that is nothing."""
    own = [text for field in SOURCES[source].fields if (text := getattr(row, field.value))]
    names = [normal(text) for text in (*own, *translated)]
    names += [" ".join(spelled(name.split())) for name in names]  # "M*A*S*H" is also "mash"
    distinct = tuple(dict.fromkeys(name for name in names if name))
    kind = SOURCES[source].kind or SearchKind(row.kind)
    if kind in (SearchKind.SEASON, SearchKind.EPISODE):
        distinct = tuple(name for name in distinct if not _NUMBERED.fullmatch(name))
    return Document(kind, getattr(row, "year", None), distinct) if distinct else None
