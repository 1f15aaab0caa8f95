"""Planned root fields of a known query, asked without graphql-core's execution and Strawberry's resolvers around them.

What those find out at every request never changes for a known document: which fields, which literals, which converters.
It is found out once. Whatever is not a plain planned field, or does not go smoothly, is run again the usual way, where
errors are told: reading twice does no harm.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    OperationDefinitionNode,
    VariableNode,
    get_named_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails
from graphql.execution.values import VariableValues, coerce_argument, get_variable_values
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.types.arguments import InputContext
from strawberry.types.info import Info

from api.kit.access import Needs
from api.kit.inputs import converter
from api.kit.limits import chosen
from api.kit.literals import Coerce, Incoercible, has_variables, prepared
from api.kit.planner.handles import Page, Ref, Refs
from api.kit.planner.registry import behind_connection, entity_at

MAX_OPERATIONS: Final = 1000


class Unfit(Exception):
    """A field that the planner does not answer; it never will."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An argument that holds variables: coerced and converted at every request."""

    name: str
    coerced_name: str
    python_name: str
    definition: Any
    node: ArgumentNode | None
    convert: Callable[[Any, InputContext], Any]
    coerce: Coerce | None
    """What coerces its literal, where that could be prepared."""


@dataclass(slots=True)
class Root:
    """One root field of an operation."""

    key: str
    details: list[FieldDetails]
    nodes: list[FieldNode]
    definition: GraphQLField
    parent: GraphQLObjectType
    path: Path
    field: Any
    """Strawberry's."""
    needs: Needs
    resolve: Callable[..., Any]
    constants: dict[str, Any]
    variables: list[Variable]
    info_name: str | None


@dataclass(slots=True)
class Known:
    """An operation whose every root field is such a one."""

    document: DocumentNode
    operation: OperationDefinitionNode
    name: str | None
    fragment_definitions: dict[str, FragmentDefinitionNode]
    fragments: dict[str, FragmentDetails]
    roots: list[Root]


class Asked:
    """One request for a known operation, in place of an executor; a real one is made where a plan has to be."""

    root_value = abort_signal = async_helpers = operation_extensions = None
    is_awaitable: Any = staticmethod(optimized_is_awaitable)

    def __init__(self, known: Known, schema: Any, variables: VariableValues, context: Any, make: Callable[[], Any]) -> None:
        self.schema = schema
        self.operation = known.operation
        self.fragment_definitions = known.fragment_definitions
        self.fragments = known.fragments
        self.variable_values = variables
        self.context_value = context
        self._make = make

    def collect_subfields(self, *given: Any) -> Any:
        """As an executor's."""
        return self._make().collect_subfields(*given)


