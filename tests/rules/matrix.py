"""The world of the permission matrix: viewers, and a row of every node type for each owner."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa

import domain.registry
from api.kit.context import Context
from domain.accounts.sessions import Identity, by_token
from domain.artwork import builtin as artwork
from domain.catalog import queries, service
from domain.catalog.enums import ItemKind
from domain.kit.database import UnitOfWork
from domain.kit.types import Instant
from tests.api.conftest import House
from tests.factories.accounts import KEY

METADATA: Final = domain.registry.metadata
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = itertools.count(1000)


@dataclass
class World:
    """Rows by (table, owner): owners are `child`, `adult`, `closed`, `member`, `neighbour` and `all`."""

    house: House
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    items: dict[tuple[ItemKind, str], int] = field(default_factory=dict)

    def context(self, who: str) -> Context:
        """A fresh operation of a viewer."""
        return Context(self.house.services, self.identity(who), "matrix", ip_address="127.0.0.1", host="127.0.0.1")

    def identity(self, who: str) -> Identity | None:
        """Who somebody is; looked up anew, so that what they did to themselves counts."""
        if who == "anonymous":
            return None
        with self.house.database.read() as session:
            return by_token(session, key=KEY, token=self.house.tokens[who])

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        with self.house.database.read() as session:
            connection = session.connection()
            tables = sorted(METADATA.tables.values(), key=lambda table: table.name)
            return {table.name: sorted(map(repr, connection.execute(sa.select(table)).all())) for table in tables}


def build(house: House, tables: set[str], kinds: list[ItemKind]) -> World:
    """A row of each of these tables for each owner, and items of these kinds."""
    world = World(house)
    with house.database.transaction() as uow:
        artwork.install_builtins(uow)
        for kind in kinds:
            for owner, library, age in (
                ("child", house.open_library, 6), ("adult", house.open_library, 16), ("closed", house.closed_library, 6),
            ):  # fmt: skip
                world.items[kind, owner] = _item(uow, kind, library, age)
        shared = {"people.id": _insert(uow, "people", {}), "collections.id": _insert(uow, "collections", {})}
        if "players" in tables:
            shared["player_groups.id"] = _insert(uow, "player_groups", {})
            shared["players.id"] = _insert(uow, "players", shared)
        owned = {"users", "api_tokens", "sessions", "jobs", "uploads", "changes", "change_rows", "player_users"}
        of_items = {name for name in tables - owned if _hangs(name, "libraries", "media_items", "entities", "media_files")}
        for owner in ("child", "adult", "closed"):
            _hang_all(uow, world, owner, shared, of_items | ({"libraries"} & tables))
        for name in sorted(tables & owned, key=lambda name: name == "change_rows"):  # after the change that they are of
            for owner in ("member", "neighbour"):
                given = shared | {"users.id": house.users[owner].id, "changes.id": world.rows.get(("changes", owner), 0)}
                own = {"profile_id": owner} if name == "player_users" else {}
                world.rows[name, owner] = given["users.id"] if name == "users" else _insert(uow, name, given, **own)
        for name in sorted(tables - owned - of_items - {"libraries"}):  # a provider before its statistics
            known = shared.get(f"{name}.id")
            world.rows[name, "all"] = shared[f"{name}.id"] = known if known is not None else _insert(uow, name, shared)
    return world


def _hang_all(uow: UnitOfWork, world: World, owner: str, shared: dict[str, int], names: set[str]) -> None:
    house = world.house
    item = {"child": house.child_film, "adult": house.adult_film, "closed": house.closed_film}[owner]
    library = house.closed_library if owner == "closed" else house.open_library
    file = _insert(uow, "media_files", {"libraries.id": library})
    given = shared | {
        "media_items.id": item, "media_items.root_id": item, "entities.id": item, "libraries.id": library, "media_files.id": file,
    }  # fmt: skip
    _insert(uow, "item_files", given)
    known = {"libraries": library, "media_files": file}
    for name in sorted(names - {"item_files"}):
        own = {"session": owner} if name in ("player_states", "playback_captures") else {}
        world.rows[name, owner] = known[name] if name in known else _insert(uow, name, given, **own)
        if name == "image_candidates":  # downloads and choices are of one
            given["image_candidates.id"] = world.rows[name, owner]
    if "item_files" in names:
        query = sa.text("SELECT id FROM item_files WHERE file_id = :file")
        world.rows["item_files", owner] = uow.session.connection().execute(query, {"file": file}).scalar_one()


def _hangs(name: str, *owners: str) -> bool:
    table = METADATA.tables[name]
    is_entity = "id" in table.c and bool(table.c.id.foreign_keys)  # an entity itself, it hangs on none
    return not is_entity and any(key.column.table.name in owners for column in table.columns for key in column.foreign_keys)


def _item(uow: UnitOfWork, kind: ItemKind, library: int, age: int) -> int:
    """An item of a kind with the parents it needs; a kind that no type has gets one."""
    levels = queries.levels(uow.session)
    places = [(types[0], media_type) for (media_type, each), types in levels.items() if each is kind]
    if not places:
        media_type = _insert(uow, "media_types", {})
        _insert(uow, "media_levels", {"media_types.id": media_type}, kind=kind, level=0)
        places = [(0, media_type)]
    level, media_type = min(places)
    parent = None
    if level:
        above = next(each for (type_, each), at in levels.items() if type_ == media_type and level - 1 in at)
        parent = _item(uow, above, library, age)
    return service.create_item(
        uow, media_type_id=media_type, kind=kind, title=f"{kind} {age}", parent_id=parent, library_id=library, min_age=age
    )


_SPECIAL: Final[dict[str, Any]] = {
    "media_files.file_kind": "video", "review_queue.reason": "ambiguous", "job_schedules.is_enabled": False,
    "assets.asset_type": "poster", "image_candidates.asset_type": "poster",
    "image_choices.asset_type": "poster", "external_ids.entity_kind": "movie",
    "item_certifications.system": "mpaa", "item_certifications.code": "PG", "item_ratings.value": 5,
    "countries.code": "XX", "jobs.kind": "tests.plain", "users.username": "made",
    "players.host": "127.0.0.1", "players.port": 1, "player_states.status": "playing", "provider_priorities.priority": 1,
}  # fmt: skip
"""Values that a rule of the table asks for."""
_OPTIONAL: Final = {
    "review_queue.file_id",
    "assets.media_file_id",
    "jobs.requested_by_user_id",
    "media_files.library_id",
    "changes.user_id",
    "publish_runs.item_id",
    "file_problems.item_id",
    "path_mappings.player_group_id",
    "player_users.user_id",
    "player_states.item_id",
    "playback_captures.item_id",
}
"""Foreign keys that may be null and here are not."""


def _insert(uow: UnitOfWork, name: str, given: dict[str, int], **values: Any) -> int:
    """A row with whatever its columns ask for; `given` are keys by the column that foreign keys name."""
    table = METADATA.tables[name]
    row: dict[str, Any] = dict(values)
    own = table.c.get("id")
    if own is not None and "entities.id" in {key.target_fullname for key in own.foreign_keys}:  # people … share keys
        row["id"] = _insert(uow, "entities", {}, kind=name.rstrip("s") if name != "people" else "person")
    for column in table.columns:
        path = f"{name}.{column.name}"
        target = next((key.target_fullname for key in column.foreign_keys), None)
        if column.name in row or column.name == "id" or (column.nullable and path not in _OPTIONAL):
            continue
        if path in _SPECIAL:
            row[column.name] = _SPECIAL[path]
        elif target in given:
            row[column.name] = given[str(target)]
        elif target == "media_types.id":
            row[column.name] = uow.session.connection().execute(sa.text("SELECT min(id) FROM media_types")).scalar_one()
        elif column.default is None and column.server_default is None:
            row[column.name] = _value(column)
    statement = sa.insert(table).values(row)
    if own is None:
        uow.session.connection().execute(statement)
        return 0
    return int(uow.session.connection().execute(statement.returning(own)).scalar_one())


def _value(column: sa.Column[Any]) -> Any:
    kind, number = column.type, next(_numbers)
    if isinstance(kind, Instant):
        return NOW
    if isinstance(kind, sa.JSON):
        return {}
    if getattr(kind, "enum_class", None) is not None:
        return next(iter(kind.enum_class))  # type: ignore[attr-defined]
    python = kind.python_type
    if python is str and isinstance(kind, sa.Enum):
        return kind.enums[0]
    if python is str:
        return f"{column.name}-{number}"
    return {bool: False, date: NOW.date(), bytes: b"x"}.get(python, number)
