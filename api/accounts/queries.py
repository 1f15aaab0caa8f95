"""Root fields that read users."""

import strawberry

from api.accounts.types import User
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.context import Info
from api.kit.fields import query
from api.kit.paging import After, Before, First, Last
from api.kit.planner import page, ref
from domain.accounts import tables as t


@strawberry.type
class AccountQueries:
    """Reads of people and rights."""

    @query(Permission.SIGNED_IN, "You.")
    def viewer(self, info: Info) -> User | None:
        identity = info.context.identity
        return None if identity is None else ref(User, identity.user_id)

    @query(Permission.ADMIN, "Everybody with an account, by name.")
    def users(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[User] | None:
        return page(User, order_by=t.User.username_key, first=first, after=after, last=last, before=before)
