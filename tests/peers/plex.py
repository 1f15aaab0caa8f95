"""A loopback Plex Media Server with the true wire format of the reference sheet: library, sessions, notifications."""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tests.peers.house import Asked, HouseServer, json_given
from tests.peers.sheets import rules
from tests.peers.web import Given

TOKEN: Final = "sYx9Plex-Token_of20ch"
MACHINE: Final = "0123456789abcdef0123456789abcdef01234567"
HTML: Final = Given(
    401,
    b"<html><head><title>Unauthorized</title></head><body><h1>401 Unauthorized</h1></body></html>",
    {"content-type": "text/html"},
)
XML: Final = Given(
    200, b'<?xml version="1.0" encoding="UTF-8"?>\n<MediaContainer size="0">\n</MediaContainer>', {"content-type": "text/xml"}
)

RULES: Final = rules(
    "GET /identity", "GET /", "GET /accounts", "GET /library/sections",
    "GET /library/sections/{n}/all ?type&includeGuids&sort&title&guid&unwatched&year>=&updatedAt>=&addedAt>=&lastViewedAt>=",
    "GET /library/metadata/{n} ?includeGuids&includeMarkers&includeChapters&includeExternalMedia",
    "GET /library/metadata/{n}/(children|grandchildren|allLeaves) ?includeGuids&excludeAllLeaves",
    "POST /library/sections/{n}/refresh ?path&force", "GET /library/sections/{n}/refresh ?path&force",
    "PUT /library/sections/{n}/emptyTrash", "PUT /library/metadata/{n}/refresh", "GET /status/sessions",
    "WS /:/websockets/notifications", "WS /:/websocket/notifications", n=r"\d+",
)  # fmt: skip
HEADERS: Final = frozenset(
    {"x-plex-token", "x-plex-client-identifier", "x-plex-product", "x-plex-version", "x-plex-platform", "x-plex-device-name",
     "x-plex-device", "x-plex-container-start", "x-plex-container-size", "x-plex-pms-api-version"}
)  # fmt: skip

MOVIE: Final[dict[str, Any]] = {
    "ratingKey": "4711", "key": "/library/metadata/4711", "guid": "plex://movie/0000aaaa1111bbbb2222cccc", "type": "movie",
    "title": "Paper Lanterns", "year": 2019, "duration": 6_240_000, "viewCount": 1, "lastViewedAt": 1_772_600_000,
    "addedAt": 1_700_000_000, "librarySectionID": 1,
    "Guid": [{"id": "imdb://tt9900101"}, {"id": "tmdb://900101"}],
    "Media": [{"id": 1, "container": "mkv", "videoResolution": "1080", "Part": [
        {"id": 9, "key": "/library/parts/9/1700000000/file.mkv", "file": "/srv/films/Paper Lanterns (2019)/pl.mkv",
         "size": 5_368_709_120, "Stream": [
            {"streamType": 1, "index": 0, "codec": "hevc", "width": 1920, "height": 800, "default": True},
            {"streamType": "2", "index": "1", "codec": "eac3", "languageCode": "pol", "channels": 6, "selected": "1",
             "displayTitle": "Polish (EAC3 5.1)"},
            {"streamType": 2, "index": 2, "codec": "aac", "languageCode": "eng", "channels": 2},
            {"streamType": 3, "index": 3, "codec": "srt", "languageCode": "eng", "selected": False}]}]}],
}  # fmt: skip
OLD: Final[dict[str, Any]] = {
    "ratingKey": "4712", "type": "movie", "title": "Glass Kites", "year": 2001, "librarySectionID": 1,
    "guid": "com.plexapp.agents.imdb://tt9900102?lang=en",
    "Media": [{"id": 2, "Part": [{"id": 10, "file": "/srv/films/Glass Kites (2001)/gk.avi"}]}],
}  # fmt: skip
SHOW: Final[dict[str, Any]] = {
    "ratingKey": "4001", "type": "show", "title": "Harbour Nine", "year": 2021, "guid": "plex://show/5d9c00",
    "librarySectionID": 2, "Guid": [{"id": "tvdb://8000001"}, {"id": "imdb://tt9980001"}], "leafCount": 2,
}  # fmt: skip
EPISODE: Final[dict[str, Any]] = {
    "ratingKey": "4107", "type": "episode", "title": "Low Tide", "grandparentTitle": "Harbour Nine", "parentIndex": 1, "index": 4,
    "grandparentRatingKey": "4001", "parentRatingKey": "4100", "guid": "plex://episode/5d9c", "duration": 2_640_000, "year": 2021,
    "librarySectionID": 2, "Guid": [{"id": "tvdb://8100001"}],
    "Media": [{"id": 3, "Part": [{"id": 11, "file": "/srv/series/Harbour Nine/Season 01/h9.s01e04.mkv"}]}],
}  # fmt: skip
OLD_SHOW: Final[dict[str, Any]] = {
    "ratingKey": "4002", "type": "show", "title": "Old Harbour", "guid": "com.plexapp.agents.thetvdb://8000002?lang=en",
    "librarySectionID": 2,
}  # fmt: skip
OLD_EPISODE: Final[dict[str, Any]] = {
    "ratingKey": "4207", "type": "episode", "title": "Tide", "grandparentTitle": "Old Harbour", "grandparentRatingKey": "4002",
    "parentIndex": "2", "index": "3", "guid": "com.plexapp.agents.thetvdb://8000002/2/3?lang=en", "librarySectionID": 2,
    "Media": [{"id": 4, "Part": [{"id": 12, "file": "/srv/series/Old Harbour/oh.2x03.avi"}]}],
}  # fmt: skip
TYPES: Final = {"1": "movie", "2": "show", "3": "season", "4": "episode", "10": "track"}


