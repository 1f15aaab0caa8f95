"""What plays on a loopback Kodi, by a clock of the test's: what a person does at its remote control, and JSON-RPC's Player."""

import threading
from abc import ABC, abstractmethod
from typing import Any

from domain.kit import clock
from tests.peers.kodi_shelves import LISTS, Row, RpcError, Shelves

_PLAYER = {
    "time", "totaltime", "speed", "currentaudiostream", "currentsubtitle", "subtitleenabled", "currentvideostream",
    "audiostreams", "subtitles", "videostreams", "percentage", "type", "live", "canseek",
}  # fmt: skip
_ITEM = {
    "title", "showtitle", "season", "episode", "year", "file", "uniqueid", "tvshowid", "artist", "album", "duration", "art"
}  # fmt: skip
AUDIO = {"index": 0, "language": "eng", "codec": "eac3", "channels": 6, "name": "English 5.1"}
VIDEO = {"index": 0, "language": "", "codec": "hevc", "width": 3840, "height": 2160, "name": ""}
SUBTITLE = {"index": 1, "language": "ger", "name": "Deutsch"}


def time_of(milliseconds: int) -> Row:
    """`Global.Time`."""
    seconds, rest = divmod(milliseconds, 1000)
    return {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60, "milliseconds": rest}


class Screen(ABC):
    """A person at its remote control is `play`, `pause`, `resume`, `seek`, `stop`, `speed`."""

    def __init__(self) -> None:
        self.shelves = Shelves()
        self.subtitles_shown = False
        self.playing: Row | None = None
        """The item that plays, as GetItem has it."""
        self.total_ms = 0
        self.playlists: dict[int, list[Row]] = {0: [], 1: []}
        """Of music and of videos, as it was told to add to them."""
        self._upcoming: list[Row] = []
        self._at_ms, self._since, self._speed = 0, clock.now(), 0
        self._guard = threading.RLock()

    @abstractmethod
    def tell(self, method: str, data: Any) -> None:
        """Notify everybody."""

    @property
    def position_ms(self) -> int:
        ran = round((clock.now() - self._since).total_seconds() * 1000 * self._speed)
        return max(0, min(self.total_ms, self._at_ms + ran))

    def play(self, type_: str, row: Row, *, total_ms: int = 5_400_000, at_ms: int = 0) -> None:
        """Begin to play something of the library (`movie`, `episode`) or a file (`unknown`)."""
        with self._guard:
            key = row.get(LISTS[type_][1]) if type_ in LISTS else None
            self.playing = {**row, "type": type_, **({"id": key} if key else {})}
            self.total_ms = total_ms
            self._set(at_ms, 1)
        for method in ("Player.OnPlay", "Player.OnAVChange", "Player.OnAVStart"):
            self.tell(method, self._event())

    def pause(self) -> None:
        self._set(self.position_ms, 0)
        self.tell("Player.OnPause", self._event())

    def resume(self) -> None:
        self._set(self.position_ms, 1)
        self.tell("Player.OnResume", self._event())

    def speed(self, speed: int) -> None:
        self._set(self.position_ms, speed)
        self.tell("Player.OnSpeedChanged", self._event())

    def seek(self, position_ms: int) -> None:
        self._set(position_ms, self._speed)
        self.tell("Player.OnSeek", self._event(time=time_of(position_ms), seekoffset=time_of(0)))

    def stop(self, *, end: bool = False) -> None:
        """`end`: it ran to its end, and the next one of the playlist begins."""
        item = self._named()
        with self._guard:
            self.playing = None
            upcoming = self._upcoming if end else []
            self._upcoming = upcoming[1:]
        self.tell("Player.OnStop", {"item": item, "end": end})
        if "id" in item:  # it comes twice, in both shapes
            self.tell("VideoLibrary.OnUpdate", {"id": item["id"], "type": item["type"]})
            self.tell("VideoLibrary.OnUpdate", {"item": item})
        if upcoming:
            self._begin(upcoming[0])

    def drift(self, position_ms: int) -> None:
        """Stand somewhere else without a word."""
        self._set(position_ms, self._speed)

    def _control(self, name: str, params: Row) -> Any:
        if params.get("playerid") != 1 or self.playing is None:
            raise RpcError(-32100, "Failed to execute method.")
        match name:
            case "GetProperties":
                if len(set(params["properties"])) != len(params["properties"]) or not set(params["properties"]) <= _PLAYER:
                    raise RpcError(-32602, "Invalid params.", "properties")
                known = {
                    "time": time_of(self.position_ms), "totaltime": time_of(self.total_ms), "speed": self._speed,
                    "currentaudiostream": AUDIO, "currentvideostream": VIDEO, "subtitleenabled": self.subtitles_shown,
                    "currentsubtitle": SUBTITLE if self.subtitles_shown else {},
                }  # fmt: skip
                return {one: known[one] for one in params["properties"] if one in known}
            case "GetItem":
                if len(set(params["properties"])) != len(params["properties"]) or not set(params["properties"]) <= _ITEM:
                    raise RpcError(-32602, "Invalid params.", "properties")
                always = {"type": self.playing["type"], "label": self.playing.get("title", "")}
                wanted = {one: self.playing[one] for one in (*params["properties"], "id") if one in self.playing}
                return {"item": {**always, **wanted}}
            case "PlayPause":
                (self.resume if params["play"] else self.pause)()
                return {"speed": self._speed}
            case "Stop":
                self.stop()
                return "OK"
            case "Seek":
                time = params["value"]["time"]
                self.seek((time["hours"] * 3600 + time["minutes"] * 60 + time["seconds"]) * 1000 + time["milliseconds"])
                return {"percentage": 0.0, "time": time, "totaltime": time_of(self.total_ms)}
        raise RpcError(-32601, "Method not found.")

    def _open(self, params: Row) -> None:
        item, resume = params["item"], params.get("options", {}).get("resume")
        at = 0  # a whole number is no percentage for it: it begins at the beginning
        if isinstance(resume, dict):
            at = (resume["hours"] * 3600 + resume["minutes"] * 60 + resume["seconds"]) * 1000 + resume["milliseconds"]
        elif isinstance(resume, float):
            at = round(resume / 100 * 5_400_000)
        self._upcoming = []
        if "playlistid" in item:
            item, *self._upcoming = self.playlists[item["playlistid"]][item.get("position", 0) :] or [{}]
            at = 0
        self._begin(item, at)

    def _begin(self, item: Row, at: int = 0) -> None:
        for type_, (_, key) in LISTS.items():
            for row in self.shelves.rows[type_].values():
                if item.get(key) == row[key] or (item.get("file") and item["file"] == row.get("file")):
                    self.play(type_, row, at_ms=at)
                    return
        if "file" not in item:
            raise RpcError(-32602, "Invalid params.", "item")
        self.play("unknown", {"file": item["file"], "title": item["file"].rpartition("/")[2]}, at_ms=at)

    def _event(self, **player: Any) -> Row:
        return {"item": self._named(), "player": {"playerid": 1, "speed": self._speed, **player}}

    def _named(self) -> Row:
        playing = self.playing or {}
        if "id" in playing:
            return {"type": playing["type"], "id": playing["id"]}
        return {"type": "movie", "title": playing.get("title", "")}

    def _set(self, at_ms: int, speed: int) -> None:
        with self._guard:
            self._at_ms, self._since, self._speed = at_ms, clock.now(), speed
