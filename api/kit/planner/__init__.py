"""Turns the selection of a read field into SQL: declarations, handles, and the planner that joins them."""

from api.kit.planner.conditions import (
    And,
    Compare,
    Condition,
    Contains,
    Exists,
    IsIn,
    IsNull,
    Matches,
    Not,
    Or,
    Refers,
    StartsWith,
    Written,
)
from api.kit.planner.context import PlannerContext
from api.kit.planner.entities import entity, interface, part
from api.kit.planner.fields import (
    argument,
    column,
    computed,
    computed_with,
    connection,
    embedded,
    first_of,
    global_id,
    many,
    narrowing_in,
    one,
    page_arguments,
)
from api.kit.planner.handles import Handle, node, page, ref, refs
from api.kit.planner.keys import matching_keys
from api.kit.planner.orders import asc, desc
from api.kit.planner.paging import BadArgument, InvalidCursor
from api.kit.planner.planner import Planner
from api.kit.planner.registry import entity_of
from api.kit.planner.shown import Prefixed
from api.kit.planner.specs import Call, Narrowing, Order

__all__ = [
    "And",
    "BadArgument",
    "Call",
    "Compare",
    "Condition",
    "Contains",
    "Exists",
    "Handle",
    "InvalidCursor",
    "IsIn",
    "IsNull",
    "Matches",
    "Narrowing",
    "Not",
    "Or",
    "Order",
    "Planner",
    "PlannerContext",
    "Prefixed",
    "Refers",
    "StartsWith",
    "Written",
    "argument",
    "asc",
    "column",
    "computed",
    "computed_with",
    "connection",
    "desc",
    "embedded",
    "entity",
    "entity_of",
    "first_of",
    "global_id",
    "interface",
    "many",
    "matching_keys",
    "narrowing_in",
    "node",
    "one",
    "page",
    "page_arguments",
    "part",
    "ref",
    "refs",
]
