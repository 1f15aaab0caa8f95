"""Tables of people and rights."""

from domain.accounts.tables.groups import Friendship, Group, GroupInvitation, GroupMember
from domain.accounts.tables.users import ApiToken, BrowserSession, DeviceCode, LoginAttempt, PasswordReset, User

__all__ = [
    "ApiToken",
    "BrowserSession",
    "DeviceCode",
    "Friendship",
    "Group",
    "GroupInvitation",
    "GroupMember",
    "LoginAttempt",
    "PasswordReset",
    "User",
]
