"""Tells whoever tails the event log that it has grown; losing a call costs one poll, never an event."""

from collections.abc import Callable

from domain.kit.database import UnitOfWork

_wake: Callable[[], None] | None = None


def install(wake: Callable[[], None] | None) -> None:
    """Call `wake` after every commit that wrote events; None = nobody listens. Set by the composition root."""
    global _wake
    _wake = wake


def after_commit(uow: UnitOfWork) -> None:
    """Wake the tailers once when `uow` is durable, however often this is called."""
    if not uow.session.info.setdefault("wakes_tailers", False):
        uow.session.info["wakes_tailers"] = True
        uow.after_commit(_call)


def _call() -> None:
    if _wake is not None:
        _wake()
