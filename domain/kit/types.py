"""Column types whose stored form both engines share, so that SQL itself can write what a client reads."""

import enum
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

E = TypeVar("E", bound=enum.StrEnum)

Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""Primary and foreign keys: BIGINT (SQLite's rowid must be spelled INTEGER)."""

SortText = sa.String().with_variant(sa.String(collation="C"), "postgresql")
"""Text compared byte by byte on both engines (SQLite's BINARY is PostgreSQL's "C")."""

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
"""Data whose shape is really open."""


def instant_text(value: datetime) -> str:
    """RFC 3339 in UTC with microseconds, always 27 characters, so that text order is time order."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment: timestamptz on PostgreSQL, RFC 3339 text with microseconds on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(27))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("A moment needs its time zone.")
        return instant_text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)

    def __repr__(self) -> str:
        return "Instant()"


class Thousandths(sa.types.TypeDecorator[Decimal]):
    """A provider's score with three decimals: NUMERIC(5,3) on PostgreSQL, integer thousandths on SQLite."""

    impl = sa.Numeric(5, 3)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.Numeric(5, 3))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = Decimal(value).quantize(Decimal("0.001"))
        return int(exact * 1000) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) / 1000 if dialect.name == "sqlite" else Decimal(value)

    def __repr__(self) -> str:
        return "Thousandths()"


def choice(members: type[E]) -> sa.Enum:
    """A closed set, stored as its values in text with a CHECK that names the column's table and itself."""
    return sa.Enum(
        members,
        values_callable=lambda cls: [member.value for member in cls],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=_snake(members.__name__),
    )


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def canonical_json(value: Any) -> str:
    """One text for equal values: sorted keys, no spaces. For digests and comparisons."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
