"""The search index: plain tables, the same on both engines, so that both find the same (decision 0070)."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.kit.tables import Table, exactly_one, index_where, reference
from domain.kit.types import Key, SortText, choice
from domain.search.enums import SearchKind


class SearchDocument(Table, table=True):
    """What can be found: one row for an entity or genre, with its names normalized, the chief one first, a line each."""

    __tablename__ = "search_documents"
    __table_args__ = (
        sa.CheckConstraint(exactly_one("entity_id", "genre_id"), name="one_owner"),
        sa.UniqueConstraint("entity_id"),
        sa.UniqueConstraint("genre_id"),
        sa.Index("ix_search_documents_first_name", "first_name", "rank"),
        index_where("ix_search_documents_year", ["year", "rank"], "year IS NOT NULL"),
    )

    entity_id: int | None = reference("entities.id", on_delete="CASCADE", nullable=True, index=False)
    genre_id: int | None = reference("genres.id", on_delete="CASCADE", nullable=True, index=False)
    kind: SearchKind = Field(sa_type=choice(SearchKind), nullable=False)
    rank: int = Field(nullable=False)
    """Which kinds come first among equals; 0 is the first."""
    year: int | None = None
    names: str = Field(nullable=False)
    first_name: str = Field(sa_type=SortText, nullable=False)
    """The beginning of the chief name: what the first letters typed are looked up in."""


class SearchWord(SQLModel, table=True):
    """A word that occurs in names. Words that no name holds any more go with the next rebuild."""

    __tablename__ = "search_words"

    id: int = Field(default=None, primary_key=True, sa_type=Key)
    word: str = Field(sa_type=SortText, unique=True, nullable=False)


class SearchPosting(SQLModel, table=True):
    """That a word occurs in a document."""

    __tablename__ = "search_postings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word_id: int = reference("search_words.id", on_delete="CASCADE", index=False, primary_key=True)
    document_id: int = reference("search_documents.id", on_delete="CASCADE", primary_key=True)


class SearchTypo(SQLModel, table=True):
    """A word with one letter left out, as the CRC-32 of what remains: two words one error apart share such a number."""

    __tablename__ = "search_typos"
    __table_args__ = ({"sqlite_with_rowid": False},)

    checksum: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    word_id: int = reference("search_words.id", on_delete="CASCADE", primary_key=True)


class SearchChange(SQLModel, table=True):
    """A row whose names changed in this transaction: triggers write it, the end of the transaction reads and empties it."""

    __tablename__ = "search_changes"

    id: int = Field(default=None, primary_key=True, sa_type=Key)
    source: str = Field(nullable=False)
    """The table."""
    key: int = Field(sa_type=Key, nullable=False)
