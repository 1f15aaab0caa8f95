"""Operations that ask every field, with every argument, at least once: of rows of every type with an id, and from every root."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import GraphQLSchema, get_named_type, is_abstract_type, is_leaf_type, is_required_argument

from tests.planner.whole.values import Values

AT_ONCE: Final = 6
ROWS: Final = 25
PAGING: Final = ("first", "after", "last", "before")
TRIES: Final = 4
"""Times that each root is asked: what it finds depends on random arguments."""

Asked = tuple[str, dict[str, Any]]


@dataclass
class _Writing:
    """One operation under way."""

    values: Values
    uses: Counter[str]
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)

    def variable(self, type_: Any, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        self.declared.append(f"${name}: {type_}")
        return f"${name}"

    def whole(self, parent: Any, name: str) -> str:
        """A field with all that only it leads to (pages, edges, parts); things with an id by their id."""
        self.uses[f"{parent.name}.{name}"] += 1
        definition = parent.fields[name]
        given = [
            f"{each}: {self.variable(argument.type, self.values.make(argument.type, (name, each)))}"
            for each, argument in definition.args.items()
            if is_required_argument(argument)
        ]
        given += ["first: 3"] if "first" in definition.args else []
        head, type_ = f"{name}({', '.join(given)})" if given else name, get_named_type(definition.type)
        if is_leaf_type(type_):
            return head
        fields = getattr(type_, "fields", {})
        if is_abstract_type(type_) or "id" in fields:
            return f"{head} {{ __typename {'id' if 'id' in fields else ''} }}"
        text = f"{head} {{ {' '.join(self.whole(type_, each) for each in fields)} }}"
        if "before" in definition.args:
            self.uses.update(f"{parent.name}.{name}({each})" for each in PAGING)
            rest = [each for each in given if each != "first: 3"]
            text += f" {name}Onward: {name}({', '.join(['first: 1', 'after: null', *rest])}) {{ totalCount }}"
            text += f" {name}Back: {name}({', '.join(['last: 2', 'before: null', *rest])}) {{ pageInfo {{ startCursor }} }}"
        return text

    def each_argument(self, parent: Any, name: str) -> str:
        """A field once more for each argument that may be left out, with that one alone."""
        definition, parts = parent.fields[name], []
        type_ = get_named_type(definition.type)
        needed = [each for each, argument in definition.args.items() if is_required_argument(argument)]
        for number, each in enumerate(each for each in definition.args if each not in (*needed, *PAGING)):
            self.uses[f"{parent.name}.{name}({each})"] += 1
            given = [
                f"{one}: {self.variable(definition.args[one].type, self.values.make(definition.args[one].type, (name, one)))}"
                for one in (*needed, each)
            ]
            inner = "nodes { __typename }" if "nodes" in getattr(type_, "fields", {}) else "__typename"
            shown = "" if is_leaf_type(type_) else f" {{ {inner} }}"
            parts.append(f"with{number}: {name}({', '.join(given)}){shown}")
        return " ".join(parts)

    def finished(self, body: str) -> Asked:
        head = f"({', '.join(self.declared)})" if self.declared else ""
        return f"query Sweep{head} {{ {body} }}", self.variables


def sweep(schema: GraphQLSchema, values: Values, uses: Counter[str], dice: random.Random) -> Iterator[Asked]:
    """(text, variables) of each; what they use is counted in `uses`."""
    for type_ in schema.get_possible_types(schema.type_map["Node"]):  # type: ignore[arg-type]
        known, names = values.ids_of(type_), list(type_.fields)
        for start in range(0, len(names) if known else 0, AT_ONCE):
            now = _Writing(values, uses)
            ids = now.variable("[ID!]!", dice.sample(known, min(ROWS, len(known))))
            fields = " ".join(now.whole(type_, name) for name in names[start : start + AT_ONCE])
            yield now.finished(f"nodes(ids: {ids}) {{ ... on {type_.name} {{ {fields} }} }}")
        for name in names if known else ():
            now = _Writing(values, uses)
            ids = now.variable("[ID!]!", dice.sample(known, min(ROWS, len(known))))
            if parts := now.each_argument(type_, name):
                yield now.finished(f"nodes(ids: {ids}) {{ ... on {type_.name} {{ {parts} }} }}")
    query: Any = schema.query_type
    for name in [each for each in query.fields for _ in range(TRIES)]:
        now = _Writing(values, uses)
        yield now.finished(now.whole(query, name))
    for name in query.fields:
        now = _Writing(values, uses)
        if parts := now.each_argument(query, name):
            yield now.finished(parts)
