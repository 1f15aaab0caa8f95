"""Downloads pictures to files: a few at once, through the egress, politely to each server, and stopped at once."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from domain.artwork.enums import DownloadFailure
from domain.artwork.fetching import Missed
from domain.artwork.wanting import host_of
from domain.kit import clock
from domain.kit.errors import RateLimited, RefusedByPolicy, TooLarge, Unexpected, Unreachable, Upstream
from domain.kit.http import ANY_HOST, Egress, Limits

AT_ONCE: Final = 4
TRIES: Final = 2
LIMITS: Final = Limits(total_s=30.0, connect_s=5.0, read_s=10.0, body_bytes=32 * 2**20, redirects=3)
TYPES: Final = (
    "image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/webp", "image/avif", "application/octet-stream",
    "binary/octet-stream",
)  # fmt: skip
"""Some stores of files name no type; what the bytes are is seen when they are decoded."""
_PATIENCE: Final = timedelta(seconds=10)
"""For which a server that has had enough is waited for; else it is left alone until its time."""
_ILL: Final = 5
_REST: Final = timedelta(minutes=5)
"""A server that failed so often in a row is left alone so long."""
_LOOK_S: Final = 0.2
_FAILURES: Final[tuple[tuple[type[Upstream], DownloadFailure], ...]] = (
    (RateLimited, DownloadFailure.RATE_LIMITED), (RefusedByPolicy, DownloadFailure.REFUSED),
    (TooLarge, DownloadFailure.TOO_LARGE), (Unexpected, DownloadFailure.NOT_PICTURE), (Upstream, DownloadFailure.UNREACHABLE),
)  # fmt: skip


class StoppedError(Exception):
    """Raised in a download that nobody waits for any more."""


@dataclass
class Downloads:
    """Downloads into `folder` until `stop` is set; remembers servers that fail or have had enough."""

    egress: Egress
    folder: Path
    stop: threading.Event
    bytes_count: int = 0
    _failures: Counter[str] = field(default_factory=Counter)
    _paused: dict[str, datetime] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def is_paused(self, host: str) -> bool:
        """Whether a server is left alone now."""
        return self._paused_until(host) is not None

    def run(self, urls: Sequence[str]) -> Iterator[tuple[str, Path | Missed]]:
        """Every address with its file or the reason, in the order they come; ahead of who reads by a few only.

        Ends early when `stop` is set; what is under way then ends by itself.
        """
        todo, pending = list(enumerate(urls)), dict[Future[Path | Missed], str]()
        todo.reverse()
        threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="download")
        try:
            while (todo or pending) and not self.stop.is_set():
                while todo and len(pending) < AT_ONCE:
                    number, url = todo.pop()
                    pending[threads.submit(self._one, url, self.folder / str(number))] = url
                done, _ = wait(pending, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
                for each in done:
                    if self.stop.is_set():  # it may have ended for that
                        return
                    yield pending.pop(each), each.result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _one(self, url: str, target: Path) -> Path | Missed:
        host = host_of(url)
        for number in range(1, TRIES + 1):
            until = self._paused_until(host)
            if until is not None:
                return Missed(DownloadFailure.RATE_LIMITED, f"{host} is left alone for now.", until)
            began = time.monotonic()
            try:
                missed = self._get(url, target)
            except Upstream as error:
                failure = next(failure for kind, failure in _FAILURES if isinstance(error, kind))
                missed = Missed(failure, error.message, error.retry_at)
                again = self._judge(host, error)
                is_quick = time.monotonic() - began < _PATIENCE.total_seconds()
                if number < TRIES and again is not None and is_quick and not self.stop.wait(again):
                    continue
            else:
                with self._guard:
                    self._failures[host] = 0
            target.unlink(missing_ok=True) if missed is not None else None
            return target if missed is None else missed
        raise AssertionError("the last try returns")

    def _get(self, url: str, target: Path) -> Missed | None:
        """None when the file is here. Raises Upstream; StoppedError; OSError for a full disk."""

        def take(piece: bytes) -> None:
            if self.stop.is_set():
                raise StoppedError
            writing.write(piece)
            with self._guard:
                self.bytes_count += len(piece)

        with target.open("wb") as writing:
            answer = self.egress.get(url, hosts=ANY_HOST, headers={"accept": "image/*"}, types=TYPES, limits=LIMITS, into=take)
        if answer.status in (404, 410):
            return Missed(DownloadFailure.GONE, f"{answer.host} does not have it any more.")
        if answer.status != 200:
            return Missed(DownloadFailure.REFUSED, f"{answer.host} does not give it to us ({answer.status}).")
        return None

    def _judge(self, host: str, error: Upstream) -> float | None:
        """Remember how a server behaved; the seconds after which it may be tried again, None for not now."""
        with self._guard:
            if isinstance(error, RateLimited):
                until = error.retry_at or clock.now() + _PATIENCE
                if until - clock.now() <= _PATIENCE:
                    return max(0.0, (until - clock.now()).total_seconds())
                self._paused[host] = max(until, self._paused.get(host, until))
                return None
            if not isinstance(error, Unreachable):
                return None
            self._failures[host] += 1
            if self._failures[host] >= _ILL:
                self._paused[host] = clock.now() + _REST
                return None
            return 1.0

    def _paused_until(self, host: str) -> datetime | None:
        until = self._paused.get(host)
        return until if until is not None and until > clock.now() else None
