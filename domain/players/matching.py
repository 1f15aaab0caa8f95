"""Which of our items and files is meant by what a player knows or plays, and which of our users is watching.

By external ids first, then by path, and only in the libraries that the player's group shows: what no library of the group
has is nobody's item, whatever its path looks like.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.enums import ItemKind
from domain.catalog.tables import Entity, ExternalId, MediaItem
from domain.libraries.below import in_folder
from domain.libraries.enums import FileRole
from domain.libraries.mapping import Rule, to_local
from domain.libraries.mappings import rules_of_group
from domain.libraries.spellings import unicode_forms
from domain.libraries.tables import ItemFile, MediaFile
from domain.players.enums import MediaKind
from domain.players.model import Media, Profile
from domain.players.tables import PlayerGroupLibrary, PlayerUser

ITEM_KINDS: Final[Mapping[MediaKind, ItemKind]] = {
    MediaKind.MOVIE: ItemKind.MOVIE,
    MediaKind.EPISODE: ItemKind.EPISODE,
    MediaKind.TRACK: ItemKind.TRACK,
}
_STACK: Final = "stack://"
_MOST_IDS: Final = 20
"""Of one thing; a player that tells more is not asked which of them it means."""
_ITEMS: Any = MediaItem.__table__  # type: ignore[attr-defined]
_FILES: Any = MediaFile.__table__  # type: ignore[attr-defined]
_USES: Any = ItemFile.__table__  # type: ignore[attr-defined]
_IDS: Any = ExternalId.__table__  # type: ignore[attr-defined]
_ENTITIES: Any = Entity.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Match:
    """What something is to us; everything None = nothing that the group shows."""

    item_id: int | None = None
    file_id: int | None = None
    library_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Use:
    """A file of an item."""

    item_id: int
    file_id: int
    library_id: int
    start_ms: int | None
    end_ms: int | None


NOTHING: Final = Match()


def match(session: Session, group_id: int, media: Media, *, position_ms: int = 0) -> Match:
    """Which item and file of ours is meant. `position_ms` tells which episode of a file that holds several."""
    libraries = libraries_of(session, group_id)
    if not libraries:
        return NOTHING
    uses = _by_path(session, media, rules_of_group(session, group_id), libraries)
    use = _chosen(session, uses, media, position_ms)
    named = _by_ids(session, media, libraries)
    if use is not None and (not named or use.item_id in named):
        return Match(use.item_id, use.file_id, use.library_id)
    if named:
        return _default_file(session, _preferred(session, named))
    return NOTHING


def kept(session: Session, known: Match) -> Match:
    """The same without what was deleted since."""
    if known == NOTHING:
        return NOTHING
    item = session.connection().execute(sa.select(_ITEMS.c.id).where(_ITEMS.c.id == known.item_id)).scalar()
    file = session.connection().execute(sa.select(_FILES.c.id).where(_FILES.c.id == known.file_id)).scalar()
    return Match(item, file, known.library_id)


def user_of(session: Session, player_id: int, profile: Profile | None) -> int | None:
    """Who of us a player's profile is; the one profile of a Kodi is called ''."""
    statement = sa.select(col(PlayerUser.user_id)).where(  # unguarded: whose playback it is, is asked for nobody
        col(PlayerUser.player_id) == player_id, col(PlayerUser.profile_id) == ("" if profile is None else profile.id)
    )
    key: int | None = session.connection().execute(statement).scalar()
    return key


def libraries_of(session: Session, group_id: int) -> list[int]:
    """The libraries that a group shows."""
    statement = sa.select(col(PlayerGroupLibrary.library_id)).where(  # unguarded: matching is done for nobody
        col(PlayerGroupLibrary.group_id) == group_id
    )
    return list(session.connection().execute(statement).scalars())


def first_part(path: str) -> str:
    """The first file of what a player calls one path: Kodi stacks the parts of a film (`stack://a , b`; `,,` is a comma)."""
    if not path.startswith(_STACK):
        return path
    return path.removeprefix(_STACK).split(" , ", 1)[0].replace(",,", ",")


def _by_ids(session: Session, media: Media, libraries: Sequence[int]) -> list[int]:
    """Items by catalogue ids, those that most of the ids name; of an episode by its own, else by its show's and its number."""
    kind = ITEM_KINDS.get(media.kind)
    if kind is None:
        return []
    found = _named(session, media.ids, (kind,), libraries)
    if found or kind is not ItemKind.EPISODE or media.season is None or media.episode is None:
        return found
    shows = _named(session, media.show_ids, (ItemKind.SERIES,), libraries)
    if not shows:
        return []
    season = _ITEMS.alias("season")
    statement = (
        sa.select(_ITEMS.c.id)
        .join(season, season.c.id == _ITEMS.c.parent_id)
        .where(
            _ITEMS.c.root_id.in_(shows), _ITEMS.c.kind == ItemKind.EPISODE, _ITEMS.c.position == media.episode,
            season.c.kind == ItemKind.SEASON, season.c.position == media.season, _ITEMS.c.deleted_at.is_(None),
        )
        .order_by(_ITEMS.c.id)
    )  # fmt: skip
    return list(session.connection().execute(statement).scalars())


