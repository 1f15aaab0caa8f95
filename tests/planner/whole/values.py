"""Argument values for any input type of the schema: valid, at the edge, null, absent, wrong."""

import random
import re
from collections import Counter
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from api.kit.planner.registry import entity_at
from domain.kit.ids import CODE_OF
from tests.planner.whole.filling import TEXTS
from tests.planner.whole.world import Snapshot

HOSTILE: Final = ("a\x00b", "%" * 300, "😀" * 50)
"""Only as variables: a document cannot carry them all."""
_INTS: Final = (0, 1, 2, 3, 12, 1895, 1990, 2000, 2001, -1, 2**31 - 1, -(2**31))
_SCALARS: Final[dict[str, tuple[Any, ...]]] = {
    "Boolean": (True, False), "Float": (0.0, 0.5, -1.5, 1e300), "BigInt": (0, 2**53 - 1), "JSON": ({}, [1]),
    "DateTime": ("2020-06-01T00:00:00Z",), "Date": ("2020-02-29",), "Duration": ("PT1S",), "TimeZone": ("UTC",),
    "Cron": ("0 4 * * *",), "Locale": ("de",), "URL": ("https://example.org/",),
}  # fmt: skip
_NO_IDS: Final = ("", "itm", "itm_0", "itm_01", "itm_999999", "zzz_1", "itm_9223372036854775808", "per_9223372036854775807", "ü")

_WORD: Final = re.compile(r"[A-Z]?[a-z]+")
_TABLES: Final = {
    "library": "libraries", "subject": "media_items", "item": "media_items",
    "group": "player_groups", "review": "review_queue", "token": "api_tokens", "reset": "users",
    "session": "sessions", "candidate": "image_candidates", "person": "people", "country": "countries",
}  # fmt: skip
"""Words of arguments -> the table whose ids they take, where adding an s does not say it."""


class Values:
    """Values that hit rows of the world often enough."""

    def __init__(self, dice: random.Random, rows: Snapshot) -> None:
        self.dice = dice
        self.is_sober = False
        """Few optional fields and little nonsense: for mutations, which otherwise do nothing but refuse."""
        filled = [name for name in CODE_OF if rows.rows.get(name) and "id" in rows.rows[name][0]]
        self.keys = {name: [row["id"] for row in rows.rows[name]] for name in filled}
        column = {
            "query": ("media_items", "title"),
            "path": ("media_files", "uri"), "provider": ("external_ids", "provider"), "value": ("external_ids", "external_id"),
            "namespace": ("external_ids", "namespace"), "kinds": ("jobs", "kind"), "type": ("assets", "asset_type"),
            "field": ("provider_priorities", "field"),
        }  # fmt: skip
        self.texts = {name: sorted({str(row[key]) for row in rows.rows[table]}) for name, (table, key) in column.items()}
        self.kinds = {row["id"]: str(row["kind"]) for row in rows.rows["media_items"]}
        self.uses: Counter[str] = Counter()
        self.id_uses = dict.fromkeys(self.keys, 0)

    def ids_of(self, type_: Any) -> list[str]:
        """The ids of the rows that a type shows."""
        ours = entity_at(type_)
        if ours is None or ours.table.name not in self.keys:
            return []
        keys = self.keys[ours.table.name]
        if ours.kinds:
            keys = [key for key in keys if self.kinds.get(key) in ours.kinds]
        return [f"{CODE_OF[ours.table.name]}_{key}" for key in keys]

    def make(self, type_: Any, names: tuple[str, ...], *, depth: int = 3) -> Any:
        """A JSON value for an argument; `names` are the field, the argument and the input fields that lead to it."""
        dice = self.dice
        if not is_non_null_type(type_) and dice.random() < (0 if self.is_sober else 0.06):
            return None
        type_ = get_nullable_type(type_)
        if is_list_type(type_):
            return [self.make(type_.of_type, names, depth=depth - 1) for _ in range(dice.choice([0, 1, 1, 2, 3]))]
        if isinstance(type_, GraphQLInputObjectType):
            return self._input(type_, names, depth - 1)
        if dice.random() < 0.004:
            return dice.choice([1.5, "wrong", [], {"a": 1}, True, 2**31, 2**63])
        if isinstance(type_, GraphQLEnumType):
            return dice.choice(list(type_.values))
        if type_.name == "Int":
            if self.is_sober:
                return 1
            return dice.choice(_INTS)
        if type_.name == "ID":
            return self._id(names)
        return self._text(names[-1]) if type_.name == "String" else dice.choice(_SCALARS[type_.name])

    def _input(self, type_: GraphQLInputObjectType, names: tuple[str, ...], depth: int) -> dict[str, Any]:
        fields, dice = type_.fields, self.dice
        if type_.extensions["strawberry-definition"].is_one_of:
            chosen = [dice.choice(list(fields))]
            self.uses.update(f"{type_.name}.{each}" for each in chosen)
            return {each: self._present(fields[each].type, (*names, each), depth) for each in chosen}
        needed = [each for each, field in fields.items() if is_required_input_field(field)]
        others = [each for each, field in fields.items() if each not in needed and (depth > 0 or not _leads_back(type_, field))]
        rarest = sorted(others, key=lambda each: (self._rarity(type_, each), dice.random()))
        chosen = needed + rarest[: dice.choice([0, 1, 1] if self.is_sober else [0, 1, 1, 2, 3])]
        self.uses.update(f"{type_.name}.{each}" for each in chosen)
        return {each: self.make(fields[each].type, (*names, each), depth=depth) for each in chosen}

    def _rarity(self, type_: GraphQLInputObjectType, name: str) -> int:
        """How often an input field, or the rarest behind it, was given."""
        inner = get_named_type(type_.fields[name].type)
        behind = inner.fields if isinstance(inner, GraphQLInputObjectType) and inner is not type_ else ()
        return min([self.uses[f"{type_.name}.{name}"], *(self.uses[f"{inner.name}.{each}"] for each in behind)])

    def _present(self, type_: Any, names: tuple[str, ...], depth: int) -> Any:
        found = None
        while found is None:
            found = self.make(type_, names, depth=depth)
        return found

    def _text(self, name: str) -> str:
        dice = self.dice
        if name in self.texts and dice.random() < 0.8:
            return dice.choice(self.texts[name])
        text = dice.choice(TEXTS)
        if dice.random() < 0.3:
            text = text[: dice.choice([1, 2])]
        return dice.choice(HOSTILE) if dice.random() < 0.03 else text

    def _id(self, names: tuple[str, ...]) -> str:
        dice = self.dice
        if dice.random() < (0.02 if self.is_sober else 0.08):
            return dice.choice(_NO_IDS)
        words = [word.lower() for name in reversed(names) for word in reversed(_WORD.findall(name))]
        spoken = [_TABLES.get(word, word.removesuffix("s") + "s") for word in words]
        table = next((each for each in spoken if each in self.keys), None)
        if table is None and self.is_sober:
            table = "media_items"
        elif table is None or (not self.is_sober and dice.random() < 0.1):
            table = min(self.keys, key=lambda each: (self.id_uses[each], dice.random()))
        self.id_uses[table] += 1
        return f"{CODE_OF[table]}_{dice.choice(self.keys[table])}"


def _leads_back(type_: GraphQLInputObjectType, field: Any) -> bool:
    return str(field.type).strip("[]!") == type_.name
