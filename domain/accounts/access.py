"""Row policy of people and rights: one's own; everything for admins."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.accounts.tables import ApiToken, BrowserSession, User
from domain.kit.policy import VIEWER_USER_ID, Shape, guard


def _own(column: str) -> Any:
    def predicate(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
        if shape.is_admin:
            return None
        if not shape.is_signed_in:
            return sa.false()
        condition: ColumnElement[bool] = alias.c[column] == VIEWER_USER_ID
        return condition

    return predicate


guard(User, _own("id"))
guard(ApiToken, _own("user_id"))
guard(BrowserSession, _own("user_id"))
