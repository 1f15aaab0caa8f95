"""Scanning beside a bare walk: a generated tree, first scan and unchanged rescan in files a second, memory of all processes.

    python -m benchmarks.scan                    # 200,000 files, as the issue asks
    python -m benchmarks.scan --files 20000      # a tenth, for a quick look

Printed, never asserted: ratios against a bare `os.walk` with `stat` of the same tree in the same run.
"""

import argparse
import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from api.cli.compose import house, prepare
from benchmarks.jobs import wait
from benchmarks.tree import plant
from domain.kit.database import Database
from domain.kit.logs import configure_logging
from domain.libraries import service
from domain.settings import Settings
from workers.main import EmbeddedWorkers


@dataclass
class Peak:
    """The most memory that this process and its children held together, in bytes, and the course of it."""

    most: int = 0
    samples: list[int] = field(default_factory=list)

    def watch(self, stop: threading.Event) -> None:
        me = psutil.Process()
        while not stop.wait(0.5):
            total = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.samples.append(total)
            self.most = max(self.most, total)


def bare_walk(root: Path) -> tuple[int, float]:
    """(files, seconds) of the cheapest thing a scan could do: list every folder and stat every file."""
    began, files = time.perf_counter(), 0
    todo = [str(root)]
    while todo:
        with os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                else:
                    entry.stat()
                    files += 1
    return files, time.perf_counter() - began


def run_scan(database: Database, library_id: int) -> tuple[float, dict[str, object]]:
    """(seconds, result) of one scan job, from asking for it to its end."""
    with database.transaction(actor="benchmark") as uow:
        key = service.request_scan(uow, library_id=library_id).id
    return wait(database, key)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3, help="rescans, each beside a bare walk")
    parser.add_argument("--keep", type=Path, help="plant the tree here and leave it for the next run")
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    scratch = Path(tempfile.mkdtemp(prefix="marquee-scan-"))
    root = options.keep or scratch / "tree"
    try:
        measure(options, scratch, root)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def measure(options: argparse.Namespace, scratch: Path, root: Path) -> None:
    """Plant, walk, scan, rescan, print."""
    began = time.perf_counter()
    planted = plant(root, options.files)
    print(f"tree: {planted:,} files in {time.perf_counter() - began:.0f} s at {root}")
    files, _ = bare_walk(root)
    settings = Settings(data_dir=scratch / "data")
    with house(settings) as found:
        prepare(found)
        peak, stop = Peak(), threading.Event()
        watcher = threading.Thread(target=peak.watch, args=(stop,), daemon=True)
        workers = EmbeddedWorkers(settings, found.database)
        workers.start()
        watcher.start()
        try:
            libraries = []
            for name, media_type in (("Films", "movie"), ("Series", "tv")):
                with found.database.transaction(actor="benchmark") as uow:
                    made = service.create_library(uow, name=name, media_type=media_type, paths=[str(root / name)])
                    libraries.append(made.id)
            report_first(found.database, libraries, files, root)
            after_first = peak.most
            report_rescans(found.database, libraries, files, root, options.rounds)
        finally:
            stop.set()
            workers.stop()
        tail = peak.samples[-6:]
        print(f"memory of all processes: at most {peak.most / 2**20:.0f} MiB (first scan {after_first / 2**20:.0f} MiB)")
        print("last samples, MiB: " + " ".join(f"{sample / 2**20:.0f}" for sample in tail))


def report_first(database: Database, libraries: list[int], files: int, root: Path) -> None:
    """Scan everything once."""
    _, walk = bare_walk(root)
    seconds = sum(run_scan(database, key)[0] for key in libraries)
    print(f"first scan: {seconds:.1f} s = {files / seconds:,.0f} files/s; bare walk {walk:.2f} s = {files / walk:,.0f} files/s")


def report_rescans(database: Database, libraries: list[int], files: int, root: Path, rounds: int) -> None:
    """Scan again with nothing changed, each time beside a bare walk."""
    for number in range(rounds):
        _, walk = bare_walk(root)
        seconds, compared = 0.0, 0.0
        for key in libraries:
            took, result = run_scan(database, key)
            seconds += took
            timing = result.get("survey_s")
            compared += float(str(timing)) if timing is not None else took
        print(
            f"rescan {number + 1}: {seconds:.2f} s = {files / seconds:,.0f} files/s; walk and comparison {compared:.2f} s;"
            f" bare walk {walk:.2f} s; {compared / walk:.2f} x (walk and comparison), {(seconds - 2) / walk:.2f} x (job - 2 s)"
        )


if __name__ == "__main__":
    main()
