"""The base of every table and the names of its constraints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.kit import clock
from domain.kit.types import Instant, Key

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Timestamped(SQLModel):
    """When a row came and when it last changed (UTC)."""

    created_at: datetime = Field(default_factory=clock.now, sa_type=Instant, nullable=False)
    updated_at: datetime = Field(
        default_factory=clock.now, sa_type=Instant, nullable=False, sa_column_kwargs={"onupdate": clock.now}
    )


class Table(Timestamped):
    """A row with a key of its own."""

    id: int = Field(default=None, primary_key=True, sa_type=Key)


class Versioned(SQLModel):
    """A row that people edit: `version` grows with each change and answers `expectedVersion`."""

    version: int = Field(default=1, nullable=False)


def reference(target: str, *, on_delete: str, index: bool = True, nullable: bool = False, **more: Any) -> Any:
    """A foreign key with its deliberate ON DELETE and its index: `reference("users.id", on_delete="CASCADE")`."""
    default = {"default": None} if nullable else {}
    return Field(foreign_key=target, ondelete=on_delete, index=index, nullable=nullable, sa_type=Key, **default, **more)  # type: ignore[call-overload]


def unique_where(name: str, columns: Sequence[str], where: str) -> sa.Index:
    """A partial UNIQUE: `columns` are unique among the rows for which `where` is true, on both engines."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def index_where(name: str, columns: Sequence[Any], where: str) -> sa.Index:
    """A partial index over the rows for which `where` is true."""
    condition = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def exactly_one(*columns: str) -> str:
    """The text of a CHECK: one of `columns` is set, the others are NULL."""
    return " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns) + " = 1"
