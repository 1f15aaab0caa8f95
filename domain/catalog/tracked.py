"""Which items a person's history, rating, entry, review or list holds: they must outlive the files and libraries."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel

from domain.catalog.tables import MediaItem


def is_tracked(item_id: ColumnElement[Any], *, metadata: sa.MetaData = SQLModel.metadata) -> ColumnElement[bool]:
    """Whether anything holds the item on: a row of any feature whose foreign key to items is ON DELETE RESTRICT.

    That is how higher features, which this one does not know, say that a row must not lose its item.
    """
    found: list[ColumnElement[bool]] = []
    for table in metadata.tables.values():
        for key in table.foreign_key_constraints:
            if key.elements[0].target_fullname.partition(".")[0] == MediaItem.__tablename__ and key.ondelete == "RESTRICT":
                columns = [element.parent for element in key.elements if element.target_fullname.endswith(".id")]
                found += [sa.exists(sa.select(sa.literal(1)).where(column == item_id)) for column in columns]
    return sa.or_(*found) if found else sa.false()
