"""`marquee`: serve, api, worker, scheduler, migrate, scan, reindex, token, user, documents, doctor, demo."""

import logging
from typing import Annotated

import typer

from api.cli import accounts, doctor, documents, scanning
from api.cli.compose import house, prepare
from api.cli.demo import demo
from api.cli.serving import console
from api.cli.serving import serve as run_server
from domain.kit.logs import configure_logging
from domain.search.rebuilding import rebuild
from domain.search.upkeep import index_is_whole
from domain.settings import Settings
from workers.main import run_scheduler, run_worker

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="One typed GraphQL API for everything a household's media needs."
)
app.add_typer(accounts.tokens, name="token")
app.add_typer(accounts.users, name="user")
app.add_typer(documents.documents, name="documents")
app.command()(scanning.scan)
app.command()(doctor.doctor)
app.command()(demo)


def settings() -> Settings:
    """The settings, with logging set up by them."""
    found = Settings()
    configure_logging(found.log_format, found.log_level)
    for chatty in ("alembic", "uvicorn.error"):  # they tell of every step that goes well
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return found


@app.command()
def serve(
    bind: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """API, workers and scheduler in one process."""
    with house(_listening(settings(), bind, port)) as found:
        run_server(found, with_workers=True)


@app.command()
def api(
    bind: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Only the API; workers run elsewhere (needs DATABASE_URL and REDIS_URL)."""
    found = _listening(settings(), bind, port)
    _needs_servers(found)
    with house(found) as opened:
        run_server(opened, with_workers=False)


@app.command()
def reindex() -> None:
    """Bring the search index up to date with everything; harmless. After an upgrade that needs it a job does the same."""
    with house(settings()) as found:
        console.print(f"{rebuild(found.database)} entries of the search index mended.")
        with found.database.transaction(actor="console") as uow:
            index_is_whole(uow)


@app.command()
def worker() -> None:
    """Only a worker (needs DATABASE_URL and REDIS_URL)."""
    found = settings()
    _needs_servers(found)
    run_worker(found)


@app.command()
def scheduler() -> None:
    """Only the scheduler (needs DATABASE_URL and REDIS_URL)."""
    found = settings()
    _needs_servers(found)
    run_scheduler(found)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    with house(settings()) as found:
        prepare(found)
        console.print("The database has this version's schema.")


def _listening(found: Settings, bind: str | None, port: int | None) -> Settings:
    changes = {name: value for name, value in (("bind", bind), ("port", port)) if value is not None}
    return found.model_copy(update=changes)


def _needs_servers(found: Settings) -> None:
    if found.is_embedded or not found.database_url.startswith("postgres"):
        console.print("Several processes need PostgreSQL (DATABASE_URL) and Redis (REDIS_URL). In one process: marquee serve.")
        raise typer.Exit(2)


def main() -> None:
    """The command's entry point."""
    app()


if __name__ == "__main__":
    main()
