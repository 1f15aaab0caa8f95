"""A thousand subscribers of one document, with and without the hub, in one run; then some stop reading; then SIGTERM.

    python -m benchmarks.fanout
    python -m benchmarks.fanout --subscribers 200 --rates 20 --seconds 3

One server process with authentication on, its subscribers in another process. Printed, never asserted: deliveries a
second, latency from the writing of an event to its receipt, CPU time of the server, the ratio; when those who stopped
reading were cut off and what the others noticed; how long the server took to end.
"""

import argparse
import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from multiprocessing import get_context
from typing import Any, Final

import orjson
import psutil

from api.cli.compose import house, prepare
from benchmarks import subscribers
from benchmarks.processes import wait_for_port
from benchmarks.serving import settings_of
from domain.accounts import tokens
from domain.accounts.enums import Scope
from domain.jobs import service
from domain.kit.logs import configure_logging
from tests.factories.accounts import make_admin
from tests.jobs.kinds import PLAIN, Note
from tests.peers.servers import free_port

DRAIN_S: Final = 30.0
CUT_OFF_S: Final = 45.0
EXIT_S: Final = 40.0


class Server:
    """The server's process, and what it says."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.usage = psutil.Process(process.pid)
        self.seated: list[tuple[float, int]] = []
        self._told: queue.Queue[float] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = orjson.loads(line)
            if "told" in said:
                self._told.put(said["began"])
            else:
                self.seated.append((said["at"], said["seated"]))

    def tell(self, count: int, rate: float) -> None:
        """Have events written."""
        assert self.process.stdin is not None
        self.process.stdin.write(orjson.dumps({"count": count, "rate": rate}) + b"\n")
        self.process.stdin.flush()

    def told(self) -> float:
        """Wait until they are; when the first one was (perf_counter)."""
        return self._told.get(timeout=120)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the process until now."""
        return sum(self.usage.cpu_times()[:2])


class Client:
    """The subscribers' process."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=subscribers.main, args=(theirs,), daemon=True)
        self.process.start()

    def ask(self, name: str, *arguments: Any) -> Any:
        """Call one of the crowd's methods."""
        self._pipe.send((name, arguments))
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._pipe.send(None)
        self.process.join(5)
        self.process.kill()


@contextlib.contextmanager
def started(given: dict[str, Any], count: int) -> Iterator[tuple[Server, Client]]:
    """A server with its subscribers."""
    command = [sys.executable, "-m", "benchmarks.fanout_server", orjson.dumps(given).decode()]
    client = Client()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            wait_for_port(process, given["port"])
            client.ask("gather", given["port"], given["token"], count)
            yield Server(process), client
        finally:
            client.close()
            process.kill()


def measure(server: Server, client: Client, *, rate: float, seconds: float, count: int) -> dict[str, Any]:
    """Events at a rate, until the last one arrived everywhere."""
    events = max(int(rate * seconds), 1)
    client_cpu, cpu = client.ask("reset"), server.cpu_s
    server.tell(events, rate)
    found: dict[str, Any] = client.ask("received", events, seconds + DRAIN_S)
    began = server.told()
    found["rate"] = found["count"] / (found["last_at"] - began)
    found["cpu_us"] = (server.cpu_s - cpu) * 1e6 / max(found["count"], 1)
    found["client_us"] = (client.ask("reset") - client_cpu) * 1e6 / max(found["count"], 1)
    found["expected"] = events * count
    return found