def _named(session: Session, ids: Mapping[str, str], kinds: Sequence[ItemKind], libraries: Sequence[int]) -> list[int]:
    wanted = list(ids.items())[:_MOST_IDS]
    if not wanted:
        return []
    kept = sa.func.coalesce(_ENTITIES.c.merged_into_id, _ENTITIES.c.id)  # a merged item's ids name the one that was kept
    statement = (
        sa.select(_ITEMS.c.id, _IDS.c.provider)
        .select_from(_IDS.join(_ENTITIES, _ENTITIES.c.id == _IDS.c.entity_id).join(_ITEMS, _ITEMS.c.id == kept))
        .where(
            sa.tuple_(_IDS.c.provider, _IDS.c.external_id).in_(wanted), _ITEMS.c.kind.in_(kinds),
            _ITEMS.c.library_id.in_(libraries), _ITEMS.c.deleted_at.is_(None),
        )
    )  # fmt: skip
    votes = Counter(item for item, _ in set(session.connection().execute(statement).tuples()))
    most = max(votes.values(), default=0)
    return sorted(item for item, count in votes.items() if count == most)


def _by_path(session: Session, media: Media, rules: Sequence[Rule], libraries: Sequence[int]) -> list[_Use]:
    if not media.path:
        return []
    local = to_local(first_part(media.path), rules)
    statement = (
        sa.select(_USES.c.item_id, _FILES.c.id, _FILES.c.library_id, _USES.c.start_ms, _USES.c.end_ms)
        .select_from(_FILES.join(_USES, _USES.c.file_id == _FILES.c.id).join(_ITEMS, _ITEMS.c.id == _USES.c.item_id))
        .where(
            _FILES.c.uri.in_(unicode_forms(local)), _FILES.c.library_id.in_(libraries), _USES.c.role == FileRole.MAIN,
            _ITEMS.c.deleted_at.is_(None),
        )
        .order_by(_USES.c.start_ms, _USES.c.item_id)
    )  # fmt: skip
    return [_Use(*row) for row in session.connection().execute(statement)]


def _chosen(session: Session, uses: Sequence[_Use], media: Media, position_ms: int) -> _Use | None:
    """Of several episodes in one file the one that the player names, else the one at the position, else the first."""
    if len(uses) < 2:
        return uses[0] if uses else None
    if media.episode is not None:
        statement = sa.select(_ITEMS.c.id).where(
            _ITEMS.c.id.in_([use.item_id for use in uses]), _ITEMS.c.position == media.episode
        )
        named = set(session.connection().execute(statement).scalars())
        if len(named) == 1:
            return next(use for use in uses if use.item_id in named)
    inside = (use for use in uses if use.start_ms is not None and use.end_ms is not None)
    return next((use for use in inside if use.start_ms <= position_ms < use.end_ms), uses[0])  # type: ignore[operator]


def _preferred(session: Session, items: Sequence[int]) -> int:
    """One of several that ids name equally (editions): the preferred one that has a file."""
    if len(items) == 1:
        return items[0]
    has_file = sa.exists().where(_USES.c.item_id == _ITEMS.c.id, _USES.c.role == FileRole.MAIN)
    order = (has_file.desc(), _ITEMS.c.is_preferred.desc(), _ITEMS.c.id)
    statement = sa.select(_ITEMS.c.id).where(_ITEMS.c.id.in_(items)).order_by(*order).limit(1)
    key: int = session.connection().execute(statement).scalar_one()
    return key


def _default_file(session: Session, item: int) -> Match:
    statement = (
        sa.select(_ITEMS.c.library_id, _USES.c.file_id)
        .select_from(_ITEMS.outerjoin(_USES, sa.and_(_USES.c.item_id == _ITEMS.c.id, _USES.c.role == FileRole.MAIN)))
        .where(_ITEMS.c.id == item)
        .order_by(_USES.c.is_default.desc(), _USES.c.copy_number, _USES.c.part_number)
        .limit(1)
    )
    row = session.connection().execute(statement).one()
    return Match(item, row.file_id, row.library_id)


def files_of(session: Session, items: Sequence[int]) -> list[int]:
    """The main files of items."""
    statement = sa.select(_USES.c.file_id).where(_USES.c.item_id.in_(items), _USES.c.role == FileRole.MAIN)
    return list(session.connection().execute(statement).scalars()) if items else []


def files_below(folder: str) -> sa.Select[tuple[int]]:
    """The files below a folder of ours, as a statement."""
    return sa.select(_FILES.c.id).where(in_folder(folder))
