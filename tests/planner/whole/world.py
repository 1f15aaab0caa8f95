"""The household of the corpus: rows in every table that a type shows, made on SQLite and copied to PostgreSQL as they are."""

import contextlib
import dataclasses
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from domain.accounts.enums import Scope
from domain.artwork import builtin as artwork
from domain.catalog import certificate_region, queries, service
from domain.catalog.enums import ItemKind
from domain.catalog.service import NewItem
from domain.catalog.sorting import sort_key
from domain.kit.database import Database, UnitOfWork
from domain.kit.ids import CODE_OF
from domain.libraries import access_service
from domain.system import settings_store
from tests.factories import accounts, catalog
from tests.planner.whole.filling import METADATA, START, TEXTS, Filler

PEOPLE: Final[dict[str, dict[str, Any]]] = {
    "admin": {"is_admin": True, "has_all_libraries": True},
    "member": {"has_all_libraries": True},
    "limited": {"max_age": 12, "sees_unrated": False},
    "teen": {"max_age": 13, "can_edit": True},
}
TOKENS: Final[dict[str, tuple[str, tuple[Scope, ...]]]] = {
    "admin": ("admin", tuple(Scope)),
    "member": ("member", (Scope.READ, Scope.WRITE, Scope.SCROBBLE)),
    "limited": ("limited", (Scope.READ, Scope.WRITE)),
    "scoped": ("teen", (Scope.READ, Scope.JOBS)),
    "scrobbler": ("member", (Scope.SCROBBLE,)),
}
"""Viewer -> whose token, with which scopes."""
_LINKS: Final = ("item_genres", "item_studios", "item_countries", "collection_members")
_ROWS: Final = {
    "media_files": 40, "item_files": 90, "video_streams": 40, "audio_streams": 60, "subtitle_streams": 40, "markers": 60,
    "tags": 120, "external_ids": 160, "item_ratings": 90, "item_certifications": 90, "release_dates": 120,
    "episode_orders": 80, "field_locks": 120, "credits": 300, "cached_files": 10, "image_candidates": 150, "assets": 250,
    "image_choices": 60, "review_queue": 30, "job_schedules": 6, "jobs": 30, "sessions": 12, "api_tokens": 8, "library_paths": 8,
    "media_relationships": 60, "translations": 160, "player_groups": 12, "players": 60, "player_users": 40,
    "player_group_libraries": 30, "path_mappings": 30, "player_states": 60,
    "playback_captures": 30,
}  # fmt: skip
"""Rows tried of each table, in an order in which those they name are there; other tables with ids follow by themselves."""
_LOGS: Final = ("events", "audit_log")


_FAILED: Final[dict[str, dict[str, str]]] = {
    "publish_runs": {"status": "failed"}, "jobs": {"status": "failed"}, "enrichment_results": {"outcome": "failed"},
    "inbound_events": {"status": "failed"},
}  # fmt: skip
"""What has fields that only a failure fills."""


def build(database: Database, seed: int = 11) -> dict[str, str]:
    """Fill an empty, migrated SQLite database; the clear tokens of the viewers."""
    users = {name: accounts.make_user(database, name, **columns) for name, columns in PEOPLE.items()}
    tokens = {name: accounts.make_token(database, users[user], *scopes) for name, (user, scopes) in TOKENS.items()}
    with database.transaction() as uow:
        types = catalog.types(uow)
        libraries = [catalog.library(uow, name, media_type=kind) for name, kind in _libraries(types)]
        for user in ("limited", "teen"):
            access_service.set_user_libraries(uow, user_id=users[user].id, library_ids=libraries[::2])
        filler = Filler(uow.session.connection(), seed)
        artwork.install_builtins(uow)
        _trees(uow, filler, libraries)
        _vary(filler)
        _people(filler)
        for name in _LINKS:
            filler.fill(name, 150)
        for name, count in _ROWS.items():
            assert filler.fill(name, count) > count / 4, f"hardly a row of {name} is allowed"
        for table in METADATA.sorted_tables:  # whatever came later
            if table.name in CODE_OF and table.name not in _LOGS and not filler.keys(f"{table.name}.id"):
                filler.fill(table.name, 12)
        _recommendations(filler)
        filler.vary(
            "libraries", "metadata_languages", "is_enabled", "auto_enrich", "ignore_patterns", "schedule_id", "last_scanned_at"
        )
        filler.vary("users", "display_name", "avatar_url", "bio", "timezone", "locale", "last_login_at", "preferences")
        filler.vary("jobs", "parent_id")
        _undone(filler)
        _versions(filler, types["movie"])
        _orders(filler)
        settings_store.put_setting(uow, certificate_region.KEY, "DE", description="")
        for name, failed in _FAILED.items():  # a dozen rows may hold none, and each new table throws the dice anew
            assert filler.fill(name, 3, **failed), f"no failed row of {name} is allowed"
        uow.session.connection().execute(
            sa.text("UPDATE users SET email = 'root@example.org', bio = 'Ö', avatar_url = '/ä' WHERE id = 1")
        )
        uow.session.connection().execute(sa.text("UPDATE media_types SET is_enabled = false WHERE name = 'podcast'"))
    _orphan(database)
    return tokens


