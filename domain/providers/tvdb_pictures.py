"""TVDB's pictures: numbers of types as ours, the most liked of each type first."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from domain.catalog.enums import EntityKind
from domain.providers.model import Picture
from domain.providers.reading import Row, identifier, positive, real, rows, text
from domain.providers.tvdb_words import ARTWORK, spoken

_AT: Final = "artworks.thetvdb.com"
_WORDED: Final = {"fanart": "landscape"}
"""A background with words on it is what Kodi calls landscape."""
_WORDLESS: Final = {"poster": "keyart"}
_MAIN: Final = {
    EntityKind.MOVIE: "poster", EntityKind.SERIES: "poster", EntityKind.SEASON: "poster", EntityKind.EPISODE: "thumb",
    EntityKind.PERSON: "actor_thumb", EntityKind.COLLECTION: "poster",
}  # fmt: skip


def address(value: Any) -> str | None:
    """Where a picture is; None for other servers, and for the bare folder that stands for "none"."""
    known = text(value)
    if known is None:
        return None
    try:
        parts = urlsplit(f"https://{_AT}{known}" if known.startswith("/") else known)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc != _AT or ".." in parts.path or parts.path.endswith("/"):
        return None
    return f"https://{_AT}{quote(parts.path, safe='/%')}"


def pictures(kind: EntityKind, one: Row, seasons: Mapping[str, int]) -> tuple[Picture, ...]:
    """Of one answer. `seasons` are the numbers of a series' seasons by their ids: others' pictures are left out."""
    offered = [*rows(one.get("artworks")), *rows(one.get("artwork"))]
    found: dict[str, Picture] = {}
    for each in sorted(offered, key=lambda each: -(real(each.get("score")) or 0)):
        picture = _picture(each, seasons)
        if picture is not None:
            found.setdefault(picture.url, picture)
    main = address(one.get("image"))
    if main is not None and main not in found:
        found[main] = Picture(_MAIN[kind], main, main.rpartition("/")[2][:100])
    return tuple(found.values())


def _picture(each: Row, seasons: Mapping[str, int]) -> Picture | None:
    number = positive(each.get("type"))
    url, key, asset_type = address(each.get("image")), identifier(each.get("id")), ARTWORK.get(number or 0)
    if url is None or key is None or asset_type is None:
        return None
    season = identifier(each.get("seasonId"))
    if season is not None and season not in seasons:
        return None  # of a season in another order
    said = spoken(each.get("language"))
    is_worded = each.get("includesText") if isinstance(each.get("includesText"), bool) else said is not None
    asset_type = (_WORDED if is_worded else _WORDLESS).get(asset_type, asset_type)
    return Picture(
        asset_type, url, key, positive(each.get("width")), positive(each.get("height")), None if said is None else said[0],
        season_number=None if season is None else seasons[season],
    )  # fmt: skip
