"""A worker that kills itself when it has renamed three of six files, in the middle of a stretch."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import workers.actors
from domain.kit.database import Database
from domain.publish.disk import Disk, Folder
from domain.settings import Settings
from workers.publish import actors
from workers.runner import Runner

assert workers.actors


class Doomed(Disk):
    """Dies after so many renames."""

    left = 3

    def rename(self, folder: Folder, name: str, to: str) -> None:
        super().rename(folder, name, to)
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, data_dir: str) -> None:
    """Do what waits, until death."""
    made: Any = Doomed
    actors.Disk = made
    settings = Settings(DATABASE_URL=url, data_dir=Path(data_dir))
    Runner(Database(url), settings, queues=("publish",), worker="doomed").drain()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
