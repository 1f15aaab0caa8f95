"""Random valid operations over the world's schema: aliases, fragments, merging, directives and arguments by variable."""

import random
from typing import Any

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)

ROOTS = ("node", "nodes", "item", "movie", "person", "work", "someItems", "mustItems", "mustItem", "picks", "hits",
         "items", "movies", "everything", "people", "server", "slow")  # fmt: skip
REQUIRED = {"mustItem", "mustItems", "hits"}
"""Roots whose error takes all data along: alone, or which siblings' errors were recorded by then depends on timing."""
WEIRD = {"fragile", "doubled", "mustYear", "smallSize", "mustPerson", "number"}
"""Fields that may fail: seldom chosen, or every operation would be one of errors."""


class Generator:
    """One seeded stream of operations."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self.schema = schema
        self.dice = random.Random(seed)
        self.cursors: dict[str, list[str]] = {}
        self.owners: dict[str, str] = {}
        """Response key -> the connection it stands for, `Type.field`."""
        self.variables: dict[str, tuple[str, Any]] = {}
        self.fragments: list[str] = []

    def operation(self) -> tuple[str, dict[str, Any]]:
        """(text, variables) of a query."""
        self.variables, self.fragments = {}, []
        roots = self.schema.query_type
        assert roots is not None
        names = [self.dice.choice(ROOTS)]
        if names[0] not in REQUIRED and self.dice.random() < 0.3:
            names.append(self.dice.choice([name for name in ROOTS if name not in REQUIRED]))
        parts = [self.field(roots, name, self.dice.choice([2, 3, 4]), f"r{n}{name}") for n, name in enumerate(names)]
        head = ", ".join(f"${name}: {type_}" for name, (type_, _) in self.variables.items())
        text = f"query{f'({head})' if head else ''} {{ {' '.join(parts)} }} {' '.join(self.fragments)}"
        given = {name: value for name, (_, value) in self.variables.items() if value is not None or self.dice.random() < 0.5}
        return text, given

    def variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = (type_, value)
        return f"${name}"

    def literal(self, type_: str, value: Any) -> str:
        if isinstance(value, list):
            return f"[{', '.join(self.literal(type_, each) for each in value)}]"
        if value is None:
            return "null"
        if isinstance(value, str) and type_ not in ("PictureType", "Sort"):
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return str(value)

    def value(self, name: str, owner: str) -> Any:
        dice = self.dice
        match name:
            case "id":
                return dice.randrange(1, 95)
            case "ids":
                return [dice.randrange(1, 95) for _ in range(dice.randrange(6))]
            case "first" | "last":
                return dice.choice([0, 1, 2, 3, 3, 5, 12 if dice.random() < 0.1 else 2])
            case "after" | "before":
                return dice.choice([None, *self.cursors.get(owner, ())[-20:], *(["???"] if dice.random() < 0.1 else [])])
            case "role":
                return dice.choice([None, "Zebra", "O'Neil", ""])
            case "personIds":
                return dice.choice([None, [], [1, 2, 3, 4, 5, 6, 7, 8]])
            case "type":
                return dice.choice([None, "POSTER", "BACKDROP"])
            case "sort":
                return dice.choice(["ID", "TITLE", "YEAR", "NEWEST", "SCORE", "STATUS", "LOVED"])
            case "width":
                return dice.choice([100, 640])
            case "where":
                return self.where(2)
        raise AssertionError(name)

    def where(self, depth: int) -> Any:
        dice = self.dice
        options: dict[str, Any] = {
            "minYear": 1991, "notYear": 1990, "statuses": dice.choice([[], ["RELEASED"], ["ANNOUNCED", "IN_CINEMAS"]]),
            "starts": dice.choice(["", "o", "ä", "a_", "😀"]), "contains": dice.choice(["e", "%", "_", "'", "Ö"]),
            "genres": dice.choice([[1], [2, 3], []]), "withoutGenres": [1, 4], "parentTitle": "Zebra",
        }  # fmt: skip
        found = {key: options[key] for key in dice.sample(sorted(options), dice.randrange(3))}
        if depth and dice.random() < 0.3:
            found["either"] = [self.where(depth - 1) for _ in range(dice.randrange(3))]
        return found

    def arguments(self, parent: GraphQLObjectType, field_name: str) -> str:
        parts = []
        owner = f"{parent.name}.{field_name}"
        skipped = self.dice.choice([("last", "before")] * 10 + [("first", "after")] * 5 + [("first", "before"), ()])
        for name, argument in parent.fields[field_name].args.items():
            value = self.value(name, owner)
            if "ID" in str(argument.type):
                value = [self.global_id() for _ in range(3)] if name == "ids" else self.global_id()
            if name in skipped:
                continue
            if name == "where":
                parts.append(f"where: {self.variable('Where', value)}")
            elif self.dice.random() < 0.4:
                if value is None and str(argument.type).endswith("!"):
                    value = 2
                parts.append(f"{name}: {self.variable(str(argument.type), value)}")
            elif value is not None or (not str(argument.type).endswith("!") and self.dice.random() < 0.2):
                parts.append(f"{name}: {self.literal(str(get_named_type(argument.type)), value)}")
            elif str(argument.type).endswith("!"):
                parts.append(f"{name}: 2")
        return f"({', '.join(parts)})" if parts else ""

    def global_id(self) -> str:
        return f"{self.dice.choice(['xit', 'xit', 'xpe', 'xge', 'xcr', 'xwo', 'zzz'])}_{self.dice.randrange(1, 25)}"

    def directive(self) -> str:
        if self.dice.random() < 0.9:
            return ""
        name = self.dice.choice(["skip", "include"])
        return f" @{name}(if: {self.variable('Boolean!', self.dice.random() < 0.5)})"

    def field(self, parent: Any, name: str, depth: int, alias: str = "") -> str:
        type_ = get_named_type(parent.fields[name].type)
        arguments = self.arguments(parent, name)
        if not alias and (arguments or self.dice.random() < 0.15):
            alias = f"x{self.dice.randrange(1000)}{len(self.variables)}{name}"
        self.owners[alias or name] = f"{parent.name}.{name}"
        inner = f" {{ {self.selection(type_, depth - 1)} }}" if is_composite_type(type_) else ""
        return f"{f'{alias}: ' if alias else ''}{name}{arguments}{self.directive()}{inner}"

    def selection(self, type_: Any, depth: int) -> str:
        dice = self.dice
        parts = ["__typename"] if dice.random() < 0.3 else []
        fields = getattr(type_, "fields", {})
        usual = [name for name in fields if name not in WEIRD or dice.random() < 0.05]
        leaves = [name for name in usual if is_leaf_type(get_named_type(fields[name].type))]
        objects = [name for name in usual if is_composite_type(get_named_type(fields[name].type))]
        parts += [self.field(type_, name, 0) for name in dice.sample(leaves, min(len(leaves), dice.randrange(1, 5)))]
        if depth > 0 or {"nodes", "node"} & set(objects):
            chosen = dice.sample(objects, min(len(objects), dice.choice([1, 1, 2, 3])))
            parts += [self.field(type_, name, depth) for name in chosen]
        if is_abstract_type(type_):
            possible = self.schema.get_possible_types(type_)
            for each in dice.sample(possible, min(3, len(possible))):
                if dice.random() < 0.6:
                    parts.append(f"... on {each.name}{self.directive()} {{ {self.selection(each, depth - 1)} }}")
        elif dice.random() < 0.1 and depth > 0:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            self.fragments[int(name[1:])] = f"fragment {name} on {type_.name} {{ {self.selection(type_, depth - 1)} }}"
            parts.append(f"...{name}")
        return " ".join(parts) or "__typename"

    def learn(self, data: Any, owner: str = "") -> None:
        """Keep the cursors of an answer, for later pages of the same list."""
        if isinstance(data, list):
            for each in data[:5]:
                self.learn(each, owner)
        for key, value in data.items() if isinstance(data, dict) else ():
            found = self.owners.get(key, "")
            if isinstance(value, str) and found.lower().endswith("cursor"):
                self.cursors.setdefault(owner, []).append(value)
            is_inside = found.endswith((".edges", ".pageInfo"))
            self.learn(value, owner if is_inside else found)
