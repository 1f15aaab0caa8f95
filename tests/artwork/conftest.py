"""A household with a scanned library of real pictures, and a worker that does what waits."""

import asyncio
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image, ImageDraw

import workers.actors
from domain.artwork.builtin import install_builtins
from domain.jobs.tables import Job
from domain.settings import Settings
from tests.api.conftest import Client, House, client, empty_house, house
from tests.libraries.scan.conftest import Disk
from workers.libraries.readers import measure
from workers.runner import Runner

assert workers.actors
__all__ = ["client", "empty_house", "house"]

FILM = "Paper Lanterns (2019)"


def drawing(number: int, width: int = 1000, height: int = 1500) -> Image.Image:
    """A picture like no other number's."""
    picture = Image.new("RGB", (width, height), (number * 67 % 256, number * 131 % 256, number * 29 % 256))
    pen = ImageDraw.Draw(picture)
    for step in range(9):
        x, y = (number * 53 + step * 211) % width, (number * 97 + step * 157) % height
        colour = tuple((number * 71 + step * each) % 256 for each in (83, 149, 211))
        pen.ellipse((x - width // 5, y - height // 6, x + width // 5, y + height // 6), fill=colour)
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG") -> bytes:
    """The bytes of a picture's file."""
    stream = io.BytesIO()
    picture.save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The server's own folder lies beside the media."""
    return Settings(data_dir=tmp_path / "data", DATABASE_URL=database_url, event_poll_s=30, probe_processes=1)


@dataclass
class Gallery:
    """What tests of artwork do."""

    client: Client
    house: House
    disk: Disk

    def scan(self) -> None:
        """Look at the library's folders; pictures are measured as they are."""
        self.disk.eyes.measure = measure  # type: ignore[method-assign]
        self.disk.scan()

    async def work(self) -> None:
        """Do every job that waits."""
        runner = Runner(
            self.house.database, self.house.services.settings, queues=("default", "artwork"), worker="w", random=lambda: 0.0
        )
        await asyncio.to_thread(runner.drain)

    async def act(self, name: str, fields: str = "images { id rank }", *, who: str = "editor", **values: Any) -> Any:
        """The payload of a mutation."""
        type_ = f"{name[0].upper()}{name[1:]}Input!"
        errors = "errors { __typename ... on UserError { code message path } }"
        document = f"mutation($input: {type_}) {{ {name}(input: $input) {{ {fields} {errors} }} }}"
        return (await self.client.data(document, {"input": values}, who=who))[name]

    async def upload(self, data: bytes, *, who: str = "editor", filename: str = "poster.jpg") -> str:
        """The id of a file that came."""
        sha256 = hashlib.sha256(data).hexdigest()
        given = {"kind": "IMAGE", "filename": filename, "sizeBytes": len(data), "sha256": sha256}
        made = await self.act("createUpload", "url upload { id }", who=who, **given)
        assert (await self.client.http.put(made["url"], content=data)).status_code == 204
        return str(made["upload"]["id"])

    async def add(self, data: bytes, type_: str = "poster", *, of: Any = None, **more: Any) -> Job:
        """Bring a picture; the job that was done."""
        upload = await self.upload(data)
        begun = await self.act(
            "addArtwork", "job { id kind status subject }", of=of or self.film, type=type_, upload=upload, **more
        )
        assert begun["errors"] == []
        await self.work()
        return next(job for job in self.house.rows(Job) if begun["job"]["id"] == f"job_{job.id}")

    @property
    def film(self) -> Mapping[str, Any]:
        """The one film of the library, as an owner of pictures."""
        return {"item": {"id": f"itm_{self.key}"}}

    @property
    def key(self) -> int:
        """Its key."""
        return int(self.disk.one("SELECT id FROM media_items WHERE library_id = :library", library=self.disk.id))

    async def candidates(self, type_: str = "poster", *, who: str = "editor") -> dict[str, Any]:
        """The film's candidates of a type by file name (or provider), as a picker reads them."""
        document = """query($item: MediaRef!, $type: String) { mediaItem(ref: $item) { imageCandidates(type: $type) { nodes {
            id provider width height score isBlocked breakdown { resolution aspect language votes provider }
            image { id url rank isPinned source selectedAt } } } } }"""
        data = await self.client.data(document, {"item": self.film["item"], "type": type_}, who=who)
        nodes = data["mediaItem"]["imageCandidates"]["nodes"]
        rows = self.disk.rows("SELECT id, url FROM image_candidates")
        urls = {f"cnd_{key}": url for key, url in rows}
        return {urls[node["id"]].rpartition("/")[2] if node["provider"] == "local" else node["provider"]: node for node in nodes}

    async def shown(self, type_: str = "poster") -> list[str]:
        """The names of what is shown, in order."""
        found = await self.candidates(type_)
        ranks = {name: node["image"]["rank"] for name, node in found.items() if node["image"] is not None}
        return sorted((name for name, rank in ranks.items() if rank is not None), key=lambda name: ranks[name])

    def events(self, subject: str) -> list[tuple[str, Any]]:
        """(type, changed fields) of what was told of something."""
        with self.house.database.read() as session:
            query = sa.text("SELECT type, changed_fields FROM events WHERE subject = :subject ORDER BY sequence")
            return [
                (row[0], row[1] if not isinstance(row[1], str) else json.loads(row[1]))
                for row in session.execute(query, {"subject": subject})
            ]


@pytest.fixture
async def gallery(client: Client, house: House, tmp_path: Path) -> Gallery:
    """A film with two posters and two backgrounds beside it, scanned."""
    with house.database.transaction() as uow:
        install_builtins(uow)
    disk = Disk(house.database, tmp_path / "media" / "films")
    disk.put(f"{FILM}/{FILM}.mkv")
    disk.put(f"{FILM}/poster.jpg", encoded(drawing(1)))
    disk.put(f"{FILM}/folder.jpg", encoded(drawing(2)))
    disk.put(f"{FILM}/fanart.jpg", encoded(drawing(3, 1920, 1080)))
    disk.put(f"{FILM}/fanart2.jpg", encoded(drawing(4, 1920, 1080)))
    found = Gallery(client, house, disk)
    found.scan()
    return found
