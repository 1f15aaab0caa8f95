"""A large library: lists under load from 20 connections, deep pages beside the first one, and memory while the load lasts.

    python -m benchmarks.scale                       # 100,000 films with 1,000,000 credits on SQLite, 10 minutes of load
    python -m benchmarks.scale --minutes 1 --films 20000
    python -m benchmarks.scale --postgresql

Pages are reached as a client reaches them, by the cursor of the page before.
"""

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final

import httpx
import psutil

from api.cli.compose import house
from benchmarks.catalog_data import CREDITS_A_FILM, fill
from benchmarks.load import Load, drive, request_bytes
from benchmarks.processes import marquee
from benchmarks.serving import settings_of
from domain.kit.logs import configure_logging
from tests.peers.servers import free_port, postgresql

CONNECTIONS: Final = 20
STEP_S: Final = 10.0
"""Of load between two looks at the memory."""
TIMES: Final = 30
_LIST: Final = (
    "query Page($after: String) { movies(first: 50, after: $after%s) { nodes { %s } pageInfo { endCursor hasNextPage } } }"
)
_FLAT: Final = "id title year runtimeMs tagline"
_NESTED: Final = f"{_FLAT} genres {{ id name }} credits(first: 5) {{ nodes {{ role person {{ id name }} }} }} poster {{ id url }}"
LISTS: Final = {
    "50 flat by title": _LIST % ("", _FLAT),
    "50 nested by title": _LIST % ("", _NESTED),
    "50 flat by year, newest first": _LIST % (", orderBy: [{field: YEAR, direction: DESC}]", _FLAT),
    "50 flat of one genre": _LIST % (', where: {genres: {anyOf: ["gen_7"]}}', _FLAT),
}
DEEP: Final = (1, 10, 100, 1000)


class Asking:
    """A client with a token."""

    def __init__(self, port: int, token: str) -> None:
        self._client = httpx.Client(base_url=f"http://localhost:{port}", headers={"authorization": f"Bearer {token}"}, timeout=60)

    def page(self, text: str, after: str | None) -> tuple[dict[str, Any], float]:
        """(a page, the milliseconds it took)."""
        began = time.perf_counter()
        answer = self._client.post("/graphql", json={"query": text, "variables": {"after": after}})
        took = (time.perf_counter() - began) * 1000
        page: dict[str, Any] = answer.json()["data"]["movies"]
        return page, took


def cursors(asking: Asking, text: str, most: int) -> list[str | None]:
    """Where each page begins, as far as there are pages."""
    found: list[str | None] = [None]
    while len(found) < most:
        page, _ = asking.page(text, found[-1])
        if not page["pageInfo"]["hasNextPage"]:
            break
        found.append(page["pageInfo"]["endCursor"])
    return found


def deep_pages(asking: Asking) -> None:
    """Print how long pages take, however deep they lie: medians, in turns."""
    print("\n| list | " + " | ".join(f"page {each:,}, ms" for each in DEEP) + " | last beside first |")
    print("|---|" + "--:|" * (len(DEEP) + 1))
    for name, text in LISTS.items():
        begins = cursors(asking, text, DEEP[-1])
        took: dict[int, list[float]] = {each: [] for each in DEEP if each <= len(begins)}
        for _ in range(TIMES):
            for each, times in took.items():
                times.append(asking.page(text, begins[each - 1])[1])
        found = {each: statistics.median(times) for each, times in took.items()}
        cells = [f"{found[each]:.2f}" if each in found else "" for each in DEEP]
        print(f"| {name} | {' | '.join(cells)} | {found[max(found)] / found[1]:.2f} x |")


def under_load(
    client: ProcessPoolExecutor, process: psutil.Process, port: int, token: str, asking: Asking, minutes: float
) -> None:
    """Print latencies of each list, then memory while all lists are asked for some minutes."""
    print(f"\n| list, {CONNECTIONS} connections | answers/s | p50 ms | p99 ms | bad |\n|---|--:|--:|--:|--:|")
    every: list[bytes] = []
    for name, text in LISTS.items():
        begins = cursors(asking, text, 64)
        requests = [request_bytes(port, token, text, {"after": each}) for each in begins]
        every += requests
        client.submit(drive, Load(port, requests, CONNECTIONS, 1.0)).result()
        result = client.submit(drive, Load(port, requests, CONNECTIONS, STEP_S)).result()
        print(f"| {name} | {result.rate:.0f} | {result.percentile(0.5):.1f} | {result.percentile(0.99):.1f} | {result.bad} |")
    memory, answers, bad, worst = [process.memory_info().rss / 2**20], 0, 0, 0.0
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        result = client.submit(drive, Load(port, every, CONNECTIONS, STEP_S)).result()
        answers, bad, worst = answers + len(result.latencies_s), bad + result.bad, max(worst, result.percentile(0.99))
        memory.append(process.memory_info().rss / 2**20)
    thirds = [statistics.mean(memory[n * len(memory) // 3 : (n + 1) * len(memory) // 3] or memory) for n in range(3)]
    print(f"\nall lists for {minutes:g} minutes: {answers:,} answers, {bad} bad, worst p99 of {STEP_S:g} s {worst:.1f} ms")
    print(
        f"memory of the server: {memory[0]:.0f} MiB before; thirds of the time {', '.join(f'{each:.0f}' for each in thirds)} MiB"
    )


def run(url: str, folder: str, options: argparse.Namespace) -> None:
    """Fill, serve, measure, print."""
    base = {"database_url": url, "data_dir": folder, "port": 0}
    with house(settings_of(base)) as found:
        household = fill(found.database, key=found.key, films=options.films)
        size = f"{options.films:,} films, {options.films * CREDITS_A_FILM:,} credits"
        print(f"{found.database.dialect}: {size}; a member with a token")
    port = free_port()
    given = {**base, "token": household.token, "library_id": household.library_id, "max_age": household.max_age, "port": port}
    with marquee("ours", given) as process, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as client:
        asking = Asking(port, household.token)
        deep_pages(asking)
        under_load(client, process, port, household.token, asking, options.minutes)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="on a private PostgreSQL server instead of SQLite")
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        if options.postgresql:
            with postgresql() as url:
                run(url, folder, options)
        else:
            run(f"sqlite:///{folder}/marquee.db", folder, options)


if __name__ == "__main__":
    main()
