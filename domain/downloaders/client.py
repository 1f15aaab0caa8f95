"""Speaks to a downloader's own API: one key, JSON back and forth, every answer looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from domain.downloaders.queries import Downloader
from domain.kit.errors import KeyRefused, Unexpected
from domain.kit.http import Answer, Lan, json_of
from domain.kit.http.egress import Limits
from domain.libraries.enums import SourceKind

_BASE: Final = {SourceKind.RADARR: "/api/v3", SourceKind.SONARR: "/api/v3", SourceKind.LIDARR: "/api/v1"}
APP: Final = {SourceKind.RADARR: "Radarr", SourceKind.SONARR: "Sonarr", SourceKind.LIDARR: "Lidarr"}
_LIMITS: Final = Limits(total_s=10.0, connect_s=3.0, read_s=8.0, body_bytes=4 * 2**20)
LONG: Final = Limits(total_s=60.0, connect_s=3.0, read_s=45.0, body_bytes=64 * 2**20)
"""For a list of all that they manage: they write it at one go, 3 KB a film."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a downloader says of itself."""

    app: str
    instance: str
    version: str


class Api:
    """The API of one downloader. Methods raise Upstream: Unreachable, KeyRefused, RateLimited, Unexpected, TooLarge."""

    def __init__(self, lan: Lan, downloader: Downloader) -> None:
        self.downloader = downloader
        self._lan = lan

    def status(self) -> Status:
        """Who answers there. Raises Unexpected for another program than was meant."""
        said = record(self.get("/system/status"), self._host)
        app = _text(said, "appName")
        meant = APP[self.downloader.kind]
        if app.casefold() != meant.casefold():
            raise Unexpected(f"{self._host} is {app or 'no downloader'}, not {meant}.")
        return Status(app, _text(said, "instanceName") or app, _text(said, "version"))

    def get(self, path: str, *, query: Mapping[str, str | int] | None = None, limits: Limits = _LIMITS) -> Any:
        """The document at a path of the API."""
        return self._asked("GET", path, None, query=query, limits=limits)

    def send(self, method: str, path: str, document: Mapping[str, Any]) -> Any:
        """POST or PUT a document; what it was answered with."""
        return self._asked(method, path, orjson.dumps(document))

    def _asked(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        query: Mapping[str, str | int] | None = None,
        limits: Limits = _LIMITS,
    ) -> Any:
        headers = {"X-Api-Key": self.downloader.api_key} | ({} if body is None else {"Content-Type": "application/json"})
        where = _BASE[self.downloader.kind] + path
        answer = self._lan.request(self.downloader.target, method, where, query=query, headers=headers, body=body, limits=limits)
        return self._read(answer, where)

    def _read(self, answer: Answer, where: str) -> Any:
        if answer.status in (401, 403):
            raise KeyRefused(f"{self._host} does not accept the key.")
        if answer.status == 404:
            raise Unexpected(f"{self._host} has no {where}: is the base path (URL Base) right?")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status >= 400:
            raise Unexpected(f"{self._host} refuses what we ask ({answer.status}){_reason(answer.body, kind)}.")
        if kind not in ("application/json", "text/json"):
            raise Unexpected(f"{self._host} answers with {kind or 'something'} in place of JSON: is it the right address?")
        return json_of(answer.body, host=self._host)

    @property
    def _host(self) -> str:
        return self.downloader.target.host


def record(said: Any, host: str) -> Mapping[str, Any]:
    """An object. Raises Unexpected for anything else."""
    if not isinstance(said, dict):
        raise Unexpected(f"{host} answers with something of another shape.")
    return said


def records(said: Any, host: str) -> list[Mapping[str, Any]]:
    """The objects of a list. Raises Unexpected for anything else."""
    if not isinstance(said, list):
        raise Unexpected(f"{host} answers with something of another shape.")
    return [one for one in said if isinstance(one, dict)]


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value[:100] if isinstance(value, str) else ""


def _reason(body: bytes, kind: str) -> str:
    """What they say is wrong: validation failures are a list of {errorMessage}."""
    if kind != "application/json":
        return ""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    first = said[0] if isinstance(said, list) and said else said
    if not isinstance(first, dict):
        return ""
    text = _text(first, "errorMessage") or _text(first, "message")
    return f": {text}" if text else ""
