"""Closed sets of the accounts feature."""

from enum import StrEnum


class Scope(StrEnum):
    """What a token may be used for. A session carries every scope its user has."""

    READ = "read"
    WRITE = "write"
    SCROBBLE = "scrobble"
    JOBS = "jobs"
    ADMIN = "admin"
    WEBHOOK = "webhook"


class GroupType(StrEnum):
    """What kind of people a group joins."""

    FAMILY = "family"
    FRIENDS = "friends"
    CUSTOM = "custom"


class GroupPrivacy(StrEnum):
    """Who may find and join a group."""

    PRIVATE = "private"
    INVITE_ONLY = "invite_only"
    PUBLIC = "public"


class MemberRole(StrEnum):
    """What a member may do in a group."""

    ADMIN = "admin"
    MEMBER = "member"
    LIMITED = "limited"


class FriendshipState(StrEnum):
    """Where a friendship stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    BLOCKED = "blocked"


class DeviceCodeState(StrEnum):
    """Where the pairing of a device stands."""

    PENDING = "pending"
    APPROVED = "approved"
    RETRIEVED = "retrieved"
    DENIED = "denied"
