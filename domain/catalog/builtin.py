"""The media types, certificates and countries that every installation knows: data, added where missing, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import select

from domain.catalog.certificates import SYSTEMS
from domain.catalog.countries import COUNTRIES
from domain.catalog.enums import ItemKind
from domain.catalog.tables import Country, MediaLevel, MediaType, RatingSystem
from domain.kit.database import UnitOfWork, serialize

BROADCAST_KINDS: Final = (
    ItemKind.INTERSTITIAL, ItemKind.INTRO, ItemKind.OUTRO, ItemKind.PROMO, ItemKind.BUMPER, ItemKind.STATION_ID,
    ItemKind.CLIP, ItemKind.AD, ItemKind.UNKNOWN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BuiltinLevel:
    """A kind at a level, with its words."""

    level: int
    kind: ItemKind
    name: str
    plural: str
    is_leaf: bool = False


@dataclass(frozen=True, slots=True)
class BuiltinType:
    """A media type of ours. `finish_threshold` is the share (0 to 1) after which a thing counts as finished."""

    name: str
    display_name: str
    icon: str
    color: str
    interaction_verb: str
    session_noun: str
    progress_unit: str
    levels: tuple[BuiltinLevel, ...]
    finish_threshold: float | None = 0.8
    is_trackable: bool = True


_SERIES: Final = (
    BuiltinLevel(0, ItemKind.SERIES, "series", "series"),
    BuiltinLevel(1, ItemKind.SEASON, "season", "seasons"),
    BuiltinLevel(2, ItemKind.EPISODE, "episode", "episodes", is_leaf=True),
)
_FILM: Final = BuiltinLevel(0, ItemKind.MOVIE, "movie", "movies", is_leaf=True)

TYPES: Final[tuple[BuiltinType, ...]] = (
    BuiltinType("movie", "Movies", "film", "#e50914", "watch", "watch", "movie", (_FILM,)),
    BuiltinType("tv", "TV shows", "tv", "#1f77b4", "watch", "watch", "episode", _SERIES),
    BuiltinType("anime", "Anime", "sparkles", "#ff7f50", "watch", "watch", "episode", (*_SERIES, _FILM)),
    BuiltinType(
        "music", "Music", "music", "#1db954", "listen", "scrobble", "track",
        (
            BuiltinLevel(0, ItemKind.ARTIST, "artist", "artists"),
            BuiltinLevel(1, ItemKind.ALBUM, "album", "albums"),
            BuiltinLevel(2, ItemKind.TRACK, "track", "tracks", is_leaf=True),
        ),
        finish_threshold=0.5,
    ),
    BuiltinType(
        "book", "Books", "book", "#8c564b", "read", "reading session", "page",
        (BuiltinLevel(0, ItemKind.CUSTOM, "book", "books", is_leaf=True),), finish_threshold=None,
    ),
    BuiltinType(
        "podcast", "Podcasts", "mic", "#9467bd", "listen", "listen", "episode",
        (
            BuiltinLevel(0, ItemKind.SERIES, "podcast", "podcasts"),
            BuiltinLevel(1, ItemKind.EPISODE, "episode", "episodes", is_leaf=True),
        ),
    ),
    BuiltinType(
        "broadcast", "Broadcast", "radio-tower", "#7f7f7f", "watch", "airing", "play",
        tuple(
            BuiltinLevel(0, kind, kind.value.replace("_", " "), f"{kind.value.replace('_', ' ')}s", is_leaf=True)
            for kind in BROADCAST_KINDS
        ),
        finish_threshold=None, is_trackable=False,
    ),
)  # fmt: skip


def install_builtins(uow: UnitOfWork) -> None:
    """Add the types, levels, certificates and countries that are missing. A person's edits of those that are there stay."""
    serialize(uow.session, "builtins")
    _install_types(uow)
    _install_systems(uow)
    codes = set(uow.session.exec(select(Country.code)))  # unguarded: every installation holds all of them
    _insert(uow, Country, [{"code": code, "name": name} for code, name in COUNTRIES.items() if code not in codes])


def _install_types(uow: UnitOfWork) -> None:
    present = set(uow.session.exec(select(MediaType.name)))
    for kind in TYPES:
        if kind.name in present:
            continue
        row = MediaType(
            name=kind.name,
            display_name=kind.display_name,
            icon=kind.icon,
            color=kind.color,
            interaction_verb=kind.interaction_verb,
            session_noun=kind.session_noun,
            progress_unit=kind.progress_unit,
            finish_threshold=kind.finish_threshold,
            is_trackable=kind.is_trackable,
            is_system=True,
        )
        uow.session.add(row)
        uow.session.flush()
        _insert(uow, MediaLevel, [_level(row.id, level) for level in kind.levels])


def _level(media_type_id: int, level: BuiltinLevel) -> dict[str, Any]:
    return {
        "media_type_id": media_type_id,
        "level": level.level,
        "kind": level.kind,
        "name": level.name,
        "plural": level.plural,
        "is_leaf": level.is_leaf,
    }


def _install_systems(uow: UnitOfWork) -> None:
    present = set(uow.session.exec(select(RatingSystem.system, RatingSystem.code)))
    rows = [
        {"system": system.name, "country": system.country, "code": code, "rank": rank, "min_age": age}
        for system in SYSTEMS
        for rank, (code, age) in enumerate(system.codes)
        if (system.name, code) not in present
    ]
    _insert(uow, RatingSystem, rows)


def _insert(uow: UnitOfWork, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        uow.session.connection().execute(sa.insert(model), rows)
