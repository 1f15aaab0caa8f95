"""Requests to a Plex: its headers, JSON in place of XML, and verbs that changed with its versions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.kit.errors import KeyRefused, Unexpected
from domain.kit.http import Answer, Lan, Limits, Target
from domain.kit.version import VERSION
from domain.players.reading import document
from domain.providers.reading import Row, row

USUAL: Final = Limits(total_s=10.0, connect_s=4.0, read_s=8.0, body_bytes=4 * 2**20)
_NOT_SO: Final = (404, 405)
Query = Mapping[str, str | int]


class Speaker:
    """What asks one server. Without a token it may still answer: its owner can name networks that need none."""

    def __init__(self, target: Target, lan: Lan, *, token: str | None, client: str) -> None:
        self.target = target
        self.lan = lan
        self._token = token
        self._client = client

    def get(self, path: str, query: Query | None = None, *, page: tuple[int, int] | None = None, limits: Limits = USUAL) -> Row:
        """The MediaContainer there; `page` is where it begins and how many entries it has. Raises as `Lan.request`,
        KeyRefused, Unexpected."""
        more = {} if page is None else {"x-plex-container-start": str(page[0]), "x-plex-container-size": str(page[1])}
        return self._container(self.ask(["GET"], path, query, more=more, limits=limits))

    def public(self, path: str, *, limits: Limits = USUAL) -> Row:
        """The same of what nobody needs a token for; it is not shown."""
        answer = self.lan.request(self.target, "GET", path, headers={"accept": "application/json"}, limits=limits)
        return self._container(answer)

    def ask(
        self, methods: Sequence[str], path: str, query: Query | None = None, *, more: Mapping[str, str] | None = None,
        limits: Limits = USUAL,
    ) -> Answer:  # fmt: skip
        """The answer, whatever it says, to the first verb that this version knows."""
        headers = {**self.headers(), **(more or {})}
        for method in methods:
            answer = self.lan.request(self.target, method, path, query=query, headers=headers, limits=limits)
            if answer.status not in _NOT_SO:
                break
        return answer

    def headers(self) -> dict[str, str]:
        """Who asks. Raises KeyRefused for what cannot be a token."""
        said = {
            "accept": "application/json", "x-plex-client-identifier": self._client, "x-plex-product": "Marquee",
            "x-plex-version": VERSION, "x-plex-device-name": "Marquee",
        }  # fmt: skip
        if self._token:
            if not re.fullmatch(r"[!-~]{1,500}", self._token):
                raise KeyRefused("A token of Plex has letters, digits and signs, no blanks.")
            said["x-plex-token"] = self._token
        return said

    def _container(self, answer: Answer) -> Row:
        found: Any = row(document(answer)).get("MediaContainer")
        if not isinstance(found, dict):
            raise Unexpected(f"{self.target.host} answered with something that is not Plex's.")
        return found
