"""Marquee beside stock Strawberry and beside graphql-core over its own rows: 50 nested films through HTTP, in one run.

    python -m benchmarks.queries                     # SQLite
    python -m benchmarks.queries --postgresql        # a private PostgreSQL server
    python -m benchmarks.queries --rounds 3 --seconds 1 --connections 1

Printed, never asserted: how often faster. Asserted before anything is timed: that all answer the same, and that ours
reads one statement.
"""

import argparse
import asyncio
import contextlib
import random
import statistics
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

import httpx

from api.app import create_app
from api.cli.compose import House, house, make_services
from benchmarks import operation
from benchmarks.catalog_data import CREDITS_A_FILM, FILMS, fill
from benchmarks.load import Load, drive, request_bytes
from benchmarks.processes import Measured, marquee, measure
from benchmarks.serving import settings_of
from domain.kit.logs import configure_logging
from tests.peers.servers import free_port, postgresql
from workers.broker import Bells

NAMES: Final = ("ours", "stock", "threads", "dicts")
TITLES: Final = {
    "ours": "Marquee",
    "stock": "Strawberry with DataLoaders",
    "threads": "the same, its sessions in threads",
    "dicts": "our rows through graphql-core",
}
COMPARED: Final = 8
"""Sets of variables, evenly spread over all, whose answers must be the same."""


async def check_statements(found: House, token: str) -> None:
    """Ask the whole application in this process, and count. Raises AssertionError."""
    app = create_app(make_services(found, Bells(found.settings)))
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", headers=headers) as client:
        for variables in operation.VARIABLES[:: len(operation.VARIABLES) // COMPARED]:
            before = found.database.reader.statements
            response = await client.post("/graphql", json={"query": operation.TEXT, "variables": variables})
            statements = found.database.reader.statements - before
            assert len(response.json()["data"]["movies"]["nodes"]) == operation.FILMS, response.text[:500]
            assert statements == operation.STATEMENTS, f"{statements} statements"


def compare(ports: dict[str, int], token: str) -> int:
    """The size of an answer in bytes, once all answered the same. Raises AssertionError."""
    sizes = []
    for variables in operation.VARIABLES[:: len(operation.VARIABLES) // COMPARED]:
        answers = {}
        for name, port in ports.items():
            body = {"query": operation.TEXT, "variables": variables}
            response = httpx.post(f"http://localhost:{port}/graphql", json=body, headers={"authorization": f"Bearer {token}"})
            answers[name] = response.json()
            if name == "ours":
                sizes.append(len(response.content))
        for name, answer in answers.items():  # ours says in `extensions` what the operation cost, too
            assert "errors" not in answer, f"{name}: {answer['errors']}"
            assert answer["data"] == answers["ours"]["data"], f"{name} answers otherwise for {variables}"
    return round(statistics.mean(sizes))


def report(found: dict[tuple[int, str], Measured], connections: list[int]) -> None:
    """A table: medians over the rounds, and the median of each round's ratio."""
    print("\n| connections | server | answers/s | min-max | p50 ms | p99 ms | CPU ms/answer | Marquee's rate | less CPU | bad |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for number in connections:
        ours = found[number, "ours"]
        for name in NAMES:
            here = found[number, name]
            rates = [each.rate for each in here.results]
            times = statistics.median(a.rate / b.rate for a, b in zip(ours.results, here.results, strict=True))
            cpu = statistics.median(b / a for a, b in zip(ours.cpu_ms, here.cpu_ms, strict=True))
            p50, p99 = (statistics.median(each.percentile(share) for each in here.results) for share in (0.5, 0.99))
            print(
                f"| {number} | {TITLES[name]} | {statistics.median(rates):.1f} | {min(rates):.1f}-{max(rates):.1f} | {p50:.2f} "
                f"| {p99:.2f} | {statistics.median(here.cpu_ms):.2f} | {times:.1f} x | {cpu:.1f} x "
                f"| {sum(each.bad for each in here.results)} |"
            )


def run(url: str, folder: str, options: argparse.Namespace) -> None:
    """Fill, check, measure, print."""
    base = {"database_url": url, "data_dir": folder, "port": 0}
    with house(settings_of(base)) as found:
        household = fill(found.database, key=found.key)
        asyncio.run(check_statements(found, household.token))
    print(f"{found.database.dialect}: {FILMS:,} films, {FILMS * CREDITS_A_FILM:,} credits; a member with token and row policy")
    print(f"statements: {operation.STATEMENTS}")
    ports = {name: free_port() for name in NAMES}
    given = {**base, "token": household.token, "library_id": household.library_id, "max_age": household.max_age}
    with contextlib.ExitStack() as stack:
        processes = {name: stack.enter_context(marquee(name, {**given, "port": port})) for name, port in ports.items()}
        size = compare(ports, household.token)
        print(f"answers compared: {COMPARED} x {len(NAMES)}, all the same, {size:,} bytes each on average")
        client = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
        requests = {
            name: [request_bytes(port, household.token, operation.TEXT, each) for each in operation.VARIABLES]
            for name, port in ports.items()
        }
        for name, port in ports.items():
            client.submit(drive, Load(port, requests[name], 2, 1.0)).result()  # warm: caches, plans, prepared statements
        measured: dict[tuple[int, str], Measured] = {(n, name): Measured() for n in options.connections for name in NAMES}
        for _ in range(options.rounds):
            for number in options.connections:
                for name in random.sample(NAMES, len(NAMES)):
                    load = Load(ports[name], requests[name], number, options.seconds)
                    measure(client, processes[name], load, measured[number, name])
        report(measured, options.connections)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="on a private PostgreSQL server instead of SQLite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of load, per server, round and number of connections")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    with tempfile.TemporaryDirectory(prefix="queries-") as folder:
        if options.postgresql:
            with postgresql() as url:
                run(url, folder, options)
        else:
            run(f"sqlite:///{folder}/marquee.db", folder, options)


if __name__ == "__main__":
    main()
