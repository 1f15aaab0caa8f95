"""The permission matrix, generated from the schema: every viewer against every root field and every node type."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from graphql import GraphQLObjectType

from api.kit.access import Needs, Permission
from api.kit.anonymous import ANONYMOUS_FIELDS
from api.kit.planner import Planner
from api.kit.services import Services
from api.schema import build_schema
from api.system.tailer import Tailer
from domain.accounts.enums import Scope
from domain.catalog.enums import ItemKind
from domain.catalog.queries import living
from domain.kit.database import Database
from domain.kit.ids import global_id
from domain.settings import Settings
from tests.api.conftest import House, furnish
from tests.factories import accounts
from tests.rules.arguments import Arguments, document
from tests.rules.matrix import World, build
from tests.sampling import some

SCHEMA = build_schema()
CORE = SCHEMA._schema
READERS = frozenset({"member", "limited", "editor", "admin", "admin_reading"})
WRITERS = READERS - {"admin_reading"}
VIEWERS = ("anonymous", "scrobbler", *sorted(READERS))
ALLOWED: Final = {
    Permission.ANYONE: frozenset(VIEWERS),
    Permission.SIGNED_IN: frozenset(VIEWERS) - {"anonymous"},
    Permission.READ: READERS,
    Permission.WRITE: WRITERS,
    Permission.EDIT: frozenset({"editor", "admin"}),
    Permission.JOBS: frozenset({"editor", "admin"}),
    Permission.ADMIN: frozenset({"admin"}),
}
"""Who may use a field of each permission: written by hand, so that a mistake in `missing` shows."""


def fields() -> Iterator[tuple[str, str, Any, Permission]]:
    """(kind of operation, name, definition, declared permission) of every root field."""
    for kind, type_ in (("query", CORE.query_type), ("mutation", CORE.mutation_type), ("subscription", CORE.subscription_type)):
        for name, definition in type_.fields.items() if type_ is not None else ():
            (needs,) = [each for each in definition.extensions["strawberry-definition"].extensions if isinstance(each, Needs)]
            yield kind, name, definition, needs.permission


def nodes() -> dict[str, tuple[str, list[ItemKind]]]:
    """Table and, for items, the kinds behind each node type."""
    found = {}
    for type_ in CORE.get_possible_types(CORE.type_map["Node"]):  # type: ignore[arg-type]
        assert isinstance(type_, GraphQLObjectType)
        entity = type_.extensions["strawberry-definition"].origin.__entity__
        found[type_.name] = (entity.model.__tablename__, list(entity.kinds))
    return found


NODES: Final = nodes()


@pytest.fixture
def world(database: Database, database_url: str, tmp_path: Path) -> World:
    settings = Settings(data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30)
    house = House(database, Services(settings, database, Planner(database, living=living), accounts.KEY))
    furnish(house)
    house.tokens["admin_reading"] = accounts.make_token(database, house.users["admin"], Scope.READ)
    tables = {table for table, kinds in NODES.values() if not kinds}
    return build(house, tables, sorted({kind for _, kinds in NODES.values() for kind in kinds}))


async def answer(world: World, who: str, kind: str, text: str, variables: dict[str, Any]) -> tuple[Any, list[Any]]:
    """(data, errors) of the first answer to an operation."""
    context = world.context(who)
    with context.closing():
        if kind != "subscription":
            result = await SCHEMA.execute(text, variable_values=variables, context_value=context)
            return orjson.loads(orjson.dumps(result.data)), result.errors or []  # the database may have written some of it
        stream = await SCHEMA.stream(text, variable_values=variables, context_value=context)
        first: Any = await anext(stream)
        await stream.aclose()
        return first.data, first.errors or []


def code(error: Any) -> str:
    """The code of an error; INTERNAL when it is a bug."""
    return str((error.extensions or {}).get("code") or ("INTERNAL" if error.original_error else "INVALID"))


@pytest.mark.parametrize("who", VIEWERS)
async def test_what_is_denied_is_refused_and_changes_nothing(world: World, who: str) -> None:
    before, wrong, refused = world.dump(), [], 0
    wanted = "UNAUTHENTICATED" if who == "anonymous" else "FORBIDDEN"
    arguments = Arguments(world, is_full=False)
    for kind, name, definition, permission in fields():
        if who in ALLOWED[permission]:
            continue
        data, errors = await answer(world, who, kind, document(kind, name, definition), arguments.of(name, definition))
        if [code(each) for each in errors] != [wanted] or (data is not None and data.get(name) is not None):
            wrong.append((name, data, errors))
        after = world.dump()
        if after != before:
            wrong.append((name, [table for table in after if after[table] != before[table]], "changed"))
        before, refused = after, refused + 1
    assert wrong == []
    assert refused == sum(who not in ALLOWED[permission] for *_, permission in fields())


@pytest.mark.parametrize("is_full", [False, True], ids=["required", "every argument"])
@pytest.mark.parametrize("who", VIEWERS)
async def test_what_is_allowed_is_answered(world: World, who: str, is_full: bool) -> None:
    """Made-up arguments may name nothing: that is an answer. A refusal, a bug or a failure outside the payload is not."""
    tailer = Tailer(world.house.database, poll_s=30)
    await tailer.start()
    world.house.services.events = tailer
    identity = world.identity(who)
    world.identity = lambda _: identity  # type: ignore[method-assign]  # mutations may end one's own token
    arguments = Arguments(world, is_full=is_full)
    wrong = []
    for kind, name, definition, permission in fields():
        if who in ALLOWED[permission]:
            variables = arguments.of(name, definition)
            data, errors = await answer(world, who, kind, document(kind, name, definition), variables)
            names_nothing = kind == "subscription" and {code(each) for each in errors} == {"NOT_FOUND"}
            said = [each.message for each in errors]
            asks_nobody = name == "enrichmentPreview" and said and said[0].startswith("No provider can be asked")
            if errors and not names_nothing and not asks_nobody:  # no provider has a key here
                wrong.append((name, variables, errors))
            elif not errors and kind == "subscription" and data != {name: {"__typename": "Subscribed"}}:
                wrong.append((name, variables, data))
    await tailer.stop()
    assert wrong == []


def test_a_mistaken_permission_would_be_found() -> None:
    declared = {name: permission for _, name, _, permission in fields()}
    assert declared["users"] is Permission.ADMIN
    assert "member" not in ALLOWED[Permission.ADMIN]
    assert len(declared) > 45


def test_the_anonymous_fields_are_the_committed_list() -> None:
    assert {name for *_, name, _, permission in fields() if permission is Permission.ANYONE} | {"__typename"} == ANONYMOUS_FIELDS
    assert {"setUp", "login", "resetPassword", "serverInfo", "__typename"} == ANONYMOUS_FIELDS


ITEM: Final = {"child": READERS, "adult": READERS - {"limited"}, "closed": READERS - {"limited"}}
LIBRARY: Final = {"child": READERS, "adult": READERS, "closed": READERS - {"limited"}}
"""By library alone: `adult` lies in the open one."""
UNLIMITED: Final = dict.fromkeys(ITEM, READERS - {"limited"})
"""Nobody with an age limit: a doubt's candidates name other items."""
OWN: Final = {"member": frozenset({"member", "admin"}), "neighbour": frozenset({"admin"})}
ALL: Final = {"all": READERS}
ADMIN: Final = {"all": frozenset({"admin"})}
SEEN: Final[dict[str, dict[str, frozenset[str]]]] = {
    "media_items": ITEM, "libraries": LIBRARY, "library_paths": LIBRARY, "media_files": ITEM, "item_files": ITEM,
    "video_streams": ITEM, "audio_streams": ITEM, "subtitle_streams": ITEM, "markers": ITEM, "tags": ITEM,
    "review_queue": UNLIMITED, "provider_priorities": ADMIN, "enrichment_results": ITEM,
    "credits": ITEM, "external_ids": ITEM, "assets": ITEM, "image_candidates": ITEM, "item_ratings": ITEM,
    "item_certifications": ITEM, "release_dates": ITEM, "field_locks": ITEM, "episode_orders": ITEM,
    "series_orders": ITEM, "media_types": ALL,
    "image_downloads": ITEM, "image_choices": ITEM,
    "genres": ALL, "studios": ALL, "countries": ALL, "people": ALL, "collections": ALL, "jobs": OWN, "job_schedules": ADMIN,
    "users": OWN, "api_tokens": OWN, "sessions": OWN, "uploads": OWN, "persisted_documents": ADMIN,
    "changes": OWN, "change_rows": OWN, "provider_configs": ADMIN, "provider_stats": ADMIN,
    "file_problems": dict.fromkeys(ITEM, frozenset({"admin"})),
    "sources": ADMIN, "inbound_events": ADMIN,
    "player_states": ITEM, "playback_captures": ITEM,
    "player_groups": ALL, "players": ALL, "player_users": OWN, "path_mappings": ADMIN,
    "publish_runs": ITEM, "recycle_bin": dict.fromkeys(ITEM, frozenset({"admin"})),
}  # fmt: skip
"""Who sees whose row, by table: written by hand. A new node type needs a line here."""


@pytest.mark.parametrize("type_", some(NODES, 2))
async def test_a_node_is_there_for_whoever_may_see_it_and_for_nobody_else(world: World, type_: str) -> None:
    table, kinds = NODES[type_]
    found, expected = {}, {}
    for owner, seen in SEEN[table].items():
        for kind in kinds or [None]:
            key = world.items[kind, owner] if kind is not None else world.rows[table, owner]
            for who in VIEWERS:
                text = "query A($id: ID!) { node(id: $id) { __typename id } }"
                data, errors = await answer(world, who, "query", text, {"id": global_id(table, key)})
                name = (who, owner, kind)
                expected[name] = ({"__typename": type_, "id": global_id(table, key)}, []) if who in seen else (None, [])
                if who in ("anonymous", "scrobbler"):
                    expected[name] = (None, ["UNAUTHENTICATED" if who == "anonymous" else "FORBIDDEN"])
                found[name] = (data["node"], [code(each) for each in errors])
    assert found == expected
