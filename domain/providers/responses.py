"""The cache of raw answers: found by what was asked, kept packed, renewed by a 304."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.kit.database import UnitOfWork
from domain.providers.model import Request
from domain.providers.tables import ProviderResponse
from domain.system.retention import older_than

NOTHING_KEPT: Final = timedelta(days=1)
"""How long "the provider does not have it" is believed."""
RULES: Final = (older_than("provider_responses", ProviderResponse, "expires_at", kept=timedelta(days=30)),)
"""A month longer than they are fresh, for their ETags; far less than the six months that TMDB allows."""
MOST_BYTES: Final = 8 * 2**20
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was had before."""

    status: int
    etag: str | None
    body: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to keep. `body` is packed; None = as before (304)."""

    status: int
    etag: str | None
    body: bytes | None
    fresh: timedelta


def key_of(request: Request) -> str:
    """What tells one request of a provider and language from another."""
    return request.path + "".join(f"{'?' if i == 0 else '&'}{k}={v}" for i, (k, v) in enumerate(sorted(request.params.items())))


def packed(body: bytes) -> bytes:
    """As it lies in the table."""
    return zlib.compress(body, 6)


def unpacked(body: bytes) -> bytes:
    """As it came."""
    return zlib.decompressobj().decompress(body, MOST_BYTES)


def find(session: Session, provider: str, request: Request) -> Kept | None:
    """What was answered last, fresh or not."""
    table = ProviderResponse
    query = sa.select(col(table.status), col(table.etag), col(table.body), col(table.expires_at)).where(
        col(table.provider) == provider, col(table.request_key) == key_of(request), col(table.language) == request.language
    )  # unguarded: automation asks on everybody's behalf
    row = session.execute(query).first()
    return None if row is None else Kept(*row)


def keep(uow: UnitOfWork, provider: str, request: Request, fetched: Fetched) -> None:
    """Store an answer. The caller holds the provider's row, so nobody else stores the same."""
    query = select(ProviderResponse).where(
        col(ProviderResponse.provider) == provider,
        col(ProviderResponse.request_key) == key_of(request),
        col(ProviderResponse.language) == request.language,
    )  # unguarded: written by whoever asked
    row = uow.session.exec(query).first()
    now = uow.now()
    if row is None:
        row = ProviderResponse(
            provider=provider, request_key=key_of(request), language=request.language, status=fetched.status, body=b"",
            fetched_at=now, expires_at=now,
        )  # fmt: skip
        uow.session.add(row)
    row.status, row.etag, row.fetched_at, row.expires_at = fetched.status, fetched.etag, now, now + fetched.fresh
    if fetched.body is not None:
        row.body = fetched.body


def expire(uow: UnitOfWork, provider: str, paths: Collection[str]) -> int:
    """What was answered to requests that begin so is not fresh any more; how many answers. Their ETags stay."""
    begins = [col(ProviderResponse.request_key).startswith(path, autoescape=True) for path in paths]
    count = 0
    for start in range(0, len(begins), _AT_ONCE):
        is_it = col(ProviderResponse.provider) == provider, sa.or_(*begins[start : start + _AT_ONCE])
        is_fresh = col(ProviderResponse.expires_at) > uow.now()
        update = sa.update(ProviderResponse).where(*is_it, is_fresh).values(expires_at=uow.now())
        count += uow.session.connection().execute(update).rowcount
    return count


def expire_next(uow: UnitOfWork, provider: str, *, after: int, limit: int = 500) -> int | None:
    """The same for everything that a provider answered, a piece at a time; the last key of the piece, None at the end."""
    is_it = col(ProviderResponse.provider) == provider, col(ProviderResponse.id) > after
    query = sa.select(col(ProviderResponse.id)).where(*is_it)  # unguarded: upkeep of all answers
    keys: list[int] = list(uow.session.execute(query.order_by(col(ProviderResponse.id)).limit(limit)).scalars())
    if not keys:
        return None
    is_fresh = col(ProviderResponse.expires_at) > uow.now()
    update = sa.update(ProviderResponse).where(col(ProviderResponse.id).in_(keys), is_fresh).values(expires_at=uow.now())
    uow.session.connection().execute(update)
    return keys[-1]


def forget(uow: UnitOfWork, provider: str) -> None:
    """Drop everything of a provider: another key may see another catalogue."""
    uow.session.execute(sa.delete(ProviderResponse).where(col(ProviderResponse.provider) == provider))
