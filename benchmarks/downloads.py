"""Downloads beside answers: one process that serves and does jobs, while providers give pictures and every fault at once.

    python -m benchmarks.downloads            # 300 films of 2,000 on offer, some two minutes

Prints the p99 of a list while nothing else happens and while pictures are downloaded, and how far the memory of the
serving process grew (its confined children, which decode, are processes of their own).
"""

import argparse
import io
import json
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any, Final

import psutil
import sqlalchemy as sa
from PIL import Image

from api.app import create_app
from api.cli.compose import house, make_services
from api.cli.place import take_port
from api.cli.serving import run_app
from benchmarks.catalog_data import fill
from benchmarks.load import Load, Result, drive, request_bytes
from benchmarks.processes import started
from benchmarks.serving import settings_of
from benchmarks.similarity import scene
from domain.artwork.offering import offer
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.kit.database import Database
from domain.kit.http import Egress
from domain.kit.logs import configure_logging
from domain.providers.model import Picture
from tests.peers.servers import free_port
from tests.peers.web import HTML, Asked, Given, Peer, elsewhere, enough
from workers import outbound
from workers.main import EmbeddedWorkers

FILMS: Final = 2_000
CONNECTIONS: Final = 4
STEP_S: Final = 5.0
LIST: Final = "query Page { movies(first: 20) { nodes { id title year poster { id url } } } }"
JPEG: Final = {"content-type": "image/jpeg"}
PNG: Final = {"content-type": "image/png"}


def pictures(number_of: int) -> list[bytes]:
    """Posters of 1,000 x 1,500 pixels, as providers send them."""
    import random

    made = []
    for number in range(number_of):
        stream = io.BytesIO()
        scene(random.Random(number), 1000, 1500).save(stream, "JPEG", quality=90)
        made.append(stream.getvalue())
    return made


def huge() -> bytes:
    """A PNG of 169 megapixels in a few hundred kilobytes."""
    stream = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(stream, "PNG")
    return stream.getvalue()


