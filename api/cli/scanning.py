"""`marquee scan PATH --follow`: asks the running server to scan, and shows how it goes."""

from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.client import FOLLOW, LIBRARIES, SCAN, Client, Refusal
from api.cli.serving import console
from domain.settings import Settings

_ENDED = ("COMPLETED", "FAILED", "CANCELLED")


def scan(
    path: Annotated[Path, typer.Argument(help="A library's folder, or a folder inside one, as the server sees it.")],
    follow: Annotated[bool, typer.Option(help="Show the progress until it ends.")] = False,
    url: Annotated[str, typer.Option(help="The server; default: this machine, MARQUEE_PORT.", envvar="MARQUEE_CLIENT_URL")] = "",
    token: Annotated[str, typer.Option(help="An API token with read and jobs.", envvar="MARQUEE_TOKEN")] = "",
) -> None:
    """Scan a library of the running server (a second process never opens its database)."""
    if not token:
        console.print("Give a token: marquee token create USERNAME --scope read --scope jobs, then MARQUEE_TOKEN=…")
        raise typer.Exit(2)
    url = url or f"http://localhost:{Settings().port}"
    client = Client(url, token)
    try:
        job = _start(client, path)
        console.print(f"Job {job}")
        if follow:
            raise typer.Exit(_show(client, job))
    except Refusal as refusal:
        console.print(str(refusal))
        raise typer.Exit(1) from None
    except httpx.HTTPError as error:
        console.print(f"The server at {url} does not answer: {error}")
        raise typer.Exit(1) from None
    finally:
        client.close()


def _start(client: Client, path: Path) -> str:
    wanted = str(path)
    libraries = client.ask(LIBRARIES)["libraries"]["nodes"]
    for library in libraries:
        for root in library["paths"] or ():
            if wanted == root["path"] or wanted.startswith(root["path"].rstrip("/") + "/"):
                inside = None if wanted == root["path"] else wanted
                answer = client.ask(SCAN, input={"library": library["id"], "path": inside})["scanLibrary"]
                if answer["errors"]:
                    raise Refusal(answer["errors"][0]["message"])
                job: str = answer["job"]["id"]
                return job
    raise Refusal(f"No library holds {wanted}. Make one first (createLibrary in the playground).")


def _show(client: Client, job: str) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn())
    last: dict[str, Any] = {}
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("waiting", total=1.0)
        for event in client.follow(FOLLOW, id=job):
            last = event["jobProgressed"].get("node") or last
            if last:
                progress.update(
                    task, completed=last["progress"] or 0.0, description=last["progressText"] or last["status"].lower()
                )
            if last.get("status") in _ENDED:
                break
    if last.get("status") != "COMPLETED":
        console.print(f"{last.get('status', 'unknown').lower()}: {last.get('error') or ''}")
        return 1
    console.print_json(data=last["result"])
    return 0
