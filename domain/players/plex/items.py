"""Plex's items, ids and sessions in our terms."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from domain.players.enums import MediaKind, PlaybackStatus
from domain.players.looking import Entry
from domain.players.model import Media, Playing, Profile
from domain.players.reading import flag, line, milliseconds, number, objects, place, small
from domain.providers.reading import Row, identifier, row

KINDS: Final = {
    "movie": MediaKind.MOVIE, "show": MediaKind.SERIES, "episode": MediaKind.EPISODE, "track": MediaKind.TRACK,
}  # fmt: skip
STATES: Final = {
    "playing": PlaybackStatus.PLAYING, "paused": PlaybackStatus.PAUSED, "buffering": PlaybackStatus.BUFFERING,
    "stopped": PlaybackStatus.STOPPED,
}  # fmt: skip
_AGENTS: Final = {"imdb": "imdb", "themoviedb": "tmdb", "thetvdb": "tvdb"}
_STREAMS: Final = {1: "video", 2: "audio", 3: "subtitle"}


def media_of(item: Row) -> Media:
    """An item. Under legacy agents the id of an episode is its show's."""
    kind = KINDS.get(str(item.get("type")), MediaKind.UNKNOWN)
    is_episode = kind is MediaKind.EPISODE
    old = legacy_ids(item.get("guid"))
    ids = {**({} if is_episode else old), **_guids(item.get("Guid"))}
    show_ids = {**old, **legacy_ids(item.get("grandparentGuid"))} if is_episode else {}
    return Media(
        kind,
        line(item.get("title")) or "",
        identifier(item.get("ratingKey")),
        next(iter(files_of(item)), None),
        ids,
        small(item.get("year")) or None,
        line(item.get("grandparentTitle")) if is_episode else None,
        show_ids,
        small(item.get("parentIndex")) if is_episode else None,
        small(item.get("index")) if is_episode else None,
    )


def entry_of(item: Row) -> Entry:
    """An item with all its files."""
    return Entry(media_of(item), files_of(item))


def files_of(item: Row) -> list[str]:
    """Every file of it, as the server names them."""
    parts = (part for media in objects(item.get("Media")) for part in objects(media.get("Part")))
    return [path for part in parts if (path := place(part.get("file"))) is not None]


def legacy_ids(guid: Any) -> dict[str, str]:
    """Of `com.plexapp.agents.imdb://tt9900101?lang=en` and its like; nothing of the new agents' own."""
    if not isinstance(guid, str):
        return {}
    match = re.match(r"com\.plexapp\.agents\.([a-z]{1,20})://([A-Za-z0-9-]{1,40})(?=[/?]|$)", guid)
    if match is None:
        return {}
    agent, said = match.groups()
    if agent == "hama":
        inner = re.fullmatch(r"(anidb|tvdb)[0-9]?-([0-9]{1,12})", said)
        return {} if inner is None else {inner[1]: inner[2]}
    if agent.startswith("xbmcnfo"):  # the id that stood in the NFO; of a film mostly IMDb's
        return {"imdb": said} if re.fullmatch(r"tt[0-9]{5,12}", said) else {}
    return {_AGENTS[agent]: said} if agent in _AGENTS else {}


def playing_of(item: Row, now: datetime) -> Playing | None:
    """What a session (an entry of /status/sessions) plays."""
    session, player, user = identifier(item.get("sessionKey")), row(item.get("Player")), row(item.get("User"))
    status = STATES.get(str(player.get("state")), PlaybackStatus.PLAYING)
    if session is None or status is PlaybackStatus.STOPPED:
        return None
    user_id = identifier(user.get("id"))
    return Playing(
        status,
        media_of(item),
        milliseconds(item.get("viewOffset")),
        now,
        session,
        milliseconds(item.get("duration")) or None,
        speed_of(status),
        None if user_id is None else Profile(user_id, line(user.get("title"))),
        line(player.get("title")),
        _streams(item),
    )


def speed_of(status: PlaybackStatus) -> float:
    """How fast the position runs on."""
    return 1.0 if status is PlaybackStatus.PLAYING else 0.0


def _guids(value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in objects(value):
        name, _, said = str(each.get("id")).partition("://")
        if re.fullmatch(r"[a-z]{1,20}", name) and (key := identifier(said)) is not None and len(found) < 20:
            found[name] = key
    return found


def _streams(item: Row) -> Mapping[str, Any]:
    """The chosen ones: of the part that is played, where several are listed."""
    media = _chosen(item.get("Media"))
    found: dict[str, Any] = {}
    for each in objects(_chosen(media.get("Part")).get("Stream")):
        kind = _STREAMS.get(number(each.get("streamType")) or 0)
        if kind is not None and kind not in found and (flag(each.get("selected")) or kind == "video"):
            said = {
                "index": small(each.get("index")), "codec": line(each.get("codec")),
                "language": line(each.get("languageCode")) or line(each.get("languageTag")),
                "title": line(each.get("displayTitle")) or line(each.get("title")), "channels": small(each.get("channels")),
                "width": small(each.get("width")), "height": small(each.get("height")),
            }  # fmt: skip
            found[kind] = {name: value for name, value in said.items() if value is not None}
    return found


def _chosen(value: Any) -> Row:
    several = list(objects(value))
    return next((each for each in several if flag(each.get("selected"))), several[0] if several else {})
