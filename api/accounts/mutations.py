"""Mutations of users, passwords, tokens and sessions."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.accounts import inputs as i
from api.accounts import payloads as p
from api.accounts.types import ApiToken, BrowserSession, User
from api.kit import auth
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, change_once, sent
from api.kit.planner import ref
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
from domain.accounts import passwords, service, sessions, setup, tokens
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id, key_of
from domain.libraries import access_service

What = strawberry.argument(description="What to do.")


@strawberry.type
class SignInMutations:
    """The first start, signing in and out, passwords."""

    @mutation(Permission.ANYONE, "Make the first administrator with the code that the server printed, and sign in.")
    async def set_up(self, info: Info, input: Annotated[i.SetUpInput, What]) -> p.SetUpPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            user = await context.run(
                setup.set_up, context.database, key=context.services.key, code=input.setup_code, username=input.username,
                password=input.password,
            )  # fmt: skip
            secret = await context.change(
                sessions.start_session, user_id=user.id, key=context.services.key, ip_address=context.ip_address,
                user_agent=context.user_agent,
            )  # fmt: skip
            _signed_in(context, secret, user.id)
            return {"user": ref(User, user.id)}

        return await attempt(p.SetUpPayload, (InvalidError, ConflictError), work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ANYONE, "Sign in with a browser: sets the session cookie. Scripts use API tokens instead.")
    async def login(self, info: Info, input: Annotated[i.LoginInput, What]) -> p.LoginPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            user, secret = await context.run(
                sessions.log_in, context.database, key=context.services.key, username=input.username, password=input.password,
                ip_address=context.ip_address, user_agent=context.user_agent,
            )  # fmt: skip
            _signed_in(context, secret, user.id)
            return {"user": ref(User, user.id)}

        return await attempt(
            p.LoginPayload, (AuthenticationError, ThrottledError), work, client_mutation_id=input.client_mutation_id
        )

    @mutation(Permission.SIGNED_IN, "End this browser's session.")
    async def logout(self, info: Info, input: Annotated[i.LogoutInput, What]) -> p.LogoutPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            if context.identity is not None and context.identity.session_id is not None:
                await context.change(sessions.log_out, session_id=context.identity.session_id)
            context.services.identities.clear()
            context.set_cookies.extend(auth.ended_cookies())
            return {}

        return await attempt(p.LogoutPayload, (ConflictError,), work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ANYONE, "Set a new password with a reset code. Every session and token of the user ends.")
    async def reset_password(self, info: Info, input: Annotated[i.ResetPasswordInput, What]) -> p.ResetPasswordPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            await context.read(service.check_password_reset, code=input.reset_code, key=context.services.key)
            password_hash = await _new_hash(context, input.new_password)
            await context.change(
                service.use_password_reset, code=input.reset_code, key=context.services.key, password_hash=password_hash
            )
            context.services.identities.clear()
            return {}

        return await attempt(p.ResetPasswordPayload, (InvalidError,), work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "Set a new password for yourself. Every other session and every token of yours ends.")
    async def change_password(self, info: Info, input: Annotated[i.ChangePasswordInput, What]) -> p.ChangePasswordPayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            await context.run(
                sessions.confirm_password, context.database, user_id=identity.user_id, password=input.current_password,
                ip_address=context.ip_address,
            )  # fmt: skip
            password_hash = await _new_hash(context, input.new_password)
            await context.change(
                service.set_password,
                user_id=identity.user_id,
                password_hash=password_hash,
                keep_session_id=identity.session_id,
            )
            context.services.identities.clear()
            return {"user": ref(User, identity.user_id)}

        allowed = (InvalidError, AuthenticationError, ThrottledError)
        return await attempt(p.ChangePasswordPayload, allowed, work, client_mutation_id=input.client_mutation_id)


@strawberry.type
class AccountMutations(SignInMutations):
    """Users, tokens and sessions."""

    @mutation(Permission.WRITE, "Change your own profile.")
    async def update_profile(self, info: Info, input: Annotated[i.UpdateProfileInput, What]) -> p.UpdateProfilePayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            changes = sent(
                display_name=input.display_name, email=input.email, bio=input.bio, avatar_url=input.avatar_url,
                timezone=input.timezone, locale=input.locale,
            )  # fmt: skip
            await context.change(
                service.update_user, user_id=identity.user_id, changes=changes, expected_version=input.expected_version
            )
            return {"user": ref(User, identity.user_id)}

        allowed = (InvalidError, ConflictError, VersionConflictError)
        return await attempt(p.UpdateProfilePayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Add a user.")
    async def create_user(self, info: Info, input: Annotated[i.CreateUserInput, What]) -> p.CreateUserPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            service.check_new_user(username=input.username, password=input.password)
            password_hash = await context.run(passwords.hash_password, input.password)
            columns: dict[str, Any] = {
                "username": input.username, "email": input.email, "display_name": input.display_name,
                "is_admin": input.is_admin, "can_edit": input.can_edit, "has_all_libraries": input.has_all_libraries,
                "max_age": input.max_age, "sees_unrated": input.sees_unrated,
            }  # fmt: skip
            libraries = [key_of("libraries", each, path=("libraries",)) for each in input.libraries]

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                user = service.create_user(uow, password_hash=password_hash, **columns)
                access_service.set_user_libraries(uow, user_id=user.id, library_ids=libraries)
                return {"id": global_id("users", user.id)}

            fingerprint = {**columns, "libraries": input.libraries}
            made = await change_once(context, "createUser", input.idempotency_key, fingerprint, run)
            return {"user": ref(User, key_of("users", made["id"]))}

        allowed = (InvalidError, ConflictError, NotFoundError, IdempotencyKeyReusedError)
        return await attempt(p.CreateUserPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Change a user.")
    async def update_user(self, info: Info, input: Annotated[i.UpdateUserInput, What]) -> p.UpdateUserPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            user_id = key_of("users", input.id)
            changes = sent(
                username=input.username, email=input.email, display_name=input.display_name, is_active=input.is_active,
                is_admin=input.is_admin, can_edit=input.can_edit, has_all_libraries=input.has_all_libraries,
                max_age=input.max_age, sees_unrated=input.sees_unrated,
            )  # fmt: skip

            def run(uow: UnitOfWork) -> None:
                service.update_user(uow, user_id=user_id, changes=changes, expected_version=input.expected_version)
                if input.libraries is not None:
                    keys = [key_of("libraries", each, path=("libraries",)) for each in input.libraries.value]
                    access_service.set_user_libraries(uow, user_id=user_id, library_ids=keys)

            await context.change(run)
            context.services.identities.clear()
            return {"user": ref(User, user_id)}

        allowed = (InvalidError, ConflictError, NotFoundError, VersionConflictError)
        return await attempt(p.UpdateUserPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Remove a user with their tokens and sessions.")
    async def delete_user(self, info: Info, input: Annotated[i.DeleteUserInput, What]) -> p.DeleteUserPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            await context.change(service.delete_user, user_id=key_of("users", input.id))
            context.services.identities.clear()
            return {"deleted_id": input.id}

        allowed = (InvalidError, ConflictError, NotFoundError)
        return await attempt(p.DeleteUserPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Make a one-time code with which a user sets a new password.")
    async def create_password_reset(
        self, info: Info, input: Annotated[i.CreatePasswordResetInput, What]
    ) -> p.CreatePasswordResetPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            user_id = key_of("users", input.user, path=("user",))
            code = await context.change(service.offer_password_reset, user_id=user_id, key=context.services.key)
            return {"reset_code": code, "user": ref(User, user_id)}

        allowed = (InvalidError, NotFoundError)
        return await attempt(p.CreatePasswordResetPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "Make an API token for yourself. It is shown once.")
    async def create_api_token(self, info: Info, input: Annotated[i.CreateApiTokenInput, What]) -> p.CreateApiTokenPayload:
        context = info.context
        identity = context.identity
        assert identity is not None

        async def work() -> Mapping[str, Any]:
            row, token = await context.change(
                tokens.create_token, key=context.services.key, user_id=identity.user_id, name=input.name, scopes=input.scopes,
                expires_at=input.expires_at, within=None if identity.token_id is None else identity.viewer.scopes,
            )  # fmt: skip
            return {"token": token, "api_token": ref(ApiToken, row.id)}

        allowed = (InvalidError, ForbiddenError, NotFoundError)
        return await attempt(p.CreateApiTokenPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "End an API token at once.")
    async def revoke_api_token(self, info: Info, input: Annotated[i.RevokeApiTokenInput, What]) -> p.RevokeApiTokenPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            token_id = key_of("api_tokens", input.id)
            await context.change(tokens.revoke_token, token_id=token_id, user_id=_owner(context))
            context.services.identities.clear()
            return {"api_token": ref(ApiToken, token_id)}

        allowed = (InvalidError, NotFoundError)
        return await attempt(p.RevokeApiTokenPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "Sign a browser out.")
    async def revoke_session(self, info: Info, input: Annotated[i.RevokeSessionInput, What]) -> p.RevokeSessionPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            session_id = key_of("sessions", input.id)
            await context.change(tokens.revoke_session, session_id=session_id, user_id=_owner(context))
            context.services.identities.clear()
            return {"session": ref(BrowserSession, session_id)}

        allowed = (InvalidError, NotFoundError)
        return await attempt(p.RevokeSessionPayload, allowed, work, client_mutation_id=input.client_mutation_id)


def _owner(context: Context) -> int | None:
    """Whose things may be ended: one's own, or (None) anybody's for administrators."""
    assert context.identity is not None
    return None if context.viewer.is_admin else context.identity.user_id


def _signed_in(context: Context, secret: str, user_id: int) -> None:
    """Send the cookie, and let the rest of this operation be the new user's."""
    context.set_cookies.append(auth.session_cookie(secret, secure=context.is_secure, host=context.host))
    with context.database.read() as session:
        context.identity = sessions.by_session(session, key=context.services.key, secret=secret)
    assert context.identity is not None
    assert context.identity.user_id == user_id


async def _new_hash(context: Context, password: str) -> str:
    passwords.check_password_rules(password, field="newPassword")
    return await context.run(passwords.hash_password, password)
