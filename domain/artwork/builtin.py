"""The rules of every type of artwork: data, added where missing, never overwritten."""

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlmodel import select

from domain.artwork.enums import CachedKind
from domain.artwork.tables import AssetType
from domain.catalog.fields import ARTWORK
from domain.kit.database import UnitOfWork, serialize


@dataclass(frozen=True, slots=True)
class Rule:
    """One type: width : height with its tolerance in percent, smallest pixels, default and largest number shown."""

    name: str
    ratio: tuple[int, int, int] | None
    smallest: tuple[int, int] | None
    limits: tuple[int, int]
    names: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("jpg", "png", "webp")
    media: CachedKind = CachedKind.IMAGE


_PNG: Final = ("png", "webp")
_VIDEO: Final = ("mp4", "mkv", "mov", "webm", "m4v", "avi", "wmv")
_AUDIO: Final = ("mp3", "flac", "m4a", "ogg", "opus", "wav", "wma", "aac")
_SUBTITLE: Final = ("srt", "ass", "ssa", "sub", "idx", "vtt", "smi", "sup")

# Shapes, sizes and limits are Metarr's (its behaviour, 1.7 and 3.9); the names are what Kodi and others look for.
RULES: Final = (
    Rule("poster", (2, 3, 10), (500, 750), (3, 10), ("poster", "folder", "cover", "movie")),
    Rule("fanart", (16, 9, 5), (1280, 720), (4, 10), ("fanart", "backdrop", "background")),
    Rule("banner", (758, 140, 15), (500, 92), (1, 3), ("banner",)),
    Rule("clearlogo", (800, 310, 30), (400, 155), (1, 3), ("clearlogo", "logo"), _PNG),
    Rule("clearart", (1000, 562, 50), (400, 200), (1, 3), ("clearart",), _PNG),
    Rule("discart", (1, 1, 5), (500, 500), (1, 5), ("discart", "disc", "cdart"), _PNG),
    Rule("landscape", (16, 9, 10), (800, 450), (1, 3), ("landscape",)),
    Rule("keyart", (2, 3, 10), (500, 750), (1, 3), ("keyart",)),
    Rule("thumb", None, (400, 225), (1, 10), ("thumb", "folder", "artist")),
    Rule("characterart", None, (400, 400), (1, 3), ("characterart",), _PNG),
    Rule("cover", (1, 1, 10), (500, 500), (1, 3), ("cover", "folder", "front", "albumart")),
    Rule("logo", None, (100, 50), (1, 3), ("logo",), _PNG),
    Rule("actor_thumb", (2, 3, 35), (185, 185), (1, 1)),
    Rule("trailer", None, None, (1, 1), ("trailer",), _VIDEO, CachedKind.VIDEO),
    Rule("theme", None, None, (1, 1), ("theme",), _AUDIO, CachedKind.AUDIO),
    Rule("subtitle", None, None, (20, 100), (), _SUBTITLE, CachedKind.TEXT),
    Rule("nfo", None, None, (1, 5), ("movie", "tvshow", "season", "artist", "album"), ("nfo",), CachedKind.TEXT),
    Rule("unknown", None, None, (0, 100)),
)
_FILES: Final[dict[str, tuple[str, ...]]] = {
    "trailer": ("movie", "series", "season", "episode", "custom"),
    "theme": ("movie", "series", "season"),
    "subtitle": ("movie", "episode", "custom"),
    "nfo": ("movie", "series", "season", "episode", "artist", "album", "track", "custom"),
    "unknown": (),
}


def install_builtins(uow: UnitOfWork) -> None:
    """Add the types that are missing. A person's edits of those that are there stay."""
    serialize(uow.session, "builtins")
    present = set(uow.session.exec(select(AssetType.name)))
    rows = [_row(rule) for rule in RULES if rule.name not in present]
    if rows:
        uow.session.connection().execute(sa.insert(AssetType), rows)


def _row(rule: Rule) -> dict[str, object]:
    kinds = sorted(kind.value for kind in ARTWORK[rule.name]) if rule.name in ARTWORK else list(_FILES[rule.name])
    width, height, tolerance = rule.ratio or (None, None, None)
    return {
        "name": rule.name,
        "media": rule.media,
        "kinds": kinds,
        "ratio_width": width,
        "ratio_height": height,
        "ratio_tolerance_percent": tolerance,
        "min_width": rule.smallest[0] if rule.smallest else None,
        "min_height": rule.smallest[1] if rule.smallest else None,
        "formats": list(rule.formats),
        "default_limit": rule.limits[0],
        "max_limit": rule.limits[1],
        "file_suffix": f"-{rule.name}" if rule.name not in ("subtitle", "nfo", "unknown") else None,
        "file_names": list(rule.names),
    }
