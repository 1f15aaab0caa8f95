"""A small world of rows for the tests of constraints, and acts upon it that the database allows or refuses."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

import domain.registry

TABLES = domain.registry.metadata.tables
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Connection = sa.Connection
TV, MOVIE, GAMES = 902, 901, 903


def put(connection: Connection, table: str, **values: Any) -> None:
    connection.execute(sa.insert(TABLES[table]).values(**values))


def change(connection: Connection, table: str, key: int, **values: Any) -> None:
    connection.execute(sa.update(TABLES[table]).where(TABLES[table].c.id == key).values(**values))


def item(connection: Connection, key: int, kind: str, **values: Any) -> None:
    """An item with its entity; films stand alone, series 1 and season 2 are there."""
    place = {"movie": (MOVIE, 0), "series": (TV, 0), "season": (TV, 1), "episode": (TV, 2), "custom": (GAMES, 0)}[kind]
    own: dict[str, Any] = {"media_type_id": place[0], "level": place[1], "title": "x", "sort_key": "x"}
    own["root_id"] = key if place[1] == 0 else 1
    if place[1]:
        own["parent_id"] = place[1]
    if connection.execute(sa.select(TABLES["entities"].c.id).where(TABLES["entities"].c.id == key)).first() is None:
        put(connection, "entities", id=key, kind=kind)
    put(connection, "media_items", **{**own, "id": key, "kind": kind, **values})


def person(connection: Connection, key: int, name: str, disambiguation: str = "") -> None:
    put(connection, "entities", id=key, kind="person")
    values = {"identity_key": f"name:{name}{disambiguation}", "name": name, "name_normalized": name, "sort_key": name}
    put(connection, "people", id=key, disambiguation=disambiguation, **values)


def external_id(connection: Connection, entity: int, kind: str, provider: str, namespace: str, key: str, **more: Any) -> None:
    values = {"entity_id": entity, "entity_kind": kind, "provider": provider, "namespace": namespace, "external_id": key}
    put(connection, "external_ids", **values, **more)


def asset(connection: Connection, entity: int, kind: str, **more: Any) -> None:
    token = f"{entity}-{kind}-{more.get('cached_file_id')}-{more.get('rank')}"
    put(connection, "assets", entity_id=entity, asset_type=kind, token=token, source_type="local", **more)


def link(connection: Connection, key: int, file: int, **more: Any) -> None:
    put(connection, "item_files", item_id=key, file_id=file, **more)


def world(connection: Connection) -> None:
    """Series 1 > season 2 > episode 3 (number 5); films 5 and 13 (a cut of it); person 7; libraries, files, bytes 1 to 3."""
    words = {"display_name": "x", "interaction_verb": "x", "session_noun": "x", "progress_unit": "x"}
    for key, name in ((MOVIE, "m"), (TV, "t"), (GAMES, "g")):
        put(connection, "media_types", id=key, name=name, **words)
    for kind, level, name in [
        (MOVIE, 0, "movie"), (TV, 0, "series"), (TV, 1, "season"), (TV, 2, "episode"), (GAMES, 0, "custom"), (GAMES, 1, "custom")
    ]:  # fmt: skip
        put(connection, "media_levels", media_type_id=kind, level=level, kind=name, name=name, plural=name)
    for key, media_type in ((9, TV), (12, MOVIE)):
        put(connection, "entities", id=key, kind="group")
        put(connection, "media_groups", id=key, media_type_id=media_type, name="x")
    for key in (1, 2):
        put(connection, "libraries", id=key, name=f"l{key}", sort_key="l", media_type_id=TV)
    item(connection, 1, "series")
    item(connection, 2, "season", position=1)
    item(connection, 3, "episode", position=5)
    item(connection, 5, "movie", media_group_id=12)
    item(connection, 13, "movie", media_group_id=12, is_preferred=False, edition="Director's Cut")
    person(connection, 7, "john smith")
    put(connection, "asset_types", name="poster", media="image", default_limit=3, max_limit=10)
    put(connection, "asset_types", name="actor_thumb", media="image", default_limit=1, max_limit=1)
    for key in (1, 2, 3):
        put(connection, "media_files", id=key, uri=f"/m/{key}", file_kind="video", size_bytes=1)
        put(connection, "cached_files", id=key, kind="text", sha256=f"{key:064}", path=f"{key}", size_bytes=1, format="x")
    put(connection, "users", id=1, username="u", username_key="u", password_hash="x")


Act = Callable[[Connection], None]


def season_of_a_library(c: Connection) -> None:
    c.execute(sa.update(TABLES["media_items"]).where(TABLES["media_items"].c.root_id == 1).values(library_id=1))


def after(*acts: Act) -> Act:
    def together(connection: Connection) -> None:
        for act in acts:
            act(connection)

    return together


def do(function: Callable[..., None], *arguments: Any, **values: Any) -> Act:
    return lambda connection: function(connection, *arguments, **values)


def source(c: Connection) -> None:
    put(c, "sources", id=1, kind="plex", name="p")
    put(c, "source_collections", id=1, source_id=1, external_id="1", name="Films")
