"""Arguments and documents of the permission matrix: a value for whatever a root field takes, made from the schema."""

import itertools
import re
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from domain.kit.ids import CODE_OF, global_id
from tests.rules.matrix import World

_numbers = itertools.count(1000)

NOUNS: Final = {
    "PlayerGroup": "player_groups", "Player": "players",
    "PausePlayback": "player_states", "ResumePlayback": "player_states", "StopPlayback": "player_states",
    "SeekPlayback": "player_states", "CapturePlayback": "player_states", "RestorePlayback": "playback_captures",
    "Upload": "uploads", "Provider": "provider_configs", "Library": "libraries", "User": "users",
    "PasswordReset": "users", "Job": "jobs", "ApiToken": "api_tokens",
    "Session": "sessions", "Review": "review_queue", "MediaItem": "media_items", "Person": "people", "Collection": "collections",
    "Recycled": "recycle_bin", "Source": "sources", "InboundEvent": "inbound_events",
}  # fmt: skip
_COMPARISONS: Final = frozenset({"eq", "in", "anyOf", "allOf", "noneOf"})
SCALARS: Final[dict[str, Any]] = {
    "Int": 1, "Float": 0.5, "Boolean": True, "BigInt": 1, "DateTime": "2030-01-01T00:00:00.000Z", "Date": "2030-01-01",
    "Duration": "PT1S", "URL": "https://example.org/", "TimeZone": "UTC", "Cron": "0 4 * * *", "Locale": "en", "JSON": {},
}  # fmt: skip


@dataclass
class Arguments:
    """Makes values for whatever a field takes."""

    world: World
    is_full: bool
    """With everything optional too."""

    def of(self, name: str, definition: Any) -> dict[str, Any]:
        """Variables of a root field."""
        given = {each: argument for each, argument in definition.args.items() if self.is_full or is_required_argument(argument)}
        if "last" in given:
            del given["last"], given["after"], given["before"]
        return {each: self.value(argument.type, each, name) for each, argument in given.items() if each != "after"}

    def value(self, type_: Any, name: str, of: str) -> Any:
        """A value that looks right."""
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return [self.value(type_.of_type, name, of)]
        if isinstance(type_, GraphQLEnumType):
            return next(iter(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return self._input(type_, name, of)
        if type_.name == "ID":
            return self._id(name, of)
        if type_.name == "String":
            return {
                "path": "/nowhere",
                "remotePath": "/there",
                "localPath": "/here",
                "username": f"user{next(_numbers)}",
                "kind": "movie",
                "field": "title",
            }.get(name, f"a text {next(_numbers)}")
        return SCALARS.get(type_.name, "text")

    def _input(self, type_: GraphQLInputObjectType, name: str, of: str) -> dict[str, Any]:
        if type_.extensions["strawberry-definition"].is_one_of:
            first = next(iter(type_.fields))
            return {first: self.value(type_.fields[first].type, first, of)}
        wanted = {
            each: field
            for each, field in type_.fields.items()
            if (self.is_full or is_required_input_field(field)) and get_named_type(field.type) is not type_
        }
        if type_.name.endswith("Where"):  # all of them would be more conditions than a filter may have
            wanted = dict(list(wanted.items())[:12])
        return {each: self.value(field.type, name if each in _COMPARISONS else each, of) for each, field in wanted.items()}

    def _id(self, name: str, of: str) -> str:
        """An id of the table that the name speaks of, else that the field's name speaks of, else an item's."""
        if name in ("id", "parent"):  # of the list's own rows
            name = re.sub(r"([A-Z])", lambda found: f"_{found[0].lower()}", of)
        words = re.sub(r"([A-Z])", lambda found: f"_{found[0].lower()}", name)
        spoken = {name, f"{name}s", f"{words}s", f"{name.removesuffix('y')}ies", f"media_{name}s", f"media_{name}"} & set(CODE_OF)
        mutation = of[0].upper() + of[1:]
        table = min(spoken) if spoken else next((table for noun, table in NOUNS.items() if noun in mutation), "media_items")
        if table == "media_items":
            return global_id(table, self.world.house.child_film)
        key = next((key for (each, owner), key in self.world.rows.items() if each == table and owner != "neighbour"), 1)
        return global_id(table, key)


def document(kind: str, name: str, definition: Any) -> str:
    """An operation of one root field, with all its arguments as variables."""
    declared = ", ".join(f"${each}: {argument.type}" for each, argument in definition.args.items())
    passed = ", ".join(f"{each}: ${each}" for each in definition.args)
    selection = "" if is_leaf_type(get_named_type(definition.type)) else f" {{ {_fields(definition.type)} }}"
    return f"{kind} Matrix{f'({declared})' if declared else ''} {{ {name}{f'({passed})' if passed else ''}{selection} }}"


def _fields(type_: Any) -> str:
    named = get_named_type(type_)
    if is_abstract_type(named) or "errors" not in named.fields:
        if not re.search("Connection$", named.name):
            return "__typename"
        node = get_named_type(named.fields["nodes"].type)
        return f"__typename nodes {{ __typename {'id' if 'id' in getattr(node, 'fields', {}) else ''} }}"
    return "__typename errors { __typename }"
