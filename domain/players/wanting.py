"""What one of our items is to a player: its ids, its numbers and the path that the player has for its file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import ItemKind
from domain.catalog.identity import ids_of
from domain.catalog.tables import MediaItem
from domain.kit.errors import NotFound
from domain.libraries.enums import FileRole
from domain.libraries.mapping import to_remote
from domain.libraries.mappings import rules_of_group
from domain.libraries.tables import ItemFile, MediaFile
from domain.players.enums import MediaKind
from domain.players.model import Media

MEDIA_KINDS: Final[Mapping[ItemKind, MediaKind]] = {
    ItemKind.MOVIE: MediaKind.MOVIE,
    ItemKind.EPISODE: MediaKind.EPISODE,
    ItemKind.TRACK: MediaKind.TRACK,
}
CONTAINERS: Final = frozenset({ItemKind.SERIES, ItemKind.SEASON, ItemKind.ALBUM, ItemKind.ARTIST})
"""What is played as a list of what is below it."""
_ITEMS: Any = MediaItem.__table__  # type: ignore[attr-defined]
_FILES: Any = MediaFile.__table__  # type: ignore[attr-defined]
_USES: Any = ItemFile.__table__  # type: ignore[attr-defined]


def wanted(session: Session, group_id: int, item_id: int, *, file_id: int | None = None) -> Media:
    """What to ask a player of a group for. `file_id` names one of several copies; the usual one if not given.

    Raises NotFound for an item that is not there, and for one without a file.
    """
    return wanted_many(session, group_id, [item_id], file_id=file_id)[0]


def wanted_many(session: Session, group_id: int, items: Sequence[int], *, file_id: int | None = None) -> list[Media]:
    """The same for several, in their order. Raises NotFound."""
    season, show = _ITEMS.alias("season"), _ITEMS.alias("show")
    columns = (
        _ITEMS.c.id, _ITEMS.c.kind, _ITEMS.c.title, _ITEMS.c.year, _ITEMS.c.position, _ITEMS.c.root_id,
        season.c.position.label("season"), show.c.title.label("show_title"),
    )  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(_ITEMS.outerjoin(season, season.c.id == _ITEMS.c.parent_id).outerjoin(show, show.c.id == _ITEMS.c.root_id))
        .where(_ITEMS.c.id.in_(items), _ITEMS.c.deleted_at.is_(None))
    )
    rows = {row.id: row for row in session.connection().execute(statement)}
    files = _files(session, items, file_id)
    rules = rules_of_group(session, group_id)
    ids = ids_of(session, {*rows, *(row.root_id for row in rows.values())})
    made = []
    for item in items:
        if item not in rows:
            raise NotFound("There is no such item.", path=("item",))
        row = rows[item]
        if item not in files:
            raise NotFound(f"{row.title} has no file.", path=("item",))
        is_episode = row.kind == ItemKind.EPISODE
        made.append(
            Media(
                kind=MEDIA_KINDS.get(row.kind, MediaKind.UNKNOWN),
                title=row.title,
                path=to_remote(files[item], rules),
                ids=_plain(ids.get(item, {})),
                year=row.year,
                show_title=row.show_title if is_episode else None,
                show_ids=_plain(ids.get(row.root_id, {})) if is_episode else {},
                season=row.season if is_episode else None,
                episode=row.position if is_episode else None,
            )
        )
    return made


def playable(session: Session, item_id: int, *, most: int) -> list[int]:
    """The items that are played for one: itself, or what is below it and has a file, in order, at most `most`."""
    row = session.connection().execute(sa.select(_ITEMS.c.id, _ITEMS.c.kind).where(_ITEMS.c.id == item_id)).first()
    if row is None:
        raise NotFound("There is no such item.", path=("item",))
    if row.kind not in CONTAINERS:
        return [item_id]
    parent = _ITEMS.alias("parent")
    has_file = sa.exists().where(_USES.c.item_id == _ITEMS.c.id, _USES.c.role == FileRole.MAIN)
    statement = (
        sa.select(_ITEMS.c.id)
        .select_from(_ITEMS.outerjoin(parent, parent.c.id == _ITEMS.c.parent_id))
        .where(
            sa.or_(_ITEMS.c.parent_id == item_id, parent.c.parent_id == item_id), _ITEMS.c.kind.in_(list(MEDIA_KINDS)),
            _ITEMS.c.deleted_at.is_(None), has_file,
        )
        # specials (season 0) are not what a series begins with
        .order_by(parent.c.position == 0, parent.c.position, _ITEMS.c.disc_number, _ITEMS.c.position, _ITEMS.c.id)
        .limit(most)
    )  # fmt: skip
    return list(session.connection().execute(statement).scalars())


def missing_since(session: Session, items: Sequence[int]) -> dict[int, datetime]:
    """Of these the ones all of whose files are gone, and since when the last of them is."""
    present = sa.func.count().filter(_FILES.c.missing_since.is_(None))
    statement = (
        sa.select(_USES.c.item_id, sa.func.max(_FILES.c.missing_since))
        .join(_FILES, _FILES.c.id == _USES.c.file_id)
        .where(_USES.c.item_id.in_(items), _USES.c.role == FileRole.MAIN)
        .group_by(_USES.c.item_id)
        .having(present == 0)
    )
    return dict(session.connection().execute(statement).tuples().all())


def _files(session: Session, items: Sequence[int], file_id: int | None) -> dict[int, str]:
    """The path of each item's file: the one named, else the usual copy's first part."""
    statement = (
        sa.select(_USES.c.item_id, _FILES.c.uri)
        .join(_FILES, _FILES.c.id == _USES.c.file_id)
        .where(_USES.c.item_id.in_(items), _USES.c.role == FileRole.MAIN)
        .order_by(
            (_USES.c.file_id == (file_id or 0)).desc(), _FILES.c.missing_since.is_(None).desc(), _USES.c.is_default.desc(),
            _USES.c.copy_number, _USES.c.part_number,
        )
    )  # fmt: skip
    found: dict[int, str] = {}
    for item, uri in session.connection().execute(statement):
        found.setdefault(item, uri)
    return found


def _plain(ids: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """One id of each catalogue: players know no spaces of names."""
    return {provider: value for (provider, _), value in sorted(ids.items(), reverse=True)}