def _libraries(types: dict[str, int]) -> Iterator[tuple[str, str]]:
    for kind in sorted(types):
        yield f"{kind} Ä", kind
        yield f"{kind} b", kind


def _trees(uow: UnitOfWork, filler: Filler, libraries: list[int]) -> None:
    """Three trees of every kind that can stand on top, with children that have children; one list is longer than a page."""
    dice, items = filler.dice, []
    library_type = dict(uow.session.connection().execute(sa.text("SELECT id, media_type_id FROM libraries")).all())
    levels = queries.levels(uow.session)
    tops = sorted({(media_type, kind) for (media_type, kind), at in levels.items() if 0 in at})
    for media_type, kind in tops:
        places = [key for key in libraries if library_type[key] == media_type]
        for number in range(2 if kind is not ItemKind.MOVIE else 8):
            place, own = dice.choice([*places, None]), {"min_age": dice.choice([None, 6, 12, 13, 16])}
            item = NewItem(media_type_id=media_type, kind=kind, title=dice.choice(TEXTS), library_id=place, values=own)
            items.append(item)
            _children(filler, items, levels, media_type, len(items) - 1, 1, number)
    service.create_items(uow, items)


def _children(filler: Filler, items: list[NewItem], levels: Any, media_type: int, parent: int, level: int, number: int) -> None:
    kinds = sorted(kind for (type_, kind), at in levels.items() if type_ == media_type and level in at)
    for kind in kinds[: 0 if number == 1 and level == 1 else 2]:
        for place in range(filler.dice.choice([0, 2, 3]) if number else 3):
            title = filler.dice.choice(TEXTS)
            values = {"position": filler.dice.choice([None, place]), "disc_number": filler.dice.choice([None, 1, 2])}
            items.append(NewItem(media_type_id=media_type, kind=kind, title=title, parent_index=parent, values=values))
            _children(filler, items, levels, media_type, len(items) - 1, level + 1, number)


_KEPT: Final = {
    "id", "kind", "media_type_id", "level", "parent_level", "parent_id", "root_id", "library_id", "media_group_id", "title",
    "sort_key", "position", "disc_number", "availability", "missing_since", "deleted_at", "purged_at", "enrichment_priority",
    "edition", "is_preferred", "version", "directory_path",
}  # fmt: skip
"""Columns of items that the service sets, or a constraint binds."""


def _vary(filler: Filler) -> None:
    """Everything else that an item says, at random; every twelfth is deleted."""
    table = METADATA.tables["media_items"]
    filler.vary("media_items", *(c.name for c in table.columns if c.name not in _KEPT))
    filler.connection.execute(sa.update(table).where(table.c.id % 12 == 0).values(deleted_at=START))
    filler.connection.execute(sa.update(table).where(table.c.id % 5 == 0).values(availability="missing", missing_since=START))


def _undone(filler: Filler) -> None:
    """The last change undoes the first."""
    changes, keys = METADATA.tables["changes"], filler.keys("changes.id")
    undoing = sa.update(changes).where(changes.c.id == keys[-1]).values(action="undo", undoes_id=keys[0])
    filler.connection.execute(undoing)


