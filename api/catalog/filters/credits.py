"""Filters of the parts that people have in items."""

import strawberry

from api.catalog.filters.items import MediaItemWhere, item_conditions
from api.kit.filtering import IdFilter, Rule, WordFilter, bounded, compiled, ids, members, words
from api.kit.planner import Condition, Refers
from domain.catalog import tables as t
from domain.catalog.enums import Department


@strawberry.input(description="Which parts of people in items. Fields side by side are all to be met; at most 50 conditions.")
class CreditWhere:
    department: list[Department] | None = strawberry.field(default=None, description="One of these trades.")
    job: WordFilter | None = strawberry.field(default=None, description="The job within it: Director, Screenplay …")
    role: WordFilter | None = strawberry.field(default=None, description="The character, for cast.")
    person: IdFilter | None = strawberry.field(default=None, description="Who.")
    item: MediaItemWhere | None = strawberry.field(default=None, description="In what: an item that meets this.")


_RULES: dict[str, Rule] = {
    "department": members(t.Credit.department),
    "job": words(t.Credit.job),
    "role": words(t.Credit.role),
    "person": ids(t.Credit.person_id, "people"),
    "item": lambda given: [Refers(t.Credit.item_id, item_conditions(given))],
}


def credit_conditions(where: CreditWhere | None) -> list[Condition]:
    """The conditions on parts. Raises GraphQLError."""
    return bounded(compiled(where, _RULES, is_inner=True))
