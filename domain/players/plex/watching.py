"""What a Plex tells of its sessions over its WebSocket; who watches what there stands in its list of them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

import orjson

from domain.kit import clock
from domain.kit.errors import Unexpected
from domain.kit.http import Limits, Socket
from domain.players.asking import ask_on
from domain.players.enums import PlaybackStatus
from domain.players.following import MOST_SESSIONS, Clocks, Follower
from domain.players.model import Playing, Told
from domain.players.plex.items import STATES, playing_of, speed_of
from domain.players.plex.speaking import Speaker
from domain.players.reading import milliseconds, number, objects
from domain.providers.reading import Row, identifier, row

_SOCKETS: Final = ("/:/websockets/notifications", "/:/websocket/notifications")
"""The way that servers spell it, and the one that their description does."""
_LOOK_S: Final = 1.0
"""How long a stop may go unnoticed."""
_SILENCE_S: Final = 3.0
"""After so much of it the server is asked whether it is there."""
_FORGOTTEN_S: Final = 30.0
"""Devices report every ten or twenty seconds; one that is silent for longer may have gone without a word."""
_AGAIN_S: Final = 0.5
"""Between two questions about sessions that the server tells of."""
_RUNS_ON: Final = timedelta(seconds=25)
_PING: Final = Limits(total_s=4.0, connect_s=2.0, read_s=3.0, body_bytes=65_536)


@contextmanager
def opened(speaker: Speaker, *, open_s: float = 5.0) -> Iterator[Socket]:
    """Its notifications. Raises as `Lan.websocket`."""
    headers = speaker.headers()
    with ExitStack() as stack:
        try:
            socket = stack.enter_context(speaker.lan.websocket(speaker.target, _SOCKETS[0], headers=headers, open_s=open_s))
        except Unexpected:
            socket = stack.enter_context(speaker.lan.websocket(speaker.target, _SOCKETS[1], headers=headers, open_s=open_s))
        yield socket


def sessions(speaker: Speaker) -> list[Playing]:
    """What plays. Raises KeyRefused where the token is not the owner's."""
    found = objects(speaker.get("/status/sessions").get("Metadata"))
    now = clock.now()
    return [playing for each in found if (playing := playing_of(each, now)) is not None]


def watch(speaker: Speaker, stop: threading.Event, told: Told, *, is_up: Callable[[bool], None]) -> None:
    """As `Adapter.watch`."""
    follower, clocks = Follower(told), Clocks(_RUNS_ON)
    while not stop.is_set():
        with ExitStack() as stack:
            try:
                socket = stack.enter_context(opened(speaker))
            except Unexpected:  # a proxy that lets none through
                ask_on(lambda: sessions(speaker), stop, follower, clocks, is_up=is_up)
            else:
                _Watch(speaker, socket, follower, clocks, is_up).run(stop)


class _Watch:
    """One connection."""

    def __init__(
        self, speaker: Speaker, socket: Socket, follower: Follower, clocks: Clocks, is_up: Callable[[bool], None]
    ) -> None:
        self._speaker = speaker
        self._socket = socket
        self._is_up = is_up
        self._follower = follower
        self._clocks = clocks
        self._said: dict[str, Playing] = {}
        """By session, as the server wrote it last."""
        self._heard_at: dict[str, float] = {}
        self._keys: dict[str, str | None] = {}
        """Which item its notifications named last: of live television another than its list does."""
        self._up_at = 0.0
        self._asked_at = 0.0
        self._is_puzzled = False
        """It told of a session that its list did not have."""

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set. Raises Upstream."""
        self._ask()
        while not stop.is_set():
            heard = self._socket.receive(_LOOK_S if not self._is_puzzled else _AGAIN_S / 4)
            now = time.monotonic()
            if heard is not None:
                self._hear(_container(heard, self._speaker.target.host))
                if now - self._up_at >= 1:
                    self._up()
            elif now - self._up_at >= _SILENCE_S:
                self._speaker.public("/identity", limits=_PING)
                self._up()
            if self._wants_to_ask(now):
                self._ask()
            self._follower.flush()

    def _wants_to_ask(self, now: float) -> bool:
        if self._is_puzzled:
            return now - self._asked_at >= _AGAIN_S
        return any(now - at >= _FORGOTTEN_S for at in self._heard_at.values()) and now - self._asked_at >= _FORGOTTEN_S

    def _ask(self) -> None:
        """Read the whole list."""
        self._asked_at, self._is_puzzled = time.monotonic(), False
        found = sessions(self._speaker)
        self._said = {each.session: each for each in found}
        self._heard_at = dict.fromkeys(self._said, self._asked_at)
        self._keys = {name: key for name, key in self._keys.items() if name in self._said}
        self._clocks.keep(self._said)
        self._follower.everything([self._clocks.now(each) for each in found])
        self._up()

    def _hear(self, container: Row) -> None:
        if container.get("type") != "playing":
            return
        notes = list(objects(container.get("PlaySessionStateNotification")))[:MOST_SESSIONS]
        if any(self._is_strange(each) for each in notes):
            if time.monotonic() - self._asked_at >= _AGAIN_S:
                self._ask()
            self._is_puzzled = any(self._is_strange(each) for each in notes)
        for each in notes:
            self._take(each)

    def _is_strange(self, note: Row) -> bool:
        """Whether it is of a session, or of an item in it, that the list did not have when it was read last."""
        session, key = identifier(note.get("sessionKey")), identifier(note.get("ratingKey"))
        status = STATES.get(str(note.get("state")))
        if session is None or status is None:
            return False
        before = self._said.get(session)
        if before is None:
            return status is not PlaybackStatus.STOPPED
        return before.media is not None and key not in (before.media.key, self._keys.get(session))

    def _take(self, note: Row) -> None:
        session, status = identifier(note.get("sessionKey")), STATES.get(str(note.get("state")))
        before = self._said.get(session or "")
        if session is None or status is None or before is None:
            return
        offset = note.get("viewOffset")
        position = before.position_ms if number(offset) is None else milliseconds(offset)
        said = replace(before, status=status, position_ms=position, observed_at=clock.now(), speed=speed_of(status))
        if status is PlaybackStatus.STOPPED:
            for kept in (self._said, self._heard_at, self._keys):
                kept.pop(session, None)
            self._follower.one(said)
            return
        self._said[session], self._heard_at[session] = said, time.monotonic()
        self._keys[session] = identifier(note.get("ratingKey"))
        self._follower.one(self._clocks.now(said))

    def _up(self) -> None:
        self._up_at = time.monotonic()
        self._is_up(True)


def _container(heard: str | bytes, host: str) -> Row:
    try:
        return row(row(orjson.loads(heard)).get("NotificationContainer"))
    except orjson.JSONDecodeError:
        raise Unexpected(f"{host} sent what is no message over its WebSocket.") from None
