"""Refuses operations that are too large before they are validated.

Sizes are remembered by text (and by the few variables that decide page lengths), so a known document costs one lookup.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from api.kit.measuring import CAP, Size, measure
from domain.settings import Settings

LIMIT_EXCEEDED: Final = "LIMIT_EXCEEDED"
FIELD_LIMIT: Final = 5000
"""Fields with all fragments written out. Fields to one are free of cost, but 4 of them in 12 levels are 16 million."""
OPERATION_LIMIT: Final = 20
"""Operations in one document. Validation looks at every use of a variable once for each of them, though one runs."""
VALUE_LIMIT: Final = 5000
"""Values in the variables, however nested. An empty object is 3 bytes of body and 0.1 ms of the event loop."""
KEPT: Final = 1000
KEPT_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one operation of a text."""

    size: Size
    kind: OperationType
    uses: frozenset[str]
    """Variables on which the size depends; empty: it is the same for all."""


class Sizes:
    """Verdicts of one schema by text and operation name; the longest unused leaves first."""

    def __init__(self, *, kept: int = KEPT, kept_bytes: int = KEPT_BYTES) -> None:
        self._known: OrderedDict[tuple[str, str | None], Verdict] = OrderedDict()
        self._kept, self._kept_bytes, self._bytes = kept, kept_bytes, 0

    def __len__(self) -> int:
        return len(self._known)

    def of(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        text: str,
        name: str | None,
        variables: Mapping[str, Any],
    ) -> Verdict:
        """The verdict on one operation. Raises GraphQLError when the document leaves open which one is meant."""
        known = self._known.get((text, name))
        if known is not None:
            self._known.move_to_end((text, name))
            if not known.uses:
                return known
        operation = chosen(document, name)
        size, uses = measure(schema, document, operation, variables)
        verdict = Verdict(size, operation.operation, uses)
        if known is None:
            self._keep((text, name), verdict)
        return verdict

    def _keep(self, key: tuple[str, str | None], verdict: Verdict) -> None:
        self._known[key] = verdict
        self._bytes += len(key[0])
        while len(self._known) > self._kept or self._bytes > self._kept_bytes:
            (text, _), _ = self._known.popitem(last=False)
            self._bytes -= len(text)


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """The document's operations. Raises GraphQLError with code LIMIT_EXCEEDED when they are too many."""
    found = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(found) > OPERATION_LIMIT:
        raise _refusal("operations", f"The document has {len(found):,} operations", len(found), OPERATION_LIMIT)
    return found


def chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation that is to run. Raises GraphQLError: a nameless choice among several is none (GraphQL 6.1)."""
    operations = operations_of(document)
    if name is not None:
        operations = [each for each in operations if each.name is not None and each.name.value == name]
    if len(operations) == 1:
        return operations[0]
    if operations:
        message = f"The document has {len(operations)} operations: say in `operationName` which one to run."
    else:
        message = "The document has no such operation."
    raise GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def check(size: Size, kind: OperationType, settings: Settings) -> GraphQLError | None:
    """The refusal of an operation that is too large, which says of which limit and by how much; None when it is not."""
    is_mutation = kind is OperationType.MUTATION
    for words, limit, asked, allowed in (
        ("root fields", "rootFields", size.roots, settings.root_field_limit),
        ("mutations", "mutations", size.roots if is_mutation else 0, settings.mutation_limit),
        ("mutations that try a secret", "authMutations", size.guesses if is_mutation else 0, 1),
        ("levels of depth", "depth", size.depth, settings.depth_limit),
        ("aliases", "aliases", size.aliases, settings.alias_limit),
        ("fields with its fragments written out", "fields", size.fields, FIELD_LIMIT),
        ("introspections", "introspections", size.introspections, 1),
        ("points of cost", "cost", size.cost, settings.cost_limit),
    ):
        if asked > allowed:
            number = f"{asked:,}" if asked < CAP else f"more than {CAP:,}"
            return _refusal(limit, f"This operation has {number} {words}", asked, allowed)
    return None


def _refusal(limit: str, words: str, asked: int, allowed: int) -> GraphQLError:
    advice = " Ask for smaller pages (`first`) or fewer lists within lists." if limit == "cost" else ""
    return GraphQLError(
        f"{words}; at most {allowed:,} are allowed.{advice}",
        extensions={"code": LIMIT_EXCEEDED, "limit": limit, "requested": asked, "allowed": allowed},
    )


def check_variables(variables: Mapping[str, Any]) -> GraphQLError | None:
    """The refusal of variables that hold too many values; None when they do not. Looks at no more than the limit."""
    todo: list[Iterator[Any]] = [iter(variables.values())]
    count = 0
    while todo:
        value = next(todo[-1], todo)
        if value is todo:
            todo.pop()
            continue
        count += 1
        if count > VALUE_LIMIT:
            return GraphQLError(
                f"The variables hold more than {VALUE_LIMIT:,} values.",
                extensions={"code": LIMIT_EXCEEDED, "limit": "variables", "allowed": VALUE_LIMIT},
            )
        if isinstance(value, (dict, list)):
            todo.append(iter(value.values() if isinstance(value, dict) else value))
    return None


class Limits(SchemaExtension):
    """`Schema(extensions=[…, lambda: Limits(sizes)])`: after the document cache, before all that looks at documents."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes
        self._verdict: Verdict | None = None

    @property
    def _settings(self) -> Settings:
        settings: Settings = self.execution_context.context.services.settings
        return settings

    def on_parse(self) -> Iterator[None]:
        self.execution_context.parse_options = {"max_tokens": self._settings.token_limit}
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        assert context.graphql_document is not None
        try:
            self._verdict = self._sizes.of(
                context.schema._schema,
                context.graphql_document,
                context.query or "",
                context._provided_operation_name,
                context.variables or {},
            )
            refusal = check(self._verdict.size, self._verdict.kind, self._settings) or check_variables(context.variables or {})
        except GraphQLError as error:
            refusal = error
        if refusal is not None:
            context.pre_execution_errors = [refusal]  # Strawberry validates only where this is None
        yield

    def get_results(self) -> dict[str, Any]:
        """`extensions.cost` of an answer; not of each message of a subscription."""
        if self._verdict is None or self._verdict.kind is OperationType.SUBSCRIPTION:
            return {}
        return told(self._verdict, self._settings)


def told(verdict: Verdict, settings: Settings) -> dict[str, Any]:
    """What `extensions` says of an operation's size."""
    return {"cost": {"requested": verdict.size.cost, "limit": settings.cost_limit}}
