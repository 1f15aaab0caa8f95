"""A process that scans a library and may be killed by its own hand: in the middle of a transaction, or right after one."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import domain.registry  # noqa: F401 - as every process of the product: with it come the last steps of transactions
from domain.kit.database import Database, UnitOfWork
from tests.libraries.scan.conftest import Eyes, Work
from workers.libraries.scanning import scan_library

PIECE_FILES = 12


class Deadly(Work):
    """Dies at the end of the n-th transaction, before its commit or after it."""

    at = 0
    is_committed = False

    @contextlib.contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        with super().transaction() as uow:
            yield uow
            uow.session.flush()
            if not self.is_committed and self.transactions + 1 == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        if self.transactions == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, library_id: int, at: int, is_committed: bool) -> None:
    """Scan; the file `transactions` beside the given one says how many there were."""
    database = Database(url)
    work = Deadly(database)
    work.at, work.is_committed = at, is_committed
    scan_library(work, database.read, Eyes().readers(), library_id=library_id, piece_files=PIECE_FILES)
    Path(sys.argv[5]).write_text(str(work.transactions), encoding="utf-8")
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "committed")
