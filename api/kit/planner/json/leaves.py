"""Columns and ids as JSON: how an engine writes one is found out once per column, not once per document."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect as Engine
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from api.kit.planner.dialects.json import TEXT, json_dialect_of
from api.kit.planner.forms import Form
from api.kit.planner.sources import alias_of

_ROW: Final = "row__"
"""Stands in a kept text where a statement has the alias of its row."""


@lru_cache(4096)
def leaf_text(engine: Engine, column: "sa.Column[Any]", form: Form, is_required: bool) -> str | None:
    """A column as a leaf of an object; None where this engine cannot write it exactly."""
    json, is_nullable = json_dialect_of(engine.name), bool(column.nullable)
    return _text(engine, column, lambda here: json.leaf(here, form, is_nullable=is_nullable, is_required=is_required))


@lru_cache(1024)
def identity_text(engine: Engine, code: str, column: "sa.Column[Any]") -> str:
    """The global id of the row that has this key."""
    found = _text(engine, column, lambda here: json_dialect_of(engine.name).identity(code, here))
    assert found is not None
    return found


def _text(
    engine: Engine, column: "sa.Column[Any]", write: Callable[[ColumnElement[Any]], ColumnElement[Any] | None]
) -> str | None:
    found = write(alias_of(column.table, _ROW).c[column.key])
    if found is None:
        return None
    done = found.compile(dialect=engine)
    text = str(done)
    assert not done.params, f"{text} has parameters."
    assert "%" not in text, f"{text} would be escaped once more."
    return text


def of_row(text: str, rows: FromClause) -> ColumnElement[Any]:
    """The text for the row that a statement has under the name of `rows`."""
    name = str(rows.name)  # type: ignore[attr-defined]
    assert name.isidentifier(), name
    return sa.literal_column(text.replace(f"{_ROW}.", f"{name}."), TEXT)