def faults(good: bytes, port: int) -> dict[str, Given]:
    """What servers do wrong, by name."""
    return {
        "slow": Given(body=good, headers=JPEG, pause_s=1.0), "cut": Given(body=good[: len(good) // 2], headers=JPEG),
        "off": Given(body=good, headers=JPEG, sent_bytes=20_000), "html": HTML, "gone": Given(404, b"", {}),
        "lan": elsewhere("http://192.168.0.1/poster.jpg"), "loop": elsewhere(f"http://127.0.0.1:{port}/x/loop"),
        "huge": Given(body=huge(), headers=PNG), "bomb": Given(body=good + bytes(30 * 2**20), headers=JPEG),
        "large": Given(body=bytes(40 * 2**20), headers=JPEG), "enough": enough("2"),
    }  # fmt: skip


def on_offer(database: Database, base: str, films: int, names: list[str]) -> None:
    """For each film two pictures that work and one fault above them."""
    with database.read() as session:
        keys = list(session.execute(sa.text("SELECT id FROM media_items ORDER BY id LIMIT :n"), {"n": films}).scalars())
    for start in range(0, len(keys), 100):
        given = {}
        for place, key in enumerate(keys[start : start + 100], start):
            fault = names[place % len(names)]
            given[key] = [
                Picture("poster", f"{base}/x/{fault}?{place}", "f", 2000, 3000),
                *(Picture("poster", f"{base}/g/{place}-{n}", str(n), 1000, 1500) for n in range(2)),
            ]
        with database.transaction() as uow:
            offer(uow, "tmdb", given)


def serve(given: dict[str, Any]) -> None:
    """What `marquee serve` runs, with a way to this machine's port of pictures."""
    settings = settings_of(given)
    configure_logging(settings.log_format, "ERROR")
    outbound.replace_egress(Egress(loopback_ports=frozenset({given["pictures"]})))
    with house(settings) as found:
        workers = EmbeddedWorkers(settings, found.database)
        services = make_services(found, workers.bells)
        workers.start()
        try:
            run_app(create_app(services), services, settings, take_port(settings))
        finally:
            workers.stop()


def load(client: ProcessPoolExecutor, port: int, requests: list[bytes]) -> Result:
    """Some seconds of answers."""
    return client.submit(drive, Load(port, requests, CONNECTIONS, STEP_S)).result()


def run(folder: str, films: int) -> None:
    """Fill, serve, measure, print."""
    port = free_port()
    good = pictures(12)
    with ExitStack() as stack:
        peer: Peer
        wrong: dict[str, Given] = {}

        def answer(asked: Asked) -> Given:
            group, name = asked.path.strip("/").split("/")
            if group == "x":
                return wrong[name]
            return Given(body=good[hash(name) % len(good)] + name.encode(), headers=JPEG)

        peer = stack.enter_context(Peer(answer).running())
        wrong |= faults(good[0], peer.port)
        base = {"database_url": f"sqlite:///{folder}/marquee.db", "data_dir": folder, "port": port, "pictures": peer.port}
        with house(settings_of(base)) as found:
            household = fill(found.database, key=found.key, films=FILMS)
            with found.database.transaction() as uow:
                uow.session.execute(sa.text("DELETE FROM assets"))
            on_offer(found.database, peer.url, films, sorted(wrong))
        requests = [request_bytes(port, household.token, LIST, {})]
        command = [sys.executable, "-m", "benchmarks.downloads", "--serve", json.dumps(base)]
        process = stack.enter_context(started(command, port))
        client = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
        load(client, port, requests)
        idle = [load(client, port, requests) for _ in range(3)]
        before = process.memory_info().rss
        measure(client, process, port, requests, folder, idle, before, films)


def measure(
    client: ProcessPoolExecutor, process: psutil.Process, port: int, requests: list[bytes], folder: str, idle: list[Result],
    before: int, films: int,
) -> None:  # fmt: skip
    """Downloads, and what they cost."""
    database = Database(f"sqlite:///{folder}/marquee.db")
    with database.read() as session:
        keys = tuple(session.execute(sa.text("SELECT DISTINCT entity_id FROM image_candidates")).scalars())
    with database.transaction() as uow:
        job = enqueue(uow, kinds.FETCH_ARTWORK, kinds.FetchArtwork(keys)).job.id
    began, busy, most = time.monotonic(), list[Result](), before
    while True:
        busy.append(load(client, port, requests))
        most = max(most, process.memory_info().rss)
        with database.read() as session:
            row = session.execute(sa.text("SELECT status, progress_counters, error FROM jobs WHERE id = :id"), {"id": job}).one()
        if row.status not in ("pending", "running"):
            break
    took = time.monotonic() - began
    with database.read() as session:
        failures = session.execute(sa.text("SELECT failure, count(*) FROM image_downloads GROUP BY failure ORDER BY 1")).all()
        shown = session.execute(sa.text("SELECT count(DISTINCT entity_id) FROM assets WHERE rank = 0")).scalar()
    database.close()
    print(f"job {row.status} {row.error or ''}: {row.progress_counters} in {took:.0f} s; {shown} of {films} films show a poster")
    print(f"failures: {dict(map(tuple, failures))}")
    quiet, loud = (sorted(each.percentile(0.99) for each in results) for results in (idle, busy))
    calm, under = quiet[len(quiet) // 2], loud[len(loud) // 2]
    print(f"p99 idle {calm:.1f} ms, beside downloads {under:.1f} ms (worst {loud[-1]:.1f}): {under / calm:.2f} x (aim 1.2)")
    print(f"bad answers: {sum(each.bad for each in (*idle, *busy))}")
    print(f"memory of the serving process: {before / 2**20:.0f} MiB, +{(most - before) / 2**20:.0f} MiB at most (aim 64)")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=300)
    parser.add_argument("--serve", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
        return
    configure_logging("console", "ERROR")
    with tempfile.TemporaryDirectory(prefix="downloads-") as folder:
        run(folder, options.films)


if __name__ == "__main__":
    main()
