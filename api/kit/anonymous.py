"""What somebody who is not signed in may ask: the committed list of root fields, and no introspection."""

from collections.abc import Iterator
from typing import Final

from graphql import FieldNode, GraphQLError, Visitor, visit
from strawberry.extensions import SchemaExtension

ANONYMOUS_FIELDS: Final = frozenset({"setUp", "login", "resetPassword", "serverInfo", "__typename"})
"""Root fields that need no login. `tests/rules` holds this list against the fields' permissions."""


class _Introspection(Visitor):
    """Finds `__schema` and `__type` anywhere in a document."""

    found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.name.value in ("__schema", "__type"):
            self.found = True


class AnonymousReads(SchemaExtension):
    """Refuses introspection and suggestions to anonymous callers: the schema is described to those who may use it."""

    def on_validate(self) -> Iterator[None]:
        yield
        errors = self.execution_context.pre_execution_errors
        if self.execution_context.context.identity is None and errors:
            errors[:] = [_without_hint(error) for error in errors]

    def on_execute(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        if context.context.identity is None and document is not None:
            finder = _Introspection()
            visit(document, finder)
            if finder.found:
                raise GraphQLError("Sign in first: the schema is described to users.", extensions={"code": "UNAUTHENTICATED"})
        yield


def _without_hint(error: GraphQLError) -> GraphQLError:
    message = error.message.partition(" Did you mean ")[0]
    return GraphQLError(message, nodes=error.nodes, source=error.source, positions=error.positions, extensions=error.extensions)
