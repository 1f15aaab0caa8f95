"""Payloads of the account mutations."""

from typing import Annotated, Any

import strawberry

from api.accounts.types import ApiToken, BrowserSession, User
from api.kit.mutations import client_id, errors_field
from api.kit.problems import (
    AuthenticationError,
    ConflictError,
    ForbiddenError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    ThrottledError,
    VersionConflictError,
)


def user_field() -> Any:
    """The user of a payload."""
    return strawberry.field(default=None, description="The user as it stands now; null when nothing was done.")


SetUpError = Annotated[
    InvalidError | ConflictError,
    strawberry.union("SetUpError", description="Why it was not set up."),
]


@strawberry.type(description="The first administrator, signed in.")
class SetUpPayload:
    errors: list[SetUpError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


LoginError = Annotated[
    AuthenticationError | ThrottledError, strawberry.union("LoginError", description="Why nobody was signed in.")
]


@strawberry.type(description="Who signed in.")
class LoginPayload:
    errors: list[LoginError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


LogoutError = Annotated[
    ConflictError,
    strawberry.union("LogoutError", description="Why nobody was signed out."),
]


@strawberry.type(description="Signed out.")
class LogoutPayload:
    errors: list[LogoutError] = errors_field()
    client_mutation_id: str | None = client_id()


ResetPasswordError = Annotated[
    InvalidError,
    strawberry.union("ResetPasswordError", description="Why the password stays."),
]


@strawberry.type(description="A new password was set.")
class ResetPasswordPayload:
    errors: list[ResetPasswordError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


ChangePasswordError = Annotated[
    InvalidError | AuthenticationError | ThrottledError,
    strawberry.union("ChangePasswordError", description="Why the password stays."),
]


@strawberry.type(description="A new password was set; every other session and token ended.")
class ChangePasswordPayload:
    errors: list[ChangePasswordError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


UpdateProfileError = Annotated[
    InvalidError | ConflictError | VersionConflictError,
    strawberry.union("UpdateProfileError", description="Why nothing was changed."),
]


@strawberry.type(description="Your profile.")
class UpdateProfilePayload:
    errors: list[UpdateProfileError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


CreateUserError = Annotated[
    InvalidError | ConflictError | NotFoundError | IdempotencyKeyReusedError,
    strawberry.union("CreateUserError", description="Why no user was made."),
]


@strawberry.type(description="The new user.")
class CreateUserPayload:
    errors: list[CreateUserError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


UpdateUserError = Annotated[
    InvalidError | ConflictError | NotFoundError | VersionConflictError,
    strawberry.union("UpdateUserError", description="Why nothing was changed."),
]


@strawberry.type(description="The changed user.")
class UpdateUserPayload:
    errors: list[UpdateUserError] = errors_field()
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


DeleteUserError = Annotated[
    InvalidError | ConflictError | NotFoundError, strawberry.union("DeleteUserError", description="Why the user stays.")
]


@strawberry.type(description="The user is gone.")
class DeleteUserPayload:
    errors: list[DeleteUserError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Id of what is gone.")
    client_mutation_id: str | None = client_id()


CreatePasswordResetError = Annotated[
    InvalidError | NotFoundError, strawberry.union("CreatePasswordResetError", description="Why there is no code.")
]


@strawberry.type(description="A reset code, shown only here.")
class CreatePasswordResetPayload:
    errors: list[CreatePasswordResetError] = errors_field()
    reset_code: str | None = strawberry.field(default=None, description="Give it to the user; good for a day, once.")
    user: User | None = user_field()
    client_mutation_id: str | None = client_id()


CreateApiTokenError = Annotated[
    InvalidError | ForbiddenError | NotFoundError, strawberry.union("CreateApiTokenError", description="Why there is no token.")
]


@strawberry.type(description="The new token, shown only here.")
class CreateApiTokenPayload:
    errors: list[CreateApiTokenError] = errors_field()
    token: str | None = strawberry.field(default=None, description="The token itself. It is not stored: keep it now.")
    api_token: ApiToken | None = strawberry.field(default=None, description="What is known of it from now on.")
    client_mutation_id: str | None = client_id()


RevokeApiTokenError = Annotated[
    InvalidError | NotFoundError, strawberry.union("RevokeApiTokenError", description="Why it did not end.")
]


@strawberry.type(description="The token that ended.")
class RevokeApiTokenPayload:
    errors: list[RevokeApiTokenError] = errors_field()
    api_token: ApiToken | None = strawberry.field(default=None, description="The token as it stands now.")
    client_mutation_id: str | None = client_id()


RevokeSessionError = Annotated[
    InvalidError | NotFoundError, strawberry.union("RevokeSessionError", description="Why it did not end.")
]


@strawberry.type(description="The session that ended.")
class RevokeSessionPayload:
    errors: list[RevokeSessionError] = errors_field()
    session: BrowserSession | None = strawberry.field(default=None, description="The session as it stands now.")
    client_mutation_id: str | None = client_id()
