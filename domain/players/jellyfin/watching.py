"""What a Jellyfin tells of its sessions over its WebSocket, and whether it is still there."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from domain.kit import clock
from domain.kit.errors import Unexpected, Unreachable
from domain.kit.http import Limits, Socket
from domain.players.asking import ask_on
from domain.players.following import Clocks, Follower
from domain.players.jellyfin.items import playing_of
from domain.players.jellyfin.speaking import Speaker
from domain.players.model import Playing, Told
from domain.players.reading import number, objects
from domain.providers.reading import Row, row

SOCKET: Final = "/socket"
_EVERY: Final = "0,1500"
"""Milliseconds before the first message of what plays, and between two."""
_KEEP_ALIVE: Final = '{"MessageType":"KeepAlive"}'
_LOOK_S: Final = 1.0
"""How long a stop may go unnoticed."""
_SILENCE_S: Final = 3.0
"""After so much of it the server is asked whether it is there."""
_PING: Final = Limits(total_s=4.0, connect_s=2.0, read_s=3.0, body_bytes=4_096)
_RUNS_ON: Final = timedelta(seconds=15)
"""How long a playback is believed to go on whose position the server repeats: its clients report every ten."""


@contextmanager
def opened(speaker: Speaker, *, open_s: float = 5.0) -> Iterator[Socket]:
    """Its WebSocket. Raises as `Lan.websocket`."""
    token = speaker.token()
    query = {"ApiKey": token, "deviceId": speaker.device_id}
    headers = {"authorization": speaker.authorization(token)}
    with speaker.lan.websocket(speaker.target, SOCKET, query=query, headers=headers, open_s=open_s) as socket:
        yield socket


def _message(heard: str | bytes, host: str) -> Row:
    """A message. Raises Unexpected."""
    try:
        found = orjson.loads(heard)
    except orjson.JSONDecodeError:
        raise Unexpected(f"{host} sent what is no message over its WebSocket.") from None
    return row(found)


def sessions_of(said: Any, now: datetime) -> list[Playing]:
    """What plays in a list of sessions."""
    return [found for each in objects(said) if (found := playing_of(each, now)) is not None]


def watch(
    speaker: Speaker, stop: threading.Event, told: Told, *, is_up: Callable[[bool], None], first: Callable[[], list[Playing]]
) -> None:
    """As `Adapter.watch`; `first` reads what plays."""
    follower, clocks = Follower(told), Clocks(_RUNS_ON)
    while not stop.is_set():
        with ExitStack() as stack:
            try:
                socket = stack.enter_context(opened(speaker))
            except Unexpected:  # a proxy that lets none through
                ask_on(first, stop, follower, clocks, is_up=is_up)
            else:
                _listen(speaker, socket, stop, follower, clocks, is_up=is_up, first=first)


def _listen(
    speaker: Speaker, socket: Socket, stop: threading.Event, follower: Follower, clocks: Clocks, *,
    is_up: Callable[[bool], None], first: Callable[[], list[Playing]],
) -> None:  # fmt: skip
    socket.send(orjson.dumps({"MessageType": "SessionsStart", "Data": _EVERY}).decode())
    line = Line(speaker, socket, is_up)
    follower.everything(clocks.whole(first()))
    is_up(True)
    while not stop.is_set():
        heard = socket.receive(line.wait_s())
        if heard is not None:
            said = line.heard(heard)
            if said.get("MessageType") == "Sessions":
                follower.everything(clocks.whole(sessions_of(said.get("Data"), clock.now())))
        line.keep()
        follower.flush()


class Line:
    """Keeps the connection: answers the server's wish for signs of life, and asks for its own."""

    def __init__(self, speaker: Speaker, socket: Socket, is_up: Callable[[bool], None] = lambda _: None) -> None:
        self._speaker = speaker
        self._socket = socket
        self._is_up = is_up
        self._every_s = 30.0
        self._sent_at = self._up_at = self._heard_at = time.monotonic()

    def wait_s(self) -> float:
        """How long to listen before looking after the rest."""
        return min(_LOOK_S, max(0.01, self._sent_at + self._every_s - time.monotonic()))

    def heard(self, text: str | bytes) -> Row:
        """The message that came; the server is there. Raises Unexpected, and Unreachable when it says that it goes."""
        said = _message(text, self._speaker.target.host)
        self._heard_at = time.monotonic()
        if said.get("MessageType") == "ForceKeepAlive":
            self._every_s = max(1, min(number(said.get("Data")) or 60, 600)) / 2
            self._keep_alive()
        elif said.get("MessageType") == "ServerShuttingDown":
            raise Unreachable(f"{self._speaker.target.host} is shutting down.")
        if self._heard_at - self._up_at >= 1:
            self._up()
        return said

    def keep(self) -> None:
        """Send and ask what has to be. Raises Unreachable where nobody answers."""
        now = time.monotonic()
        if now - self._sent_at >= self._every_s:
            self._keep_alive()
        if now - max(self._heard_at, self._up_at) >= _SILENCE_S:
            self._speaker.public("/System/Ping", limits=_PING)
            self._up()

    def _keep_alive(self) -> None:
        self._socket.send(_KEEP_ALIVE)
        self._sent_at = time.monotonic()

    def _up(self) -> None:
        self._up_at = time.monotonic()
        self._is_up(True)
