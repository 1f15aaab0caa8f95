"""Asking providers: from the cache, else over the egress at their pace, again where that helps, never past their breaker."""

import random
import re
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from domain.kit import clock
from domain.kit.database import Database
from domain.kit.errors import KeyRefused, RateLimited, Unexpected, Unreachable, Upstream
from domain.kit.http import Answer, Egress, Limits, json_of
from domain.kit.sealing import Unreadable, unseal
from domain.providers import responses, tokens, turns
from domain.providers.model import Ask, Login, Provider, Request
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
        self._signing_in = threading.Lock()

    @property
    def database(self) -> Database:
        """Where settings and answers are."""
        return self._database

    def asking(
        self, provider: Provider, setup: Setup, patience: Patience, *, is_renewed: bool = False, key: str | None = None
    ) -> Ask:
        """The way to a provider, for the time of `patience` in all. `is_renewed` asks even where an answer is fresh.

        `key` is one that is not stored, in place of the one that is. Raises KeyRefused where the stored one cannot be read any
        more.
        """
        until = clock.now() + timedelta(seconds=patience.total_s)
        secret = self._secret(setup) if key is None else key
        return partial(self._ask, _Caller(provider, setup, secret, patience.tries, until, key is None), is_renewed)

    def _secret(self, setup: Setup) -> str:
        if setup.sealed_key is None:
            raise KeyRefused(f"{setup.name} has no key.")
        try:
            return unseal(self._key, purpose(setup.name), setup.sealed_key)
        except Unreadable:
            raise KeyRefused(f"The key of {setup.name} was stored by another installation. Give it again.") from None

    def _ask(self, caller: "_Caller", is_renewed: bool, request: Request) -> Any:
        provider = caller.provider
        known = self._known(provider, request)
        if known is not None and known[0].expires_at > clock.now() and not is_renewed:
            return known[1]
        number, refused = 1, None
        while True:
            credential = None
            try:
                credential = self._credential(caller, refused)
                self._take_turn(caller)
                return self._send(caller, credential, request, known)
            except KeyRefused:
                if credential in (None, caller.secret) or refused is not None:
                    raise
                refused = credential  # the token has run out: another one, once
                continue
            except (RateLimited, Unreachable) as error:
                later = clock.now() + timedelta(seconds=_backoff_s(number))
                if error.retry_at is not None:
                    later = max(later, error.retry_at) if isinstance(error, Unreachable) else error.retry_at
                if number >= caller.tries or later > caller.until:
                    error.retry_at = later
                    raise
                self._pause(max(0.0, (later - clock.now()).total_seconds()))
            number += 1

    def _known(self, provider: Provider, request: Request) -> "_Known | None":
        """What was answered last, fresh or not; None also where it cannot be read any more."""
        if not request.kept:
            return None
        with self._database.read() as session:
            kept = responses.find(session, provider.name, request)
        try:
            return None if kept is None else (kept, _document(provider, kept.status, responses.unpacked(kept.body)))
        except (_Unreadable, zlib.error):
            return None

    def _take_turn(self, caller: "_Caller") -> None:
        """Wait for the provider's limit. Raises Paused, and RateLimited when that would take too long."""
        while True:
            take = partial(turns.take, provider_id=caller.setup.id, pace=caller.provider.pace)
            seconds = self._database.perform(take)
            if seconds == 0:
                return
            later = clock.now() + timedelta(seconds=seconds)
            if later > caller.until:
                raise RateLimited(f"{caller.provider.name} has been asked as often as it allows for now.", retry_at=later)
            self._pause(seconds)

    def _credential(self, caller: "_Caller", refused: str | None) -> str:
        """The key, or the token that it was changed for; another one than `refused`."""
        login = caller.provider.login(caller.secret)
        if login is None:
            return caller.secret
        if not caller.is_stored:
            return self._sign_in(caller, login)
        if not self._signing_in.acquire(timeout=self._left_s(caller)):
            raise Unreachable(f"{caller.provider.name} takes too long to answer.")
        try:  # one login is enough for all that wait for it
            with self._database.read() as session:
                token = tokens.find(session, caller.setup.id, self._key)
            if token is None or token == refused:
                token = self._sign_in(caller, login)
                stored = partial(tokens.keep, sealed_key=caller.setup.sealed_key, token=token, secret=self._key)
                self._database.perform(partial(stored, provider_id=caller.setup.id))
            return token
        finally:
            self._signing_in.release()

    def _sign_in(self, caller: "_Caller", login: Login) -> str:
        """Raises KeyRefused, and whatever a request raises."""
        self._take_turn(caller)
        provider = caller.provider
        headers = {"accept": "application/json", "content-type": "application/json"}

        def post() -> Answer:
            body = orjson.dumps(login.body)
            limits = self._limits(caller)
            return self._egress.post(
                self._address(provider) + login.path, body, hosts=provider.hosts, headers=headers, types=JSON, limits=limits
            )

        token: str = self._told(caller, Request(login.path), post, partial(_token, provider, login))
        return token

    def _send(self, caller: "_Caller", credential: str, request: Request, known: "_Known | None") -> Any:
        """One request, and what it tells."""
        provider = caller.provider
        params, headers = provider.authorized(credential)
        sent = {"accept": "application/json", **headers}
        if known is not None and known[0].etag is not None:
            sent["if-none-match"] = known[0].etag
        url = f"{self._address(provider)}{request.path}?{urlencode({**request.params, **params})}"

        def get() -> Answer:
            return self._egress.get(url, hosts=provider.hosts, headers=sent, types=JSON, limits=self._limits(caller))

        return self._told(caller, request, get, partial(_understood, provider, known=known, request=request))

    def _told(
        self,
        caller: "_Caller",
        request: Request,
        call: Callable[[], Answer],
        read: Callable[[Answer], tuple[Any, Fetched | None]],
    ) -> Any:
        """What an answer says, after the provider's row was told how it went."""
        began, health, fetched, blocked_until = time.monotonic(), Health.ILL, None, None
        try:
            answer = call()
            health = Health.UNTOLD
            document, fetched = read(answer)
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
            self._database.perform(partial(turns.end, provider_id=caller.setup.id, request=request, result=result))

    def _address(self, provider: Provider) -> str:
        return self._addresses.get(provider.name, provider.base_url)

    def _left_s(self, caller: "_Caller") -> float:
        return max(0.1, (caller.until - clock.now()).total_seconds())

    def _limits(self, caller: "_Caller") -> Limits:
        return replace(self._egress.limits, total_s=min(self._egress.limits.total_s, self._left_s(caller)))


