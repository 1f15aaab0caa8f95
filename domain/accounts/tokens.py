"""API tokens: made, shown once, stored as hashes, revoked."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, func, select

from domain.accounts import queries
from domain.accounts.enums import Scope
from domain.accounts.service import get_user
from domain.accounts.tables import ApiToken, BrowserSession
from domain.kit.database import UnitOfWork
from domain.kit.errors import Forbidden, Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.secrets import keyed_hash, new_token
from domain.system import audit
from domain.system.audit_tables import AuditSeverity

MAX_TOKENS = 100


def create_token(
    uow: UnitOfWork,
    *,
    key: bytes,
    user_id: int,
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None = None,
    within: Collection[str] | None = None,
) -> tuple[ApiToken, str]:
    """(row, clear token). The clear token exists only in this return value.

    `within` are the scopes of the token that asks for another: a token begets none that can do more than itself.
    Raises Invalid for an empty name, no scope or an expiry in the past, Forbidden for a scope the user does not have.
    """
    user = get_user(uow, user_id)
    if not 1 <= len(name.strip()) <= 100 or not name.isprintable():
        raise Invalid("A token's name has 1 to 100 characters.", path=("name",))
    if not scopes:
        raise Invalid("A token needs at least one scope.", path=("scopes",))
    excess = set(scopes) - queries.scopes_of(user)
    if within is not None:
        excess |= set(scopes) - set(within)
    if excess:
        raise Forbidden(f"You cannot give a token the scope {min(excess)}: you do not have it.", path=("scopes",))
    if expires_at is not None and expires_at <= uow.now():
        raise Invalid("That expiry lies in the past.", path=("expiresAt",))
    live = select(func.count()).where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
    if uow.session.exec(live).one() >= MAX_TOKENS:
        raise Invalid(f"You have {MAX_TOKENS} tokens. Revoke one first.", path=("name",))
    token = new_token()
    row = ApiToken(
        user_id=user_id,
        name=name.strip(),
        token_hash=keyed_hash(key, "token", token),
        hint=token[-4:],
        scopes=sorted(set(scopes)),
        expires_at=expires_at,
    )
    uow.session.add(row)
    uow.session.flush()
    audit.record(
        uow, "token.created", subject=global_id("api_tokens", row.id), severity=AuditSeverity.CRITICAL,
        details={"user": global_id("users", user_id), "scopes": row.scopes},
    )  # fmt: skip
    return row, token


def revoke_token(uow: UnitOfWork, *, token_id: int, user_id: int | None) -> ApiToken:
    """End a token of `user_id` (None: anybody's, for admins). Raises NotFound."""
    row = uow.session.get(ApiToken, token_id)
    if row is None or (user_id is not None and row.user_id != user_id):
        raise NotFound("There is no such token. `viewer { tokens }` lists yours.", path=("id",))
    if row.revoked_at is None:
        row.revoked_at = uow.now()
        audit.record(uow, "token.revoked", subject=global_id("api_tokens", row.id), severity=AuditSeverity.CRITICAL)
    return row


def revoke_session(uow: UnitOfWork, *, session_id: int, user_id: int | None) -> BrowserSession:
    """End a session of `user_id` (None: anybody's, for admins). Raises NotFound."""
    row = uow.session.get(BrowserSession, session_id)
    if row is None or (user_id is not None and row.user_id != user_id):
        raise NotFound("There is no such session. `viewer { sessions }` lists yours.", path=("id",))
    if row.revoked_at is None:
        row.revoked_at = uow.now()
        audit.record(uow, "session.revoked", subject=global_id("sessions", row.id))
    return row
