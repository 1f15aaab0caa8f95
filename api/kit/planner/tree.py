"""The plan's tree: what a selection asks for, free of GraphQL's syntax and of any way to read it.

Back ends turn it into statements: `rows` (one statement a level, assembled in Python) today. A back end that lets the
database write JSON would start here too.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import FieldNode, GraphQLField, GraphQLLeafType, GraphQLOutputType, get_argument_values
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import VariableValues
from strawberry.types.arguments import convert_arguments

from api.kit.literals import has_variables
from api.kit.planner.conditions import Condition
from api.kit.planner.orders import Ordering
from api.kit.planner.registry import BACKREF, Entity
from api.kit.planner.specs import Attribute, Children, Computed


@dataclass(frozen=True, slots=True, eq=False)
class Arguments:
    """A field's arguments: read per request, where variables decide; which of them are given is part of the plan's key."""

    field: GraphQLField
    node: FieldNode
    fragment_variables: Any
    schema: Any
    example: Mapping[str, Any]
    """The values of the request that the plan was made for: which of them are given holds for every request."""
    is_constant: bool

    def values(self, variables: VariableValues) -> Mapping[str, Any]:
        """Python values by Python name. Raises GraphQLError as graphql-core would for the same call."""
        if self.is_constant:
            return self.example
        found = get_argument_values(self.field, self.node, variables, self.fragment_variables)
        return _converted(self.field, found, self.schema)


def _converted(field: GraphQLField, found: dict[str, Any], schema: Any) -> dict[str, Any]:
    converter = schema._strawberry_schema.schema_converter
    declared = field.extensions[BACKREF].arguments
    return convert_arguments(found, declared, converter.scalar_registry, converter.config)


def arguments_of(field: GraphQLField, details: FieldDetailsList, variables: VariableValues, schema: Any) -> Arguments:
    """The arguments at hand. A call that fails has no arguments given here, and fails again when it is run."""
    node, fragment_variables = details[0].node, details[0].fragment_variable_values
    try:
        found = _converted(field, get_argument_values(field, node, variables, fragment_variables), schema)
    except Exception:
        return Arguments(field, node, fragment_variables, schema, {}, False)
    is_constant = not any(has_variables(each.value) for each in node.arguments or ())
    return Arguments(field, node, fragment_variables, schema, found, is_constant)


@dataclass(frozen=True, slots=True, eq=False)
class Typename:
    """`__typename`."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """A field that this viewer may not read: null, and nothing of it in the SQL."""

    is_required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Id:
    """The row's global id."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A column."""

    attribute: Attribute
    as_: Any
    leaf: GraphQLLeafType
    is_required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calculated:
    """A computed field."""

    spec: Computed
    type: GraphQLOutputType
    arguments: Arguments | None
    is_required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Inline:
    """An embedded object over the same row."""

    selected: "Selected"


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The row that a foreign key names."""

    foreign_key: Attribute
    target: Entity
    selected: "Selected"
    is_required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A list of children, or the first of them."""

    spec: Children
    target: Entity
    order: Ordering
    arguments: Arguments | None
    where: tuple[Condition, ...]
    """What a filter among the arguments asks."""
    selected: "Selected"
    is_required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """`edges`: per key `__typename`, the cursor (None) or the node."""

    fields: "tuple[tuple[str, Typename | Selected | None], ...]"


@dataclass(frozen=True, slots=True, eq=False)
class PageFacts:
    """`pageInfo`: per key `__typename` or the name of a fact."""

    fields: tuple[tuple[str, Typename | str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """`totalCount`."""


@dataclass(frozen=True, slots=True, eq=False)
class Paged:
    """What is asked of a connection."""

    target: Entity
    order: Ordering
    fields: "tuple[tuple[str, Typename | Selected | Edges | PageFacts | Total], ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Connected:
    """A connection of children."""

    spec: Children
    arguments: Arguments
    where: tuple[Condition, ...]
    """What a filter among the arguments asks."""
    page: Paged


Value: TypeAlias = Typename | Hidden | Id | Scalar | Calculated | Inline | Joined | Listed | Connected


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """The fields asked of one object type, by response key."""

    type_name: str
    kinds: tuple[str, ...]
    """Stored discriminator values of this type; empty where every row is of it."""
    fields: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """What is asked of a row: one object type, or one per kind of row."""

    entity: Entity
    objects: tuple[Object, ...]
    is_abstract: bool
    """The position's type is an interface or union: errors need to know which type each row was."""


def has_children(selected: Selected) -> bool:
    """Whether lists or connections are asked for, of the row itself or of one joined to it."""
    return any(_leads_to_children(value) for one in selected.objects for _, value in one.fields)


def _leads_to_children(value: Value) -> bool:
    match value:
        case Connected():
            return True
        case Listed():
            return value.spec.shape == "list" or has_children(value.selected)
        case Inline() | Joined():
            return has_children(value.selected)
        case _:
            return False


def groups(selected: Selected) -> list[tuple[Object, list[Object]]]:
    """Objects that differ in nothing but their names, together: (the first of them, all of them)."""
    found: dict[Hashable, list[Object]] = {}
    for each in selected.objects:
        found.setdefault(_signature(each), []).append(each)
    return [(some[0], some) for some in found.values()]


def _signature(one: Object) -> Hashable:
    return tuple([(key, _value_signature(value)) for key, value in one.fields])


def _value_signature(value: Value) -> Hashable:
    match value:
        case Typename():
            return "typename"
        case Id():
            return "id"
        case Hidden():
            return ("hidden", value.is_required)
        case Scalar():
            return (value.attribute.key, id(value.as_), value.leaf.name, value.is_required)
        case Inline():
            return tuple([(each.type_name, _signature(each)) for each in value.selected.objects])
        case _:
            return id(value)