class Roots:
    """What one schema knows of the root fields of its queries."""

    def __init__(self, schema: Any, *, executor: Any) -> None:
        self._core = schema._schema
        self._executor = executor
        self._registry = schema.schema_converter.scalar_registry
        self._config = schema.config
        self._schema = schema
        self._known: OrderedDict[tuple[int, str | None], tuple[DocumentNode, Known | None]] = OrderedDict()

    async def answer(
        self, document: DocumentNode, name: str | None, variables: dict[str, Any], context: Any
    ) -> dict[str, Any] | None:
        """The data of the operation of this name; None where the usual way has to be taken."""
        planner = context.planner
        known = self._of(document, name) if planner.enabled else None
        if known is None:
            return None
        try:
            definitions = known.operation.variable_definitions or ()
            # one mistake is enough: each would print the whole input (4,900 of them took 2.4 s), and none is told here
            coerced = get_variable_values(self._core, definitions, variables, max_errors=1, hide_suggestions=True)
            if isinstance(coerced, list):
                return None
            executor = Asked(known, self._core, coerced, context, partial(self._made, known, variables, context))
            roots = known.roots
            handles = [await self._handle(root, executor) for root in roots]
            asked = [
                planner.attempt(executor, root.definition.type, root.details, handle)
                for root, handle in zip(roots, handles, strict=True)
                if handle is not None
            ]
            found = iter([await asked[0]] if len(asked) == 1 else await asyncio.gather(*asked))
        except Unfit:
            self._known[id(document), name] = (document, None)
            return None
        except Exception:  # told by the usual way, in its place and words
            return None
        return {root.key: None if handle is None else next(found) for root, handle in zip(roots, handles, strict=True)}

    def _of(self, document: DocumentNode, name: str | None) -> Known | None:
        known = self._known.get((id(document), name))
        if known is None:  # holding the document keeps its id from being given to another one
            known = self._known[id(document), name] = (document, self._found(document, name))
            if len(self._known) > MAX_OPERATIONS:
                self._known.popitem(last=False)
        return known[1]

    def _found(self, document: DocumentNode, name: str | None) -> Known | None:
        try:
            operation = chosen(document, name)
            roots = [self._root(each) for each in operation.selection_set.selections]
            definitions = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        except Exception:  # also what is wrong in the document: the usual way tells it
            return None
        if operation.directives or len({root.key for root in roots}) != len(roots):
            return None
        if any(each.variable_definitions for each in definitions.values()):
            return None
        fragments = {key: FragmentDetails(each) for key, each in definitions.items()}
        return Known(document, operation, name, definitions, fragments, roots)

    def _made(self, known: Known, variables: dict[str, Any], context: Any) -> Any:
        return self._executor.build(
            self._core, known.document, raw_variable_values=variables, context_value=context, operation_name=known.name
        )

    def _root(self, node: Any) -> Root:
        parent = self._core.query_type
        if not isinstance(node, FieldNode) or node.directives:
            raise Unfit
        definition = parent.fields[node.name.value]
        named = get_named_type(definition.type)
        shown = behind_connection(named) if named.name.endswith("Connection") else named
        if isinstance(shown, GraphQLObjectType) and entity_at(shown) is None:
            raise Unfit  # a resolver makes the answer itself, and may ask another server for it: not twice
        field = definition.extensions["strawberry-definition"]
        (needs,) = field.extensions
        resolver = field.base_resolver
        if not isinstance(needs, Needs) or resolver.parent_parameter or resolver.root_parameter:
            raise Unfit
        key = node.alias.value if node.alias else node.name.value
        constants, variables = self._arguments(node, definition, field)
        return Root(
            key, [FieldDetails(node, None)], [node], definition, parent, Path(None, key, parent.name), field, needs,
            resolver.wrapped_func, constants, variables, resolver.info_parameter.name if resolver.info_parameter else None,
        )  # fmt: skip

    def _arguments(self, node: FieldNode, definition: GraphQLField, field: Any) -> tuple[dict[str, Any], list[Variable]]:
        """(converted values of arguments without variables, the others)."""
        constants: dict[str, Any] = {}
        variables: list[Variable] = []
        given: dict[str, ArgumentNode] = {each.name.value: each for each in node.arguments or ()}
        context = self._context(None)
        for argument in field.arguments:
            name = self._config.name_converter.from_argument(argument)
            declared = definition.args[name]
            convert = converter(self._schema, argument.type)
            coerced_name = getattr(declared, "out_name", None) or name
            found = given.get(name)
            each = Variable(name, coerced_name, argument.python_name, declared, found, convert, _coerce(found, declared.type))
            if found is not None and has_variables(found.value):
                variables.append(each)
            else:
                self._put(constants, each, node, None, context)
        return constants, variables

    def _put(self, values: dict[str, Any], each: Variable, node: FieldNode, given: Any, context: InputContext) -> None:
        if given is not None and each.coerce is not None:
            values[each.python_name] = each.convert(each.coerce(given.coerced), context)
            return
        coerced: dict[str, Any] = {}
        coerce_argument(coerced, node, each.name, each.definition, each.node, given, None)
        if each.coerced_name in coerced:
            value = coerced[each.coerced_name]
            values[each.python_name] = None if value is None else each.convert(value, context)

    def _context(self, info: Any) -> InputContext:
        return InputContext(info=info, scalar_registry=self._registry, config=self._config, path=())

    async def _handle(self, root: Root, executor: Any) -> Any:
        raw = self._executor.build_resolve_info(executor, root.definition, root.nodes, root.parent, root.path)
        info: Info[Any, Any] = Info(_raw_info=raw, _field=root.field)
        root.needs.check(info)
        values = dict(root.constants)
        if root.variables:
            context = self._context(info)
            for each in root.variables:
                self._put(values, each, root.nodes[0], executor.variable_values, context)
        if root.info_name is not None:
            values[root.info_name] = info
        handle = root.resolve(executor.root_value, **values)
        if root.field.is_async:
            handle = await handle
        if not isinstance(handle, (Page, Ref, Refs)) and (handle is not None or is_non_null_type(root.definition.type)):
            if isinstance(handle, Coroutine):
                handle.close()  # nobody will await it: the usual way calls the resolver anew
            raise Unfit
        return handle


def _coerce(node: Any, type_: Any) -> Coerce | None:
    if node is None or isinstance(node.value, VariableNode):
        return None
    try:
        return prepared(node.value, type_)
    except Incoercible:
        return None
