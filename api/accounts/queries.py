"""Root fields that read users."""

from typing import Annotated

import strawberry

from api.accounts.filters import UserOrder, UserWhere, user_conditions, user_order
from api.accounts.types import User
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.context import Info
from api.kit.fields import query
from api.kit.paging import After, Before, First, Last
from api.kit.planner import page, ref

Where = Annotated[UserWhere | None, strawberry.argument(description="Which users; all if not given.")]
OrderBy = Annotated[
    list[UserOrder] | None, strawberry.argument(description="At most three keys; by name if not given. The id breaks ties.")
]


@strawberry.type
class AccountQueries:
    """Reads of people and rights."""

    @query(Permission.SIGNED_IN, "You.")
    def viewer(self, info: Info) -> User | None:
        identity = info.context.identity
        return None if identity is None else ref(User, identity.user_id)

    @query(Permission.ADMIN, "Everybody with an account.")
    def users(
        self, where: Where = None, order_by: OrderBy = None, first: First = None, after: After = None, last: Last = None,
        before: Before = None,
    ) -> Connection[User] | None:  # fmt: skip
        return page(
            User, where=user_conditions(where), order_by=user_order(order_by), first=first, after=after, last=last, before=before
        )
