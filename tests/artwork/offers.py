"""A loopback server of pictures, and candidates of a provider that name them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from domain.artwork.offering import offer
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.providers.model import Picture
from tests.artwork.conftest import Gallery
from tests.peers.web import Asked, Given, Peer
from workers import outbound

JPEG = {"content-type": "image/jpeg"}
NOTHING = Given(404, b"", {"content-type": "text/plain"})


@dataclass
class Shop:
    """What a server offers: answers by path; and the household that may want it."""

    gallery: Gallery
    peer: Peer
    answers: dict[str, Given] = field(default_factory=dict)

    def put(self, name: str, body: bytes, kind: str = "image/jpeg", **more: Any) -> None:
        """A picture at `/name`."""
        self.answers[f"/{name}"] = Given(body=body, headers={"content-type": kind}, **more)

    def picture(self, name: str, type_: str = "poster", *, votes: int = 0, language: str | None = None, **more: Any) -> Picture:
        """On offer; the more votes the better."""
        from decimal import Decimal

        score = Decimal(9) if votes else None
        return Picture(type_, f"{self.peer.url}/{name}", name, language=language, score=score, votes=votes, **more)

    def offer(self, *pictures: Picture, provider: str = "tmdb", of: int | None = None) -> None:
        with self.gallery.house.database.transaction() as uow:
            offer(uow, provider, {of or self.gallery.key: pictures})

    async def fetch(self, *entities: int, user_id: int | None = None, library_id: int | None = None) -> Job:
        """Run the job; it as it ended."""
        with self.gallery.house.database.transaction() as uow:
            payload = kinds.FetchArtwork(entities, library_id)
            key = enqueue(uow, kinds.FETCH_ARTWORK, payload, requested_by_user_id=user_id).job.id
        await self.gallery.work()
        return next(job for job in self.gallery.house.rows(Job) if job.id == key)

    def failures(self) -> Mapping[str, str]:
        """Why pictures could not be had, by the name of the picture."""
        rows = self.rows("SELECT c.url, d.failure FROM image_downloads d JOIN image_candidates c ON c.id = d.candidate_id")
        return {url.rpartition("/")[2]: failure for url, failure in rows}

    def shown(self, type_: str = "poster", of: int | None = None) -> list[str]:
        """Names of what is shown, in order."""
        sql = """SELECT coalesce(f.uri, a.source_url, a.token) FROM assets a LEFT JOIN media_files f ON f.id = a.media_file_id
            WHERE a.entity_id = :of AND a.asset_type = :type AND a.rank IS NOT NULL ORDER BY a.rank"""
        return [row[0].rpartition("/")[2] for row in self.rows(sql, of=of or self.gallery.key, type=type_)]

    def rows(self, sql: str, **binds: Any) -> list[Any]:
        with self.gallery.house.database.read() as session:
            return list(session.execute(sa.text(sql), binds))

    @property
    def asked(self) -> list[str]:
        """Names of what was asked for, in order."""
        return [each.path.removeprefix("/") for each in self.peer.asked]


@contextmanager
def shop(gallery: Gallery) -> Iterator[Shop]:
    """Open as long as the block."""
    found: Shop

    def answer(asked: Asked) -> Given:
        return found.answers.get(asked.path, NOTHING)

    with Peer(answer).running() as peer:
        found = Shop(gallery, peer)
        outbound.replace_egress(peer.egress())
        try:
            yield found
        finally:
            outbound.replace_egress(None)
