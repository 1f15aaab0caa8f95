"""The embedded server while every provider misbehaves at once, beside the same server left in peace, in alternating rounds.

    python -m benchmarks.provider_faults
    python -m benchmarks.provider_faults --rounds 2 --seconds 5
    python -m benchmarks.provider_faults --merciless      # every breaker is closed by hand after five requests

One server process with API and workers, the providers in another process, the client in this one: one connection, a fixed
number of requests a second. Printed, never asserted: p50 and p99 of a list of films, idle and in the storm, their ratio; how
much the server's memory grew; how the requests to the providers ended. Goals: 1.2 and 64 MiB.
"""

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import orjson
import psutil

from api.cli.compose import house, prepare
from benchmarks.catalog_data import fill
from benchmarks.operation import TEXT, VARIABLES
from benchmarks.processes import wait_for_port
from benchmarks.serving import settings_of
from domain.kit.logs import configure_logging
from tests.peers import fanarttv, tmdb, tvdb, web
from tests.peers.servers import free_port
from tests.peers.web import Asked, Given, Peer

PEERS: Final[dict[str, tuple[Any, str, str, str]]] = {
    "tmdb": (tmdb.tmdb, tmdb.KEY, "/3", "900101"),
    "tvdb": (tvdb.tvdb, tvdb.KEY, "/v4", "910101"),
    "fanarttv": (fanarttv.fanarttv, fanarttv.KEY, "/v3.2", "900101"),
}
MIB: Final = 2**20


def faults() -> list[Given]:
    """What a request may meet in place of its answer."""
    large = web.json_answer(b'{"a": "' + b"x" * (9 * MIB) + b'"}')
    deep = web.json_answer(b'{"a":' * 50_000 + b"1" + b"}" * 50_000)
    return [
        web.enough("1"), web.enough("0"), web.slow(1.0), web.slow(0.02), web.TRUNCATED, web.HTML, web.broken(), large, deep,
        web.bomb(100_000_000), web.elsewhere("http://192.168.7.7/"), web.json_answer(b'{"id": 9'),
    ]  # fmt: skip


def serve_peers(pipe: Any) -> None:
    """The providers' process: two requests in three meet a fault."""
    os.nice(19)  # in a household they are other machines
    chance, known = random.Random(11), faults()
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - whoever has had enough hangs up, and that is told there
    with ExitStack() as stack:
        places = {}
        for name, (run, key, path, film) in PEERS.items():
            peer: Peer = stack.enter_context(run())
            honest = peer.answer

            def answer(asked: Asked, honest: Any = honest) -> Given:
                return chance.choice(known) if chance.random() < 2 / 3 else honest(asked)

            peer.answer = answer
            places[name] = {"address": f"{peer.url}{path}", "port": peer.port, "key": key, "film": film}
        pipe.send(places)
        pipe.recv()


@contextmanager
def peers() -> Iterator[dict[str, Any]]:
    """Where the providers are."""
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=serve_peers, args=(theirs,), daemon=True)
    process.start()
    try:
        yield mine.recv()
    finally:
        mine.send(None)
        process.join(5)
        process.kill()


class Client:
    """One connection that asks at fixed moments."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._number = 0

    def reconnect(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def latencies_ms(self, rate: float, seconds: float) -> list[float]:
        """Of `rate` requests a second, each from its moment on."""
        found, begin = [], time.perf_counter()
        for number in range(int(rate * seconds)):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            sent = time.perf_counter()
            self._number += 1
            body = orjson.dumps({"query": TEXT, "variables": VARIABLES[self._number % len(VARIABLES)]})
            self._connection.request("POST", "/graphql", body, self._headers)
            answer = orjson.loads(self._connection.getresponse().read())
            assert "errors" not in answer, answer
            found.append((time.perf_counter() - sent) * 1000)
        return found


def percentile(latencies: list[float], share: float) -> float:
    """The latency below which this share lies."""
    return sorted(latencies)[min(len(latencies) - 1, int(len(latencies) * share))]


def measure(process: "subprocess.Popen[bytes]", client: Client, options: argparse.Namespace) -> None:
    """The rounds, and what they say."""
    assert process.stdin is not None
    assert process.stdout is not None
    usage = psutil.Process(process.pid)
    client.latencies_ms(options.rate, 3)
    before = most = usage.memory_info().rss
    idle: list[float] = []
    storm: list[float] = []
    ratios, ended = [], dict[str, int]()
    for _ in range(options.rounds):
        client.reconnect()  # a storm takes a while to end, and the server closes what is idle for 5 s
        quiet = client.latencies_ms(options.rate, options.seconds)
        process.stdin.write(b'{"storm": true}\n')
        process.stdin.flush()
        busy: list[float] = []
        for _ in range(int(options.seconds)):
            busy += client.latencies_ms(options.rate, 1)
            most = max(most, usage.memory_info().rss)
        process.stdin.write(b'{"storm": false}\n')
        process.stdin.flush()
        for name, count in orjson.loads(process.stdout.readline())["stormed"].items():
            ended[name] = ended.get(name, 0) + count
        idle += quiet
        storm += busy
        ratios.append(percentile(busy, 0.99) / percentile(quiet, 0.99))
    for name, some in (("idle", idle), ("storm", storm)):
        print(f"{name:6} p50 {percentile(some, 0.5):6.1f} ms   p99 {percentile(some, 0.99):6.1f} ms   {len(some)} answers")
    p99 = percentile(storm, 0.99) / percentile(idle, 0.99)
    print(f"p99 in the storm: {p99:.2f} times idle (goal 1.2); by rounds {', '.join(f'{each:.2f}' for each in sorted(ratios))}")
    print(f"p50 in the storm: {statistics.median(storm) / statistics.median(idle):.2f} times idle")
    print(f"memory: {before / MIB:.0f} MiB, at most {(most - before) / MIB:+.0f} MiB in the storms (goal +64)")
    print("requests to providers:", ", ".join(f"{name} {count}" for name, count in sorted(ended.items())))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each half of a round")
    parser.add_argument("--rate", type=float, default=40.0, help="requests of the client a second")
    parser.add_argument("--provider-rate", type=float, default=20.0, help="requests to each provider a second, at most")
    parser.add_argument("--merciless", action="store_true", help="close the breakers again and again")
    parser.add_argument("--films", type=int, default=2_000)
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    load = os.getloadavg()
    print(f"{os.cpu_count()} processors, load average {load[0]:.1f} at the start")
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, peers() as places:
        database = f"sqlite:///{Path(folder) / 'marquee.db'}"
        given: dict[str, Any] = {"database_url": database, "data_dir": folder, "port": free_port()}
        with house(settings_of(given)) as found:
            token = fill(found.database, key=found.key, films=options.films).token
            prepare(found)
        given |= {"providers": places, "rate": options.provider_rate, "is_merciless": options.merciless}
        command = [sys.executable, "-m", "benchmarks.provider_faults_server", orjson.dumps(given).decode()]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            try:
                wait_for_port(process, given["port"])
                measure(process, Client(given["port"], token), options)
            finally:
                process.kill()


if __name__ == "__main__":
    main()
