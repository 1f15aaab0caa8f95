"""A household's first evening: films with ids in their names, scanned, enriched, pictured and published from loopback providers.

    python -m benchmarks.household                  # 5,000 films, as the issue asks
    python -m benchmarks.household --films 500

Printed, never asserted: films a second of each step and of the whole, requests of the first and of a second run, files written
by each, memory of all processes, and a bare copy of the published files on the same disk for comparison.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Final

import httpx
from sqlmodel import col, select

from api.cli.compose import house, prepare
from benchmarks import household_peer
from benchmarks.jobs import wait
from benchmarks.scan import Peak, run_scan
from benchmarks.tree import small_video
from domain.jobs import kinds
from domain.jobs.declaring import Kind
from domain.jobs.enums import ENDED
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.kit.http import Answer, Egress
from domain.kit.logs import configure_logging
from domain.kit.secrets import load_key
from domain.libraries import service as libraries
from domain.providers import service as providers
from domain.providers.tables import ProviderConfig
from domain.settings import Settings
from tests.peers.servers import free_port
from workers.main import EmbeddedWorkers
from workers.outbound import replace_egress

IMAGES: Final = "https://image.tmdb.org"


class Rerouted(Egress):
    """The way to loopback providers: TMDB's picture server is the peer, too."""

    def __init__(self, port: int) -> None:
        super().__init__(loopback_ports=frozenset({port}))
        self._peer = f"http://127.0.0.1:{port}"

    def get(self, url: str, *, hosts: frozenset[str] | None, **more: Any) -> Answer:
        if url.startswith(IMAGES):
            return super().get(url.replace(IMAGES, self._peer), hosts=None, **more)
        return super().get(url, hosts=hosts, **more)


def plant(root: Path, films: int) -> None:
    """A folder for each film, its TMDB id in the name, as Radarr makes them."""
    root.mkdir()
    video = small_video(root)
    for number in range(1, films + 1):
        name = f"{household_peer.title(number)} ({household_peer.year(number)})"
        folder = root / f"{name} {{tmdb-{number}}}"
        folder.mkdir(parents=True)
        (folder / f"{name}.mkv").write_bytes(video)


def run(database: Database, kind: Kind[Any], payload: Any) -> tuple[float, dict[str, Any]]:
    """(seconds, result) of one job, from asking for it to its end. Raises SystemExit where it fails."""
    with database.transaction(actor="benchmark") as uow:
        key = enqueue(uow, kind, payload).job.id
    return wait(database, key)


def rest(database: Database) -> float:
    """Seconds until no job is left: what ended jobs asked for is done, too."""
    began = time.perf_counter()
    while True:
        with database.read() as session:
            left = session.exec(select(Job.kind).where(col(Job.status).not_in(ENDED)).limit(1)).first()
        if left is None:
            return time.perf_counter() - began
        time.sleep(0.1)


def files_below(root: Path) -> dict[str, tuple[int, int]]:
    """Path -> (bytes, mtime in ns) of what is not a video."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            if not name.endswith(".mkv"):
                status = os.stat(os.path.join(folder, name))
                found[os.path.join(folder, name)] = (status.st_size, status.st_mtime_ns)
    return found


def copied(files: dict[str, tuple[int, int]], scratch: Path) -> float:
    """Seconds that a bare copy of these files takes, each with a folder entry and fsync as publishing writes them."""
    target = scratch / "copy"
    target.mkdir()
    began = time.perf_counter()
    for number, path in enumerate(files):
        written = os.open(target / f"{number}.tmp", os.O_CREAT | os.O_WRONLY)
        os.write(written, Path(path).read_bytes())
        os.fsync(written)
        os.close(written)
        os.rename(target / f"{number}.tmp", target / str(number))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=5_000)
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    scratch = Path(tempfile.mkdtemp(prefix="marquee-household-"))
    port = free_port()
    peer = subprocess.Popen([sys.executable, "-m", "benchmarks.household_peer", str(port)])
    try:
        measure(options.films, scratch, port)
    finally:
        peer.terminate()
        shutil.rmtree(scratch, ignore_errors=True)


def measure(films: int, scratch: Path, port: int) -> None:
    """Plant, scan, and everything after it; then all of it again. Print."""
    root = scratch / "Films"
    plant(root, films)
    settings = Settings(data_dir=scratch / "data")
    replace_egress(Rerouted(port), {"tmdb": f"http://127.0.0.1:{port}/3"})
    with house(settings) as found:
        prepare(found)
        database = found.database
        key = load_key(settings.data_dir, None)
        with database.transaction(actor="benchmark") as uow:
            for row in uow.session.exec(select(ProviderConfig)).all():
                wanted = {"key": household_peer.KEY, "rate_limit": 1_000.0} if row.name == "tmdb" else {"is_enabled": False}
                providers.update(uow, provider_id=row.id, changes=wanted, secret=key)
            library = libraries.create_library(
                uow, name="Films", media_type="movie", paths=[str(root)], auto_enrich=False, auto_publish=False
            ).id
        peak, stop = Peak(), threading.Event()
        watcher = threading.Thread(target=peak.watch, args=(stop,), daemon=True)
        workers = EmbeddedWorkers(settings, database)
        workers.start()
        watcher.start()
        try:
            scanned = run_scan(database, library)[0] + rest(database)
            print(f"scan: {scanned:.1f} s = {films / scanned:.0f} films/s")
            evening("first", database, library, films, port)
            written = files_below(root)
            size = sum(each for each, _ in written.values())
            bare = copied(written, scratch)
            print(f"published: {len(written):,} files, {size / 2**20:.0f} MiB; a bare copy of them: {bare:.1f} s")
            evening("second", database, library, films, port)
            print(f"files that differ after the second run: {len(set(files_below(root).items()) ^ set(written.items()))}")
        finally:
            stop.set()
            workers.stop()
        print(f"memory of all processes: at most {peak.most / 2**20:.0f} MiB")


def evening(name: str, database: Database, library: int, films: int, port: int) -> None:
    """Enrich; then publish while pictures are still being downloaded; then publish what came after. Print."""
    before = httpx.get(f"http://127.0.0.1:{port}/counts").json()
    began = time.perf_counter()
    enriched, _ = run(database, kinds.ENRICH, kinds.Enrich(library_id=library, is_renewed=False))
    print(f"{name} enrichment: {enriched:.1f} s = {films / enriched:.0f} films/s")
    beside, result = run(database, kinds.PUBLISH, kinds.Publish(library_id=library))
    print(f"{name} publication beside downloads: {beside:.1f} s = {films / beside:.0f} films/s; {said(result)}")
    left = rest(database)
    after, result = run(database, kinds.PUBLISH, kinds.Publish(library_id=library))
    print(f"{name} downloads took {left:.1f} s more")
    print(f"{name} publication after them: {after:.1f} s = {films / after:.0f} films/s; {said(result)}")
    rest(database)
    whole = time.perf_counter() - began
    now = httpx.get(f"http://127.0.0.1:{port}/counts").json()
    asked = {path: now[path] - before[path] for path in now}
    print(f"{name} run in all: {whole:.1f} s = {films / whole:.0f} films/s; requests: {asked}")


def said(result: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in result.items() if isinstance(value, int))


if __name__ == "__main__":
    main()
