"""What plays on a Kodi, asked."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from domain.kit import clock
from domain.kit.errors import Conflict
from domain.players.enums import MediaKind
from domain.players.kodi.reading import integer, media_of, playing_of
from domain.players.kodi.wire import Refused, mapping
from domain.players.model import Media, Playing

Call = Callable[..., Any]
"""`Http.call` or `Talk.call`."""
_ITEM: Final = ("title", "showtitle", "season", "episode", "year", "file", "uniqueid", "tvshowid")
_PROPERTIES: Final = (
    "time", "totaltime", "speed", "currentaudiostream", "currentsubtitle", "subtitleenabled", "currentvideostream"
)  # fmt: skip
_OLD_PROPERTIES: Final = ("time", "totaltime", "speed", "currentaudiostream", "currentsubtitle", "subtitleenabled")
_ORDER: Final = {"video": 0, "audio": 1}


def active(call: Call) -> int | None:
    """The number of the player that plays: of videos before music; pictures do not play."""
    found = call("Player.GetActivePlayers")
    players = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    players = [row for row in players if row.get("type") in _ORDER and integer(row.get("playerid")) is not None]
    return min(players, key=lambda row: _ORDER[row["type"]])["playerid"] if players else None


def current(call: Call) -> Playing | None:
    """What plays now; None if nothing does."""
    player = active(call)
    if player is None:
        return None
    try:
        properties = properties_of(call, player)
        item = item_of(call, player)
    except (Conflict, Refused):  # it ended between two questions
        return None
    return playing_of(item, properties, observed_at=clock.now())


def properties_of(call: Call, player: int) -> Mapping[str, Any]:
    """Position, speed and streams of a player. Raises Conflict or Refused when it has ended."""
    try:
        return mapping(call("Player.GetProperties", {"playerid": player, "properties": _PROPERTIES}), "what plays")
    except Refused as error:
        if error.parameter == "playerid":
            raise
    return mapping(call("Player.GetProperties", {"playerid": player, "properties": _OLD_PROPERTIES}), "what plays")


def item_of(call: Call, player: int) -> Media:
    """What a player plays, with the ids of its series."""
    row = mapping(
        mapping(call("Player.GetItem", {"playerid": player, "properties": _ITEM}), "what plays").get("item"), "what plays"
    )
    media = media_of(row)
    return with_series(call, media, integer(row.get("tvshowid")))


def with_series(call: Call, media: Media, series: int | None) -> Media:
    """An episode with the ids of its series, which has to be asked for."""
    if media.kind is not MediaKind.EPISODE or series is None or series < 1:
        return media
    try:
        answer = mapping(
            call("VideoLibrary.GetTVShowDetails", {"tvshowid": series, "properties": ["title", "uniqueid"]}), "a series"
        )
    except Refused:
        return media
    show = media_of(mapping(answer.get("tvshowdetails"), "a series"), "tvshow")
    return replace(media, show_ids=show.ids, show_title=media.show_title or show.title)
