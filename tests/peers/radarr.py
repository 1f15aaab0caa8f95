"""A loopback Radarr, Sonarr or Lidarr: its status, what it manages, and its notifications, in the shapes of their API.

Shapes: Radarr and Sonarr v3, Lidarr v1 (`docs/downloaders.md` names what is read).
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any, Final

from tests.peers import web
from tests.peers.web import Asked, Given, Peer

KEY: Final = "0123456789abcdef0123456789abcdef"
_BASES: Final = {"Radarr": "/api/v3", "Sonarr": "/api/v3", "Lidarr": "/api/v1"}
_LISTS: Final = {"Radarr": "/movie", "Sonarr": "/series", "Lidarr": "/artist"}
_VERSIONS: Final = {"Radarr": "6.1.0.10360", "Sonarr": "4.0.16.2944", "Lidarr": "2.14.5.4836"}


class Arr:
    """A running one: `items` are what it manages, `notifications` its connections."""

    def __init__(self, app: str) -> None:
        self.app = app
        self.base = ""
        """Its URL Base."""
        self.items: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.peer = Peer(self._answer)

    @property
    def url(self) -> str:
        return self.peer.url + self.base

    @property
    def asked(self) -> list[tuple[str, str]]:
        """(method, path) of every request so far."""
        return [(each.method, each.path) for each in self.peer.asked]

    def _answer(self, asked: Asked) -> Given:
        if asked.headers.get("x-api-key") != KEY:
            return _json({"error": "Unauthorized"}, 401)
        base = self.base + _BASES[self.app]
        if not asked.path.startswith(base + "/"):
            return web.HTML  # the page of its own front end
        path = asked.path.removeprefix(base)
        if path.startswith("/notification"):
            return self._notification(asked, path)
        found: dict[str, Any] = {
            "/system/status": {
                "appName": self.app, "instanceName": f"{self.app}-4K", "version": _VERSIONS[self.app], "osName": "debian",
                "isDocker": True, "urlBase": self.base, "authentication": "forms",
            },
            "/rootfolder": [
                {"id": 1, "path": "/srv/films", "accessible": True, "freeSpace": 5 * 10**12, "totalSpace": 8 * 10**12,
                 "unmappedFolders": []},
            ],
            "/qualityprofile": [{"id": 4, "name": "HD-1080p", "upgradeAllowed": True, "cutoff": 7, "items": []}],
            "/tag": [{"id": 1, "label": "family"}, {"id": 2, "label": "4k"}],
            _LISTS[self.app]: self.items,
        }  # fmt: skip
        return _json(found[path]) if path in found else _json({"message": "NotFound"}, 404)

    def _notification(self, asked: Asked, path: str) -> Given:
        _, _, number = path.removeprefix("/").partition("/")
        if asked.method == "GET" and path == "/notification/schema":
            return _json([{"implementation": "Email", "fields": []}, webhook_schema(self.app)])
        if asked.method == "GET":
            return _json(self.notifications)
        document = json.loads(asked.body)
        if not document.get("name"):
            return _json([{"propertyName": "Name", "errorMessage": "'Name' must not be empty.", "severity": "error"}], 400)
        if asked.method == "POST":
            document["id"] = max((each["id"] for each in self.notifications), default=0) + 1
            self.notifications.append(document)
            return _json(document, 201)
        found = [place for place, each in enumerate(self.notifications) if each["id"] == int(number)]
        if not found:
            return _json({"message": "NotFound"}, 404)
        self.notifications[found[0]] = document
        return _json(document, 202)


def webhook_schema(app: str) -> dict[str, Any]:
    """What `notification/schema` says of the Webhook connection."""
    triggers = {
        "Radarr": ("onGrab", "onDownload", "onUpgrade", "onRename", "onMovieAdded", "onMovieDelete", "onMovieFileDelete",
                   "onMovieFileDeleteForUpgrade", "onHealthIssue", "onHealthRestored", "onApplicationUpdate",
                   "onManualInteractionRequired"),
        "Sonarr": ("onGrab", "onDownload", "onUpgrade", "onImportComplete", "onRename", "onSeriesAdd", "onSeriesDelete",
                   "onEpisodeFileDelete", "onEpisodeFileDeleteForUpgrade", "onHealthIssue", "onHealthRestored",
                   "onApplicationUpdate", "onManualInteractionRequired"),
        "Lidarr": ("onGrab", "onReleaseImport", "onUpgrade", "onRename", "onArtistAdd", "onArtistDelete", "onAlbumDelete",
                   "onDownloadFailure", "onImportFailure", "onTrackRetag", "onHealthIssue", "onHealthRestored",
                   "onApplicationUpdate"),
    }[app]  # fmt: skip
    fields = [
        {"order": 0, "name": "url", "label": "Webhook URL", "value": "", "type": "url", "advanced": False},
        {"order": 1, "name": "method", "label": "Method", "value": 1, "type": "select", "advanced": False},
        {"order": 2, "name": "username", "label": "Username", "value": "", "type": "textbox", "advanced": False},
        {"order": 3, "name": "password", "label": "Password", "value": "", "type": "password", "advanced": False},
        {"order": 4, "name": "headers", "label": "Headers", "value": [], "type": "keyValueList", "advanced": True},
    ]
    supports = {f"supports{name[0].upper()}{name[1:]}": True for name in triggers}
    return {
        "name": "", "implementation": "Webhook", "implementationName": "Webhook", "configContract": "WebhookSettings",
        "infoLink": "https://wiki.servarr.com", "fields": fields, "tags": [], "includeHealthWarnings": False,
        **dict.fromkeys(triggers, False), **supports,
    }  # fmt: skip


def _json(said: Any, status: int = 200) -> Given:
    body = json.dumps(said, indent=2).encode()
    return Given(status, body, {"content-type": "application/json; charset=utf-8"})


@contextlib.contextmanager
def running(app: str) -> Iterator[Arr]:
    """One of the three, on a port of this machine."""
    arr = Arr(app)
    with arr.peer.running():
        yield arr
