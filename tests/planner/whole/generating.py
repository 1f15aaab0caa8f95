"""Random valid operations over the real schema, rarest fields first: aliases, fragments, merging, directives, variables."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

from tests.planner.whole.values import HOSTILE, Values

PAGING: Final = ("first", "after", "last", "before")
_INTROSPECTION: Final = (
    "__schema { queryType { name } types { __typename name } }",
    '__type(name: "Movie") { name kind interfaces { name } fields { name type { kind name ofType { name } } } }',
    '__type(name: "NoSuchType") { name }',
)


@dataclass
class Operation:
    """What is being written."""

    variables: dict[str, tuple[str, Any, bool]] = field(default_factory=dict)
    """Name -> (definition, value, whether it is given)."""
    fragments: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name -> (type, text)."""
    lists: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Response key -> the connection and order that it stands for."""
    aliases: int = 0


class Generator:
    """One seeded stream of operations; the cursors of answers come back as arguments."""

    def __init__(self, schema: GraphQLSchema, seed: int, rows: Any, *, hidden: frozenset[str] = frozenset()) -> None:
        self.schema = schema
        self.dice = random.Random(seed)
        self.values = Values(self.dice, rows)
        self.hidden = hidden
        """Names of fields that are never selected."""
        self.uses: Counter[str] = Counter()
        self.cursors: dict[tuple[str, str], list[str]] = {}
        self.now = Operation()

    def operation(self) -> tuple[str, dict[str, Any]]:
        """(text, variables) of a query; not always valid: aliases may clash."""
        self.now, dice = Operation(), self.dice
        query: Any = self.schema.query_type
        roots = [self._rare(query, list(query.fields)) for _ in range(dice.choice([1, 1, 1, 2, 3]))]
        parts = [self._field(query, name, dice.choice([2, 3, 3, 4])) for name in roots]
        if dice.random() < 0.05:
            parts.append("__typename")
        if dice.random() < 0.03:
            parts.append(dice.choice(_INTROSPECTION))
        if dice.random() < 0.08:
            parts[0] = f"... on Query{self._directive()} {{ {parts[0]} }}"
        return self._document("query", parts)

    def of(self, kind: str, name: str) -> tuple[str, dict[str, Any]]:
        """The same of one root field of `mutation` or `subscription`."""
        self.now = Operation()
        root: Any = self.schema.mutation_type if kind == "mutation" else self.schema.subscription_type
        return self._document(kind, [self._field(root, name, 3)])

    def around(self, kind: str, head: str, type_: Any) -> tuple[str, dict[str, Any]]:
        """The same of one field with given arguments: `head` ends with its opening bracket."""
        self.now = Operation()
        return self._document(kind, [f"{head} {self._selection(type_, 3)} }}"])

    def _document(self, kind: str, parts: list[str]) -> tuple[str, dict[str, Any]]:
        head = ", ".join(f"${name}: {definition}" for name, (definition, _, _) in self.now.variables.items())
        fragments = " ".join(f"fragment {name} on {type_} {text}" for name, (type_, text) in self.now.fragments.items())
        text = f"{kind} Q{f'({head})' if head else ''} {{ {' '.join(parts)} }} {fragments}"
        return text.strip(), {name: value for name, (_, value, is_given) in self.now.variables.items() if is_given}

    def _rare(self, parent: Any, names: list[str]) -> str:
        """One of the fields, mostly a rare one."""
        if self.dice.random() < 0.4:
            return self.dice.choice(names)
        return min(names, key=lambda name: (self.uses[f"{parent.name}.{name}"], self.dice.random()))

    def _some(self, parent: Any, names: list[str], count: int) -> list[str]:
        rest, found = list(names), []
        while rest and len(found) < count:
            found.append(self._rare(parent, rest))
            rest.remove(found[-1])
        return found

    def _alias(self, name: str) -> str:
        self.now.aliases += 1
        return f"{name}{self.now.aliases}"

    def _directive(self) -> str:
        if self.dice.random() < 0.93:
            return ""
        name, value = self.dice.choice(["skip", "include"]), self.dice.random() < 0.5
        shown = self._variable("Boolean!", value) if self.dice.random() < 0.8 else str(value).lower()
        return f" @{name}(if: {shown})"

    def _field(self, parent: Any, name: str, depth: int) -> str:
        dice, definition = self.dice, parent.fields[name]
        self.uses[f"{parent.name}.{name}"] += 1
        type_ = get_named_type(definition.type)
        arguments, order = self._arguments(parent, name, is_deep=depth < 3)
        alias = self._alias(name) if (arguments and dice.random() < 0.97) or dice.random() < 0.12 else ""
        self.now.lists[alias or name] = (f"{parent.name}.{name}", order)
        head = f"{f'{alias}: ' if alias else ''}{name}{arguments}"
        if is_leaf_type(type_):
            return head + self._directive()
        text = f"{head}{self._directive()} {{ {self._selection(type_, depth - 1)} }}"
        if dice.random() < 0.08:
            text += f" {head} {{ {self._selection(type_, min(depth - 1, 1))} }}"  # merged with the first
        return text

    def _selection(self, type_: Any, depth: int) -> str:
        dice = self.dice
        parts = ["__typename"] if dice.random() < 0.25 else []
        fields = {name: each for name, each in getattr(type_, "fields", {}).items() if name not in self.hidden}
        leaves = [name for name in fields if is_leaf_type(get_named_type(fields[name].type))]
        objects = [name for name in fields if is_composite_type(get_named_type(fields[name].type))]
        parts += [self._field(type_, name, 0) for name in self._some(type_, leaves, dice.choice([1, 2, 3, 4]))]
        is_wrapping = bool({"nodes", "edges", "node", "errors"} & set(objects))
        if objects and (depth > 0 or is_wrapping):
            count = dice.choice([1, 2]) if is_wrapping else dice.choice([1, 1, 2, 3])
            parts += [self._field(type_, name, depth) for name in self._some(type_, objects, count)]
        if is_abstract_type(type_):
            parts += self._branches(type_, depth)
        elif depth > 0 and dice.random() < 0.15:
            parts.append(self._fragment(type_, depth - 1))
        dice.shuffle(parts)
        return " ".join(parts) or "__typename"

    def _branches(self, type_: Any, depth: int) -> list[str]:
        possible = self.schema.get_possible_types(type_)
        narrower = [self.schema.type_map["MediaItem"]] if type_.name == "Node" else []
        names = {each.name: each for each in [*possible, *narrower]}
        count = min(len(names), self.dice.choice([1, 2, 3, 5]))
        chosen = sorted(names, key=lambda name: (self.uses[f"... {name}"] * self.dice.random(), self.dice.random()))[:count]
        found = []
        for name in chosen:
            self.uses[f"... {name}"] += 1
            if self.dice.random() < 0.3:
                found.append(self._fragment(names[name], depth - 1))
            else:
                found.append(f"... on {name}{self._directive()} {{ {self._selection(names[name], depth - 1)} }}")
        return found

    def _fragment(self, type_: Any, depth: int) -> str:
        dice = self.dice
        known = [name for name, (of, text) in self.now.fragments.items() if of == type_.name and text]
        if known and dice.random() < 0.4:
            return f"...{dice.choice(known)}{self._directive()}"
        if is_interface_type(type_) or dice.random() < 0.7 or not type_.interfaces:
            on = type_
        else:
            on = dice.choice(type_.interfaces)
        if dice.random() < 0.2:
            condition = f" on {on.name}" if on is not type_ or dice.random() < 0.5 else ""
            return f"...{condition}{self._directive()} {{ {self._selection(on, depth)} }}"
        name = f"F{len(self.now.fragments)}"
        self.now.fragments[name] = (on.name, "")
        self.now.fragments[name] = (on.name, f"{{ {self._selection(on, depth)} }}")
        return f"...{name}{self._directive()}"

    def _arguments(self, parent: Any, name: str, *, is_deep: bool) -> tuple[str, str]:
        """(the arguments in brackets, the text of the order)."""
        dice, parts, order = self.dice, [], ""
        definitions = parent.fields[name].args
        for each, argument in definitions.items():
            if each in PAGING or not (is_required_argument(argument) or dice.random() < 0.4):
                continue
            self.uses[f"{parent.name}.{name}({each})"] += 1
            value = self.values.make(argument.type, (name, each))
            order = json.dumps(value) if each == "orderBy" else order
            parts.append(f"{each}: {self._written(argument.type, value, is_place=True)}")
        if "first" in definitions:
            for each, value in self._paging((f"{parent.name}.{name}", order), is_deep):
                self.uses[f"{parent.name}.{name}({each})"] += 1
                parts.append(f"{each}: {self._written(definitions[each].type, value, is_place=True)}")
        dice.shuffle(parts)
        return (f"({', '.join(parts)})" if parts else ""), order

    def _paging(self, owner: tuple[str, str], is_deep: bool) -> list[tuple[str, Any]]:
        dice = self.dice
        size = dice.choice([0, 1, 2, 2, 3] if is_deep else [0, 1, 2, 3, 5, 8])
        if dice.random() < 0.02:
            size = dice.choice([-1, 101, 501, 2**31 - 1])
        cursor = self._cursor(owner)
        match dice.choice(["first"] * 5 + ["after"] * 5 + ["last"] * 2 + ["before"] * 3 + ["odd"]):
            case "first":
                return [("first", size)]
            case "after":
                return [("first", size), ("after", cursor)]
            case "last":
                return [("last", size)]
            case "before":
                return [("last", size), ("before", cursor)]
        odd = {"first": dice.choice([1, None]), "after": cursor, "last": dice.choice([1, None]), "before": cursor}
        return [(name, odd[name]) for name in dice.sample(PAGING, dice.randrange(4)) if not is_deep] or [("first", 1)]

    def _cursor(self, owner: tuple[str, str]) -> str | None:
        dice = self.dice
        if dice.random() < 0.08:
            return dice.choice([None, "", "???", "WzFd", HOSTILE[0], *[c for each in self.cursors.values() for c in each[-1:]]])
        known = self.cursors.get(owner, ())[-20:]
        return dice.choice(known) if known else None

    def _variable(self, type_: str, value: Any) -> str:
        name, dice = f"v{len(self.now.variables)}", self.dice
        default = ""
        if not type_.endswith("!") and isinstance(value, (int, bool, type(None))) and dice.random() < 0.2:
            default = f" = {json.dumps(value)}"
        self.now.variables[name] = (type_ + default, value, not default or dice.random() < 0.5)
        return f"${name}"

    def _written(self, type_: Any, value: Any, *, is_place: bool) -> str:
        """A value as a literal, a variable, or a literal with variables in it (`is_place`: one may stand here)."""
        if is_place and (self.dice.random() < 0.25 or _needs_variable(value)):
            name = str(type_)
            if not name.endswith("!") and value is not None and self.dice.random() < 0.2:
                name += "!"
            return self._variable(name, value)
        inner = get_nullable_type(type_)
        if value is None:
            return "null"
        if is_list_type(inner) and isinstance(value, list):
            return f"[{', '.join(self._written(inner.of_type, each, is_place=is_place) for each in value)}]"
        if isinstance(inner, GraphQLInputObjectType) and isinstance(value, dict) and set(value) <= set(inner.fields):
            may = is_place and not inner.extensions["strawberry-definition"].is_one_of
            parts = [f"{key}: {self._written(inner.fields[key].type, each, is_place=may)}" for key, each in value.items()]
            return f"{{{', '.join(parts)}}}"
        if isinstance(inner, GraphQLEnumType) and isinstance(value, str) and value in inner.values:
            return str(value)
        if isinstance(value, list):  # where none belongs
            return "[]"
        return json.dumps(value, ensure_ascii=False) if not isinstance(value, dict) else "{}"

    def learn(self, data: Any, owner: tuple[str, str] = ("", "")) -> None:
        """Keep the cursors of an answer for later pages of the same list."""
        if isinstance(data, list):
            for each in data[:6]:
                self.learn(each, owner)
        for key, value in data.items() if isinstance(data, dict) else ():
            found = self.now.lists.get(key, ("", ""))
            if isinstance(value, str) and found[0].lower().endswith("cursor"):
                known = self.cursors.setdefault(owner, [])
                known.append(value)
                del known[:-30]
            self.learn(value, owner if found[0].endswith((".edges", ".pageInfo")) else found)


def _needs_variable(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_needs_variable(each) for each in value.values())
    if isinstance(value, list):
        return any(_needs_variable(each) for each in value)
    return value in HOSTILE if isinstance(value, str) else False
