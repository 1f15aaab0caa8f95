"""The keys of the rows that a filter means, for changes of many: read in the transaction that writes."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from api.kit.planner.conditions import Condition
from api.kit.planner.dialects import dialect_of
from api.kit.planner.filters import Filter
from api.kit.planner.paging import check_texts
from api.kit.planner.sources import rows_of
from api.kit.planner.specs import Attribute, column_of, primary_key, table_of
from domain.kit.policy import Viewer


def matching_keys(
    session: Session, viewer: Viewer, where: Sequence[Condition], *, order: Sequence[Attribute], limit: int
) -> list[int]:
    """Keys of the rows of `order`'s table that the viewer may see and that meet all of `where`, at most `limit`."""
    table = table_of(order[0])
    alias, visible = rows_of(table, "m", viewer.shape)
    filters = Filter(dialect_of(session.get_bind().dialect.name), viewer.shape, "w")
    query = sa.select(alias.c[primary_key(table).key]).where(
        *visible, *[filters.sql(each, {table.name: alias}) for each in where]
    )
    query = query.order_by(*[alias.c[column_of(each).key] for each in order]).limit(limit)
    values = [value for each in where for value in each.binds]
    check_texts(values)
    binds = {**viewer.binds, **{f"w{number}": value for number, value in enumerate(values)}}
    return list(session.execute(query, binds).scalars())
