"""Which of some rows meet conditions, for lists whose order is not the database's."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from api.kit.planner.conditions import Condition, IsIn
from api.kit.planner.dialects import dialect_of
from api.kit.planner.filters import Filter
from api.kit.planner.registry import Entity
from api.kit.planner.sources import of_kind, rows_of
from domain.kit.policy import Viewer


def narrowed(session: Session, viewer: Viewer, entity: Entity, keys: Sequence[int], where: Sequence[Condition]) -> set[int]:
    """Those of `keys` whose rows the viewer may see and that meet all of `where`."""
    conditions: list[Condition] = [IsIn(getattr(entity.model, entity.key), list(keys)), *where]
    alias, visible = rows_of(entity.table, "a", viewer.shape)
    filters = Filter(dialect_of(session.get_bind().dialect.name), viewer.shape, "w")
    wanted = [filters.sql(each, {entity.table.name: alias}) for each in conditions]
    query: Any = sa.select(alias.c[entity.key]).where(*visible, *of_kind(alias, entity), *wanted)
    values = {f"w{number}": value for number, value in enumerate(value for each in conditions for value in each.binds)}
    return set(session.connection().execute(query, {**viewer.binds, **values}).scalars())
