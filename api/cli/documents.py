"""`marquee documents`: registers the operations of client programs, for whoever sits at the server's console."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.compose import house
from api.cli.serving import console
from api.documents.manifests import checked, read_manifest
from api.schema import build_schema
from domain.documents import service
from domain.kit.errors import DomainError, Invalid
from domain.settings import Settings

documents = typer.Typer(no_args_is_help=True, help="Registered documents.")


@documents.command("register")
def register(
    file: Annotated[Path, typer.Argument(help="A manifest: ids and texts (Relay, GraphQL Code Generator), or Apollo's.")],
    manifest: Annotated[str, typer.Option(help="Its name: program and release. Default: the file's name.")] = "",
) -> None:
    """Register every operation of a manifest; what it held before under this name goes."""
    with house(Settings()) as found:
        if not found.database.is_migrated():
            raise _failed("There is no database yet. Start the server once: marquee serve.")
        try:
            ready = checked(build_schema()._schema, read_manifest(_json(file)), found.settings)
            with found.database.transaction(actor="console") as uow:
                rows = service.register(uow, manifest=manifest or file.stem, documents=ready)
                lines = [f"sha256:{row.digest}  {row.alias or ''}  {row.name or ''}".rstrip() for row in rows]
        except DomainError as error:
            raise _failed(error.message) from None
    for line in lines:
        typer.echo(line)


@documents.command("remove")
def remove(manifest: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Take a manifest back. A running server notices within five seconds."""
    with house(Settings()) as found:
        try:
            with found.database.transaction(actor="console") as uow:
                count = service.remove(uow, manifest=manifest)
        except DomainError as error:
            raise _failed(error.message) from None
    console.print(f"{count} documents removed.")


@documents.callback()
def about_documents() -> None:
    """Registered documents."""


def _json(file: Path) -> object:
    try:
        found: object = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Invalid(f"{file} is not JSON in UTF-8.") from None
    return found


def _failed(message: str) -> typer.Exit:
    console.print(message)
    return typer.Exit(1)
