"""Row policy of uploads: one's own; everything for admins."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.kit.policy import VIEWER_USER_ID, Shape, guard
from domain.uploads.tables import Upload


def _own(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    if shape.is_admin:
        return None
    if not shape.is_signed_in:
        return sa.false()
    condition: ColumnElement[bool] = alias.c.user_id == VIEWER_USER_ID
    return condition


guard(Upload, _own)
