"""Asking providers: from the cache, else over the egress at their pace, again where that helps, never past their breaker."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from domain.kit import clock
from domain.kit.database import Database
from domain.kit.errors import KeyRefused, RateLimited, Unexpected, Unreachable, Upstream
from domain.kit.http import Answer, Egress, Limits, json_of
from domain.kit.sealing import Unreadable, unseal
from domain.providers import responses, turns
from domain.providers.model import Ask, Provider, Request
from domain.providers.queries import Setup
from domain.providers.responses import NOTHING_KEPT, Fetched, Kept
from domain.providers.turns import Health, Result

JSON: Final = ("application/json",)
_LONGEST_S: Final = 30.0
_JITTER: Final = 0.2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long whoever asks waits in all, and how often a request is tried. Source: Metarr's behaviour, 12.3."""

    total_s: float
    tries: int


PERSON: Final = Patience(10, 3)
BACKGROUND: Final = Patience(60, 6)


def purpose(provider: str) -> str:
    """What a provider's key is sealed for."""
    return f"provider:{provider}"


class Desk:
    """One per process, for all its threads. `pause` waits some seconds; tests let it move their clock."""

    def __init__(
        self, database: Database, egress: Egress, *, key: bytes, pause: Callable[[float], object] | None = None,
        addresses: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._database = database
        self._egress = egress
        self._key = key
        self._pause = pause if pause is not None else threading.Event().wait
        self._addresses = addresses or {}

    @property
    def database(self) -> Database:
        """Where settings and answers are."""
        return self._database

    def asking(self, provider: Provider, setup: Setup, patience: Patience, *, is_renewed: bool = False) -> Ask:
        """The way to a provider, for the time of `patience` in all. `is_renewed` asks even where an answer is fresh.

        Raises KeyRefused where the key that is stored cannot be read any more.
        """
        until = clock.now() + timedelta(seconds=patience.total_s)
        secret = self._secret(setup)
        return partial(self._ask, provider, setup.id, secret, patience.tries, until, is_renewed)

    def _secret(self, setup: Setup) -> str:
        if setup.sealed_key is None:
            raise KeyRefused(f"{setup.name} has no key.")
        try:
            return unseal(self._key, purpose(setup.name), setup.sealed_key)
        except Unreadable:
            raise KeyRefused(f"The key of {setup.name} was stored by another installation. Give it again.") from None

    def _ask(
        self, provider: Provider, provider_id: int, secret: str, tries: int, until: datetime, is_renewed: bool, request: Request
    ) -> Any:
        with self._database.read() as session:
            kept = responses.find(session, provider.name, request)
        if kept is not None and kept.expires_at > clock.now() and not is_renewed:
            return _document(provider, kept.status, responses.unpacked(kept.body))
        number = 1
        while True:
            self._take_turn(provider, provider_id, until)
            try:
                return self._send(provider, provider_id, secret, until, request, kept)
            except (RateLimited, Unreachable) as error:
                later = clock.now() + timedelta(seconds=_backoff_s(number))
                if error.retry_at is not None:
                    later = max(later, error.retry_at) if isinstance(error, Unreachable) else error.retry_at
                if number >= tries or later > until:
                    error.retry_at = later
                    raise
                self._pause(max(0.0, (later - clock.now()).total_seconds()))
            number += 1

    def _take_turn(self, provider: Provider, provider_id: int, until: datetime) -> None:
        """Wait for the provider's limit. Raises Paused, and RateLimited when that would take too long."""
        while True:
            take = partial(turns.take, provider_id=provider_id, pace=provider.pace)
            seconds = self._database.perform(take)
            if seconds == 0:
                return
            later = clock.now() + timedelta(seconds=seconds)
            if later > until:
                raise RateLimited(f"{provider.name} has been asked as often as it allows for now.", retry_at=later)
            self._pause(seconds)

    def _send(
        self, provider: Provider, provider_id: int, secret: str, until: datetime, request: Request, kept: Kept | None
    ) -> Any:
        """One request, and what it tells."""
        params, headers = provider.authorized(secret)
        sent = {"accept": "application/json", **headers}
        if kept is not None and kept.etag is not None:
            sent["if-none-match"] = kept.etag
        base = self._addresses.get(provider.name, provider.base_url)
        url = f"{base}{request.path}?{urlencode({**request.params, **params})}"
        left = max(0.1, (until - clock.now()).total_seconds())
        limits: Limits = replace(self._egress.limits, total_s=min(self._egress.limits.total_s, left))
        began, health, fetched, blocked_until = time.monotonic(), Health.ILL, None, None
        try:
            answer = self._egress.get(url, hosts=provider.hosts, headers=sent, types=JSON, limits=limits)
            health = Health.UNTOLD
            document, fetched = _understood(provider, answer, kept, request)
            health = Health.WELL
            return document
        except RateLimited as error:
            health = Health.UNTOLD
            blocked_until = error.retry_at
            raise
        except _Unreadable as error:
            health = Health.ILL
            raise Unexpected(error.message) from None
        finally:
            took_ms = round((time.monotonic() - began) * 1000)
            result = Result(health, took_ms, fetched, blocked_until)
            self._database.perform(partial(turns.end, provider_id=provider_id, request=request, result=result))


class _Unreadable(Upstream):
    """A 200 that is not what it says."""


def _understood(provider: Provider, answer: Answer, kept: Kept | None, request: Request) -> tuple[Any, Fetched]:
    """(document, what to keep of it). Raises KeyRefused, Unexpected."""
    if answer.status == 304 and kept is not None:
        document = _document(provider, kept.status, responses.unpacked(kept.body))
        return document, Fetched(kept.status, kept.etag, None, request.kept)
    if answer.status == 404:
        return None, Fetched(404, None, b"", NOTHING_KEPT)
    if answer.status in (401, 403):
        raise KeyRefused(f"{provider.name} does not accept the key.")
    if answer.status != 200:
        raise Unexpected(f"{provider.name} does not understand the request ({answer.status}).")
    document = _document(provider, 200, answer.body)
    return document, Fetched(200, answer.headers.get("etag"), responses.packed(answer.body), request.kept)


def _document(provider: Provider, status: int, body: bytes) -> Any:
    if status != 200:
        return None
    try:
        document = json_of(body, host=provider.name)
    except Unexpected as error:
        raise _Unreadable(error.message) from None
    if not isinstance(document, dict):
        raise _Unreadable(f"{provider.name} answered with something else than an object.")
    return document


def _backoff_s(number: int) -> float:
    """1 s · 2^(n-1), at most 30 s, ± 20 %."""
    return float(min(_LONGEST_S, 2.0 ** (number - 1)) * (1 + _JITTER * (2 * random.random() - 1)))  # noqa: S311 - spreads load
