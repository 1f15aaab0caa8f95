"""Changes of users: made, edited, locked out, removed."""

import re
import zoneinfo
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.accounts import queries, throttle
from domain.accounts.passwords import check_password_rules
from domain.accounts.tables import ApiToken, BrowserSession, Group, PasswordReset, User
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound, VersionConflict
from domain.kit.ids import global_id
from domain.kit.secrets import keyed_hash, new_code, normal_code
from domain.kit.spelling import camel
from domain.system import audit
from domain.system.audit_tables import AuditSeverity

RESET_LIFE = timedelta(hours=24)
_NO_RESET: Final = "That reset code is wrong, used or too old. Ask for a new one."
_USERNAME = re.compile(r"[^\s\x00-\x1f/\\@:]{1,64}")
_EMAIL = re.compile(r"[^\s@\x00]{1,64}@[^\s@\x00]{1,190}")
_LENGTHS: Final = {"display_name": 100, "avatar_url": 2000, "bio": 5000}
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

DEFAULT_PRIVACY: Final[dict[str, Any]] = {
    "profile": "instance", "history": "private", "stats": "instance", "currently_watching": "instance", "lists": "private",
    "allow_friend_requests": True,
}  # fmt: skip


def check_new_user(*, username: str, password: str) -> None:
    """Raises Invalid when the name or the password breaks a rule (before any time is spent on hashing)."""
    _check_username(username)
    check_password_rules(password)


def create_user(
    uow: UnitOfWork,
    *,
    username: str,
    password_hash: str,
    email: str | None = None,
    display_name: str | None = None,
    is_admin: bool = False,
    can_edit: bool = False,
    has_all_libraries: bool = False,
    max_age: int | None = None,
    sees_unrated: bool = True,
) -> User:
    """A new user. Raises Invalid, or Conflict when the name or address is taken."""
    _check_username(username)
    _check_profile({"email": email, "max_age": max_age, "display_name": display_name})
    serialize(uow.session, "users")
    if queries.user_by_name(uow.session, username) is not None:
        raise Conflict(f"The user name {username!r} is taken.", path=("username",))
    email = email or None
    _check_email_is_free(uow, email, user_id=None)
    user = User(
        username=username.strip(),
        username_key=queries.username_key(username),
        password_hash=password_hash,
        email=email,
        display_name=display_name,
        is_admin=is_admin,
        can_edit=can_edit or is_admin,
        has_all_libraries=has_all_libraries,
        max_age=max_age,
        sees_unrated=sees_unrated,
        privacy_settings=dict(DEFAULT_PRIVACY),
        password_changed_at=uow.now(),
    )
    uow.session.add(user)
    uow.session.flush()
    audit.record(uow, "user.created", subject=global_id("users", user.id), severity=AuditSeverity.CRITICAL)
    return user


def get_user(uow: UnitOfWork, user_id: int) -> User:
    """The user, locked for this transaction. Raises NotFound."""
    user = uow.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("There is no such user. `users` lists them.", path=("id",))
    return user


def update_user(uow: UnitOfWork, *, user_id: int, changes: dict[str, Any], expected_version: int | None = None) -> User:
    """Set columns of a user. `changes` holds only what was sent. Raises NotFound, Invalid, Conflict, VersionConflict."""
    serialize(uow.session, "users")
    user = get_user(uow, user_id)
    if expected_version is not None and user.version != expected_version:
        raise VersionConflict(
            "Somebody changed this user since you read it.", current=user.version, entity_id=global_id("users", user.id)
        )
    _check_profile(changes)
    if "email" in changes:
        changes = {**changes, "email": changes["email"] or None}
        _check_email_is_free(uow, changes["email"], user_id=user_id)
    if "username" in changes:
        _check_username(changes["username"])
        other = queries.user_by_name(uow.session, changes["username"])
        if other is not None and other.id != user.id:
            raise Conflict(f"The user name {changes['username']!r} is taken.", path=("username",))
        user.username_key = queries.username_key(changes["username"])
    loses_admin = user.is_admin and user.is_active and not (changes.get("is_admin", True) and changes.get("is_active", True))
    if loses_admin and queries.active_admins(uow.session) == 1:
        raise Conflict("This is the last admin. Make another user admin first.", path=("isAdmin",))
    for name, value in changes.items():
        setattr(user, name, value)
    user.version += 1
    if changes.get("is_active") is False:
        revoke_everything(uow, user_id)
    audit.record(uow, "user.updated", subject=global_id("users", user.id), details={"fields": sorted(changes)})
    return user


def delete_user(uow: UnitOfWork, *, user_id: int) -> None:
    """Remove a user with tokens and sessions. Raises NotFound, or Conflict for the last admin or a group's owner."""
    serialize(uow.session, "users")
    user = get_user(uow, user_id)
    if user.is_admin and user.is_active and queries.active_admins(uow.session) == 1:
        raise Conflict("This is the last admin. Make another user admin first.", path=("id",))
    if uow.session.exec(select(Group.id).where(Group.owner_user_id == user_id).limit(1)).first() is not None:
        raise Conflict("This user owns a group. Hand it over first.", path=("id",))
    uow.session.delete(user)
    audit.record(uow, "user.deleted", subject=global_id("users", user_id), severity=AuditSeverity.CRITICAL)


