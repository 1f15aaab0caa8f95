"""`marquee doctor`: looks at what commonly goes wrong and says what to do."""

import os
import shutil
import sqlite3
from collections.abc import Iterator

import typer

from api.cli.compose import House, house
from api.cli.serving import console, own_addresses
from domain.accounts.queries import has_admin
from domain.libraries.queries import roots
from domain.search.rebuilding import differing
from domain.settings import Settings

Finding = tuple[bool, str, str]
"""(good, what was looked at, what to do)."""

WAL_RESET_FIXED = (3, 51, 3)
"""First SQLite without the WAL-reset bug (sqlite.org, 3.51.3); one writing connection keeps us clear of it."""
RESERVE_BYTES = 512 * 1024 * 1024


def doctor() -> None:
    """Check database, disk, folders, network and accounts."""
    settings = Settings()
    with house(settings) as found:
        findings = list(examine(found))
    for good, what, advice in findings:
        mark = "[green]ok  [/green]" if good else "[yellow]look[/yellow]"
        console.print(f"{mark} {what}" + (f"\n     {advice}" if not good else ""))
    raise typer.Exit(0 if all(good for good, _, _ in findings) else 1)


def examine(found: House) -> Iterator[Finding]:
    """Every finding, worst things first."""
    migrated = found.database.is_migrated()
    yield migrated, "The database has its schema", "Run: marquee migrate"
    yield from _disk(found.settings)
    if found.database.dialect == "sqlite":
        yield from _sqlite()
    if not migrated:
        return
    with found.database.read() as session:
        yield has_admin(session), "There is an administrator", "Open the playground with the setup code that serve prints."
        folders = roots(session)
        wrong = differing(session)
        yield wrong == 0, f"The search index is true ({wrong} differences)", "Run: marquee reindex"
    for root in folders:
        yield os.access(root, os.R_OK | os.X_OK), f"Library folder {root} can be read", "Is the disk mounted, and for this user?"
    yield from _network(found.settings)


def _disk(settings: Settings) -> Iterator[Finding]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    yield free > RESERVE_BYTES, f"{free // 2**20} MiB free in {settings.data_dir}", "Make room: below 512 MiB writes may fail."


def _sqlite() -> Iterator[Finding]:
    version = sqlite3.sqlite_version_info
    yield (
        version >= WAL_RESET_FIXED,
        f"SQLite {sqlite3.sqlite_version}",
        "Older than 3.51.3, which is fine as long as only the server writes the file. Copy it with VACUUM INTO, as the docs say.",
    )


def _network(settings: Settings) -> Iterator[Finding]:
    plain = not settings.url.startswith("https://") and bool(own_addresses()) and settings.bind not in ("127.0.0.1", "::1")
    advice = "Passwords and cookies travel in the clear at home. Put a proxy with HTTPS in front and set MARQUEE_URL."
    yield not plain, "What travels between this server and other machines is encrypted", advice
