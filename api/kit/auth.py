"""Who sends a request: bearer tokens, session cookies, and which origins and hosts are believed."""

import asyncio
import ipaddress
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from api.kit.services import Services
from domain.accounts import sessions
from domain.accounts.sessions import ABSOLUTE_LIFE, Identity
from domain.settings import Settings

SECURE_COOKIE: Final = "__Host-marquee"
PLAIN_COOKIE: Final = "marquee"


def bearer(header: str | None) -> str | None:
    """The token in an Authorization header."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def session_secret(connection: HTTPConnection) -> str | None:
    """The session's secret from whichever of the two cookies the browser sends."""
    jar = connection.cookies  # lenient: another program's odd cookie on the same host does not hide ours
    return next((jar[name] for name in (SECURE_COOKIE, PLAIN_COOKIE) if jar.get(name)), None)


def is_secure(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the browser keeps a Secure cookie: HTTPS as MARQUEE_URL says, else this connection's own scheme."""
    if settings.url:
        return urlsplit(settings.url).scheme == "https" and _is_public(connection, settings)
    return connection.scope.get("scheme") in ("https", "wss")


def session_cookie(secret: str, *, secure: bool, host: str) -> str:
    """The Set-Cookie header of a session.

    Browsers keep `__Host-` cookies only on HTTPS and loopback; on plain HTTP at home the other name is used,
    SameSite=Strict, and `marquee doctor` warns.
    """
    age = int(ABSOLUTE_LIFE.total_seconds())
    if secure or _is_loopback(host):
        return f"{SECURE_COOKIE}={secret}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax; Secure"
    return f"{PLAIN_COOKIE}={secret}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict"


def ended_cookies() -> list[str]:
    """Set-Cookie headers that make a browser forget its session."""
    return [
        f"{SECURE_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
        f"{PLAIN_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict",
    ]


def host_is_known(connection: HTTPConnection, settings: Settings) -> bool:
    """Defence against DNS rebinding: a foreign domain that points at this machine is not answered.

    Known are the host of MARQUEE_URL, IP addresses, localhost, names without a dot, and `.local`, `.lan`,
    `.home.arpa`, `.internal` (RFC 6762, RFC 8375): nobody outside can own those.
    """
    if _is_public(connection, settings):
        return True
    name = _name(_host(connection))
    if not name or "." not in name or name.endswith((".local", ".localhost", ".lan", ".home.arpa", ".internal")):
        return bool(name)
    return _is_ip(name)


def origin_is_own(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether a request that carries a cookie was sent by our own page (or by no page at all)."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    known = normalize_origin(origin)
    return known is not None and (known == public_origin(settings) or is_same_origin(known, _host(connection)))


def public_origin(settings: Settings) -> str | None:
    """The origin that MARQUEE_URL names, as browsers write it; None when it is not set."""
    return normalize_origin(settings.url) if settings.url else None


async def identify_again(services: Services, proof: str | None) -> Identity | None:
    """The identity behind a proof that was kept while a connection is open: `Bearer <token>`, or a session's secret."""
    token = bearer(proof)
    return await identify(services, asyncio.to_thread, token=token, secret=None if token is not None else proof)


async def identify(services: Services, run: Any, *, token: str | None, secret: str | None) -> Identity | None:
    """The identity behind a token, else behind a session's secret; None when neither is good.

    `run` runs a blocking function in a thread. A token that is wrong never falls back to the cookie.
    """
    proof = secret if token is None else token
    if proof is None:
        return None
    name = f"{'session' if token is None else 'token'} {proof}"  # a secret is good only where it belongs
    known = services.identities.get(name)
    if known is not None:
        return known
    generation = services.identities.generation

    def look_up() -> Identity | None:
        with services.database.read() as session:
            if token is not None:
                return sessions.by_token(session, key=services.key, token=token)
            return sessions.by_session(session, key=services.key, secret=proof)

    identity: Identity | None = await run(look_up)
    if identity is None:
        return None
    services.identities.put(name, identity, generation=generation)
    if identity.stale:
        await run(_touch, services, identity)
    return identity


def _touch(services: Services, identity: Identity) -> None:
    with services.database.transaction(actor=identity.actor) as uow:
        sessions.touch(uow, identity)


def _is_public(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the request names the host of MARQUEE_URL."""
    return bool(settings.url) and is_same_origin(public_origin(settings) or "", _host(connection))


def _host(connection: HTTPConnection) -> str:
    return connection.headers.get("host", "").lower()


def _name(host: str) -> str:
    if host.startswith("["):
        name, _, rest = host[1:].partition("]")
        return "" if rest.strip(":0123456789") else name
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    name = _name(host.lower())
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_ip(name) and ipaddress.ip_address(name).is_loopback
