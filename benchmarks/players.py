"""Listening to players beside its aims: 16 loopback Kodis, half of them flapping: CPU time, memory, order and delay of events.

    python -m benchmarks.players                  # a minute in which nothing happens, then ten with flapping
    python -m benchmarks.players --minutes 2

The players are in a process of their own; what is measured is this one, which does nothing but listen and write. Printed,
never asserted.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import sqlalchemy as sa

from domain.kit.database import Database, migrations
from domain.kit.logs import configure_logging
from domain.players.enums import PlayerType
from domain.players.tables import Player, PlayerGroup
from domain.settings import Settings
from workers.players.watching import Watching

_LIVE = ("paused", "resumed", "sought", "progressed", "lost")


def _peers(players: int, *, quiet: bool) -> tuple[subprocess.Popen[str], list[list[int]]]:
    command = [sys.executable, "-m", "benchmarks.players_peers", "--players", str(players), *(["--quiet"] if quiet else [])]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def _furnish(database: Database, ports: list[list[int]]) -> dict[int, int]:
    """Key of each player -> its number."""
    with database.transaction() as uow:
        uow.session.execute(sa.text("DELETE FROM player_groups"))
        group = PlayerGroup(name="Kodis", sort_key="kodis", type=PlayerType.KODI)
        uow.session.add(group)
        uow.session.flush()
        rows = [
            Player(
                group_id=group.id, group_type=PlayerType.KODI, name=f"Kodi {number}", sort_key=f"{number:02}",
                host="127.0.0.1", port=http, websocket_port=websocket,
            )
            for number, (http, websocket) in enumerate(ports)
        ]  # fmt: skip
        uow.session.add_all(rows)
        uow.session.flush()
        return {row.id: number for number, row in enumerate(rows)}


class Meter:
    """CPU time and memory of this process."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        gc.collect()
        self._began, self._cpu = time.monotonic(), self._seconds()
        self.first = self.memory()

    def memory(self) -> float:
        """MB that only this process holds."""
        return float(self._process.memory_full_info().uss) / 2**20

    def share(self) -> float:
        """Of one core, in percent."""
        return 100 * (self._seconds() - self._cpu) / (time.monotonic() - self._began)

    def _seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


def _run(folder: Path, seconds: float, players: int, *, quiet: bool) -> None:
    settings = Settings(data_dir=folder)
    database = Database(f"sqlite:///{folder}/players.db")
    if not database.is_migrated():
        migrations.upgrade(database)
    process, ports = _peers(players, quiet=quiet)
    assert process.stdout is not None
    numbers = _furnish(database, ports)
    done: list[dict[str, Any]] = []
    reader = threading.Thread(target=lambda: done.extend(json.loads(line) for line in process.stdout or ()), daemon=True)
    reader.start()
    watching = Watching(database, settings)
    watching.start()
    time.sleep(min(60.0, seconds / 4))  # what is loaded at first use, and every cache's first content
    meter = Meter()
    print(f"\n{players} players, {'nothing happens' if quiet else 'half of them flapping'}, {seconds:.0f} s")
    for _ in range(4):
        time.sleep(seconds / 4)
        print(f"  CPU {meter.share():5.2f} % of a core   memory {meter.memory():6.1f} MB ({meter.memory() - meter.first:+.2f})")
    process.communicate("\n")
    reader.join(5)
    watching.stop()
    _report(database, numbers, done)
    database.close()


def _report(database: Database, numbers: dict[int, int], done: list[dict[str, Any]]) -> None:
    with database.read() as session:
        rows = session.connection().execute(sa.text("SELECT at, type, subject, payload FROM events WHERE topic = 'playback'"))
        events = [(row.at, row.type.removeprefix("playback."), row.subject, json.loads(row.payload)) for row in rows]
        others = session.connection().execute(sa.text("SELECT count(*) FROM events WHERE topic = 'players'")).scalar()
    wrong, per_second = _disorder(events), _busiest(events)
    print(f"  events: {len(events)} of playback, {others} of players; out of order: {len(wrong)}; at most {per_second} a second")
    for each in wrong[:5]:
        print("   ", each)
    delays, untold = _delays(events, numbers, done)
    for act in untold[:5]:
        near = [
            (what, round(datetime.fromisoformat(at).timestamp() - act["at"], 2))
            for at, what, _, payload in events
            if numbers[int(payload["player"][4:])] == act["player"] and what != "progressed"
            and abs(datetime.fromisoformat(at).timestamp() - act["at"]) < 15
        ]  # fmt: skip
        print(f"    not told: {act['what']} of player {act['player']}; near it {near}")
    if delays:
        print(
            f"  of {len(done)} things that people did {len(delays)} were told; after a median of"
            f" {1000 * statistics.median(delays):.0f} ms, at most {1000 * max(delays):.0f} ms"
        )


def _disorder(events: list[tuple[Any, ...]]) -> list[str]:
    """What cannot follow what came before it, by session."""
    state: dict[str, str] = {}
    times: dict[str, str] = {}
    wrong = []
    for _, what, subject, payload in events:
        before = state.get(subject, "stopped")
        follows = {
            "started": before == "stopped", "paused": before == "playing", "resumed": before == "paused",
            "stopped": before != "stopped", "finished": before != "stopped",
        }.get(what, before != "stopped")  # fmt: skip
        if not follows or (what not in ("lost", "stopped") and payload["observed_at"] < times.get(subject, "")):
            wrong.append(f"{subject}: {what} after {before}")
        state[subject] = {"started": "playing", "paused": "paused", "resumed": "playing", "stopped": "stopped"}.get(what, before)
        if payload["status"] in ("playing", "paused", "stopped"):
            state[subject] = payload["status"]
        times[subject] = payload["observed_at"]
    return wrong


def _busiest(events: list[tuple[Any, ...]]) -> int:
    counts: dict[tuple[str, str], int] = {}
    for at, what, subject, _ in events:
        if what == "progressed":
            counts[subject, at[:19]] = counts.get((subject, at[:19]), 0) + 1
    return max(counts.values(), default=0)


def _delays(
    events: list[tuple[Any, ...]], numbers: dict[int, int], done: list[dict[str, Any]]
) -> tuple[list[float], list[dict[str, Any]]]:
    """Seconds between what somebody did and its event; what no event told of within three seconds."""
    found, untold = [], []
    for act in done:
        for at, what, _, payload in events:
            when = datetime.fromisoformat(at).timestamp()
            if numbers[int(payload["player"][4:])] == act["player"] and what == act["what"] and -0.5 < when - act["at"] < 3:
                found.append(max(0.0, when - act["at"]))
                break
        else:
            untold.append(act)
    return found, untold


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--players", type=int, default=16)
    given = options.parse_args()
    configure_logging("console", "WARNING")
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder), 60 * min(1.0, given.minutes / 2), given.players, quiet=True)
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder), 60 * given.minutes, given.players, quiet=False)


if __name__ == "__main__":
    main()
