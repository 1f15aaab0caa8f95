"""`marquee token create` and `marquee user reset`: for whoever sits at the server's console."""

from datetime import timedelta
from typing import Annotated

import typer

from api.cli.compose import House, house
from api.cli.serving import console
from domain.accounts import service
from domain.accounts import tokens as token_service
from domain.accounts.enums import Scope
from domain.accounts.queries import user_by_name
from domain.accounts.tables import User
from domain.kit.errors import DomainError
from domain.settings import Settings

tokens = typer.Typer(no_args_is_help=True, help="API tokens.")
users = typer.Typer(no_args_is_help=True, help="Users.")

Name = Annotated[str, typer.Argument(help="User name.")]


@tokens.command("create")
def create_token(
    username: Name,
    name: Annotated[str, typer.Option(help="What it is for.")] = "console",
    scope: Annotated[list[Scope] | None, typer.Option(help="May be given several times; default: read.")] = None,
    days: Annotated[int | None, typer.Option(help="Days until it ends; default: never.")] = None,
) -> None:
    """Make an API token for a user and print it, this once."""
    with house(Settings()) as found:
        user = _user(found, username)
        try:
            with found.database.transaction(actor="console") as uow:
                expires_at = None if days is None else uow.now() + timedelta(days=days)
                _, token = token_service.create_token(
                    uow, key=found.key, user_id=user.id, name=name, scopes=scope or [Scope.READ], expires_at=expires_at
                )
        except DomainError as error:
            raise _failed(error.message) from None
    typer.echo(token)


@tokens.callback()
def about_tokens() -> None:
    """API tokens."""


@users.command("reset")
def reset_user(username: Name) -> None:
    """Print a one-time code with which the user sets a new password in the playground."""
    with house(Settings()) as found:
        user = _user(found, username)
        with found.database.transaction(actor="console") as uow:
            code = service.offer_password_reset(uow, user_id=user.id, key=found.key)
    console.print(f"Reset code for {user.username} (good for a day, once):")
    typer.echo(code)


@users.callback()
def about_users() -> None:
    """Users."""


def _user(found: House, username: str) -> User:
    if not found.database.is_migrated():
        raise _failed("There is no database yet. Start the server once: marquee serve.")
    with found.database.read() as session:
        user = user_by_name(session, username)
    if user is None:
        raise _failed(f"There is no user {username!r}.")
    return user


def _failed(message: str) -> typer.Exit:
    console.print(message)
    return typer.Exit(1)
