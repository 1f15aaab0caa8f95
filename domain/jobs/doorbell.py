"""The port through which workers hear that a queue has work; a ring that is lost costs one poll, never a job."""

from typing import Protocol

from domain.kit.database import UnitOfWork


class Doorbell(Protocol):
    """Must be quick and may fail."""

    def ring(self, queue: str) -> None:
        """Wake a worker that serves `queue`."""


_doorbell: Doorbell | None = None


def install(doorbell: Doorbell | None) -> None:
    """Ring `doorbell` after commits; None = nobody hears. Set by the composition root."""
    global _doorbell
    _doorbell = doorbell


def ring(queue: str) -> None:
    """Ring the installed doorbell, if there is one."""
    if _doorbell is not None:
        _doorbell.ring(queue)


def ring_after_commit(uow: UnitOfWork, queue: str) -> None:
    """Ring once for `queue` when `uow` is durable, however many jobs it made."""
    rung: set[str] = uow.session.info.setdefault("rung_queues", set())
    if queue not in rung:
        rung.add(queue)
        uow.after_commit(lambda: ring(queue))