def compare(base: dict[str, Any], options: argparse.Namespace) -> None:
    """The table: both ways at each rate."""
    print("| events/s asked | way | deliveries/s | of asked | p50 ms | p99 ms | server CPU us/delivery | client's | RSS MB |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    found: dict[tuple[float, bool], dict[str, Any]] = {}
    for shares in (True,) if options.hub else (False, True):
        with started({**base, "shares": shares, "port": free_port()}, options.subscribers) as (server, client):
            measure(server, client, rate=5, seconds=1, count=options.subscribers)  # warm
            for rate in options.rates:
                here = found[rate, shares] = measure(
                    server, client, rate=rate, seconds=options.seconds, count=options.subscribers
                )
                way = "hub" if shares else "a stream each"
                print(
                    f"| {rate:g} | {way} | {here['rate']:,.0f} | {here['count'] / here['expected']:.0%} | {here['p50_ms']:.1f} "
                    f"| {here['p99_ms']:.1f} | {here['cpu_us']:.1f} | {here['client_us']:.1f} "
                    f"| {server.usage.memory_info().rss / 2**20:.0f} |",
                    flush=True,
                )
    for rate in () if options.hub else options.rates:
        without, with_ = found[rate, False], found[rate, True]
        print(
            f"at {rate:g} events/s: {with_['rate'] / without['rate']:.1f} times the deliveries, "
            f"{without['cpu_us'] / with_['cpu_us']:.1f} times less CPU a delivery"
        )


def stop_reading(base: dict[str, Any], options: argparse.Namespace) -> None:
    """Some stop reading while events go on; then the server is told to stop with everybody else connected."""
    count, deaf = options.subscribers, options.deaf
    with started({**base, "shares": True, "port": free_port()}, count) as (server, client):
        quiet = measure(server, client, rate=20, seconds=3, count=count)
        stopped = client.ask("stop_reading", deaf)
        found = measure(server, client, rate=20, seconds=options.deaf_seconds, count=count - deaf)
        gone = [at - stopped for at, seated in server.seated if at > stopped and seated <= count - deaf]
        cut = [at - stopped for at, seated in server.seated if at > stopped and seated < count]
        if gone:
            print(f"{deaf} stopped reading: the first was cut off after {cut[0]:.1f} s, the last after {gone[0]:.1f} s")
        else:
            print(f"{deaf} stopped reading: not all were cut off; seated {server.seated[-1][1]} of {count}")
        print(
            f"the others meanwhile: p50 {found['p50_ms']:.1f} ms, p99 {found['p99_ms']:.1f} ms (before: {quiet['p50_ms']:.1f}, "
            f"{quiet['p99_ms']:.1f}), server CPU {found['cpu_us']:.1f} us a delivery (before: {quiet['cpu_us']:.1f}); "
            f"{found['short']} of them missed something, {found['closed']} were closed"
        )
        client.ask("stop_reading", deaf)  # others, which the server does not yet know of
        begin = time.perf_counter()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(EXIT_S)
        print(
            f"SIGTERM with {count - deaf} connected, {deaf} of them not reading: ended after {time.perf_counter() - begin:.1f} s"
        )


def furnish(base: dict[str, Any]) -> str:
    """A database with an administrator and a job; the token."""
    with house(settings_of(base)) as found:
        prepare(found)
        admin = make_admin(found.database)
        with found.database.transaction() as uow:
            service.enqueue(uow, PLAIN, Note(), requested_by_user_id=admin.id)
            made = tokens.create_token(uow, key=found.key, user_id=admin.id, name="bench", scopes=tuple(Scope))
        return made[1]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument(
        "--rates", type=float, nargs="*", default=[20, 45, 60], help="events a second; none: only the second part"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of events, per rate and way")
    parser.add_argument("--hub", action="store_true", help="only the way that Marquee goes, nothing beside it")
    parser.add_argument("--deaf", type=int, default=50, help="subscribers that stop reading; 0 leaves this part out")
    parser.add_argument("--deaf-seconds", type=float, default=25.0)
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    load = os.getloadavg()
    print(f"{options.subscribers} subscribers; {os.cpu_count()} processors, load average {load[0]:.1f} at the start")
    with tempfile.TemporaryDirectory(prefix="fanout-") as folder:
        base = {"database_url": f"sqlite:///{folder}/marquee.db", "data_dir": folder, "port": 0}
        base["token"] = furnish(base)
        if options.rates:
            compare(base, options)
        if options.deaf:
            stop_reading(base, options)


if __name__ == "__main__":
    main()