def _orders(filler: Filler) -> None:
    """Every series has orders of episodes on offer."""
    items = METADATA.tables["media_items"]
    for key in filler.connection.execute(sa.select(items.c.id).where(items.c.kind == ItemKind.SERIES)).scalars().all():
        assert filler.fill("series_orders", 4, item_id=key)


def _recommendations(filler: Filler) -> None:
    """Every item is recommended with some others, by ids that they go by."""
    ids, items = METADATA.tables["external_ids"], set(filler.keys("media_items.id"))
    query = sa.select(ids.c.entity_id, ids.c.provider, ids.c.namespace, ids.c.external_id).order_by(ids.c.id)
    known = [row for row in filler.connection.execute(query) if row.entity_id in items]
    for number, row in enumerate(known):
        named = {"provider": row.provider, "namespace": row.namespace, "external_id": row.external_id}
        filler.fill("recommendations", 1, item_id=known[number * 7 % len(known)].entity_id, rank=number, **named)


def _people(filler: Filler) -> None:
    for name, kind, count in (("people", "person", 20), ("collections", "collection", 6), ("studios", "studio", 6)):
        for number in range(count):
            text = f"{filler.dice.choice(TEXTS)} {number}"
            fixed: dict[str, Any] = {"id": filler.entity(kind), "kind": kind, "name": text, "sort_key": sort_key(text)}
            extra = {"enrichment_priority": 5} if name == "people" else {}
            assert filler.fill(name, 1, **fixed, **extra)
    for number, text in enumerate(TEXTS):
        filler.fill("genres", 1, name=f"{text}{number}", name_normalized=f"{text}{number}", sort_key=sort_key(f"{text}{number}"))
    filler.fill("countries", 8)


def _versions(filler: Filler, media_type: int) -> None:
    """Two groups of films that are one work."""
    items = METADATA.tables["media_items"]
    for rest in (0, 1):
        group = filler.entity("group")
        assert filler.fill("media_groups", 1, id=group, kind="group", media_type_id=media_type)
        films = sa.and_(items.c.media_type_id == media_type, items.c.level == 0, items.c.id % 2 == rest)
        filler.connection.execute(sa.update(items).where(films).values(media_group_id=group, is_preferred=False))


ORPHAN: Final = 900


def _orphan(database: Database) -> None:
    """A library whose media type is gone, past the foreign keys: null in a place that cannot be null."""
    with contextlib.closing(sqlite3.connect(str(database.url.database))) as connection, connection:
        connection.execute(
            "INSERT INTO libraries (id, version, created_at, updated_at, name, sort_key, media_type_id, is_enabled,"
            " auto_enrich, auto_publish, ignore_patterns) SELECT ?, version, created_at, updated_at, 'Ω lost', 'ω lost', ?,"
            " is_enabled, auto_enrich, auto_publish, ignore_patterns FROM libraries WHERE id = 1",
            (ORPHAN, ORPHAN),
        )


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """Every row of every table."""

    rows: dict[str, list[dict[str, Any]]]


def snapshot(database: Database) -> Snapshot:
    """All that a database holds."""
    with database.read() as session:
        connection = session.connection()
        tables = METADATA.sorted_tables
        stored = {t.name: sa.select(*(c for c in t.columns if c.computed is None)) for t in tables}
        return Snapshot({name: [dict(row) for row in connection.execute(each).mappings()] for name, each in stored.items()})


def restore(database: Database, taken: Snapshot) -> None:
    """Put a snapshot into a migrated PostgreSQL database, foreign keys unasked, and set its sequences behind it."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in METADATA.sorted_tables:
            connection.execute(sa.delete(table))
            if taken.rows[table.name]:
                connection.execute(sa.insert(table), taken.rows[table.name])
            own = table.autoincrement_column
            if own is not None and taken.rows[table.name]:
                most = max(row[own.name] for row in taken.rows[table.name])
                names = {"table": table.name, "own": own.name}
                sequence = connection.execute(sa.text("SELECT pg_get_serial_sequence(:table, :own)"), names).scalar()
                if sequence is not None:
                    connection.execute(sa.text("SELECT setval(:sequence, :most)"), {"sequence": sequence, "most": most})
