"""A policy that is written once reads the same in every statement, as if SQLAlchemy had written it there."""

import pytest
import sqlalchemy as sa

import domain.catalog.access
from api.kit.planner.dialects import dialect_of
from api.kit.planner.sources import alias_of, rows_of
from api.kit.planner.statements import Statement, compiled
from domain.catalog.tables import MediaItem
from domain.kit.policy import Shape, visible

assert domain.catalog.access  # it registers the policy
TABLE: sa.Table = MediaItem.__table__  # type: ignore[attr-defined]
SHAPE = Shape(
    is_admin=False, is_signed_in=True, all_libraries=False, has_age_limit=True, sees_unrated=False, scopes=frozenset({"read"})
)


def statement(name: str, condition: sa.ColumnElement[bool]) -> Statement:
    alias = alias_of(TABLE, "kept_here")
    year = alias.c.year == sa.bindparam("w0", type_=sa.Integer())
    return compiled(sa.select(alias.c.id).where(condition, year), dialect_of(name))


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_the_second_statement_is_the_first(name: str) -> None:
    (policy,) = rows_of(TABLE, "kept_here", SHAPE)[1]
    direct = visible(alias_of(TABLE, "kept_here"), SHAPE)
    assert direct is not None
    wanted = statement(name, direct)
    for _ in range(2):
        found = statement(name, policy)
        assert found.text == wanted.text
        assert [each for each, _ in found.names] == [each for each, _ in wanted.names]
        assert found.constants == wanted.constants


def test_it_keeps_to_itself_beside_other_conditions() -> None:
    (policy,) = rows_of(TABLE, "kept_here", SHAPE)[1]
    text = statement("sqlite", sa.or_(policy, sa.not_(policy))).text
    assert text.count("(kept_here.deleted_at IS NULL AND") == 2
    assert "NOT (kept_here.deleted_at" in text
