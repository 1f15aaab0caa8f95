"""Tags that are in use, and the items that carry one; only what the viewer may see."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.changing import ITEMS
from domain.catalog.enums import TagOrigin
from domain.catalog.sorting import sort_key
from domain.catalog.tables import Tag
from domain.kit.policy import Viewer, visible

MOST_TAGS: Final = 500
USUAL_TAGS: Final = 100
USER_TAGS: Final = "user"
"""The namespace of the tags that people set; files put theirs beside them."""
_TAGS: Final[Any] = Tag.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag with the number of visible items that carry it."""

    namespace: str
    key: str
    items: int


def tags_in_use(
    session: Session, viewer: Viewer, *, namespace: str, starts_with: str = "", limit: int = USUAL_TAGS
) -> list[TagUse]:
    """The tags of a namespace on visible items, by name. `starts_with` is blind to case and accents."""
    item, number = ITEMS.alias(), sa.func.count()
    query = (
        sa.select(_TAGS.c.key, number)
        .join(item, item.c.id == _TAGS.c.item_id)
        .where(_TAGS.c.namespace == namespace)
        .group_by(_TAGS.c.sort_key, _TAGS.c.key)
        .order_by(_TAGS.c.sort_key, _TAGS.c.key)
        .limit(limit)
    )
    if prefix := sort_key(starts_with, language=""):
        query = query.where(_TAGS.c.sort_key >= prefix, _TAGS.c.sort_key < prefix + "\U0010ffff")
    if (condition := visible(item, viewer.shape)) is not None:
        query = query.where(condition)
    return [TagUse(namespace, key, items) for key, items in session.connection().execute(query, viewer.binds)]


def carriers(session: Session, viewer: Viewer, key: str, *, limit: int) -> list[int]:
    """Keys of the visible items that carry a person's tag of exactly this text, parts after what they belong to."""
    item = ITEMS.alias()
    mine = (_TAGS.c.namespace == USER_TAGS, _TAGS.c.key == key, _TAGS.c.origin == TagOrigin.USER)
    query = sa.select(item.c.id).join(_TAGS, _TAGS.c.item_id == item.c.id).where(*mine)
    if (condition := visible(item, viewer.shape)) is not None:
        query = query.where(condition)
    return list(session.connection().execute(query.order_by(item.c.level, item.c.id).limit(limit), viewer.binds).scalars())
