"""Tables of users and of everything that proves who somebody is."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.accounts.enums import DeviceCodeState
from domain.kit.tables import Table, Versioned, index_where, reference
from domain.kit.types import Instant, Json, SortText, choice


class User(Table, Versioned, table=True):
    """A person of the household. `username_key` is the folded name that must be unique."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("max_age IS NULL OR max_age BETWEEN 0 AND 21", name="max_age_range"),
        {"sqlite_autoincrement": True},  # events and audit entries name users long after they are gone
    )

    username: str
    username_key: str = Field(unique=True, sa_type=SortText)
    email: str | None = Field(default=None, unique=True)
    password_hash: str
    display_name: str | None = None
    avatar_url: str | None = None
    bio: str | None = None
    timezone: str = "UTC"
    locale: str = "en-US"
    is_active: bool = True
    is_admin: bool = False
    can_edit: bool = False
    """May edit what stands in the libraries this user sees, and start and stop jobs on them. Admins always may."""
    has_all_libraries: bool = False
    """Sees every library, also those to come; otherwise `library_access` says which."""
    max_age: int | None = None
    """Highest certificate age this user sees; NULL = no limit."""
    sees_unrated: bool = True
    privacy_settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    preferences: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    last_login_at: datetime | None = Field(default=None, sa_type=Instant)
    password_changed_at: datetime | None = Field(default=None, sa_type=Instant)


class ApiToken(Table, table=True):
    """A token for scripts and devices. Only the hash is stored; `hint` are its last four characters."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        index_where("ix_api_tokens_live", ["user_id", "created_at"], "revoked_at IS NULL"),
        {"sqlite_autoincrement": True},
    )

    user_id: int = reference("users.id", on_delete="CASCADE")
    name: str
    token_hash: str = Field(unique=True)
    hint: str
    scopes: list[str] = Field(sa_type=Json, nullable=False)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class BrowserSession(Table, table=True):
    """A signed-in browser. The cookie's secret is stored as a hash; `csrf_hash` guards unsafe requests."""

    __tablename__ = "sessions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    user_id: int = reference("users.id", on_delete="CASCADE")
    secret_hash: str = Field(unique=True)
    user_agent: str = ""
    ip_address: str = ""
    last_seen_at: datetime = Field(sa_type=Instant, nullable=False)
    expires_at: datetime = Field(sa_type=Instant, nullable=False, index=True)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class DeviceCode(Table, table=True):
    """The pairing of a device by a short code: the code is shown on the device and typed by a signed-in person."""

    __tablename__ = "device_codes"
    __table_args__ = (
        sa.Index(
            "uq_device_codes_pending", "user_code", unique=True,
            sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"),
        ),
    )  # fmt: skip

    user_code: str
    device_hash: str = Field(unique=True)
    device_name: str
    scopes: list[str] = Field(sa_type=Json, nullable=False)
    state: DeviceCodeState = Field(default=DeviceCodeState.PENDING, sa_type=choice(DeviceCodeState), nullable=False)
    user_id: int | None = reference("users.id", on_delete="CASCADE", nullable=True)
    api_token_id: int | None = reference("api_tokens.id", on_delete="SET NULL", nullable=True)
    expires_at: datetime = Field(sa_type=Instant, nullable=False)


class PasswordReset(Table, table=True):
    """A one-time permission to set a new password, made by an admin or on the console; stored as a hash."""

    __tablename__ = "password_resets"

    user_id: int = reference("users.id", on_delete="CASCADE")
    code_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=Instant, nullable=False)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class LoginAttempt(Table, table=True):
    """A failed login, for the throttle: counted per user name and per address."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        sa.Index("ix_login_attempts_username_key_at", "username_key", "at"),
        sa.Index("ix_login_attempts_ip_address_at", "ip_address", "at"),
    )

    username_key: str
    ip_address: str
    at: datetime = Field(sa_type=Instant, nullable=False)
