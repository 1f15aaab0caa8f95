"""What a real Kodi tells of its playback, what our adapter makes of it, and what `playbackChanged` sends: when, and how exact."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.kit import clock
from domain.kit.http import Lan, Target
from domain.players.enums import PlaybackStatus
from domain.players.kodi.adapter import Kodi as Adapter
from domain.players.kodi.line import Line
from domain.players.model import Media, Playing
from tests.kodi.server import Server
from tests.peers.kodi.player import Kodi

_ROUNDS = 5
_PATIENCE_S = 30.0
_MOST_DELAY_S = 0.5
_MOST_OFF_S = 1.0
_CHANGED = """subscription { playbackChanged {
  ... on PlaybackChanged { type positionMs speed observedAt }
  ... on Subscribed { cursor }
} }"""
_EVENTS = {
    "Player.OnPlay": "playback.started", "Player.OnPause": "playback.paused", "Player.OnResume": "playback.resumed",
    "Player.OnSeek": "playback.sought", "Player.OnStop": "playback.stopped",
}  # fmt: skip


@dataclass
class Found:
    """Seconds from Kodi's notification to ours, by its name; how far positions were off, in seconds."""

    adapter: dict[str, list[float]] = field(default_factory=dict)
    api: dict[str, list[float]] = field(default_factory=dict)
    off: list[float] = field(default_factory=list)
    api_off: list[float] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What was seen, in words."""
        said = []
        for who, delays in (("our listener", self.adapter), ("playbackChanged", self.api)):
            each = ", ".join(f"{name} {_ms(statistics.median(several))}" for name, several in delays.items())
            every = [delay for several in delays.values() for delay in several]
            said.append(f"{who}, after Kodi's own notification (medians of {_ROUNDS}; below 0: heard first): {each}")
            said.append(f"{who}, all: median {_ms(statistics.median(every))}, worst {_ms(max(every))}")
        for who, off in (("our listener", self.off), ("playbackChanged", self.api_off)):
            median = statistics.median(off)
            said.append(f"{who}, positions: off by at most {max(off):.2f} s (median {median:.2f} s, {len(off)} compared)")
        return said

    def wrong(self) -> list[str]:
        """What should be otherwise."""
        found = list(self.unheard)
        for delays in (self.adapter, self.api):
            median = statistics.median([delay for several in delays.values() for delay in several])
            found += [f"told {_ms(median)} late"] if median > _MOST_DELAY_S else []
        return found + [f"a position was off by {each:.2f} s" for each in (*self.off, *self.api_off) if each > _MOST_OFF_S]


@dataclass
class _Ears:
    """Each thing heard, with its moment."""

    notes: list[tuple[float, str]] = field(default_factory=list)
    told: list[tuple[float, Playing]] = field(default_factory=list)
    sent: list[tuple[float, Mapping[str, Any]]] = field(default_factory=list)
    ready: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    stop: threading.Event = field(default_factory=threading.Event)

    def take(self, playing: Sequence[Playing]) -> None:
        self.told += [(time.monotonic(), one) for one in playing]
        self.ready.release()

    def take_sent(self, data: Mapping[str, Any]) -> None:
        self.sent.append((time.monotonic(), data["playbackChanged"]))
        self.ready.release()


def compare(server: Server, kodi: Kodi, media: Media) -> Found:
    """Play, pause, go on, seek, stop, several times."""
    found, lan = Found(), Lan()
    adapter = Adapter(lan, Target("127.0.0.1", kodi.ports.http), websocket_port=kodi.ports.tcp)
    with _listening(server, adapter, Line(lan, Target("127.0.0.1", kodi.ports.tcp))) as ears:
        for _ in range(_ROUNDS):
            _round(ears, adapter, media, found)
    lan.close()
    return found


def _round(ears: _Ears, adapter: Adapter, media: Media, found: Found) -> None:
    ears.notes.clear()
    _act(ears, "Player.OnPlay", PlaybackStatus.PLAYING, lambda: adapter.open(media), found)
    _until(lambda: any(what == "Player.OnAVStart" for _, what in ears.notes))
    time.sleep(2.5)
    _measure(ears, adapter, found)
    _act(ears, "Player.OnPause", PlaybackStatus.PAUSED, adapter.pause, found)
    time.sleep(0.5)
    _measure(ears, adapter, found)
    _act(ears, "Player.OnResume", PlaybackStatus.PLAYING, adapter.resume, found)
    _act(ears, "Player.OnSeek", PlaybackStatus.PLAYING, lambda: adapter.seek(30_000), found)
    time.sleep(2.5)
    _measure(ears, adapter, found)
    (last,) = adapter.sessions()
    at = time.monotonic()
    _act(ears, "Player.OnStop", PlaybackStatus.STOPPED, adapter.stop, found)
    moment, stopped = ears.told[-1]
    found.off.append(abs(stopped.position_ms - last.position_ms - (moment - at) * 1000) / 1000)
    moment, sent = ears.sent[-1]
    found.api_off.append(abs(sent["positionMs"] - last.position_ms - (moment - at) * 1000) / 1000)


def _act(ears: _Ears, method: str, status: PlaybackStatus, do: Callable[[], object], found: Found) -> None:
    noted, told, sent = len(ears.notes), len(ears.told), len(ears.sent)
    do()
    kodi = _until(lambda: next((at for at, what in ears.notes[noted:] if what == method), None))
    ours = _until(lambda: next((at for at, one in ears.told[told:] if one.status is status), None))
    theirs = _until(lambda: next((at for at, one in ears.sent[sent:] if one.get("type") == _EVENTS[method]), None))
    name = method.removeprefix("Player.")
    for who, heard, delays in (("our listener", ours, found.adapter), ("playbackChanged", theirs, found.api)):
        if kodi is None or heard is None:
            found.unheard.append(f"{who} did not hear {name}")
        else:
            delays.setdefault(name, []).append(heard - kodi)


def _measure(ears: _Ears, adapter: Adapter, found: Found) -> None:
    (now,) = adapter.sessions()
    told = ears.told[-1][1]
    found.off.append(abs(_at(told.position_ms, told.speed, told.observed_at) - now.position_ms) / 1000)
    sent = next(one for _, one in reversed(ears.sent) if one.get("positionMs") is not None)
    at = datetime.fromisoformat(sent["observedAt"])
    found.api_off.append(abs(_at(sent["positionMs"], sent["speed"], at) - now.position_ms) / 1000)


@contextmanager
def _listening(server: Server, adapter: Adapter, line: Line) -> Iterator[_Ears]:
    ears = _Ears()

    def raw() -> None:
        with line.open() as talk:
            ears.ready.release()
            while not ears.stop.is_set():
                note = talk.next(0.2)
                if note is not None:
                    ears.notes.append((time.monotonic(), note.method))

    threads = [
        threading.Thread(target=raw),
        threading.Thread(target=lambda: adapter.watch(ears.stop, ears.take, is_up=lambda _: None)),
        threading.Thread(target=lambda: server.follow(_CHANGED, ears.take_sent, ears.stop)),
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        ears.ready.acquire(timeout=_PATIENCE_S)
    try:
        yield ears
    finally:
        ears.stop.set()
        for thread in threads:
            thread.join()


def _at(position_ms: int, speed: float, observed_at: datetime) -> float:
    return position_ms + (clock.now() - observed_at) / timedelta(milliseconds=1) * speed


def _until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + _PATIENCE_S
    while (found := condition()) in (None, False) and time.monotonic() < deadline:
        time.sleep(0.005)
    return found


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
