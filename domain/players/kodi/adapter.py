"""A Kodi as the rest of the house sees it."""

import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final

from domain.kit.errors import Conflict
from domain.kit.http import Lan, Limits, Target
from domain.players.enums import MediaKind, PlayerType
from domain.players.kodi import finding, playback, scanning, watching
from domain.players.kodi.line import Line
from domain.players.kodi.reading import folders, text, time_of
from domain.players.kodi.wire import Http, Refused, mapping, rows
from domain.players.model import Ability, Credentials, Health, Media, Playing, Profile, Section, Told
from domain.players.tables import Player

WEBSOCKET_PORT: Final = 9090
_PROBE: Final = Limits(total_s=5.0, connect_s=3.0, read_s=5.0)
_SHORTEST_MS: Final = 1_500
"""No shorter message is accepted."""
_REFRESH: Final = {
    MediaKind.MOVIE: ("VideoLibrary.RefreshMovie", "movieid"),
    MediaKind.SERIES: ("VideoLibrary.RefreshTVShow", "tvshowid"),
    MediaKind.EPISODE: ("VideoLibrary.RefreshEpisode", "episodeid"),
    MediaKind.MUSIC_VIDEO: ("VideoLibrary.RefreshMusicVideo", "musicvideoid"),
}
_REMOVE: Final = {
    MediaKind.MOVIE: ("VideoLibrary.RemoveMovie", "movieid"),
    MediaKind.SERIES: ("VideoLibrary.RemoveTVShow", "tvshowid"),
    MediaKind.EPISODE: ("VideoLibrary.RemoveEpisode", "episodeid"),
    MediaKind.MUSIC_VIDEO: ("VideoLibrary.RemoveMusicVideo", "musicvideoid"),
}
_NO_FOLDERS: Final = ("addons://", "plugin://", "pvr://", "library://", "special://")
_VIDEO_PLAYLIST: Final = 1
_AUDIO_PLAYLIST: Final = 0


