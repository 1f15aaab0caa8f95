"""Jellyfin's items and sessions in our terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.model import Media, Playing, Profile
from domain.players.reading import flag, ids_of, line, milliseconds, objects, place, small
from domain.providers.reading import Row, identifier, row

TICKS: Final = 10_000
"""Of 100 nanoseconds, in a millisecond."""
KINDS: Final = {
    "Movie": MediaKind.MOVIE, "Series": MediaKind.SERIES, "Episode": MediaKind.EPISODE, "Audio": MediaKind.TRACK,
    "MusicVideo": MediaKind.MUSIC_VIDEO, "TvChannel": MediaKind.CHANNEL, "LiveTvChannel": MediaKind.CHANNEL,
}  # fmt: skip
_CHOSEN: Final = {"Audio": "AudioStreamIndex", "Subtitle": "SubtitleStreamIndex"}


def media_of(item: Row) -> Media:
    """An item (BaseItemDto). The ids are its own; of an episode's series only the name comes along."""
    kind = KINDS.get(str(item.get("Type")), MediaKind.UNKNOWN)
    is_episode = kind is MediaKind.EPISODE
    return Media(
        kind,
        line(item.get("Name")) or "",
        identifier(item.get("Id")),
        place(item.get("Path")),
        ids_of(item.get("ProviderIds")),
        small(item.get("ProductionYear")) or None,
        line(item.get("SeriesName")) if is_episode else None,
        season=small(item.get("ParentIndexNumber")) if is_episode else None,
        episode=small(item.get("IndexNumber")) if is_episode else None,
    )


def playing_of(session: Row, now: datetime) -> Playing | None:
    """What plays in a session (SessionInfo); None where nothing does. The server counts its position on each second."""
    item, state, key = row(session.get("NowPlayingItem")), row(session.get("PlayState")), identifier(session.get("Id"))
    if not item or key is None:
        return None
    is_paused = flag(state.get("IsPaused"))
    user = identifier(session.get("UserId"))
    return Playing(
        PlaybackStatus.PAUSED if is_paused else PlaybackStatus.PLAYING,
        media_of(item),
        milliseconds(state.get("PositionTicks"), each=TICKS),
        now,
        key,
        milliseconds(item.get("RunTimeTicks"), each=TICKS) or None,
        0.0 if is_paused else 1.0,
        None if user is None else Profile(user, line(session.get("UserName"))),
        line(session.get("DeviceName")),
        _streams(item, state),
    )


def is_controllable(session: Row) -> bool:
    """Whether somebody else may tell its device what to play."""
    return flag(session.get("SupportsRemoteControl")) and identifier(session.get("Id")) is not None


def shows_messages(session: Row) -> bool:
    """Whether its device puts words on the screen."""
    commands = session.get("SupportedCommands")
    return is_controllable(session) and isinstance(commands, list) and "DisplayMessage" in commands


def _streams(item: Row, state: Row) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for each in objects(item.get("MediaStreams")):
        kind, index = str(each.get("Type")), small(each.get("Index"))
        if kind == "Video" and "video" not in found:
            found["video"] = _stream(each, index)
        elif kind in _CHOSEN and index is not None and index == small(state.get(_CHOSEN[kind])):
            found[kind.lower()] = _stream(each, index)
    return found


def _stream(one: Row, index: int | None) -> dict[str, Any]:
    said = {
        "index": index, "codec": line(one.get("Codec")), "language": line(one.get("Language")),
        "title": line(one.get("DisplayTitle")) or line(one.get("Title")), "channels": small(one.get("Channels")),
        "width": small(one.get("Width")), "height": small(one.get("Height")),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}