def section(key: str, kind: str, title: str, *paths: str) -> dict[str, Any]:
    """A library."""
    locations = [{"id": n, "path": path} for n, path in enumerate(paths, 1)]
    return {
        "key": key, "type": kind, "title": title, "agent": f"tv.plex.agents.{kind}", "language": "en-US", "refreshing": "0",
        "hidden": 0, "Location": locations,
    }  # fmt: skip


@dataclass
class PlexServer(HouseServer):
    """One with two films, two episodes and no player; what it was told is remembered."""

    items: list[dict[str, Any]] = field(default_factory=lambda: copy.deepcopy([MOVIE, OLD, SHOW, EPISODE, OLD_SHOW, OLD_EPISODE]))
    sections: list[dict[str, Any]] = field(
        default_factory=lambda: [
            section("1", "movie", "Films", "/srv/films", "/srv/more films"), section("2", "show", "Series", "/srv/series"),
        ]
    )  # fmt: skip
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By sessionKey."""
    owners: set[str] = field(default_factory=lambda: {TOKEN})
    guests: set[str] = field(default_factory=set)
    """Tokens that see the library and no sessions."""
    scans: list[tuple[str, str | None]] = field(default_factory=list)
    refreshes: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    is_old: bool = False
    """It scans at GET alone, and its WebSocket has the other spelling."""
    is_busy: bool = False
    """Scans last until `scanned` is called."""
    listed_late: bool = False
    """Its list of sessions lags behind its notifications by one question."""

    def answer(self, asked: Asked) -> Given:
        if asked.headers.get("accept") != "application/json":
            return XML
        if asked.path == "/identity":
            return _wrapped({"size": 0, "claimed": True, "machineIdentifier": MACHINE, "version": "1.42.2.10156-f737b826c"})
        token = asked.headers.get("x-plex-token")
        if token not in self.owners | self.guests or "x-plex-client-identifier" not in asked.headers:
            return HTML
        for method, pattern, act in _ACTS:
            if asked.method == method and (match := re.fullmatch(pattern, asked.path)):
                return act(self, asked, *match.groups())
        return Given(404, b"<html><body><h1>404 Not Found</h1></body></html>", {"content-type": "text/html"})

    def refuses_socket(self, asked: Asked) -> Given | None:
        if asked.headers.get("x-plex-token") not in self.owners:
            return HTML
        return None if (asked.path == "/:/websocket/notifications") == self.is_old else Given(404)

    def play(
        self, session: str = "12", item: str = "4711", *, offset: int = 0, state: str = "playing", device: str = "TV",
        user: tuple[int | str, str] = (1, "ana"),
    ) -> None:  # fmt: skip
        """A person starts something, goes to a position, holds it, or waits for it."""
        with self.guard:
            found = copy.deepcopy(next(each for each in self.items if each["ratingKey"] == item))
            self.sessions[session] = {
                **found, "sessionKey": session, "viewOffset": offset,
                "User": {"id": user[0], "title": user[1], "thumb": "https://plex.tv/users/x/avatar"},
                "Player": {"title": device, "address": "192.0.2.20", "machineIdentifier": f"client-{device}",
                           "platform": "Android", "product": "Plex for Android (TV)", "state": state, "local": "1"},
                "Session": {"id": f"s{session}", "bandwidth": 20_000, "location": "lan"},
            }  # fmt: skip
        self.tell(playing(session, item, offset, state))

    def end(self, session: str = "12", *, is_told: bool = True) -> None:
        """A person stops it; without a word if the device just goes."""
        with self.guard:
            one = self.sessions.pop(session)
        if is_told:
            self.tell(playing(session, one["ratingKey"], one["viewOffset"], "stopped"))

    def scanned(self) -> None:
        """Every scan is done."""
        with self.guard:
            for one in self.sections:
                one["refreshing"] = "0"
        self.tell(
            {"NotificationContainer": {"type": "status", "size": 1, "StatusNotification": [{"title": "Library scan complete"}]}}
        )

    def _root(self, asked: Asked) -> Given:
        return _wrapped({"size": 3, "friendlyName": "den", "machineIdentifier": MACHINE, "version": "1.42.2.10156-f737b826c"})

    def _accounts(self, asked: Asked) -> Given:
        found = [
            {"id": 0, "key": "/accounts/0", "name": ""},
            {"id": 1, "key": "/accounts/1", "name": "ana"},
            {"id": 7, "name": "ben"},
        ]
        return _wrapped({"size": 3, "Account": found}) if self._is_owner(asked) else Given(403, HTML.body, HTML.headers)

    def _sections(self, asked: Asked) -> Given:
        return _wrapped({"size": len(self.sections), "title1": "Plex Library", "Directory": self.sections})

    def _all(self, asked: Asked, key: str) -> Given:
        kind = TYPES[asked.query["type"]]
        found = [each for each in self.items if each["type"] == kind and str(each.get("librarySectionID")) == key]
        if "title" in asked.query:
            found = [each for each in found if asked.query["title"].lower() in each["title"].lower()]
        return self._page(asked, found)

    def _page(self, asked: Asked, found: list[dict[str, Any]]) -> Given:
        start, size = (asked.headers.get(f"x-plex-container-{name}") for name in ("start", "size"))
        first, last = int(start or 0), int(start or 0) + int(size or len(found))
        left_out = set() if asked.query.get("includeGuids") == "1" else {"Guid"}
        page = [{k: v for k, v in each.items() if k not in left_out} for each in found[first:last]]
        inside: dict[str, Any] = {"size": len(page), "totalSize": len(found), "offset": first}
        return _wrapped({**inside, "Metadata": page} if page else inside)

    def _leaves(self, asked: Asked, key: str) -> Given:
        return self._page(asked, [each for each in self.items if each.get("grandparentRatingKey") == key])

    def _metadata(self, asked: Asked, key: str) -> Given:
        found = [each for each in self.items if each["ratingKey"] == key]
        return _wrapped({"size": 1, "Metadata": found}) if found else Given(404)

    def _scan(self, asked: Asked, key: str) -> Given:
        if self.is_old and asked.method == "POST":
            return Given(404)
        self.scans.append((key, asked.query.get("path")))
        if self.is_busy:
            next(each for each in self.sections if each["key"] == key)["refreshing"] = "1"
        return Given(200)

    def _empty(self, asked: Asked, key: str) -> Given:
        self.emptied.append(key)
        return Given(200)

    def _refresh(self, asked: Asked, key: str) -> Given:
        if all(each["ratingKey"] != key for each in self.items):
            return Given(404)
        self.refreshes.append(key)
        return Given(200)

    def _playing(self, asked: Asked) -> Given:
        if not self._is_owner(asked):
            return Given(403, HTML.body, HTML.headers)
        found = [] if self.listed_late else list(self.sessions.values())
        self.listed_late = False
        return _wrapped({"size": len(found), "Metadata": found} if found else {"size": 0})

    def _is_owner(self, asked: Asked) -> bool:
        return asked.headers["x-plex-token"] in self.owners


_ACTS: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/", PlexServer._root),
    ("GET", "/accounts", PlexServer._accounts),
    ("GET", "/library/sections", PlexServer._sections),
    ("GET", r"/library/sections/(\d+)/all", PlexServer._all),
    ("GET", r"/library/metadata/(\d+)/allLeaves", PlexServer._leaves),
    ("GET", r"/library/metadata/(\d+)", PlexServer._metadata),
    ("POST", r"/library/sections/(\d+)/refresh", PlexServer._scan),
    ("GET", r"/library/sections/(\d+)/refresh", PlexServer._scan),
    ("PUT", r"/library/sections/(\d+)/emptyTrash", PlexServer._empty),
    ("PUT", r"/library/metadata/(\d+)/refresh", PlexServer._refresh),
    ("GET", "/status/sessions", PlexServer._playing),
]


def playing(session: str, item: str, offset: int, state: str) -> dict[str, Any]:
    """The notification."""
    one = {
        "sessionKey": session, "clientIdentifier": "client-TV", "guid": "", "ratingKey": item, "url": "",
        "key": f"/library/metadata/{item}", "viewOffset": offset, "playQueueItemID": 3, "state": state,
    }  # fmt: skip
    return {"NotificationContainer": {"type": "playing", "size": 1, "PlaySessionStateNotification": [one]}}


def _wrapped(inside: dict[str, Any]) -> Given:
    return json_given({"MediaContainer": inside}, **{"x-plex-protocol": "1.0"})


@contextmanager
def plex(**given: Any) -> Iterator[PlexServer]:
    """A running one."""
    with PlexServer(RULES, HEADERS, **given).running() as peer:
        yield peer