class Kodi:
    """One Kodi. Its WebSocket has a port of its own, and asks for no password."""

    type = PlayerType.KODI
    abilities = frozenset(Ability) - {Ability.SCREENS}

    def __init__(
        self, lan: Lan, target: Target, *, username: str | None = None, password: str | None = None,
        websocket_port: int | None = WEBSOCKET_PORT,
    ) -> None:  # fmt: skip
        """`websocket_port` None: it is only asked over HTTP."""
        self._http = Http(lan, target, username, password)
        # Kodi's own WebSocket knows no TLS; on the port of its web server there is somebody between who passes both on.
        where = target if websocket_port == target.port else Target(target.host, websocket_port or WEBSOCKET_PORT)
        self._line = Line(lan, where) if websocket_port is not None else None

    def check(self) -> Health:
        """Whether it works; a closed WebSocket is a trouble, not a failure."""
        began = monotonic()
        properties = mapping(
            self._http.call("Application.GetProperties", {"properties": ["name", "version"]}, limits=_PROBE), "its version"
        )
        api = mapping(self._http.call("JSONRPC.Version", limits=_PROBE), "its API's version").get("version")
        took = round((monotonic() - began) * 1000)
        trouble = self._line.trouble() if self._line is not None else None
        version = properties.get("version")
        return Health(
            _dotted(version, "major", "minor") or "unknown",
            api_version=_dotted(api, "major", "minor", "patch"),
            name=text(properties.get("name")),
            took_ms=took,
            notifies=self._line is not None and trouble is None,
            trouble=trouble,
        )

    def sections(self) -> Sequence[Section]:
        """Its sources of videos and of music."""
        found = []
        for media in ("video", "music"):
            for row in rows(self._http.call("Files.GetSources", {"media": media}), "sources"):
                file = text(row.get("file"))
                if file is not None and not file.startswith(_NO_FOLDERS):
                    found.append(Section(file, text(row.get("label")) or file, media, folders(file)))
        return found

    def profiles(self) -> Sequence[Profile]:
        """The one that it plays for."""
        return [Profile("", None)]

    def sessions(self) -> Sequence[Playing]:
        """What plays; at most a film and a song at once, of which the film is told."""
        found = playback.current(self._http.call)
        return [] if found is None else [found]

    def find(self, wanted: Media) -> Media | None:
        """The item by its path if no id speaks against it, by ids wherever it lies, then by its path alone."""
        return finding.find(self._http.call, wanted)

    def scan(self, folder: str | None, *, wait_s: float) -> None:
        """Read a folder anew. Raises Unreachable while it is busy with another scan."""
        scanning.scan(self._http.call, self._line, folder, sections=self.sections, wait_s=wait_s)

    def refresh(self, found: Media) -> None:
        """Read NFO and pictures anew; Kodi may give the item another id meanwhile."""
        self._on(found, _REFRESH, {"ignorenfo": False})

    def remove(self, found: Media) -> None:
        """Take an item out of its library; one that is not there any more is gone already."""
        try:
            self._on(found, _REMOVE, {})
        except Refused as error:
            if not error.is_gone:
                raise

    def clean(self) -> None:
        """Forget what is not there any more. Given a folder Kodi does nothing: it is always everything."""
        scanning.clean(self._http.call, self._line, sections=self.sections)

    def notify(self, title: str, message: str, *, display_ms: int = 5_000) -> None:
        """Show a message."""
        self._http.call(
            "GUI.ShowNotification",
            {"title": title, "message": message, "image": "info", "displaytime": max(_SHORTEST_MS, display_ms)},
        )

    def open(self, media: Media, *, position_ms: int = 0, session: str = "") -> None:
        """Play something, from a position."""
        options = {"resume": time_of(position_ms)} if position_ms > 0 else {"resume": False}
        self._http.call("Player.Open", {"item": finding.playable(self._http.call, media), "options": options})

    def queue(self, media: Sequence[Media], *, session: str = "") -> None:
        """Play these, one after the other."""
        if not media:
            return
        is_sound = all(one.kind is MediaKind.TRACK for one in media)
        playlist = _AUDIO_PLAYLIST if is_sound else _VIDEO_PLAYLIST
        self._http.call("Playlist.Clear", {"playlistid": playlist})
        for one in media:
            self._http.call("Playlist.Add", {"playlistid": playlist, "item": finding.playable(self._http.call, one)})
        self._http.call("Player.Open", {"item": {"playlistid": playlist, "position": 0}})

    def pause(self, session: str = "") -> None:
        """Hold what plays. Raises Conflict if nothing does."""
        self._http.call("Player.PlayPause", {"playerid": self._player(), "play": False})

    def resume(self, session: str = "") -> None:
        """Go on. Raises Conflict if nothing is there to go on with."""
        self._http.call("Player.PlayPause", {"playerid": self._player(), "play": True})

    def stop(self, session: str = "") -> None:
        """End it. Raises Conflict if nothing plays."""
        self._http.call("Player.Stop", {"playerid": self._player()})

    def seek(self, position_ms: int, session: str = "") -> None:
        """Go to a position. Raises Conflict if nothing plays."""
        player, time = self._player(), time_of(position_ms)
        try:
            self._http.call("Player.Seek", {"playerid": player, "value": {"time": time}})
        except Refused as error:
            if error.parameter != "value":
                raise
            self._http.call("Player.Seek", {"playerid": player, "value": time})  # before API 12

    def watch(self, stop: threading.Event, told: Told, *, is_up: Callable[[bool], None]) -> None:
        """Tell what plays; see the protocol. Without its WebSocket it is asked each second."""
        watching.watch(self._http.call, self._line, stop, told, is_up=is_up)

    def _player(self) -> int:
        found = playback.active(self._http.call)
        if found is None:
            raise Conflict("Nothing plays on it.")
        return found

    def _on(self, found: Media, methods: dict[MediaKind, tuple[str, str]], more: dict[str, Any]) -> None:
        method = methods.get(found.kind)
        if method is None or found.key is None:
            raise Conflict(f"Kodi has no such act for a {found.kind.value} of its library.")
        self._http.call(method[0], {method[1]: int(found.key), **more})


def _dotted(value: Any, *names: str) -> str | None:
    if not isinstance(value, dict) or not isinstance(value.get(names[0]), int):
        return None
    return ".".join(str(value[name]) for name in names if isinstance(value.get(name), int))


def made(player: Player, lan: Lan, credentials: Credentials) -> Kodi:
    """The adapter of a player's row."""
    target = Target(player.host, player.port, player.is_secure, player.verifies_certificate, player.base_path)
    port = (player.websocket_port or WEBSOCKET_PORT) if player.use_websocket else None
    return Kodi(lan, target, username=credentials.username, password=credentials.password, websocket_port=port)
