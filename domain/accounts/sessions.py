"""Signing in and out: passwords become sessions, cookies and tokens become viewers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.accounts import queries, service, throttle
from domain.accounts.passwords import hash_password, needs_upgrade, verify_password, waste_time
from domain.accounts.tables import ApiToken, BrowserSession, User
from domain.kit.database import Database, UnitOfWork, database_time
from domain.kit.errors import Unauthenticated
from domain.kit.ids import global_id
from domain.kit.policy import Viewer
from domain.kit.secrets import is_token, keyed_hash, new_session_secret
from domain.system import audit

IDLE_LIFE = timedelta(days=30)
ABSOLUTE_LIFE = timedelta(days=90)
TOUCH_EVERY = timedelta(minutes=1)
_WRONG = "The user name or the password is wrong."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking, and by what: a token or a session."""

    viewer: Viewer
    user_id: int
    session_id: int | None = None
    token_id: int | None = None
    stale: bool = False
    """Its last use was noted more than a minute ago: note it again, after the answer."""

    @property
    def actor(self) -> str:
        """The global id that audit entries and events name."""
        return global_id("users", self.user_id)


def log_in(database: Database, *, key: bytes, username: str, password: str, ip_address: str, user_agent: str) -> tuple[User, str]:
    """The user and the secret of a new session. Raises Unauthenticated or Throttled.

    The attempt is counted before the password is looked at, and the hashing runs outside every transaction.
    """
    name = queries.username_key(username)[:200]
    with database.transaction() as uow:
        throttle.admit(uow, username_key=name, ip_address=ip_address)
        user = queries.user_by_name(uow.session, username)
    if user is None or not user.is_active:
        waste_time(password)
        raise Unauthenticated(_WRONG)
    if not verify_password(user.password_hash, password):
        raise Unauthenticated(_WRONG)
    upgraded = hash_password(password) if needs_upgrade(user.password_hash) else None
    with database.transaction(actor=global_id("users", user.id)) as uow:
        throttle.forgive(uow, username_key=name, ip_address=ip_address)
        if upgraded:
            service.upgrade_password_hash(uow, user_id=user.id, old_hash=user.password_hash, new_hash=upgraded)
        secret = start_session(uow, user_id=user.id, key=key, ip_address=ip_address, user_agent=user_agent)
    return user, secret


def confirm_password(database: Database, *, user_id: int, password: str, ip_address: str) -> None:
    """Make sure that whoever holds a session also knows the password. Raises Unauthenticated or Throttled."""
    with database.transaction() as uow:
        user = service.get_user(uow, user_id)
        throttle.admit(uow, username_key=user.username_key, ip_address=ip_address)
    if not verify_password(user.password_hash, password):
        raise Unauthenticated("The current password is wrong.", path=("currentPassword",))
    with database.transaction() as uow:
        throttle.forgive(uow, username_key=user.username_key, ip_address=ip_address)


def start_session(uow: UnitOfWork, *, user_id: int, key: bytes, ip_address: str, user_agent: str) -> str:
    """A new browser session; returns the cookie's secret, which is stored only as a hash."""
    secret, now = new_session_secret(), uow.now()
    uow.session.add(
        BrowserSession(
            user_id=user_id,
            secret_hash=keyed_hash(key, "session", secret),
            ip_address=ip_address[:64],
            user_agent=user_agent[:300],
            last_seen_at=now,
            expires_at=now + IDLE_LIFE,
        )
    )
    uow.session.execute(sa.update(User).where(col(User.id) == user_id).values(last_login_at=now))
    audit.record(uow, "session.started", subject=global_id("users", user_id), ip_address=ip_address, user_agent=user_agent)
    return secret


def by_session(session: Session, *, key: bytes, secret: str) -> Identity | None:
    """The identity behind a session cookie; None when it is unknown, ended or too old."""
    row = session.execute(
        sa.select(BrowserSession, User)
        .join(User, col(User.id) == col(BrowserSession.user_id))
        .where(col(BrowserSession.secret_hash) == keyed_hash(key, "session", secret))
    ).one_or_none()
    if row is None:
        return None
    found, user = row
    now = database_time(session)
    if found.revoked_at is not None or not user.is_active:
        return None
    if found.expires_at <= now or found.created_at + ABSOLUTE_LIFE <= now:
        return None
    viewer = queries.viewer_of(user, queries.scopes_of(user))
    return Identity(viewer, user.id, session_id=found.id, stale=_is_stale(found.last_seen_at, now))


def by_token(session: Session, *, key: bytes, token: str) -> Identity | None:
    """The identity behind an API token; None when it is malformed, unknown, revoked or expired."""
    if not is_token(token):
        return None
    row = session.execute(
        sa.select(ApiToken, User)
        .join(User, col(User.id) == col(ApiToken.user_id))
        .where(col(ApiToken.token_hash) == keyed_hash(key, "token", token))
    ).one_or_none()
    if row is None:
        return None
    found, user = row
    now = database_time(session)
    if found.revoked_at is not None or not user.is_active or (found.expires_at is not None and found.expires_at <= now):
        return None
    return Identity(queries.viewer_of(user, found.scopes), user.id, token_id=found.id, stale=_is_stale(found.last_used_at, now))


def touch(uow: UnitOfWork, identity: Identity) -> None:
    """Note that a session or token was used just now; a session's idle life starts anew."""
    now = uow.now()
    if identity.session_id is not None:
        uow.session.execute(
            sa.update(BrowserSession)
            .where(col(BrowserSession.id) == identity.session_id)
            .values(last_seen_at=now, expires_at=now + IDLE_LIFE)
        )
    elif identity.token_id is not None:
        uow.session.execute(sa.update(ApiToken).where(col(ApiToken.id) == identity.token_id).values(last_used_at=now))


def log_out(uow: UnitOfWork, *, session_id: int) -> None:
    """End a session."""
    uow.session.execute(sa.update(BrowserSession).where(col(BrowserSession.id) == session_id).values(revoked_at=uow.now()))


def _is_stale(seen: datetime | None, now: datetime) -> bool:
    return seen is None or seen + TOUCH_EVERY <= now
