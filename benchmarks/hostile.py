"""What hostile documents and bodies cost the server: processor time of each, all of it in this process.

    python -m benchmarks.hostile

The documents are those of tests/attacks, each attempt new to the server. The goal is 50 ms; the least of the attempts counts,
for what else the machine does makes processor time dearer, never cheaper.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import httpx

from api.app import create_app
from api.kit.planner import Planner
from api.kit.services import Services
from benchmarks.serving import settings_of
from domain.catalog.queries import living
from domain.kit.database import Database, migrations
from domain.kit.logs import configure_logging
from domain.system import wakeups
from tests.api.conftest import House, furnish
from tests.attacks.hostile import BODIES, DOCUMENTS, chosen
from tests.factories import accounts
from tests.factories.work import counted
from workers.broker import LocalWakeups

ATTEMPTS: Final = 5
GOAL_MS: Final = 50
SHOWN: Final = 12


def asking(text: str, number: int) -> bytes:
    """The body of a request for a document that the server has not seen."""
    return json.dumps({"query": f"{text}\n#{number}", "operationName": chosen(text)}).encode()


async def spent(post: Callable[[bytes], Awaitable[httpx.Response]], bodies: list[bytes]) -> tuple[float, int]:
    """(least processor time in ms, calls of functions) of these attempts."""
    took = []
    for body in bodies[:-1]:
        began = time.process_time()
        await post(body)
        took.append((time.process_time() - began) * 1000)
    with counted() as work:
        await post(bodies[-1])
    return min(took), work.calls


async def run(folder: Path) -> None:
    """Print the dearest."""
    url = f"sqlite:///{folder}/marquee.db"
    database = Database(url)
    migrations.upgrade(database)
    local = LocalWakeups()
    wakeups.install(local.wake)
    settings = settings_of({"database_url": url, "data_dir": str(folder), "port": 0})
    found = House(database, Services(settings, database, Planner(database, living=living), accounts.KEY, wakeups=local))
    furnish(found)
    app = create_app(found.services)
    headers = {**found.headers("member"), "content-type": "application/json"}
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8686", headers=headers) as client,
    ):

        async def post(body: bytes) -> httpx.Response:
            return await client.post("/graphql", content=body)

        rows = []
        for name, text in DOCUMENTS.items():
            rows.append((*await spent(post, [asking(text, number) for number in range(ATTEMPTS + 1)]), f"document: {name}"))
        for name, (body, _) in BODIES.items():
            rows.append((*await spent(post, [body] * (ATTEMPTS + 1)), f"body: {name}"))
    rows.sort(reverse=True)
    print(f"{len(rows)} documents and bodies; {sum(row[0] < GOAL_MS for row in rows)} below {GOAL_MS} ms of processor time\n")
    print("| what | ms | calls |\n|---|--:|--:|")
    for took, calls, name in rows[:SHOWN]:
        print(f"| {name} | {took:.1f} | {calls:,} |")
    print(f"\nmost calls: {max(row[1] for row in rows):,}")
    wakeups.install(None)
    database.close()


def main() -> None:
    """The command line."""
    configure_logging("console", "CRITICAL")
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
