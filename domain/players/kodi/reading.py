"""Kodi's items, times and streams in our terms, each field read as a stranger's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.model import Media, Playing

_KINDS: Final = {
    "movie": MediaKind.MOVIE, "tvshow": MediaKind.SERIES, "episode": MediaKind.EPISODE, "song": MediaKind.TRACK,
    "musicvideo": MediaKind.MUSIC_VIDEO, "channel": MediaKind.CHANNEL,
}  # fmt: skip
_KEYS: Final = {"movie": "movieid", "tvshow": "tvshowid", "episode": "episodeid", "song": "songid", "musicvideo": "musicvideoid"}
_STACK: Final = "stack://"
_MULTIPATH: Final = "multipath://"
_NOT_IDS: Final = frozenset({"", "unknown"})


def media_of(row: Mapping[str, Any], type_: str | None = None) -> Media:
    """An item as GetItem (with `type` and `id`), a list (its `type_` given, its id by its name) or OnPlay has it."""
    named = type_ or text(row.get("type")) or "unknown"
    key = integer(row.get(_KEYS.get(named, "id")))
    key = key if key is not None else integer(row.get("id"))
    kind = _KINDS.get(named, MediaKind.UNKNOWN)
    file = text(row.get("file"))
    title = text(row.get("title")) or text(row.get("label")) or (file or "").rstrip("/").rpartition("/")[2]
    is_episode = kind is MediaKind.EPISODE
    return Media(
        kind,
        title,
        key=str(key) if key is not None and key > 0 else None,
        path=parts(file)[0] if file else None,
        ids=ids_of(row.get("uniqueid")),
        year=integer(row.get("year")) or None,
        show_title=text(row.get("showtitle")) if is_episode else None,
        season=_counted(row.get("season")) if is_episode else None,
        episode=_counted(row.get("episode")) if is_episode else None,
    )


def ids_of(value: Any) -> dict[str, str]:
    """The ids of catalogues."""
    if not isinstance(value, dict):
        return {}
    found = {str(name).casefold(): text(one) for name, one in value.items()}
    return {name: one for name, one in found.items() if one and name not in _NOT_IDS}


def parts(file: str) -> list[str]:
    """The files that a path names: several for a film in parts (`stack://a , b`, with commas doubled inside)."""
    if not file.startswith(_STACK):
        return [file]
    return [one.replace(",,", ",") for one in file.removeprefix(_STACK).split(" , ")]


def folders(path: str) -> list[str]:
    """The folders that a source names: several for one made of several (`multipath://%2fa%2f/%2fb%2f/`)."""
    if not path.startswith(_MULTIPATH):
        return [path]
    return [unquote(one) for one in path.removeprefix(_MULTIPATH).split("/") if one]


def milliseconds(value: Any) -> int | None:
    """`Global.Time`; None for what is none or negative."""
    if not isinstance(value, dict):
        return None
    units = (("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1_000), ("milliseconds", 1))
    total = sum((integer(value.get(name)) or 0) * unit for name, unit in units)
    return total if total >= 0 else None


def time_of(position_ms: int) -> dict[str, int]:
    """`Global.Time`."""
    rest, thousandths = divmod(max(0, position_ms), 1_000)
    rest, seconds = divmod(rest, 60)
    hours, minutes = divmod(rest, 60)
    return {"hours": hours, "minutes": minutes, "seconds": seconds, "milliseconds": thousandths}


def playing_of(item: Media | None, properties: Mapping[str, Any], *, observed_at: datetime) -> Playing:
    """What plays, from `Player.GetItem` and `Player.GetProperties`."""
    speed = number(properties.get("speed"))
    total = milliseconds(properties.get("totaltime"))
    return Playing(
        PlaybackStatus.PAUSED if speed == 0 else PlaybackStatus.PLAYING,
        item,
        milliseconds(properties.get("time")) or 0,
        observed_at,
        total_ms=total or None,
        speed=1.0 if speed is None else speed,
        streams=streams_of(properties),
    )


def streams_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The chosen streams; no `subtitle` where none is shown."""
    found = {
        "video": _stream(properties.get("currentvideostream"), ("width", "height")),
        "audio": _stream(properties.get("currentaudiostream"), ("channels",)),
        "subtitle": _stream(properties.get("currentsubtitle"), ()) if properties.get("subtitleenabled") is True else None,
    }
    return {name: one for name, one in found.items() if one is not None}


def _stream(value: Any, sizes: Sequence[str]) -> dict[str, Any] | None:
    if not isinstance(value, dict) or not value:
        return None
    found: dict[str, Any] = {name: integer(value.get(name)) for name in ("index", *sizes)}
    found |= {"language": text(value.get("language")), "codec": text(value.get("codec")), "title": text(value.get("name"))}
    return {name: one for name, one in found.items() if one is not None}


def text(value: Any) -> str | None:
    """A text that says something."""
    return value if isinstance(value, str) and value else None


def integer(value: Any) -> int | None:
    """A whole number, also one written with a point."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def number(value: Any) -> float | None:
    """A number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _counted(value: Any) -> int | None:
    found = integer(value)
    return found if found is not None and found >= 0 else None
