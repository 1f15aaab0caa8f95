"""Row policy of libraries and files: a file is as visible as its library, and for a limited viewer as its items."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.catalog.access import admins, shared_libraries
from domain.kit.policy import VIEWER_USER_ID, Shape, follows, guard, visible
from domain.kit.types import Key
from domain.libraries.tables import (
    AudioStream,
    ItemFile,
    Library,
    LibraryAccess,
    LibraryDirectory,
    LibraryPath,
    Marker,
    MediaFile,
    PathMapping,
    RecycledFile,
    ReviewItem,
    Source,
    SourceCollection,
    SourceRef,
    SubtitleStream,
    VideoStream,
)

_MEMBERS = sa.table("group_members", sa.column("group_id", Key), sa.column("user_id", Key))


def _library(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    if not (shape.is_signed_in or shape.is_admin):
        return sa.false()
    return None if shape.all_libraries else alias.c.id.in_(shared_libraries())


def _file(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """In a library of the viewer's; a viewer with an age limit sees only files of items within it."""
    if not (shape.is_signed_in or shape.is_admin):
        return sa.false()
    conditions: list[ColumnElement[bool]] = []
    if not shape.all_libraries:
        inside = sa.and_(alias.c.library_id.is_not(None), alias.c.library_id.in_(shared_libraries()))
        conditions.append(inside)
    if shape.has_age_limit:
        conditions.append(_with_item(alias.c.id, shape))
    return sa.and_(*conditions) if conditions else None


def _with_item(file_id: ColumnElement[Any], shape: Shape) -> ColumnElement[bool]:
    link = ItemFile.__table__.alias()  # type: ignore[attr-defined]
    return _exists(link, link.c.file_id == file_id, shape)


def _exists(target: Any, match: ColumnElement[bool], shape: Shape) -> ColumnElement[bool]:
    condition = visible(target, shape)
    rows = sa.select(sa.literal(1)).select_from(target).where(match)
    return sa.exists(rows if condition is None else rows.where(condition))


def _own_access(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    if shape.is_admin:
        return None
    if not shape.is_signed_in:
        return sa.false()
    groups = sa.select(_MEMBERS.c.group_id).where(_MEMBERS.c.user_id == VIEWER_USER_ID)
    return sa.or_(alias.c.user_id == VIEWER_USER_ID, alias.c.group_id.in_(groups))


def _review(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    """As visible as the file or item it is about, but to nobody with an age limit: its candidates name other items."""
    if shape.is_admin:
        return None
    if not shape.is_signed_in or shape.has_age_limit:
        return sa.false()
    file, item = MediaFile.metadata.tables["media_files"].alias(), MediaFile.metadata.tables["media_items"].alias()
    return sa.or_(_exists(file, file.c.id == alias.c.file_id, shape), _exists(item, item.c.id == alias.c.item_id, shape))


guard(Library, _library)
guard(LibraryAccess, _own_access)
guard(MediaFile, _file)
guard(ReviewItem, _review)
follows(LibraryPath, LibraryPath.library_id)
follows(LibraryDirectory, LibraryDirectory.library_path_id)
follows(ItemFile, ItemFile.item_id)
_STREAMS: tuple[Any, ...] = (VideoStream, AudioStream, SubtitleStream, Marker)
_FOR_ADMINS: tuple[Any, ...] = (Source, SourceCollection, PathMapping, SourceRef, RecycledFile)
for _model in _STREAMS:
    follows(_model, _model.file_id)
for _model in _FOR_ADMINS:
    guard(_model, admins)
