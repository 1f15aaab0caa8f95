"""What changed at the providers: our things among it are marked and asked for anew, no more is read than was missed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import workers.actors
from domain.catalog.enums import Enrichment, EntityKind, Identification
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.tables import MediaItem
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.libraries.tables import Library
from domain.providers import changes, service
from domain.providers.known import provider_named
from domain.providers.model import Changed
from domain.providers.queries import setups
from domain.settings import Settings
from tests.factories import catalog
from tests.factories.accounts import KEY
from tests.peers import tmdb, tvdb, web
from tests.providers.conftest import World
from workers import outbound
from workers.runner import Runner

pytestmark = pytest.mark.both
assert workers.actors
TYPES = {"movie": EntityKind.MOVIE, "tv": EntityKind.SERIES, "person": EntityKind.PERSON}


@dataclass
class Feed:
    """A household whose film and series two providers know, and what changed there."""

    world: World
    settings: Settings
    tvdb: tvdb.Tvdb
    film: int
    series: int
    quiet: int
    changed: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """By place and day, as TMDB answers it; two of a page."""

    def answer(self, asked: web.Asked) -> web.Given:
        parts = asked.path.split("/")
        if parts[-1] != "changes":
            return tmdb.answer(asked)
        assert asked.query["start_date"] == asked.query["end_date"]
        found, page = self.changed.get((parts[2], asked.query["start_date"]), []), int(asked.query["page"])
        results = [{"id": key, "adult": False} for key in found[page * 2 - 2 : page * 2]]
        body = {"results": results, "page": page, "total_pages": max(1, (len(found) + 1) // 2), "total_results": len(found)}
        return web.json_answer(json.dumps(body).encode())

    def read(self) -> Any:
        """Run the job; its result, or its error."""
        with self.world.database.transaction() as uow:
            job = enqueue(uow, kinds.READ_CHANGES, kinds.NoPayload()).job.id
        Runner(self.world.database, self.settings, queues=("providers",), worker="w", random=lambda: 0.0).drain()
        ((status, result, error),) = self.world.rows(f"SELECT status, result, error FROM jobs WHERE id = {job}")
        if status != "completed":
            return error
        return json.loads(result) if isinstance(result, str) else result

    def states(self) -> dict[int, str]:
        return dict(self.world.rows("SELECT id, enrichment FROM media_items WHERE kind IN ('movie', 'series')"))

    def wanted(self) -> list[Any]:
        """What enrichment is asked for."""
        found = self.world.rows("SELECT payload FROM jobs WHERE kind = 'enrich.enrich' ORDER BY id")
        loaded = [json.loads(each) if isinstance(each, str) else each for (each,) in found]
        return [(each["items"], each["library_id"]) for each in loaded]

    def since(self, name: str = "tmdb") -> Any:
        with self.world.database.read() as session:
            (row,) = [each for each in setups(session) if each.name == name]
            return changes.since(session, row.id)

    def asked(self) -> list[str]:
        return [f"{each.path} {each.query['start_date']}" for each in self.world.peer.asked if each.path.endswith("/changes")]


@pytest.fixture
def feed(world: World, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Feed]:
    monkeypatch.setattr("workers.runner.handled", lambda: (kinds.READ_CHANGES.name,))  # what is asked for is looked at, not done
    (tmp_path / "marquee.key").write_text(KEY.hex())
    settings = Settings(data_dir=tmp_path, DATABASE_URL=database_url)
    with world.database.transaction() as uow:
        catalog.types(uow)
        films, shows = catalog.library(uow), catalog.library(uow, "Quiet")
        film, quiet = catalog.movie(uow, library_id=films), catalog.movie(uow, "Glass Kites", library_id=shows)
        series = catalog.series(uow, library_id=films)[0]
        uow.session.get_one(Library, shows).auto_enrich = False
        add_external_ids(uow, {
            film: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", "900101"), CatalogueId("tvdb", "movie", "910101")]),
            quiet: (EntityKind.MOVIE, [CatalogueId("tmdb", "movie", "900102")]),
            series: (EntityKind.SERIES, [CatalogueId("tmdb", "tv", "880001"), CatalogueId("tvdb", "series", "777001")]),
        })  # fmt: skip
        for key in (film, quiet, series):
            item = uow.session.get_one(MediaItem, key)
            item.enrichment, item.identification = Enrichment.COMPLETE, Identification.IDENTIFIED
    world.change(rate_limit=1000.0)
    with tvdb.tvdb() as other:
        addresses = {"tmdb": f"{world.peer.url}/3", "tvdb": f"{other.url}/v4"}
        ports = frozenset({world.peer.port, other.port})
        outbound.replace_egress(type(world.peer.egress())(loopback_ports=ports), addresses)
        made = Feed(world, settings, other, film, series, quiet)
        world.peer.answer = made.answer
        yield made
        outbound.egress().close()
        outbound.replace_egress(None)


def test_the_first_time_there_is_nothing_to_catch_up_with(feed: Feed) -> None:
    assert feed.read() == {"pages": 0, "items": 0, "answers": 0}
    assert (feed.since(), feed.asked(), feed.wanted()) == (feed.world.clock.moment, [], [])


def test_what_is_ours_is_marked_and_asked_for_and_its_answers_are_not_fresh(feed: Feed) -> None:
    feed.read()
    for path in ("/movie/900101", "/tv/880001", "/tv/880001/season/1"):
        feed.world.ask(path, params={"language": "en"})
    feed.world.clock.advance(86_400)
    feed.changed = {
        ("movie", "2026-01-15"): [5, 6, 900101],
        ("tv", "2026-01-16"): [880001],
        ("movie", "2026-01-16"): [900102, 880001],
    }
    assert feed.read() == {"pages": 7, "items": 2, "answers": 3}
    assert feed.states() == {feed.film: "partial", feed.series: "partial", feed.quiet: "partial"}
    assert feed.wanted() == [([feed.film], None), ([feed.series], None)]  # nobody asked for the library that is quiet
    assert feed.since() == feed.world.clock.moment
    before = len(feed.world.peer.asked)
    feed.world.ask("/movie/900101", params={"language": "en"})
    assert "if-none-match" in feed.world.peer.asked[before].headers
    kept = "SELECT count(*) FROM provider_responses WHERE request_key LIKE '%changes%'"
    assert feed.world.rows(kept) == [(0,)]


def test_a_day_that_failed_is_read_again_and_those_before_are_not(feed: Feed) -> None:
    feed.read()
    feed.world.clock.advance(2 * 86_400)
    honest, failing = feed.answer, ["2026-01-16"]

    def answer(asked: web.Asked) -> web.Given:
        return web.HTML if asked.query.get("start_date") in failing else honest(asked)

    feed.changed = {("movie", "2026-01-15"): [900101], ("movie", "2026-01-17"): [900102]}
    feed.world.peer.answer = answer
    assert "text/html" in feed.read()
    assert (feed.since().isoformat(), feed.wanted()) == ("2026-01-16T00:00:00+00:00", [([feed.film], None)])
    failing.clear()
    feed.world.clock.advance(301)  # five attempts opened the breaker
    del feed.world.peer.asked[:]
    feed.read()
    assert feed.asked()[0] == "/3/movie/changes 2026-01-16"
    assert feed.since() == feed.world.clock.moment


def test_after_more_than_it_remembers_everything_is_asked_for(feed: Feed) -> None:
    feed.read()
    feed.world.ask("/movie/900101")
    feed.world.clock.advance(15 * 86_400)
    feed.world.ask("/movie/900101")
    feed.read()
    before = len(feed.world.peer.asked)
    feed.world.ask("/movie/900101")
    assert len(feed.world.peer.asked) == before + 1
    assert (feed.asked(), feed.since()) == ([], feed.world.clock.moment)
    assert set(feed.states().values()) == {"partial"}
    ((library,),) = feed.world.rows("SELECT id FROM libraries WHERE name = 'Films'")
    assert feed.wanted() == [([], library)]


def test_tvdbs_feed_is_read_by_type_and_page(feed: Feed) -> None:
    with feed.world.database.transaction() as uow:
        (row,) = [each for each in setups(uow.session) if each.name == "tvdb"]
        service.update(uow, provider_id=row.id, changes={"key": tvdb.KEY, "rate_limit": 1000.0}, secret=KEY)
    feed.read()
    began = int(feed.world.clock.moment.timestamp())
    feed.world.clock.advance(86_400)
    feed.tvdb.changes = [
        {"entityType": kind, "recordId": key, "timeStamp": began + 60, "method": "update", **more}
        for kind, key, more in [
            ("movies", 5, {}),
            ("movies", 6, {}),
            ("movies", 910101, {}),
            ("episodes", 330001, {"seriesId": 777001}),
        ]
    ] + [{"entityType": "series", "recordId": 777001, "timeStamp": began - 3_600, "method": "update"}]
    feed.read()
    assert (feed.states()[feed.film], feed.states()[feed.series]) == ("partial", "complete")
    asked = [
        (each.query["type"], each.query["page"], int(each.query["since"])) for each in feed.tvdb.asked if "updates" in each.path
    ]
    assert asked[:3] == [("series", "0", began - 300), ("movies", "0", began - 300), ("movies", "1", began - 300)]
    assert feed.since("tvdb") == feed.world.clock.moment


def test_a_page_costs_few_statements(feed: Feed) -> None:
    page = [Changed(kind, str(key), (f"/{key}?",)) for kind in TYPES.values() for key in range(100)]
    ours = [Changed(EntityKind.MOVIE, "900101", ("/movie/900101?",)), Changed(EntityKind.MOVIE, "900102", ("/movie/900102?",))]
    for several, most in ((page, 4), ([*page, *ours], 8)):
        counted: list[str] = []
        with feed.world.database.transaction() as uow:
            engine = feed.world.database.engine
            count = partial(lambda *said, into: into.append(said[2]), into=counted)
            sa.event.listen(engine, "before_cursor_execute", count)
            changes.mark(uow, "tmdb", several)
            sa.event.remove(engine, "before_cursor_execute", count)
        assert len(counted) <= most, counted


def test_what_is_never_kept_is_asked_for_each_time(feed: Feed) -> None:
    for _ in range(2):
        feed.world.ask("/movie/900101", kept=timedelta(0))
    assert (len(feed.world.peer.asked), feed.world.rows("SELECT count(*) FROM provider_responses")) == (2, [(0,)])
    assert provider_named("fanarttv").remembers is None
    assert list(provider_named("fanarttv").changes(lambda request: None, feed.world.clock.moment, feed.world.clock.moment)) == []
