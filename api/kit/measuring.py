"""How large an operation is: depth, aliases, fields, root fields and cost, in one linear pass over the parsed document.

Every fragment is measured once and remembered, so nothing grows with the number of its uses: the stock limiters of
Strawberry 0.341 walk each use anew (23 fragments in 823 bytes took 15.8 s).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

USUAL_PAGE: Final = 25
"""Entries of a connection that names no number."""
USUAL_LIST: Final = 10
"""What a plain list, bounded by its declaration, counts as."""
MOST_PAGE: Final = 500
NARROWED: Final = 10
"""What a nested list with a filter or order of its own costs more."""
NARROWING: Final = frozenset({"where", "orderBy"})
CAP: Final = 10**9
"""Numbers beyond this are not told apart: fragments can name astronomically many fields."""
INTROSPECTION: Final = frozenset({"__schema", "__type"})
GUESSES: Final = frozenset({"setUp", "login", "resetPassword", "changePassword"})
"""Mutations that try a secret."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a selection amounts to, with its fragments written out."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    cost: int = 0
    introspections: int = 0
    roots: int = 0
    """Fields on the uppermost level."""
    guesses: int = 0
    """Those among them that try a secret."""


NOTHING: Final = Size()


@dataclass(slots=True)
class _Pass:
    schema: GraphQLSchema
    variables: Mapping[str, Any]
    sizes: dict[str, Size] = field(default_factory=dict)
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Variables that decide how long a page is."""


def measure(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> tuple[Size, frozenset[str]]:
    """The size of an operation, and the variables it depends on. The document need not be valid.

    Cost: a connection is 2 + entries asked for x (1 + what an entry asks for); a plain list counts as a page of 10
    (`nodes(ids:)` as its ids); below something, `where` and `orderBy` cost 10 more; objects to one and scalars are free.
    Introspection counts neither for depth nor cost.
    """
    defaults = {each.variable.name.value: each.default_value for each in operation.variable_definitions or ()}
    given = {name: value.value for name, value in defaults.items() if isinstance(value, IntValueNode)} | dict(variables)
    work = _Pass(schema, given)
    work.fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    for name in _inner_first(work.fragments, operation.selection_set):
        node = work.fragments[name]
        work.sizes[name] = _size(work, schema.get_type(node.type_condition.name.value), node.selection_set)
    size = _size(work, schema.get_root_type(operation.operation), operation.selection_set)
    return size, frozenset(work.used)


def _inner_first(fragments: Mapping[str, FragmentDefinitionNode], start: SelectionSetNode) -> Iterator[str]:
    """Names of the fragments that are used, each after those it uses itself; without recursion, cycles cut."""
    seen: set[str] = set()
    path: list[tuple[str | None, Iterator[str]]] = [(None, _spreads(start))]
    while path:
        name, inner = path[-1]
        following = next((each for each in inner if each in fragments and each not in seen), None)
        if following is not None:
            seen.add(following)
            path.append((following, _spreads(fragments[following].selection_set)))
            continue
        path.pop()
        if name is not None:
            yield name


def _spreads(start: SelectionSetNode) -> Iterator[str]:
    todo = [start]
    while todo:
        for each in todo.pop().selections:
            if isinstance(each, FragmentSpreadNode):
                yield each.name.value
            elif isinstance(each, (FieldNode, InlineFragmentNode)) and each.selection_set is not None:
                todo.append(each.selection_set)


def _size(work: _Pass, type_: Any, selection_set: SelectionSetNode) -> Size:
    depth = aliases = fields = cost = introspections = roots = guesses = 0
    for each in selection_set.selections:
        if isinstance(each, FieldNode):
            inner = _field(work, type_, each)
            aliases += each.alias is not None
        elif isinstance(each, InlineFragmentNode):
            on = type_ if each.type_condition is None else work.schema.get_type(each.type_condition.name.value)
            inner = _size(work, on, each.selection_set)
        else:
            inner = work.sizes.get(each.name.value, NOTHING) if isinstance(each, FragmentSpreadNode) else NOTHING
        depth = max(depth, inner.depth)
        aliases += inner.aliases
        fields += inner.fields
        cost += inner.cost
        introspections += inner.introspections
        roots += inner.roots
        guesses += inner.guesses
    return Size(depth, *(min(each, CAP) for each in (aliases, fields, cost, introspections, roots, guesses)))


def _field(work: _Pass, parent: Any, node: FieldNode) -> Size:
    name = node.name.value
    definition = getattr(parent, "fields", {}).get(name)
    type_ = None if definition is None else definition.type
    named = None if type_ is None else get_named_type(type_)
    inner = NOTHING if node.selection_set is None else _size(work, named, node.selection_set)
    fields = inner.fields + 1
    if name in INTROSPECTION:
        return Size(1, inner.aliases, fields, 0, 1, 1)
    cost = inner.cost
    if _is_connection(named):
        cost = 2 + _page(work, node) * cost + _narrowed(work, parent, node)
    elif _is_connection(parent):
        cost += name in ("nodes", "edges")
    elif type_ is not None and is_list_type(get_nullable_type(type_)) and is_composite_type(named):
        cost = 2 + _listed(work, node) * (1 + cost) + _narrowed(work, parent, node)
    return Size(inner.depth + 1, inner.aliases, fields, cost, inner.introspections, 1, name in GUESSES)


def _is_connection(type_: Any) -> bool:
    return getattr(type_, "name", "").endswith("Connection") and "pageInfo" in getattr(type_, "fields", {})


def _narrowed(work: _Pass, parent: Any, node: FieldNode) -> int:
    """What a filter or order below something costs more: it reads all of each parent's entries."""
    is_root = parent in (work.schema.query_type, work.schema.mutation_type, work.schema.subscription_type)
    return 0 if is_root or not any(each.name.value in NARROWING for each in node.arguments or ()) else NARROWED


def _page(work: _Pass, node: FieldNode) -> int:
    """Entries that a connection is asked for, between 0 and 500: more is refused where the argument is read."""
    for argument in node.arguments or ():
        if argument.name.value not in ("first", "last"):
            continue
        value: Any = argument.value
        if isinstance(value, VariableNode):
            work.used.add(value.name.value)
            number: Any = work.variables.get(value.name.value)
        else:
            number = value.value if isinstance(value, IntValueNode) else None
        if isinstance(number, (int, str)) and str(number).lstrip("-").isdecimal() and len(str(number)) < 12:
            return min(max(int(number), 0), MOST_PAGE)
    return USUAL_PAGE


def _listed(work: _Pass, node: FieldNode) -> int:
    for argument in node.arguments or ():
        if argument.name.value != "ids":
            continue
        value: Any = argument.value
        if isinstance(value, ListValueNode):
            return min(len(value.values), MOST_PAGE)
        if isinstance(value, VariableNode):
            work.used.add(value.name.value)
            given = work.variables.get(value.name.value)
            return min(len(given), MOST_PAGE) if isinstance(given, list) else 1
    return USUAL_LIST
