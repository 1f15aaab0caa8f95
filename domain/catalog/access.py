"""Row policy of the catalog: which items a viewer sees, and that all that hangs on a hidden item is hidden with it.

People, genres, studios, countries, collections and groups are seen by everybody who is signed in: a name says nothing
about what a library holds. What is missing here (types, levels, rating systems) is public to the API's users.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.catalog.relations import ItemRelation
from domain.catalog.tables import (
    Change,
    ChangeRow,
    Collection,
    CollectionMember,
    Country,
    Credit,
    Entity,
    EpisodeOrder,
    ExternalId,
    FieldLock,
    FieldValue,
    Genre,
    ItemCertification,
    ItemCountry,
    ItemGenre,
    ItemRating,
    ItemStudio,
    MediaGroup,
    MediaItem,
    MediaRelationship,
    MergeLog,
    Person,
    Recommendation,
    ReleaseDate,
    SeriesOrder,
    Studio,
    Tag,
    Translation,
)
from domain.kit.policy import VIEWER_MAX_AGE, VIEWER_USER_ID, Predicate, Shape, follows, guard
from domain.kit.types import Key

# Tables of a lower and a higher feature, by name: importing the latter would turn the order of features round.
_ACCESS = sa.table("library_access", sa.column("library_id", Key), sa.column("user_id", Key), sa.column("group_id", Key))
_TYPES = sa.table("media_types", sa.column("id", Key), sa.column("is_enabled", sa.Boolean()))
_MEMBERS = sa.table("group_members", sa.column("group_id", Key), sa.column("user_id", Key))


def shared_libraries() -> sa.Select[tuple[int]]:
    """The ids of the libraries that the viewer, or a group of the viewer's, was given."""
    groups = sa.select(_MEMBERS.c.group_id).where(_MEMBERS.c.user_id == VIEWER_USER_ID)
    return sa.select(_ACCESS.c.library_id).where(sa.or_(_ACCESS.c.user_id == VIEWER_USER_ID, _ACCESS.c.group_id.in_(groups)))


def _item(alias: Any, shape: Shape) -> ColumnElement[bool]:
    """Not deleted, and visible were it so."""
    return sa.and_(alias.c.deleted_at.is_(None), visible_if_live(alias, shape))


def visible_if_live(alias: Any, shape: Shape) -> ColumnElement[bool]:
    """Of an enabled type, in a library the viewer may see (or in none: tracked), not above the age limit."""
    if not (shape.is_signed_in or shape.is_admin):
        return sa.false()
    conditions: list[ColumnElement[bool]] = [sa.true()]
    if shape.is_signed_in:  # jobs go on with items of a type that people have switched off
        conditions.append(alias.c.media_type_id.not_in(sa.select(_TYPES.c.id).where(sa.not_(_TYPES.c.is_enabled))))
    if not shape.all_libraries:
        conditions.append(sa.or_(alias.c.library_id.is_(None), alias.c.library_id.in_(shared_libraries())))
    if shape.has_age_limit:
        # Two-valued on purpose: `of_entity` negates it, and NOT NULL would be no answer.
        suits = sa.and_(alias.c.min_age.is_not(None), alias.c.min_age <= VIEWER_MAX_AGE)
        conditions.append(sa.or_(alias.c.min_age.is_(None), suits) if shape.sees_unrated else suits)
    return sa.and_(*conditions)


def _one(item_id: ColumnElement[Any], shape: Shape, *, hidden: bool) -> ColumnElement[bool]:
    item = MediaItem.__table__.alias()  # type: ignore[attr-defined]
    condition = _item(item, shape)
    wanted = sa.not_(condition) if hidden else condition
    return sa.exists(sa.select(sa.literal(1)).select_from(item).where(item.c.id == item_id, wanted))


def of_entity(column: str) -> Predicate:
    """The rule of a table whose `column` is an entity: visible unless that is a hidden item."""

    def predicate(alias: Any, shape: Shape) -> ColumnElement[bool]:
        if not (shape.is_signed_in or shape.is_admin):
            return sa.false()
        return sa.not_(_one(alias.c[column], shape, hidden=True))

    return predicate


def signed_in(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """Everybody who is signed in."""
    return None if shape.is_signed_in or shape.is_admin else sa.false()


def admins(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """Nobody but admins."""
    return None if shape.is_admin else sa.false()


def _made_by(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """Whoever made the change, and admins."""
    if shape.is_admin:
        return None
    return alias.c.user_id == VIEWER_USER_ID if shape.is_signed_in else sa.false()


def _relationship(alias: Any, shape: Shape) -> ColumnElement[bool]:
    return sa.and_(*(_one(alias.c[column], shape, hidden=False) for column in ("from_item_id", "to_item_id")))


def _far_end(alias: Any, shape: Shape) -> ColumnElement[bool]:
    """The other end is seen already by whoever comes from it."""
    return _one(alias.c.related_item_id, shape, hidden=False)


_OF_ENTITIES: tuple[Any, ...] = (ExternalId, FieldValue, FieldLock, Translation)
_FOR_ALL: tuple[Any, ...] = (Person, Collection, MediaGroup, Studio, Genre, Country)
_OF_ITEMS: tuple[Any, ...] = (
    Credit, CollectionMember, EpisodeOrder, SeriesOrder, ItemRating, ItemCertification, ReleaseDate, ItemGenre, ItemStudio,
    ItemCountry, Tag, Recommendation,
)  # fmt: skip

guard(MediaItem, _item)
guard(Entity, of_entity("id"))
guard(MediaRelationship, _relationship)
guard(ItemRelation, _far_end)
guard(MergeLog, admins)
guard(Change, _made_by)
follows(ChangeRow, ChangeRow.change_id)
for _model in _OF_ENTITIES:
    guard(_model, of_entity("entity_id"))
for _model in _FOR_ALL:
    guard(_model, signed_in)
for _model in _OF_ITEMS:
    follows(_model, _model.item_id)