def set_password(uow: UnitOfWork, *, user_id: int, password_hash: str, keep_session_id: int | None = None) -> User:
    """Store a new password and end every other session and every token of the user. Raises NotFound."""
    user = get_user(uow, user_id)
    user.password_hash = password_hash
    user.password_changed_at = uow.now()
    revoke_everything(uow, user_id, keep_session_id=keep_session_id)
    audit.record(uow, "user.password_changed", subject=global_id("users", user_id), severity=AuditSeverity.CRITICAL)
    return user


def upgrade_password_hash(uow: UnitOfWork, *, user_id: int, old_hash: str, new_hash: str) -> None:
    """Replace an old kind of hash of the same password; sessions stay. A password changed meanwhile wins."""
    uow.session.execute(
        sa.update(User).where(col(User.id) == user_id, col(User.password_hash) == old_hash).values(password_hash=new_hash)
    )


def revoke_everything(uow: UnitOfWork, user_id: int, *, keep_session_id: int | None = None) -> None:
    """End the user's sessions (but one) and tokens."""
    now = uow.now()
    uow.session.execute(
        sa.update(BrowserSession)
        .where(col(BrowserSession.user_id) == user_id, col(BrowserSession.revoked_at).is_(None))
        .where(col(BrowserSession.id) != (keep_session_id or 0))
        .values(revoked_at=now)
    )
    uow.session.execute(
        sa.update(ApiToken).where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None)).values(revoked_at=now)
    )


def offer_password_reset(uow: UnitOfWork, *, user_id: int, key: bytes) -> str:
    """A one-time code, good for a day, that lets the user set a new password. Earlier ones stop working."""
    get_user(uow, user_id)
    uow.session.execute(sa.delete(PasswordReset).where(col(PasswordReset.user_id) == user_id))
    code = new_code()
    expires_at = uow.now() + RESET_LIFE
    uow.session.add(PasswordReset(user_id=user_id, code_hash=keyed_hash(key, "reset", code), expires_at=expires_at))
    audit.record(uow, "user.reset_offered", subject=global_id("users", user_id), severity=AuditSeverity.CRITICAL)
    return code


def check_password_reset(session: Session, *, code: str, key: bytes) -> None:
    """Raises Invalid for a reset code that is wrong or used, before any time is spent on hashing a password."""
    code_hash = keyed_hash(key, "reset", normal_code(code))
    unused = select(PasswordReset.id).where(PasswordReset.code_hash == code_hash, col(PasswordReset.used_at).is_(None))
    if session.exec(unused).first() is None:
        raise Invalid(_NO_RESET, path=("resetCode",))


def use_password_reset(uow: UnitOfWork, *, code: str, key: bytes, password_hash: str) -> User:
    """Set the password with a reset code. Raises Invalid when it is wrong, used or too old."""
    code_hash = keyed_hash(key, "reset", normal_code(code))
    reset = uow.session.exec(select(PasswordReset).where(PasswordReset.code_hash == code_hash).with_for_update()).first()
    if reset is None or reset.used_at is not None or reset.expires_at <= uow.now():
        raise Invalid(_NO_RESET, path=("resetCode",))
    reset.used_at = uow.now()
    user = set_password(uow, user_id=reset.user_id, password_hash=password_hash)
    throttle.forgive_user(uow, username_key=user.username_key)
    return user


def _check_username(username: str) -> None:
    if not _USERNAME.fullmatch(username.strip()):
        raise Invalid("A user name has 1 to 64 characters, without spaces, slashes, @ and colons.", path=("username",))


def _check_email_is_free(uow: UnitOfWork, email: str | None, *, user_id: int | None) -> None:
    if email is None:
        return
    owner = uow.session.exec(select(User.id).where(User.email == email)).first()
    if owner not in (None, user_id):
        raise Conflict("That e-mail address belongs to another user.", path=("email",))


def _check_profile(changes: dict[str, Any]) -> None:
    for name, most in _LENGTHS.items():
        text = changes.get(name) or ""
        if len(text) > most or _NO_TEXT.search(text):
            raise Invalid(f"At most {most} characters, none of them a control character.", path=(camel(name),))
    if (address := changes.get("avatar_url")) and not address.startswith(("http://", "https://")):
        raise Invalid("The address of a picture begins with https:// or http://.", path=("avatarUrl",))
    if (email := changes.get("email")) and not _EMAIL.fullmatch(email):
        raise Invalid("That is not an e-mail address.", path=("email",))
    if (max_age := changes.get("max_age")) is not None and not 0 <= max_age <= 21:
        raise Invalid("An age limit lies between 0 and 21.", path=("maxAge",))
    if (timezone := changes.get("timezone")) is not None and timezone not in zoneinfo.available_timezones():
        raise Invalid(f"{timezone!r} is not an IANA time zone.", path=("timezone",))
