"""A loopback Jellyfin with the true wire format of the reference sheet: login, library, sessions, remote control, WebSocket."""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from domain.kit import clock
from tests.peers.house import Asked, HouseServer, Link, json_given
from tests.peers.sheets import rules
from tests.peers.web import Given

KEY: Final = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
ANA: Final = "99990000111122223333444455556666"
BEN: Final = "77770000111122223333444455556666"
TV: Final = "5e5510000000000000000000000000a1"
PHONE: Final = "5e5510000000000000000000000000b2"
FILM: Final = "5f0c0000000000000000000000000001"
SERIES: Final = "aaaabbbbccccddddeeeeffff00001111"
EPISODE: Final = "11112222333344445555666677778888"
TICKS: Final = 10_000
"""Of a millisecond."""

RULES: Final = rules(
    "GET /System/Info/Public", "GET /System/Info", "GET /System/Ping", "POST /Users/AuthenticateByName", "GET /Users/Me",
    "GET /Library/VirtualFolders", "GET /Users", "GET /Sessions ?activeWithinSeconds&controllableByUserId&deviceId",
    "GET /Items ?userId&parentId&recursive&includeItemTypes&fields&sortBy&sortOrder&startIndex&limit&ids&searchTerm&years"
    "&enableTotalRecordCount&enableUserData&enableImages&imageTypeLimit&hasTmdbId&hasImdbId&hasTvdbId",
    "GET /Items/{guid} ?userId", "POST /Library/Refresh", "POST /Library/Media/Updated", "POST /Sessions/Logout",
    "POST /Items/{guid}/Refresh ?metadataRefreshMode&imageRefreshMode&replaceAllMetadata&replaceAllImages",
    "POST /Sessions/{guid}/Playing ?startPositionTicks !playCommand&itemIds",
    "POST /Sessions/{guid}/Playing/(Stop|Pause|Unpause|NextTrack|PreviousTrack|Rewind|FastForward|PlayPause)",
    "POST /Sessions/{guid}/Playing/Seek !seekPositionTicks", "POST /Sessions/{guid}/Message", "POST /Sessions/{guid}/Command",
    "WS /socket !ApiKey&deviceId", guid="[0-9a-f]{32}",
)  # fmt: skip
PUBLIC: Final = frozenset({"/System/Info/Public", "/System/Ping", "/Users/AuthenticateByName"})
_HEADER: Final = re.compile(
    r'MediaBrowser Client="([^"]+)", Device="([^"]+)", DeviceId="([^"]+)", Version="([^"]+)"(?:, Token="([^"]+)")?'
)

MOVIE: Final[dict[str, Any]] = {
    "Name": "Paper Lanterns", "ServerId": "0a", "Id": FILM, "Type": "Movie", "MediaType": "Video", "ProductionYear": 2019,
    "RunTimeTicks": 62_400_000_000, "Path": "/srv/films/Paper Lanterns (2019)/pl.mkv",
    "ProviderIds": {"Tmdb": "900101", "IMDB": "tt9900101"}, "LocationType": "FileSystem", "IsFolder": False,
    "MediaStreams": [
        {"Type": "Video", "Index": 0, "Codec": "hevc", "Width": 3840, "Height": 2160, "VideoRange": "HDR", "BitDepth": 10},
        {"Type": "Audio", "Index": 1, "Codec": "eac3", "Language": "pol", "Channels": 6, "DisplayTitle": "Polish 5.1"},
        {"Type": "Audio", "Index": 2, "Codec": "aac", "Language": "eng", "Channels": 2, "Title": "Commentary"},
        {"Type": "Subtitle", "Index": 3, "Codec": "subrip", "Language": "eng", "IsForced": False, "IsExternal": True},
    ],
}  # fmt: skip
SHOW: Final[dict[str, Any]] = {
    "Name": "Harbour Nine", "Id": SERIES, "Type": "Series", "ProductionYear": 2021, "IsFolder": True,
    "Path": "/srv/series/Harbour Nine", "ProviderIds": {"tvdb": "8000001", "Imdb": "tt9980001"},
}  # fmt: skip
LOW_TIDE: Final[dict[str, Any]] = {
    "Name": "Low Tide", "Id": EPISODE, "Type": "Episode", "MediaType": "Video", "RunTimeTicks": 26_400_000_000,
    "SeriesName": "Harbour Nine", "SeriesId": SERIES, "ParentIndexNumber": 1, "IndexNumber": 4, "ParentId": SERIES,
    "Path": "/srv/series/Harbour Nine/Season 01/h9.s01e04.mkv", "ProviderIds": {"Tvdb": "8100001"},
}  # fmt: skip
FOLDERS: Final[list[dict[str, Any]]] = [
    {"Name": "Films", "Locations": ["/srv/films", "/srv/more films"], "CollectionType": "movies",
     "ItemId": "f0000000000000000000000000000001", "LibraryOptions": {"Enabled": True}},
    {"Name": "Series", "Locations": ["/srv/series"], "CollectionType": "tvshows", "ItemId": "f0000000000000000000000000000002"},
]  # fmt: skip


