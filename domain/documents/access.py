"""Row policy of registered documents: for administrators. Whoever sends an id gets the answer, not the text."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.documents.tables import PersistedDocument
from domain.kit.policy import Shape, guard


def _admins(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    return None if shape.is_admin else sa.false()


guard(PersistedDocument, _admins)
