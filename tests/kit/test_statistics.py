"""The engine knows how values are spread, also on connections that were open before."""

import pytest
import sqlalchemy as sa

from domain.catalog.builtin import install_builtins
from domain.kit.database import Database
from tests.factories import catalog

FILMS_OF_A_YEAR = (
    "SELECT id FROM media_items WHERE kind = 'movie' AND deleted_at IS NULL AND year = 1990 ORDER BY sort_key, id LIMIT 50"
)


def plan(database: Database, moment: str) -> str:
    """As the reader's connection would run it. EXPLAIN does not notice a changed schema: it must follow a run, and be new."""
    database.reader.submit(lambda read: read(FILMS_OF_A_YEAR, ()), snapshot=False).result()
    explain = f"EXPLAIN QUERY PLAN {FILMS_OF_A_YEAR} -- {moment}"
    (row, *_) = database.reader.submit(lambda read: read(explain, ()), snapshot=False).result()
    return str(row[-1])


@pytest.mark.sqlite
def test_sqlite_takes_the_years_index_once_it_knows_the_years(database: Database) -> None:
    with database.transaction() as uow:
        install_builtins(uow)
        for number in range(300):
            catalog.movie(uow, f"Film {number}", year=1900 + number % 100)
    assert "ix_media_items_list" in plan(database, "before")
    database.refresh_statistics()
    assert "ix_media_items_years" in plan(database, "after")


@pytest.mark.both
def test_looking_again_changes_no_table(database: Database) -> None:
    before = sorted(sa.inspect(database.engine).get_table_names())
    database.refresh_statistics()
    database.refresh_statistics()
    after = sorted(name for name in sa.inspect(database.engine).get_table_names() if not name.startswith("sqlite_"))
    assert after == before