def device(id_: str, name: str, user: str | None = ANA, user_name: str | None = "ana") -> dict[str, Any]:
    """A session at which nothing plays; an API key's own has no user."""
    session = {
        "Id": id_, "Client": "Android TV", "DeviceName": name, "DeviceId": f"dev-{id_[-2:]}", "ApplicationVersion": "0.18.0",
        "LastActivityDate": "2026-03-04T05:06:07.0000000Z", "SupportsRemoteControl": True, "SupportsMediaControl": True,
        "PlayState": {"CanSeek": False, "IsPaused": False, "IsMuted": False, "RepeatMode": "RepeatNone"},
        "PlayableMediaTypes": ["Audio", "Video"], "SupportedCommands": ["DisplayMessage", "Mute", "SetVolume"], "IsActive": True,
        "NowPlayingQueue": [], "ServerId": "0a",
    }  # fmt: skip
    return session if user is None else {**session, "UserId": user, "UserName": user_name}


@dataclass
class JellyfinServer(HouseServer):
    """One with a film, an episode and two devices; what it was told is remembered."""

    items: list[dict[str, Any]] = field(default_factory=lambda: copy.deepcopy([MOVIE, SHOW, LOW_TIDE]))
    sessions: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {TV: device(TV, "Living room"), PHONE: device(PHONE, "Phone", BEN, "ben")}
    )
    passwords: dict[str, str] = field(default_factory=lambda: {"ana": "secret of ana", "ben": "secret of ben"})
    administrators: set[str] = field(default_factory=lambda: {"ana"})
    tokens: dict[str, str] = field(default_factory=dict)
    """token -> who logged in; the newest of a device alone."""
    updates: list[tuple[str, str]] = field(default_factory=list)
    refreshes: list[str] = field(default_factory=list)
    scans: int = 0
    knows_paths: bool = True
    """Whether it has /Library/Media/Updated."""
    commands: list[tuple[str, str]] = field(default_factory=list)
    messages: list[tuple[str, Any]] = field(default_factory=list)
    keep_alive_s: int = 60
    after_scan: list[Any] = field(default_factory=list)
    """Messages that follow upon being told to read something."""

    def answer(self, asked: Asked) -> Given:
        if asked.path not in PUBLIC and (refused := self._refused(asked)) is not None:
            return refused
        for method, pattern, act in _ACTS:
            if asked.method == method and (match := re.fullmatch(pattern, asked.path)):
                return act(self, asked, *match.groups())
        return Given(404, b"", {})

    def refuses_socket(self, asked: Asked) -> Given | None:
        return None if self._knows(asked.query["ApiKey"]) else Given(401, b"", {})

    def opened(self, link: Link) -> None:
        link.send({"MessageType": "ForceKeepAlive", "Data": self.keep_alive_s, "MessageId": "1"})

    def heard(self, link: Link, message: Any) -> None:
        if message["MessageType"] == "SessionsStart":
            assert message["Data"] == "0,1500", message
            link.send(self.told())
        elif message["MessageType"] == "KeepAlive":
            link.send({"MessageType": "KeepAlive", "MessageId": "2"})
        else:
            self.offences.append(f"socket: {message}")

    def told(self) -> dict[str, Any]:
        """The message with everything that plays."""
        with self.guard:
            return {"MessageType": "Sessions", "MessageId": "3", "Data": copy.deepcopy(list(self.sessions.values()))}

    def play(self, session: str = TV, item: str = FILM, *, position_ms: int = 0, is_paused: bool = False) -> None:
        """A person starts something, or goes to a position, or holds it."""
        with self.guard:
            found = next(each for each in self.items if each["Id"] == item)
            state = {
                "PositionTicks": position_ms * TICKS, "CanSeek": True, "IsPaused": is_paused, "IsMuted": False,
                "AudioStreamIndex": 1, "SubtitleStreamIndex": -1, "PlayMethod": "DirectPlay", "RepeatMode": "RepeatNone",
            }  # fmt: skip
            when = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"
            self.sessions[session] |= {"NowPlayingItem": copy.deepcopy(found), "PlayState": state, "LastPlaybackCheckIn": when}
        self.tell(self.told())

    def end(self, session: str = TV) -> None:
        """A person stops it."""
        with self.guard:
            self.sessions[session].pop("NowPlayingItem", None)
            self.sessions[session]["PlayState"] = {"CanSeek": False, "IsPaused": False}
        self.tell(self.told())

    def _knows(self, token: str | None) -> bool:
        return token is not None and (token == KEY or token in self.tokens)

    def _refused(self, asked: Asked) -> Given | None:
        match = _HEADER.fullmatch(asked.headers.get("authorization", ""))
        return None if match is not None and self._knows(match[5]) else Given(401, b"", {})

    def _is_admin(self, asked: Asked) -> bool:
        match = _HEADER.fullmatch(asked.headers["authorization"])
        assert match is not None
        return match[5] == KEY or self.tokens[match[5]] in self.administrators

    def _info(self, asked: Asked) -> Given:
        info = {"LocalAddress": self.target.netloc, "ServerName": "den", "Version": "10.11.8", "Id": "0a" * 16}
        return json_given({**info, "ProductName": "Jellyfin Server", "StartupWizardCompleted": True})

    def _ping(self, asked: Asked) -> Given:
        return json_given("Jellyfin Server")

    def _login(self, asked: Asked) -> Given:
        match, said = _HEADER.fullmatch(asked.headers["authorization"]), asked.json
        assert match is not None
        name = said["Username"]
        if self.passwords.get(name) != said["Pw"]:
            return Given(401, b"Error processing request.", {"content-type": "text/plain"})
        for old in [token for token, who in self.tokens.items() if who == name and token.endswith(match[3][-4:])]:
            del self.tokens[old]
        token = f"token-of-{name}-{len(self.asked)}-{match[3][-4:]}"
        self.tokens[token] = name
        user = {"Name": name, "Id": ANA if name == "ana" else BEN, "Policy": {"IsAdministrator": name in self.administrators}}
        return json_given({"User": user, "SessionInfo": {}, "AccessToken": token, "ServerId": "0a"})

    def _folders(self, asked: Asked) -> Given:
        return json_given(FOLDERS) if self._is_admin(asked) else Given(403, b"", {})

    def _users(self, asked: Asked) -> Given:
        return json_given([{"Name": "ana", "Id": ANA, "HasPassword": True}, {"Name": "ben", "Id": BEN, "HasPassword": True}])

    def _me(self, asked: Asked) -> Given:
        match = _HEADER.fullmatch(asked.headers["authorization"])
        assert match is not None
        who = self.tokens.get(match[5])
        if who is None:
            return Given(400, b"", {})
        user = {"Name": who, "Id": ANA if who == "ana" else BEN, "Policy": {"IsAdministrator": who in self.administrators}}
        return json_given(user)

    def _sessions(self, asked: Asked) -> Given:
        return json_given(list(self.sessions.values()))

    def _items(self, asked: Asked) -> Given:
        query = asked.query
        kinds = query.get("includeItemTypes", "").split(",")
        found = [each for each in self.items if each["Type"] in kinds]
        if "searchTerm" in query:
            found = [each for each in found if query["searchTerm"].lower() in each["Name"].lower()]
        if "parentId" in query:
            found = [each for each in found if each.get("ParentId") == query["parentId"]]
        start, limit = int(query.get("startIndex", 0)), int(query.get("limit", len(found)))
        fields = set(query.get("fields", "").split(","))
        left_out = {"ProviderIds", "Path", "MediaStreams"} - fields
        page = [{k: v for k, v in each.items() if k not in left_out} for each in found[start : start + limit]]
        count = 0 if query.get("enableTotalRecordCount") == "false" else len(found)
        return json_given({"Items": page, "TotalRecordCount": count, "StartIndex": start})

    def _item(self, asked: Asked, key: str) -> Given:
        found = next((each for each in self.items if each["Id"] == key), None)
        return Given(404, b"", {}) if found is None else json_given(found)

    def _refresh_all(self, asked: Asked) -> Given:
        self.scans += 1
        return self._told()

    def _updated(self, asked: Asked) -> Given:
        if not self.knows_paths:
            return Given(404)
        for each in asked.json["Updates"]:
            assert set(each) == {"Path", "UpdateType"}
            assert each["UpdateType"] in ("Created", "Modified", "Deleted")
            self.updates.append((each["Path"], each["UpdateType"]))
        return self._told()

    def _told(self) -> Given:
        for each in self.after_scan:
            self.tell(each)
        return Given(204)

    def _refresh(self, asked: Asked, key: str) -> Given:
        if all(each["Id"] != key for each in self.items):
            return Given(404)
        self.refreshes.append(key)
        return Given(204)

    def _play(self, asked: Asked, session: str) -> Given:
        if session not in self.sessions:
            return Given(404)
        self.commands.append((session, f"{asked.query['playCommand']} {asked.query['itemIds']}"))
        ticks = int(asked.query.get("startPositionTicks", 0))
        self.play(session, asked.query["itemIds"].split(",")[0], position_ms=ticks // TICKS)
        return Given(204)

    def _command(self, asked: Asked, session: str, command: str) -> Given:
        if session not in self.sessions:
            return Given(404)
        ticks = asked.query.get("seekPositionTicks")
        self.commands.append((session, command if ticks is None else f"{command} {ticks}"))
        state = self.sessions[session]["PlayState"]
        if command == "Stop":
            self.end(session)
        elif command in ("Pause", "Unpause"):
            state["IsPaused"] = command == "Pause"
        elif ticks is not None:
            state["PositionTicks"] = int(ticks)
        self.tell(self.told())
        return Given(204)

    def _message(self, asked: Asked, session: str) -> Given:
        assert set(asked.json) == {"Header", "Text", "TimeoutMs"}
        self.messages.append((session, asked.json))
        return Given(204)


_ACTS: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/System/Info(?:/Public)?", JellyfinServer._info),
    ("GET", "/System/Ping", JellyfinServer._ping),
    ("POST", "/Users/AuthenticateByName", JellyfinServer._login),
    ("GET", "/Library/VirtualFolders", JellyfinServer._folders),
    ("GET", "/Users/Me", JellyfinServer._me),
    ("GET", "/Users", JellyfinServer._users),
    ("GET", "/Sessions", JellyfinServer._sessions),
    ("GET", "/Items", JellyfinServer._items),
    ("GET", "/Items/([^/]+)", JellyfinServer._item),
    ("POST", "/Library/Refresh", JellyfinServer._refresh_all),
    ("POST", "/Library/Media/Updated", JellyfinServer._updated),
    ("POST", "/Items/([^/]+)/Refresh", JellyfinServer._refresh),
    ("POST", "/Sessions/([^/]+)/Playing", JellyfinServer._play),
    ("POST", "/Sessions/([^/]+)/Playing/([A-Za-z]+)", JellyfinServer._command),
    ("POST", "/Sessions/([^/]+)/Message", JellyfinServer._message),
]


@contextmanager
def jellyfin(**given: Any) -> Iterator[JellyfinServer]:
    """A running one."""
    with JellyfinServer(RULES, frozenset({"authorization"}), **given).running() as peer:
        yield peer
