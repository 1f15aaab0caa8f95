"""Requests to a Jellyfin: its one header for everybody, an API key or a login, JSON both ways."""

import hashlib
import os
import socket
import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import orjson

from domain.kit.errors import KeyRefused, Unexpected
from domain.kit.http import Answer, Lan, Limits, Target
from domain.kit.version import VERSION
from domain.players.reading import document
from domain.providers.reading import row, text

USUAL: Final = Limits(total_s=10.0, connect_s=4.0, read_s=8.0, body_bytes=4 * 2**20)
_PRODUCT: Final = "Marquee"
_DEVICES: Final = 16
"""A login ends an earlier one of the same device, so each process is a device; the server's list of them ends somewhere."""
_MOST_LOGINS: Final = 64

_guard: Final = threading.Lock()
_tokens: Final[OrderedDict[str, str]] = OrderedDict()
"""Tokens of logins of this process, the newest last; what names them is a digest."""


class Speaker:
    """What asks one server. Without `api_key` it logs in with a name and password when first needed."""

    def __init__(
        self, target: Target, lan: Lan, *, username: str | None, password: str | None, api_key: str | None, client: str
    ) -> None:
        self.target = target
        self.lan = lan
        self._username = username
        self._password = password or ""
        self._api_key = api_key
        self._client = client

    @property
    def has_login(self) -> bool:
        """Whether it speaks as a user, not with a key."""
        return self._api_key is None

    @property
    def device_id(self) -> str:
        """What the server tells us from other clients by."""
        if not self.has_login:
            return self._client
        return f"{self._client}-{zlib.crc32(f'{socket.gethostname()}:{os.getpid()}'.encode()) % _DEVICES:x}"

    def get(self, path: str, query: Mapping[str, str | int] | None = None, *, limits: Limits = USUAL) -> Any:
        """The document there. Raises as `Lan.request`, KeyRefused, Unexpected."""
        return document(self.ask("GET", path, query, limits=limits))

    def ask(
        self, method: str, path: str, query: Mapping[str, str | int] | None = None, *, said: Any = None, limits: Limits = USUAL
    ) -> Answer:
        """The answer, whatever it says. A login that has run out is made anew, once."""
        answer = self._ask(method, path, query, said, self.token(limits), limits)
        if answer.status == 401 and self.has_login:
            with _guard:
                _tokens.pop(self._place(), None)
            answer = self._ask(method, path, query, said, self.token(limits), limits)
        return answer

    def public(self, path: str, *, limits: Limits = USUAL) -> Any:
        """A document for which nobody needs to be known."""
        return document(self._ask("GET", path, None, None, None, limits))

    def token(self, limits: Limits = USUAL) -> str:
        """The key, or the token of the login. Raises KeyRefused."""
        if self._api_key is not None:
            return self._api_key
        if self._username is None:
            raise KeyRefused(f"{self.target.host} wants an API key, or a name and a password.")
        with _guard:
            known = _tokens.get(self._place())
        return known if known is not None else self._log_in(limits)

    def is_administrator(self, limits: Limits = USUAL) -> bool:
        """Whether it may do everything: a key may."""
        if not self.has_login:
            return True
        return bool(row(row(self.get("/Users/Me", limits=limits)).get("Policy")).get("IsAdministrator"))

    def _log_in(self, limits: Limits) -> str:
        said = {"Username": self._username, "Pw": self._password}
        answer = self._ask("POST", "/Users/AuthenticateByName", None, said, None, limits)
        if answer.status in (400, 401, 403):
            raise KeyRefused(f"{self.target.host} does not accept that name and password.")
        token = text(row(document(answer)).get("AccessToken"))
        if token is None or len(token) > 500:
            raise Unexpected(f"{self.target.host} answered a login without a token.")
        with _guard:
            _tokens[self._place()] = token
            while len(_tokens) > _MOST_LOGINS:
                _tokens.popitem(last=False)
        return token

    def _place(self) -> str:
        target = self.target
        parts = (target.netloc, target.base_path, str(target.is_secure), self._username, self._password, self.device_id)
        return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()

    def _ask(
        self, method: str, path: str, query: Mapping[str, str | int] | None, said: Any, token: str | None, limits: Limits
    ) -> Answer:
        headers = {"authorization": self.authorization(token)}
        body = None if said is None else orjson.dumps(said)
        if body is not None:
            headers["content-type"] = "application/json"
        return self.lan.request(self.target, method, path, query=query, headers=headers, body=body, limits=limits)

    def authorization(self, token: str | None) -> str:
        """The header's value."""
        parts = {"Client": _PRODUCT, "Device": _PRODUCT, "DeviceId": self.device_id, "Version": VERSION, "Token": token}
        return "MediaBrowser " + ", ".join(f'{name}="{quote(each, safe="")}"' for name, each in parts.items() if each is not None)
