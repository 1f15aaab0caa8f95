"""`marquee demo`: makes a small library of real files, scans it before your eyes, and serves it."""

import secrets
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from api.app import create_app
from api.cli.compose import House, house, make_services, prepare
from api.cli.place import hold_folder, take_port
from api.cli.serving import announce, console, run_app
from domain.accounts import service as accounts
from domain.accounts.passwords import hash_password
from domain.accounts.queries import user_by_name
from domain.jobs.enums import ENDED
from domain.jobs.queries import standing
from domain.kit.database import Database
from domain.kit.logs import configure_logging
from domain.libraries import service as libraries
from domain.libraries.queries import library_id_by_name
from domain.settings import Settings
from workers.libraries.demo.library import build_demo
from workers.main import EmbeddedWorkers

USERNAME = "demo"
_COLUMNS = (TextColumn("{task.description:<42}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))


def demo(
    folder: Annotated[Path, typer.Option(help="Where the made-up library lies.")] = Path("demo/library"),
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Make a small library of real files, scan it, and serve it with a ready user."""
    found = Settings()
    settings = found.model_copy(update={"port": port} if port is not None else {})
    configure_logging(settings.log_format, "WARNING")
    with house(settings) as opened, hold_folder(settings):
        listening = take_port(settings)  # making the files takes a minute: say it before
        _build(folder.resolve())
        prepare(opened)
        password = _user(opened.database)
        workers = EmbeddedWorkers(settings, opened.database)
        services = make_services(opened, workers.bells)
        workers.start()
        try:
            _scan(opened, folder.resolve())
            announce(settings, None)
            console.print(f"  User [bold]{USERNAME}[/bold]   Password [bold]{password}[/bold]   (new at every start)\n")
            run_app(create_app(services), services, settings, listening)
        finally:
            workers.stop()


def _build(folder: Path) -> None:
    """Make the films and series that are not there yet, with a bar."""
    with Progress(*_COLUMNS, console=console) as progress:
        task = progress.add_task("making films and series", total=1.0)
        build_demo(folder, progress=lambda title, share: progress.update(task, completed=share, description=title))
        progress.update(task, completed=1.0)  # also where all of them were there already


def _user(database: Database) -> str:
    """An administrator whose password is new at every start."""
    password = secrets.token_urlsafe(9)
    password_hash = hash_password(password)
    with database.transaction(actor="demo") as uow:
        user = user_by_name(uow.session, USERNAME)
        if user is None:
            accounts.create_user(uow, username=USERNAME, password_hash=password_hash, is_admin=True, has_all_libraries=True)
        else:
            accounts.set_password(uow, user_id=user.id, password_hash=password_hash)
    return password


def _scan(opened: House, folder: Path) -> None:
    """Make the two libraries at the first start, scan them, and show both bars until they end."""
    jobs: dict[int, str] = {}
    for name, media_type, path in (("Films", "movie", folder / "Films"), ("Series", "tv", folder / "Series")):
        libraries.check_paths([str(path)], data_dir=opened.settings.data_dir)
        with opened.database.transaction(actor="demo") as uow:
            key = library_id_by_name(uow.session, name)
            if key is None:
                key = libraries.create_library(uow, name=name, media_type=media_type, paths=[str(path)]).id
            jobs[libraries.request_scan(uow, library_id=key).id] = name
    with Progress(*_COLUMNS, console=console) as progress:
        tasks = {key: progress.add_task(f"scanning {name}", total=1.0) for key, name in jobs.items()}
        pause, deadline = threading.Event(), time.monotonic() + 600
        while tasks and time.monotonic() < deadline:
            pause.wait(0.2)
            for key in list(tasks):
                with opened.database.read() as session:
                    status, share, text = standing(session, key)
                is_over = status in ENDED
                label = f"scanning {jobs[key]}: {text or status}"[:42]
                progress.update(tasks[key], completed=1.0 if is_over else share, description=label)
                if is_over:
                    del tasks[key]
