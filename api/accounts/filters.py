"""Filters and orders of users."""

from enum import Enum

import strawberry

from api.kit.enums import expose
from api.kit.filtering import DateTimeFilter, Direction, IdFilter, Rule, WordFilter, compiled, ids, number, some, sorted_by, words
from api.kit.planner import Compare, Condition
from domain.accounts import tables as t


@strawberry.input(description="Which users. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class UserWhere:
    and_: "list[UserWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[UserWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "UserWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Their id.")
    username: WordFilter | None = strawberry.field(default=None, description="The name to sign in with, to the letter.")
    is_active: bool | None = strawberry.field(default=None, description="Whether they can sign in.")
    is_admin: bool | None = strawberry.field(default=None, description="Whether they administer the server.")
    created_at: DateTimeFilter | None = strawberry.field(default=None, description="When they were added.")
    last_login_at: DateTimeFilter | None = strawberry.field(default=None, description="When they last signed in.")


class UserOrderField(Enum):
    """What users can be sorted by."""

    USERNAME = "username_key"
    CREATED_AT = "created_at"
    LAST_LOGIN_AT = "last_login_at"


expose(
    UserOrderField,
    "What users can be sorted by.",
    {
        "USERNAME": "The name to sign in with.",
        "CREATED_AT": "When they were added.",
        "LAST_LOGIN_AT": "When they last signed in.",
    },
)


@strawberry.input(description="One key to sort users by.")
class UserOrder:
    field: UserOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def user_order(given: list[UserOrder] | None) -> object:
    """The sort keys, or the usual ones. Raises GraphQLError for more than three."""
    return sorted_by(t.User, given, t.User.username_key)


_USERS: dict[str, Rule] = {
    "id": ids(t.User.id, "users"),
    "username": words(t.User.username),
    "is_active": some(Compare(t.User.is_active, "=", True)),
    "is_admin": some(Compare(t.User.is_admin, "=", True)),
    "created_at": number(t.User.created_at),
    "last_login_at": number(t.User.last_login_at),
}


def user_conditions(where: UserWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError."""
    return compiled(where, _USERS)
