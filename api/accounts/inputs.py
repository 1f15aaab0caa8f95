"""Inputs of the account mutations."""

from datetime import datetime

import strawberry

from api.kit.mutations import EXPECTED_VERSION, IDEMPOTENCY_KEY, client_id
from api.kit.scalars import Locale, TimeZone
from domain.accounts.enums import Scope


@strawberry.input(description="The first start.")
class SetUpInput:
    setup_code: str = strawberry.field(description="The code that the server printed on its console.")
    username: str = strawberry.field(description="Name of the first administrator: 1 to 64 characters.")
    password: str = strawberry.field(description="At least 8 characters.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Signing in with a browser.")
class LoginInput:
    username: str = strawberry.field(description="User name, in any case.")
    password: str = strawberry.field(description="Password.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Signing out.")
class LogoutInput:
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A new password with a reset code.")
class ResetPasswordInput:
    reset_code: str = strawberry.field(description="The code from an administrator, or from `marquee user reset`.")
    new_password: str = strawberry.field(description="At least 8 characters.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A new password.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description="The password in force.")
    new_password: str = strawberry.field(description="At least 8 characters.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Your own profile. Fields that are absent stay.")
class UpdateProfileInput:
    display_name: strawberry.Maybe[str | None] = strawberry.field(description="The name to show.")
    email: strawberry.Maybe[str | None] = strawberry.field(description="E-mail address.")
    bio: strawberry.Maybe[str | None] = strawberry.field(description="A few words about you.")
    avatar_url: strawberry.Maybe[str | None] = strawberry.field(description="Address of a picture.")
    timezone: strawberry.Maybe[TimeZone] = strawberry.field(description="The zone in which your days begin.")
    locale: strawberry.Maybe[Locale] = strawberry.field(description="Language and region.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A new user.")
class CreateUserInput:
    username: str = strawberry.field(description="1 to 64 characters, without spaces, slashes, @ and colons.")
    password: str = strawberry.field(description="At least 8 characters; the user can change it.")
    email: str | None = strawberry.field(default=None, description="E-mail address.")
    display_name: str | None = strawberry.field(default=None, description="The name to show.")
    is_admin: bool = strawberry.field(default=False, description="Administers the server.")
    can_edit: bool = strawberry.field(default=False, description="May edit what they see, and start and stop jobs on it.")
    has_all_libraries: bool = strawberry.field(default=False, description="Sees every library, also those to come.")
    libraries: list[strawberry.ID] = strawberry.field(default_factory=list, description="Libraries they see, at most 100.")
    max_age: int | None = strawberry.field(default=None, description="Highest certificate age they see; null = no limit.")
    sees_unrated: bool = strawberry.field(default=True, description="Whether they see what has no certificate.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Changes of a user. Fields that are absent stay.")
class UpdateUserInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    username: strawberry.Maybe[str] = strawberry.field(description="The name to sign in with.")
    email: strawberry.Maybe[str | None] = strawberry.field(description="E-mail address.")
    display_name: strawberry.Maybe[str | None] = strawberry.field(description="The name to show.")
    is_active: strawberry.Maybe[bool] = strawberry.field(description="false signs them out everywhere.")
    is_admin: strawberry.Maybe[bool] = strawberry.field(description="Administers the server.")
    can_edit: strawberry.Maybe[bool] = strawberry.field(description="May edit what they see.")
    has_all_libraries: strawberry.Maybe[bool] = strawberry.field(description="Sees every library.")
    libraries: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="The libraries they see, in place of those before; at most 100."
    )
    max_age: strawberry.Maybe[int | None] = strawberry.field(description="Highest certificate age; null = no limit.")
    sees_unrated: strawberry.Maybe[bool] = strawberry.field(description="Whether they see what has no certificate.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A user to remove.")
class DeleteUserInput:
    id: strawberry.ID = strawberry.field(description="Who.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A reset code for a user.")
class CreatePasswordResetInput:
    user: strawberry.ID = strawberry.field(description="Who gets it.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A new API token for yourself.")
class CreateApiTokenInput:
    name: str = strawberry.field(description="What it is for: 1 to 100 characters.")
    scopes: list[Scope] = strawberry.field(description="What it may be used for; never more than you may.")
    expires_at: datetime | None = strawberry.field(default=None, description="When it ends by itself; null = never.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A token to end: yours, or anybody's for administrators.")
class RevokeApiTokenInput:
    id: strawberry.ID = strawberry.field(description="The token.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A session to end: yours, or anybody's for administrators.")
class RevokeSessionInput:
    id: strawberry.ID = strawberry.field(description="The session.")
    client_mutation_id: str | None = client_id()
