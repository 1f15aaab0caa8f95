"""A worker that kills itself in its second stretch: at the end of the transaction, before its commit or after it."""

import os
import signal
import sys

import workers.actors
from domain.kit.database import Database, UnitOfWork
from domain.libraries.bulk import running
from domain.settings import Settings
from workers.catalog import actors
from workers.runner import Runner

assert workers.actors


def main(url: str, moment: str) -> None:
    """Do what waits, until death."""

    def dies(uow: UnitOfWork, change_id: int, *, done: int) -> running.Step:
        if done == 200 and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        step = running.advance(uow, change_id, done=done)
        uow.session.flush()
        if done == 100 and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        return step

    actors.advance = dies
    Runner(Database(url), Settings(DATABASE_URL=url), queues=("default",), worker="doomed").drain()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
