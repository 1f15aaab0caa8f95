"""Tables of groups, their members and invitations, and of friendships."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from domain.accounts.enums import FriendshipState, GroupPrivacy, GroupType, MemberRole
from domain.kit.tables import Table, Versioned, reference
from domain.kit.types import Instant, Json, choice


class Group(Table, Versioned, table=True):
    """People who share libraries, lists and what they watch. Its owner cannot be deleted before handing it over."""

    __tablename__ = "groups"

    name: str
    description: str | None = None
    group_type: GroupType = Field(default=GroupType.FAMILY, sa_type=choice(GroupType), nullable=False)
    owner_user_id: int = reference("users.id", on_delete="RESTRICT")
    privacy: GroupPrivacy = Field(default=GroupPrivacy.PRIVATE, sa_type=choice(GroupPrivacy), nullable=False)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)


class GroupMember(Table, table=True):
    """A user in a group."""

    __tablename__ = "group_members"
    __table_args__ = (sa.UniqueConstraint("group_id", "user_id"),)

    group_id: int = reference("groups.id", on_delete="CASCADE")
    user_id: int = reference("users.id", on_delete="CASCADE")
    role: MemberRole = Field(default=MemberRole.MEMBER, sa_type=choice(MemberRole), nullable=False)
    joined_at: datetime = Field(sa_type=Instant, nullable=False)
    permissions: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)


class GroupInvitation(Table, table=True):
    """An invitation to a user, an address, or whoever holds the code; good for seven days."""

    __tablename__ = "group_invitations"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN accepted_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN declined_at IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_outcome",
        ),
    )

    group_id: int = reference("groups.id", on_delete="CASCADE")
    from_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    to_user_id: int | None = reference("users.id", on_delete="CASCADE", nullable=True)
    to_email: str | None = None
    role: MemberRole = Field(default=MemberRole.MEMBER, sa_type=choice(MemberRole), nullable=False)
    invite_code: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=Instant, nullable=False)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    accepted_by_user_id: int | None = reference("users.id", on_delete="SET NULL", nullable=True)
    declined_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Friendship(Table, table=True):
    """Two users, stored once: the lower id first."""

    __tablename__ = "friendships"
    __table_args__ = (
        sa.UniqueConstraint("user_low_id", "user_high_id"),
        sa.CheckConstraint("user_low_id < user_high_id", name="low_before_high"),
    )

    user_low_id: int = reference("users.id", on_delete="CASCADE")
    user_high_id: int = reference("users.id", on_delete="CASCADE")
    requested_by_user_id: int = reference("users.id", on_delete="CASCADE")
    state: FriendshipState = Field(default=FriendshipState.PENDING, sa_type=choice(FriendshipState), nullable=False)
