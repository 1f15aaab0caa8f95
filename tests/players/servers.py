"""What tests of Jellyfin and Plex share: a listener that remembers what it was told, and lets its test wait for it."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from domain.kit.errors import DomainError
from domain.players.model import Adapter, Playing


class Listener:
    """Takes what `watch` tells."""

    def __init__(self) -> None:
        self.told: list[tuple[Playing, ...]] = []
        self.ups: list[bool] = []
        self.failure: DomainError | None = None
        self.is_over = False
        self._changed = threading.Condition()

    def tell(self, news: Sequence[Playing]) -> None:
        """As `Told`."""
        with self._changed:
            self.told.append(tuple(news))
            self._changed.notify_all()

    def up(self, notifies: bool) -> None:
        """As `is_up`."""
        with self._changed:
            self.ups.append(notifies)
            self._changed.notify_all()

    def over(self, failure: DomainError | None) -> None:
        """The watch ended."""
        with self._changed:
            self.failure, self.is_over = failure, True
            self._changed.notify_all()

    def wait(self, condition: Callable[[], Any]) -> None:
        """Until something is so."""
        with self._changed:
            assert self._changed.wait_for(condition, 20), (self.told, self.ups, self.failure)

    def last(self, count: int) -> tuple[Playing, ...]:
        """The `count`th thing that was told, when it has been."""
        self.wait(lambda: len(self.told) >= count)
        return self.told[count - 1]


@contextlib.contextmanager
def watching(adapter: Adapter) -> Iterator[Listener]:
    """A watch in a thread of its own; ended with the block."""
    listener, stop = Listener(), threading.Event()

    def run() -> None:
        failure = None
        try:
            adapter.watch(stop, listener.tell, is_up=listener.up)
        except DomainError as error:
            failure = error
        finally:
            listener.over(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def plain(news: Sequence[Playing]) -> list[tuple[str, str, str | None, int]]:
    """Status, session, title and whole seconds."""
    return [(each.status.value, each.session, each.media and each.media.title, each.position_ms // 1_000) for each in news]
