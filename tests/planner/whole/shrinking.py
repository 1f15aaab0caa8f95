"""Makes a failing operation small: leaves out selections, arguments and directives as long as it goes on failing."""

from collections.abc import Awaitable, Callable
from typing import Any

from graphql import REMOVE, DocumentNode, GraphQLSchema, Visitor, parse, print_ast, validate, visit

Fails = Callable[[str, dict[str, Any]], Awaitable[bool]]


class _Without(Visitor):
    """Leaves out the node of one number, and counts them."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.seen = -1

    def _next(self, *_: Any) -> Any:
        self.seen += 1
        return REMOVE if self.seen == self.number else None

    enter_field = enter_inline_fragment = enter_fragment_spread = enter_directive = enter_argument = enter_object_field = _next


class _Unused(Visitor):
    """Leaves out definitions that nothing names."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.document = document

    def enter_variable_definition(self, node: Any, *_: Any) -> Any:
        return REMOVE if self.document.count(f"${node.variable.name.value}") == _mentions(node, self.document) else None

    def enter_fragment_definition(self, node: Any, *_: Any) -> Any:
        return None if f"...{node.name.value}" in self.document else REMOVE


def _mentions(node: Any, document: str) -> int:
    """How often the variable's own definition, and longer names that begin like it, are in the text."""
    name = f"${node.variable.name.value}"
    return 1 + sum(document.count(f"{name}{digit}") for digit in "0123456789")


async def shrunk(schema: GraphQLSchema, query: str, variables: dict[str, Any], fails: Fails) -> tuple[str, dict[str, Any]]:
    """A smaller operation that fails as well."""
    number, is_smaller = 0, False
    while True:
        without = _Without(number)
        smaller = _tidied(visit(parse(query), without))
        if without.seen < number:
            if not is_smaller:
                return query, variables
            number, is_smaller = 0, False  # what could not go while others stood may go now
            continue
        fewer = {name: value for name, value in variables.items() if f"${name}:" in smaller}
        if not _is_valid(schema, smaller) or not await fails(smaller, fewer):
            number += 1
            continue
        query, variables, is_smaller = smaller, fewer, True


def _tidied(document: DocumentNode) -> str:
    text = print_ast(document)
    for _ in range(3):  # a fragment may be the last to name another
        try:
            text = print_ast(visit(parse(text), _Unused(text)))
        except Exception:  # nothing is left of it
            return ""
    return text


def _is_valid(schema: GraphQLSchema, text: str) -> bool:
    try:
        return not validate(schema, parse(text))
    except Exception:
        return False
