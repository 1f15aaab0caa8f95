"""Rules of every table: enums are their CHECKs, foreign keys are indexed and deliberate, ids are written by SQL."""

import re

import pytest
import sqlalchemy as sa

import domain.registry
from domain.kit.database import Database
from domain.kit.ids import CODES

TABLES = domain.registry.metadata.tables
ENUMS = {
    (table.name, column.name): set(column.type.enums)
    for table in TABLES.values()
    for column in table.columns
    if isinstance(column.type, sa.Enum)
}


@pytest.mark.both
def test_every_enum_is_its_check(database: Database) -> None:
    """Autogenerate does not see a new member: the stored CHECK must name exactly the members."""
    found: dict[tuple[str, str], set[str]] = {}
    inspector = sa.inspect(database.engine)
    for table, column in ENUMS:
        enum = TABLES[table].c[column].type
        name = f"ck_{table}_{enum.name}"  # type: ignore[attr-defined]
        (check,) = [one for one in inspector.get_check_constraints(table) if one["name"] == name]
        assert re.search(rf"\b{column}\b", check["sqltext"]), check
        found[table, column] = set(re.findall(r"'([^']*)'", check["sqltext"]))
    assert found == ENUMS
    assert len(found) > 30


@pytest.mark.both
def test_every_check_of_the_models_is_stored(database: Database) -> None:
    inspector = sa.inspect(database.engine)
    for table in TABLES.values():
        wanted = {str(one.name) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        stored = {str(one["name"]) for one in inspector.get_check_constraints(table.name)}
        assert stored == {f"ck_{table.name}_{name}" if not name.startswith("ck_") else name for name in wanted}


def unindexed(table: sa.Table) -> list[str]:
    """Foreign keys without an index that finds their rows.

    An index serves a key if it begins with the key's columns in any order, or with the one that refers to an `id`
    (that alone names the row). A partial index serves only where its condition is that the column is set.
    """
    indexes = [[column.name for column in one.columns] for one in table.indexes if serves(one)]
    indexes += [
        [column.name for column in one.columns]
        for one in table.constraints
        if isinstance(one, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
    ]
    found = []
    for key in table.foreign_key_constraints:
        columns = {element.parent.name for element in key.elements}
        naming = {element.parent.name for element in key.elements if element.column.name == "id"}
        if not any(set(index[: len(columns)]) == columns or (set(index[:1]) <= naming and index) for index in indexes):
            found.append(f"{table.name}({', '.join(sorted(columns))})")
    return found


def serves(index: sa.Index) -> bool:
    condition = index.dialect_options["sqlite"]["where"]
    return condition is None or re.fullmatch(rf"{index.columns[0].name} IS NOT NULL", str(condition)) is not None


def test_every_foreign_key_is_indexed() -> None:
    assert [line for table in TABLES.values() for line in unindexed(table)] == []


def test_a_foreign_key_without_index_is_found() -> None:
    metadata = sa.MetaData()
    sa.Table("owners", metadata, sa.Column("id", sa.Integer, primary_key=True))
    pet = sa.Table(
        "pets",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner_id", sa.ForeignKey("owners.id")),
        sa.Column("name", sa.String),
    )
    assert unindexed(pet) == ["pets(owner_id)"]
    partial = sa.Index("a", pet.c.owner_id, sqlite_where=sa.text("name = 'x'"))
    assert unindexed(pet) == ["pets(owner_id)"]
    pet.indexes.remove(partial)
    sa.Index("b", pet.c.name, pet.c.owner_id)
    assert unindexed(pet) == ["pets(owner_id)"]
    sa.Index("c", pet.c.owner_id, pet.c.name)
    assert unindexed(pet) == []


WITHOUT = {"fk_media_items_version_same_type": "deferred: the plain key beside it empties the column when a group goes"}


def test_every_foreign_key_says_what_a_deletion_does() -> None:
    silent = {
        str(key.name)
        for table in TABLES.values()
        for key in table.foreign_key_constraints
        if key.ondelete not in ("CASCADE", "SET NULL", "RESTRICT")
    }
    assert silent == WITHOUT.keys()


def test_moments_know_their_zone_and_sizes_are_long() -> None:
    for table in TABLES.values():
        for column in table.columns:
            if column.name.endswith(("_at", "_since", "_until")):
                assert type(column.type).__name__ == "Instant", f"{table.name}.{column.name}"
            if column.name.endswith(("_ms", "_bytes")):
                assert isinstance(column.type, sa.BigInteger), f"{table.name}.{column.name}"
            assert not isinstance(column.type, sa.DateTime), f"{table.name}.{column.name}"


def test_every_code_names_a_table_with_a_number() -> None:
    for code, name in CODES.items():
        if name != "channels":  # comes with the broadcast features
            assert [column.name for column in TABLES[name].primary_key] in (["id"], ["sequence"]), code


def test_ids_that_clients_and_logs_hold_are_never_given_twice() -> None:
    """SQLite gives the highest id again after its row is deleted, unless AUTOINCREMENT is asked for."""
    for name in ("entities", "libraries", "library_paths", "media_files", "assets", "sources", "review_queue", "recycle_bin"):
        assert TABLES[name].dialect_options["sqlite"]["autoincrement"], name


NEVER_AGAIN = {
    "changes",
    "jobs",
    "users",
    "api_tokens",
    "sessions",
    "uploads",
    "persisted_documents",
    "libraries",
    "media_files",
    "provider_configs",
}
"""Whose ids outlive their rows, in logs, events, addresses and files on the disk: who gets one again gets another's."""


@pytest.mark.sqlite
def test_ids_that_outlive_their_rows_are_never_given_twice(database: Database) -> None:
    marked = {table.name for table in TABLES.values() if table.dialect_options["sqlite"]["autoincrement"]}
    assert marked >= NEVER_AGAIN
    with database.read() as session:
        stored = session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        assert set(stored.scalars()) == marked
