"""A household that is told by webhooks: libraries on a disk, downloaders with mappings, and workers that do what waits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import domain.registry
import workers.actors
from domain.downloaders import service
from domain.downloaders.receiving import Knock, Received, receive
from domain.jobs import declaring
from domain.jobs.tables import JOBS
from domain.kit.database import Database
from domain.kit.secrets import load_key
from domain.libraries import mappings
from domain.libraries.enums import SourceKind
from domain.libraries.mappings import NewRule
from domain.settings import Settings
from domain.system.tables import InboundEvent
from tests.conftest import ManualClock
from tests.libraries.scan.conftest import Disk
from workers.runner import Runner

assert domain.registry
assert workers.actors
FIXTURES = Path(__file__).parent / "fixtures"
FILM = "Paper Lanterns (2019)"
FILE = f"{FILM}/Paper.Lanterns.2019.1080p.mkv"
WHOLE = ["downloaders.process", "libraries.scan", "publish.publish", "players.sync"]
"""Without a provider that could be asked."""


@dataclass
class World:
    """What a test of chains needs."""

    database: Database
    settings: Settings
    clock: ManualClock
    films: Disk
    series: Disk
    sources: dict[SourceKind, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, remote, local in (
            (SourceKind.RADARR, "/srv/films", self.films.root),
            (SourceKind.SONARR, "/srv/tv", self.series.root),
            (SourceKind.LIDARR, "/srv/music", "/nowhere"),
        ):
            self.add(kind, (remote, str(local)))

    @property
    def key(self) -> bytes:
        return load_key(self.settings.data_dir, None)

    def add(self, kind: SourceKind, *rules: tuple[str, str], **more: Any) -> int:
        with self.database.transaction() as uow:
            name = f"{kind.value} {len(self.sources)}"
            row, token = service.create(uow, kind=kind, name=name, base_url=None, api_key=None, secret=self.key, **more)
            mappings.put_of_source(uow, source_id=row.id, rules=[NewRule(*rule) for rule in rules])
            self.sources[kind] = row.id, token
            return row.id

    def fixture(self, name: str) -> Any:
        return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))

    def send(self, body: Any, kind: SourceKind = SourceKind.RADARR) -> int:
        """A webhook at the door; the key of the event."""
        source, token = self.sources[kind]
        (kept,) = receive(self.database, [Knock(source, token, json.dumps(body).encode())], key=self.key)
        assert isinstance(kept, Received), kept
        return kept.event_id

    def work(self, *, settle: bool = True, queues: Sequence[str] = ()) -> None:
        """Do what waits, as workers do; with `settle` time passes until nothing waits for its moment."""
        for _ in range(12):
            Runner(self.database, self.settings, queues=queues or declaring.queues(), worker="w", random=lambda: 0.0).drain()
            if queues:
                return
            waits = self.rows("SELECT count(*) FROM jobs WHERE status = 'pending' AND priority = 1")
            if not settle or waits == [(0,)]:
                return
            self.clock.advance(30)
        raise AssertionError("something waits for ever")

    def event(self, key: int) -> InboundEvent:
        with self.database.read() as session:
            row = session.get(InboundEvent, key)
            assert row is not None
            return row

    def chain(self, event: int) -> list[tuple[str, str]]:
        """(kind, status) of the jobs of an event's chain, in their order."""
        query = sa.select(JOBS.c.kind, JOBS.c.status).where(JOBS.c.chain == self.event(event).chain).order_by(JOBS.c.id)
        with self.database.read() as session:
            return [(row.kind, row.status.value) for row in session.connection().execute(query)]

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.database.read() as session:
            return [tuple(row) for row in session.connection().execute(sa.text(sql), values)]

    def dump(self) -> dict[str, list[Any]]:
        """What libraries hold: items and files."""
        return {name: self.rows(f"SELECT * FROM {name} ORDER BY id") for name in ("media_items", "media_files", "item_files")}


def completed(names: list[str]) -> list[tuple[str, str]]:
    return [(name, "completed") for name in names]
