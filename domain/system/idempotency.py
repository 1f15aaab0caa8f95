"""A mutation that comes twice with one key is done once and answered twice."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, IdempotencyKeyReused, Invalid
from domain.kit.types import canonical_json
from domain.system.tables import IdempotencyKey

KEPT: Final = timedelta(hours=24)
LOCK_NOT_AVAILABLE: Final = "55P03"
"""PostgreSQL's SQLSTATE for a lock that did not come within lock_timeout."""
PATH: Final = ("idempotencyKey",)
MOST: Final = 200


def once(
    uow: UnitOfWork,
    *,
    user_id: int,
    key: str | None,
    operation: str,
    input: Mapping[str, Any],
    run: Callable[[], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """What `run` answers, or what it answered when the same key came first (kept 24 h, as JSON: ids, not rows).

    Key and effects are committed together: a run that raises leaves no trace. Without a key it just runs.
    Raises Invalid for a key that is empty, too long or no text, IdempotencyKeyReused when it came with another operation
    or input, Conflict when the first call is still at work after the database's lock timeout.
    """
    if key is None:
        return run()
    if not 1 <= len(key) <= MOST or not key.isprintable():
        raise Invalid(f"An idempotency key has 1 to {MOST} printable characters.", path=PATH)
    digest = hashlib.sha256(
        canonical_json({"operation": operation, "input": input}).encode()
    ).hexdigest()  # short: one mutation's input
    expired = sa.delete(IdempotencyKey).where(
        col(IdempotencyKey.user_id) == user_id, col(IdempotencyKey.key) == key, col(IdempotencyKey.expires_at) <= uow.now()
    )
    uow.session.execute(expired)
    row = IdempotencyKey(user_id=user_id, key=key, operation=operation, input_sha256=digest, expires_at=uow.now() + KEPT)
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
            uow.session.flush()
    except IntegrityError:
        return _remembered(uow, user_id=user_id, key=key, digest=digest)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise Conflict("The first call with this key is still at work; try again.", path=PATH) from error
        raise
    result = run()
    row.result = dict(result)
    uow.session.flush()
    return result


def _remembered(uow: UnitOfWork, *, user_id: int, key: str, digest: str) -> Mapping[str, Any]:
    row = uow.session.execute(
        sa.select(IdempotencyKey).where(col(IdempotencyKey.user_id) == user_id, col(IdempotencyKey.key) == key)
    ).scalar_one()
    if row.input_sha256 != digest:
        raise IdempotencyKeyReused("This idempotency key came before with another input.", path=PATH)
    return row.result or {}
