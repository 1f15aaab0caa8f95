"""The other side of `benchmarks.players`: loopback Kodis in a process of their own; half of them flap, the others are watched.

Prints one line of JSON with the ports, then one for each thing that somebody did at a player: {"at", "player", "what"}.
"""

import argparse
import contextlib
import json
import random
import sys
import threading
import time
from typing import Any

from tests.peers.kodi_player import KodiPlayer

FILM = {"title": "Benchmark", "file": "/films/Benchmark.mkv", "movieid": 1, "year": 2020, "uniqueid": {"imdb": "tt0000001"}}
_guard = threading.Lock()


def _say(**what: Any) -> None:
    with _guard:  # one line, one write: others speak, too
        sys.stdout.write(json.dumps({"at": time.time(), **what}) + "\n")
        sys.stdout.flush()


def _flap(player: KodiPlayer, number: int, stop: threading.Event) -> None:
    """Stay up for 1 to 10 seconds, then hang up, be cut off, or send rubbish; be unwilling for a while now and then."""
    dice = random.Random(number)
    player.play("movie", FILM, total_ms=36_000_000)
    while not stop.wait(dice.uniform(1, 10)):
        player.refuses_websocket = dice.random() < 0.3
        dice.choice((player.hang_up, player.break_off, player.stray))()
        if stop.wait(dice.uniform(0, 3)):
            return
        player.refuses_websocket = False


def _watch(player: KodiPlayer, number: int, stop: threading.Event) -> None:
    """Play, and do something every 5 to 20 seconds."""
    dice = random.Random(number)
    if stop.wait(5):
        return
    player.play("movie", FILM, total_ms=36_000_000)
    _say(player=number, what="started")
    is_paused = False
    while not stop.wait(dice.uniform(5, 20)):
        if is_paused or dice.random() < 0.7:
            is_paused = not is_paused
            (player.pause if is_paused else player.resume)()
            _say(player=number, what="paused" if is_paused else "resumed")
        else:
            player.seek(dice.randrange(0, 30_000_000))
            _say(player=number, what="sought")


def main() -> None:
    """Run until the standard input closes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--players", type=int, default=16)
    options.add_argument("--quiet", action="store_true", help="nobody does anything, nothing flaps")
    given = options.parse_args()
    stop = threading.Event()
    with contextlib.ExitStack() as stack:
        players = [stack.enter_context(KodiPlayer().running()) for _ in range(given.players)]
        print(json.dumps([[player.port, player.websocket_port] for player in players]), flush=True)
        threads = []
        for number, player in enumerate(players):
            work = _flap if number % 2 else _watch
            if not given.quiet:
                threads.append(threading.Thread(target=work, args=(player, number, stop)))
                threads[-1].start()
        with contextlib.suppress(EOFError):
            while input():
                pass
        stop.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