@dataclass(frozen=True, slots=True)
class _Caller:
    """Whom is asked, with which key, and how patiently."""

    provider: Provider
    setup: Setup
    secret: str = field(repr=False)
    tries: int
    until: datetime
    is_stored: bool
    """False: the key is tried before anybody stores it, and so is what it is changed for."""


_Known = tuple[Kept, Any]
"""What was answered before, and its document."""


class _Unreadable(Upstream):
    """A 200 that is not what it says."""


def _understood(provider: Provider, answer: Answer, known: _Known | None, request: Request) -> tuple[Any, Fetched | None]:
    """(document, what to keep of it). Raises KeyRefused, Unexpected."""
    if answer.status == 304 and known is not None:
        kept, document = known
        return document, Fetched(kept.status, kept.etag, None, request.kept)
    if answer.status == 404:
        return None, Fetched(404, None, b"", NOTHING_KEPT) if request.kept else None
    if answer.status in (401, 403):
        raise KeyRefused(f"{provider.name} does not accept the key.")
    if answer.status != 200:
        raise Unexpected(f"{provider.name} does not understand the request ({answer.status}).")
    document = _document(provider, 200, answer.body)
    if not request.kept:
        return document, None
    return document, Fetched(200, answer.headers.get("etag"), responses.packed(answer.body), request.kept)


def _token(provider: Provider, login: Login, answer: Answer) -> tuple[str, None]:
    """(the token, nothing to keep). Raises KeyRefused, Unexpected."""
    if answer.status in (400, 401, 403):
        raise KeyRefused(f"{provider.name} does not accept the key.")
    if answer.status != 200:
        raise Unexpected(f"{provider.name} does not understand the login ({answer.status}).")
    found = _document(provider, 200, answer.body)
    for name in login.at:
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, str) or not re.fullmatch(r"[\x21-\x7e]{1,4000}", found):
        raise _Unreadable(f"{provider.name} answered the login without a token.")
    return found, None


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
