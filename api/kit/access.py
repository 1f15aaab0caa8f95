"""What each root field asks of the caller. One declaration per field, one place that checks it."""

import inspect
from enum import Enum
from typing import Any, Final

from graphql import GraphQLError
from strawberry.extensions import FieldExtension

from domain.kit.policy import Viewer


class Permission(Enum):
    """The right a root field needs."""

    ANYONE = "anyone, also without signing in"
    SIGNED_IN = "any signed-in user, with whatever token"
    READ = "the scope read"
    WRITE = "the scope write (one's own things)"
    EDIT = "the scope write, and a user who may edit the libraries"
    JOBS = "the scope jobs, and a user who may edit the libraries"
    ADMIN = "the scope admin, and an administrator"


_SCOPE: Final = {
    Permission.READ: "read",
    Permission.WRITE: "write",
    Permission.EDIT: "write",
    Permission.JOBS: "jobs",
    Permission.ADMIN: "admin",
}


def missing(permission: Permission, viewer: Viewer) -> str | None:
    """What the viewer lacks, in words; None when the permission is held."""
    if permission is Permission.ANYONE:
        return None
    if viewer.user_id is None:
        return "Sign in first."
    if permission is Permission.SIGNED_IN:
        return None
    if permission in (Permission.EDIT, Permission.JOBS) and not viewer.can_edit:
        return "This needs a user who may edit the libraries; an administrator can let you (`canEdit`)."
    if permission is Permission.ADMIN and not viewer.is_admin:  # nor is, by this, an administrator whose token may do less
        return "Only administrators may do this; a token needs the scope admin."
    scope = _SCOPE[permission]
    if scope not in viewer.scopes:
        return f"This needs the scope {scope}: use a token that has it."
    return None


def denied(reason: str, viewer: Viewer) -> GraphQLError:
    """The top-level error of a refused field."""
    code = "UNAUTHENTICATED" if viewer.user_id is None else "FORBIDDEN"
    return GraphQLError(reason, extensions={"code": code})


class Needs(FieldExtension):
    """Refuses the field before its resolver runs."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def check(self, info: Any) -> None:
        """Raise GraphQLError when the viewer may not use the field."""
        viewer = info.context.viewer
        reason = missing(self.permission, viewer)
        if reason is not None:
            raise denied(reason, viewer)

    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        self.check(info)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        self.check(info)
        result = next_(source, info, **kwargs)
        return await result if inspect.isawaitable(result) else result  # a subscription's stream is not awaited
