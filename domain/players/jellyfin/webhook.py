"""Webhooks of Jellyfin: the official plugin with "Send all properties", and the unofficial "Webhooks" with its nested items.

Neither says its type truthfully (the official one sends JSON as text/plain): the content decides.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from domain.kit import clock
from domain.kit.errors import Unexpected
from domain.kit.http import json_of
from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.following import ran_out
from domain.players.jellyfin.items import KINDS, TICKS, media_of
from domain.players.model import Media, Playing, Profile
from domain.players.reading import flag, ids_of, line, milliseconds, small
from domain.players.webhooks import Happening, LibraryEvent, Told
from domain.providers.reading import Row, identifier, row

_PLAYBACK: Final = {
    "PlaybackStart": PlaybackStatus.PLAYING, "PlaybackProgress": PlaybackStatus.PLAYING, "PlaybackStop": PlaybackStatus.STOPPED,
}  # fmt: skip
_LIBRARY: Final = {"ItemAdded": Happening.ADDED, "ItemDeleted": Happening.REMOVED}
_OTHER_PLAYBACK: Final = {
    "Play": PlaybackStatus.PLAYING, "Resume": PlaybackStatus.PLAYING, "Progress": PlaybackStatus.PLAYING,
    "Scrobble": PlaybackStatus.PLAYING, "Pause": PlaybackStatus.PAUSED, "Stop": PlaybackStatus.STOPPED,
}  # fmt: skip
_OTHER_LIBRARY: Final = {
    "ItemAdded": Happening.ADDED, "ItemRemoved": Happening.REMOVED, "ItemUpdated": Happening.CHANGED,
}  # fmt: skip
_PROVIDER: Final = "Provider_"


def told(body: bytes) -> Told:
    """What a body says. Raises Unexpected for what is no webhook of Jellyfin."""
    said = json_of(body, host="The webhook")
    if not isinstance(said, dict):
        raise Unexpected("The webhook is no object.")
    if isinstance(said.get("NotificationType"), str):
        return _official({name: _unescaped(value) for name, value in said.items()}, clock.now())
    if isinstance(said.get("Event"), str):
        return _other(said, clock.now())
    raise Unexpected('The webhook has neither NotificationType nor Event: choose "Send all properties" in the plugin.')


def _unescaped(value: Any) -> Any:
    """The plugin escapes quotes for its templates, also where it uses none."""
    return value.replace('\\"', '"') if isinstance(value, str) else value


def _official(said: Row, now: datetime) -> Told:
    kind, server = str(said["NotificationType"])[:100], identifier(said.get("ServerId"))
    status, happening = _PLAYBACK.get(kind), _LIBRARY.get(kind)
    if happening is not None:
        return Told(kind, server, LibraryEvent(happening, _flat(said)))
    if status is None:
        return Told(kind, server)
    if status is PlaybackStatus.PLAYING and flag(said.get("IsPaused")):
        status = PlaybackStatus.PAUSED
    user = identifier(said.get("UserId"))
    playing = Playing(
        status,
        _flat(said),
        milliseconds(said.get("PlaybackPositionTicks"), each=TICKS),
        now,
        identifier(said.get("Id")) or identifier(said.get("DeviceId")) or "",
        milliseconds(said.get("RunTimeTicks"), each=TICKS) or None,
        1.0 if status is PlaybackStatus.PLAYING else 0.0,
        None if user is None else Profile(user, line(said.get("NotificationUsername"))),
        line(said.get("DeviceName")),
        is_finished=status is PlaybackStatus.STOPPED and flag(said.get("PlayedToCompletion")),
    )
    return Told(kind, server, playing)


def _flat(said: Row) -> Media:
    """An item whose properties stand beside those of the event. The year of an episode is its series'."""
    kind = KINDS.get(str(said.get("ItemType")), MediaKind.UNKNOWN)
    is_episode = kind is MediaKind.EPISODE
    ids = {name.removeprefix(_PROVIDER): value for name, value in said.items() if name.startswith(_PROVIDER)}
    return Media(
        kind,
        line(said.get("Name")) or "",
        identifier(said.get("ItemId")),
        None,
        ids_of(ids),
        None if is_episode else small(said.get("Year")) or None,
        line(said.get("SeriesName")) if is_episode else None,
        season=small(said.get("SeasonNumber")) if is_episode else None,
        episode=small(said.get("EpisodeNumber")) if is_episode else None,
    )


def _other(said: Row, now: datetime) -> Told:
    kind, server = str(said["Event"])[:100], identifier(row(said.get("Server")).get("Id"))
    item, session, user = row(said.get("Item")), row(said.get("Session")), row(said.get("User"))
    media = media_of(item)
    if media.kind is MediaKind.EPISODE:
        media = replace(media, show_ids=_series(said))
    status, happening = _OTHER_PLAYBACK.get(kind), _OTHER_LIBRARY.get(kind)
    if happening is not None:
        return Told(kind, server, LibraryEvent(happening, media))
    if status is None:
        return Told(kind, server)
    state = row(session.get("PlayState"))
    if status is PlaybackStatus.PLAYING and flag(state.get("IsPaused")):
        status = PlaybackStatus.PAUSED
    position = milliseconds(state.get("PositionTicks"), each=TICKS)
    total = milliseconds(item.get("RunTimeTicks"), each=TICKS) or None
    user_id = identifier(user.get("Id"))
    playing = Playing(
        status,
        media,
        position,
        now,
        identifier(session.get("Id")) or identifier(session.get("DeviceId")) or "",
        total,
        1.0 if status is PlaybackStatus.PLAYING else 0.0,
        None if user_id is None else Profile(user_id, line(user.get("Name"))),
        line(session.get("DeviceName")),
        is_finished=status is PlaybackStatus.STOPPED and ran_out(position, total),
    )
    return Told(kind, server, playing)


def _series(said: Row) -> Mapping[str, str]:
    return ids_of(row(said.get("Series")).get("ProviderIds"))
