"""Films of a loopback TMDB in one run of enrichment, then once more: films a second, statements, requests, rows written.

.venv/bin/python -m benchmarks.enrich [films]
"""

import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import workers.actors
from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.enrich.builtin import install_builtins as install_orders
from domain.jobs import service as jobs
from domain.jobs.kinds import ENRICH, Enrich
from domain.kit.database import Database, migrations
from domain.kit.secrets import load_key
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.queries import setups
from domain.settings import Settings
from tests.factories import catalog
from tests.peers import tmdb
from tests.peers.web import Asked, Given, Peer
from workers import outbound
from workers.runner import Runner

assert workers.actors

CAST, CREW, PEOPLE = 30, 20, 20_000


def film(number: int) -> dict[str, Any]:
    """A film as TMDB answers, with people of a pool."""
    people = [(number * 37 + each * 101) % PEOPLE + 1 for each in range(CAST + CREW)]
    cast = [{"id": key, "name": f"Person {key}", "character": f"Role {each}", "order": each} for each, key in
            enumerate(people[:CAST])]  # fmt: skip
    jobs = (("Director", "Directing"), ("Screenplay", "Writing"), ("Producer", "Production"), ("Editor", "Editing"))
    crew = [{"id": key, "name": f"Person {key}", "job": jobs[each % 4][0], "department": jobs[each % 4][1]} for each, key in
            enumerate(people[CAST:])]  # fmt: skip
    return {
        **tmdb.FILM, **tmdb.FILM_PARTS, "id": number, "title": f"Film {number}", "imdb_id": f"tt{number:07}",
        "belongs_to_collection": None, "external_ids": {}, "credits": {"cast": cast, "crew": crew},
    }  # fmt: skip


def answer(asked: Asked) -> Given:
    """Any film, and the configuration."""
    place = asked.path.removeprefix("/3/movie/")
    if not place.isdecimal():
        return tmdb.answer(asked)
    return Given(200, json.dumps(film(int(place))).encode(), {"content-type": "application/json"})


def fill(database: Database, settings: Settings, films: int) -> int:
    """A library of films that go by TMDB's ids."""
    with database.transaction() as uow:
        catalog.types(uow)
        install_builtins(uow)
        install_orders(uow)
        (key,) = [each.id for each in setups(uow.session) if each.name == "tmdb"]
        secret = load_key(settings.data_dir, None)
        service.update(uow, provider_id=key, changes={"key": tmdb.KEY, "rate_limit": 1_000.0}, secret=secret)
        library = catalog.library(uow)
    for start in range(0, films, 500):
        with database.transaction() as uow:
            for number in range(start + 1, min(start + 500, films) + 1):
                made = catalog.movie(uow, f"film.{number}", library_id=library)
                add_external_ids(uow, {made: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", str(number))])})
    return library


def run(database: Database, settings: Settings, library: int) -> tuple[float, int]:
    """Seconds and statements of one run."""
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sa.event.listen(database.engine, "before_cursor_execute", count)
    with database.transaction() as uow:
        jobs.enqueue(uow, ENRICH, Enrich(library_id=library))
    began = time.perf_counter()
    Runner(database, settings, queues=("providers",), worker="w").drain()
    seconds = time.perf_counter() - began
    sa.event.remove(database.engine, "before_cursor_execute", count)
    return seconds, counted


def main() -> None:
    """Print what it took."""
    films = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        settings = Settings(data_dir=Path(folder), DATABASE_URL=f"sqlite:///{folder}/marquee.db")
        database = Database(settings.database)
        migrations.upgrade(database)
        peer = stack.enter_context(Peer(answer).running())
        outbound.replace_egress(peer.egress(), {"tmdb": f"{peer.url}/3"})
        library = fill(database, settings, films)
        for name in ("first", "second", "with the answers cached, everything written anew"):
            if name.startswith("with"):
                with database.transaction() as uow:
                    uow.session.connection().exec_driver_sql("DELETE FROM field_values")
                    uow.session.connection().exec_driver_sql("DELETE FROM credits")
            asked = len(peer.asked)
            seconds, statements = run(database, settings, library)
            status = database_state(database)
            print(
                f"{name}: {films / seconds:.0f} films/s, {statements / films:.2f} writing statements a film,"
                f" {len(peer.asked) - asked} requests; {status}"
            )


def database_state(database: Database) -> str:
    """How the last job ended."""
    with database.read() as session:
        return str(session.connection().exec_driver_sql("SELECT status, result FROM jobs ORDER BY id DESC LIMIT 1").one())[:200]


if __name__ == "__main__":
    main()
