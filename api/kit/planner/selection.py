"""From a GraphQL selection to the plan's tree, with graphql-core's own collecting (directives, fragments, merging)."""

from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetailsList

from api.kit.planner.conditions import Condition
from api.kit.planner.fields import PlanField
from api.kit.planner.nested import Nested, asked
from api.kit.planner.orders import Ordering, ordering
from api.kit.planner.registry import BACKREF, Entity, behind_connection, entity_at
from api.kit.planner.specs import Children, Column, Computed, Embedded, Identity, ToOne
from api.kit.planner.tree import (
    Arguments,
    Calculated,
    Connected,
    Edges,
    Hidden,
    Id,
    Inline,
    Joined,
    Listed,
    Object,
    Paged,
    PageFacts,
    Scalar,
    Selected,
    Total,
    Typename,
    Value,
    arguments_of,
)
from domain.kit.policy import Shape

PAGE_FACTS: Final = {
    "hasNextPage": "has_next",
    "hasPreviousPage": "has_previous",
    "startCursor": "start_cursor",
    "endCursor": "end_cursor",
}


class Unsupported(Exception):
    """The planner cannot answer this position; graphql-core does."""


class Selection:
    """Reads the selections of one planned position."""

    def __init__(self, executor: Any, shape: Shape) -> None:
        self._executor = executor
        self._schema = executor.schema
        self._shape = shape
        self._memo: dict[Any, Value] = {}
        """A relation that several types select by the same nodes is one relation, read once; a column is one leaf."""
        self.nested: list[Nested] = []
        """Lists in it whose filter or order depends on variables."""

    def _grouped(self, type_: Any, details: FieldDetailsList) -> dict[str, FieldDetailsList]:
        grouped: dict[str, FieldDetailsList] = self._executor.collect_subfields(type_, details).grouped_field_set
        for each in grouped.values():
            if any(directive.name.value not in ("skip", "include") for one in each for directive in one.node.directives or ()):
                raise Unsupported("a directive of its own")
        return grouped

    def at_position(self, position: GraphQLNamedType, type_: type, details: FieldDetailsList) -> Selected:
        """What is asked of rows of an entity class at a position of this type (its own, an interface or a union)."""
        found = self._schema.get_type(type_.__strawberry_definition__.name)  # type: ignore[attr-defined]
        if found is None:
            raise Unsupported(f"{type_.__name__} is not in the schema")
        if found is not position:
            possible = self._schema.get_possible_types(found) if is_abstract_type(found) else [found]
            if not is_abstract_type(position) or not all(self._schema.is_sub_type(position, each) for each in possible):
                raise Unsupported(f"{found} is no {position}")
        return self.selected(found, details, is_abstract=is_abstract_type(position))

    def selected(self, type_: Any, details: FieldDetailsList, *, is_abstract: bool | None = None) -> Selected:
        """What is asked of rows of a named type."""
        ours = entity_at(type_)
        if ours is None:
            raise Unsupported(f"{type_} shows no table")
        is_open = is_abstract_type(type_)
        types = self._schema.get_possible_types(type_) if is_open else [type_]
        grouped: dict[Any, dict[str, FieldDetailsList]] = {}
        conditions = self._conditions(details) if len(types) > 1 else frozenset()
        objects = []
        for each in types:
            met = frozenset([name for name in conditions if self._meets(each, name)])
            if met not in grouped:  # types that meet the same conditions are asked for the same fields
                grouped[met] = self._grouped(each, details)
            objects.append(self._object(each, grouped[met]))
        return Selected(ours, tuple(objects), is_open if is_abstract is None else is_abstract)

    def _conditions(self, details: FieldDetailsList) -> frozenset[str]:
        """Types on which something is asked only of some rows."""
        found: set[str] = set()
        seen: set[str] = set()
        todo: list[Any] = [each.node.selection_set for each in details]
        while todo:
            for each in todo.pop().selections:
                if isinstance(each, FieldNode):
                    continue
                if isinstance(each, FragmentSpreadNode):
                    if each.name.value in seen:
                        continue
                    seen.add(each.name.value)
                    each = self._executor.fragment_definitions[each.name.value]
                if each.type_condition is not None:
                    found.add(each.type_condition.name.value)
                todo.append(each.selection_set)
        return frozenset(found)

    def _meets(self, type_: GraphQLObjectType, condition: str) -> bool:
        wanted = self._schema.get_type(condition)
        return wanted is type_ or (is_abstract_type(wanted) and self._schema.is_sub_type(wanted, type_))

    def _object(self, type_: GraphQLObjectType, grouped: dict[str, FieldDetailsList]) -> Object:
        ours = entity_at(type_)
        if ours is None:
            raise Unsupported(f"{type_} shows no table")
        fields = tuple((key, self._value(type_, ours, each)) for key, each in grouped.items())
        return Object(type_.name, ours.kinds, fields)

    def _value(self, type_: GraphQLObjectType, ours: Entity, details: FieldDetailsList) -> Value:
        name = details[0].node.name.value
        if name == "__typename":
            return Typename(type_.name)
        field = type_.fields[name]
        declared = field.extensions.get(BACKREF)
        if not isinstance(declared, PlanField) or declared.extensions:
            raise Unsupported(f"{type_}.{name} has a resolver of its own")
        spec = declared.spec
        is_required = is_non_null_type(field.type)
        if spec.needs is not None and spec.needs not in self._shape.scopes:
            return Hidden(is_required)
        match spec:
            case Column():
                leaf: Any = get_named_type(field.type)
                known = self._memo.get((id(spec), leaf.name, is_required))
                if known is None:
                    known = Scalar(spec.attribute, spec.as_, leaf, is_required)
                    self._memo[id(spec), leaf.name, is_required] = known
                return known
            case Identity():
                return Id()
            case Computed():
                if not is_leaf_type(get_named_type(field.type)):
                    raise Unsupported(f"{type_}.{name} computes objects")
                call = self._arguments(field, details) if spec.arguments else None
                return Calculated(spec, field.type, call, is_required)
            case Embedded():
                return Inline(self.selected(get_named_type(field.type), details))
            case ToOne() | Children():
                key = (id(spec), *[id(each.node) for each in details])
                if key not in self._memo:
                    self._memo[key] = self._relation(spec, field, ours, details, is_required)
                return self._memo[key]

    def _arguments(self, field: Any, details: FieldDetailsList) -> Arguments:
        return arguments_of(field, details, self._executor.variable_values, self._schema)

    def _relation(self, spec: ToOne | Children, field: Any, ours: Entity, details: FieldDetailsList, is_required: bool) -> Value:
        if isinstance(spec, Children) and spec.shape == "connection":
            target = entity_at(behind_connection(field.type))
            assert target is not None
            given = self._arguments(field, details)
            where, order = self._narrowed(spec, given, target)
            return Connected(spec, given, where, self.paged(get_named_type(field.type), target, order, details))
        named = get_named_type(field.type)
        selected = self.selected(named, details)
        target = selected.entity
        if isinstance(spec, ToOne):
            return Joined(spec.foreign_key, target, selected, is_required)
        call = self._arguments(field, details) if spec.arguments or spec.narrowing else None
        where, order = self._narrowed(spec, call, target)
        return Listed(spec, target, order, call, where, selected, is_required)

    def _narrowed(self, spec: Children, given: Arguments | None, target: Entity) -> tuple[tuple[Condition, ...], Ordering]:
        if spec.narrowing is None or given is None:
            return (), ordering(spec.order_by, target.model)
        if not given.is_constant:
            self.nested.append(Nested(spec, given, target.model))
        return asked(spec, given.example, target.model)

    def paged(self, type_: Any, target: Entity, order: Ordering, details: FieldDetailsList, node: type | None = None) -> Paged:
        """What is asked of a connection type; `node` is the entity class where the connection's own type is wider."""

        def nodes(field_type: Any, each: FieldDetailsList) -> Selected:
            named = get_named_type(field_type)
            return self.selected(named, each) if node is None else self.at_position(named, node, each)

        fields: list[Any] = []
        for key, each in self._grouped(type_, details).items():
            name = each[0].node.name.value
            match name:
                case "__typename":
                    fields.append((key, Typename(type_.name)))
                case "nodes":
                    fields.append((key, nodes(type_.fields["nodes"].type, each)))
                case "edges":
                    edge = get_named_type(type_.fields["edges"].type)
                    inner: list[Any] = []
                    for key_, each_ in self._grouped(edge, each).items():
                        match each_[0].node.name.value:
                            case "__typename":
                                inner.append((key_, Typename(edge.name)))
                            case "cursor":
                                inner.append((key_, None))
                            case "node":
                                inner.append((key_, nodes(edge.fields["node"].type, each_)))
                            case other:
                                raise Unsupported(f"{edge}.{other}")
                    fields.append((key, Edges(tuple(inner))))
                case "pageInfo":
                    facts = get_named_type(type_.fields["pageInfo"].type)
                    found = [(key_, each_[0].node.name.value) for key_, each_ in self._grouped(facts, each).items()]
                    fields.append(
                        (
                            key,
                            PageFacts(tuple((k, Typename(facts.name) if n == "__typename" else PAGE_FACTS[n]) for k, n in found)),
                        )
                    )
                case "totalCount":
                    fields.append((key, Total()))
                case _:
                    raise Unsupported(f"{type_}.{name}")
        return Paged(target, order, tuple(fields))
