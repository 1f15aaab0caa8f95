"""Pictures that people bring: uploaded, looked at in a job, made an item's, a person's or a collection's."""

import hashlib
from typing import Any

from PIL import Image, ImageDraw

from domain.catalog.enums import EntityKind
from domain.catalog.queries import media_type_id
from domain.catalog.tables import Collection, Entity
from domain.jobs.enums import JobStatus
from domain.uploads.tables import Upload
from tests.artwork.conftest import Gallery, drawing, encoded


async def test_an_uploaded_poster_is_looked_at_kept_and_shown_first(gallery: Gallery) -> None:
    data = encoded(drawing(20, 1200, 1800), "PNG")
    job = await gallery.add(data, language="de")
    assert (job.kind, job.status, job.subject) == ("artwork.add", JobStatus.COMPLETED, f"itm_{gallery.key}")
    assert await gallery.shown() == ["upload", "poster.jpg"]
    node = (await gallery.candidates())["upload"]
    assert job.result == {"image": node["image"]["id"], "candidate": node["id"], "is_new": True}
    assert (node["width"], node["height"], node["image"]["source"], node["isBlocked"]) == (1200, 1800, "UPLOAD", False)
    assert node["breakdown"] == {"resolution": 10.8, "aspect": 20.0, "language": 5.0, "votes": 10.0, "provider": 10.0}
    assert node["image"]["selectedAt"] is not None
    answer = await gallery.client.http.get(node["image"]["url"])
    assert (answer.content, answer.headers["content-type"]) == (data, "image/png")
    digest = hashlib.sha256(data).hexdigest()
    kept = gallery.house.services.settings.data_dir / "cache" / digest[:2] / digest[2:4] / f"{digest}.png"
    assert kept.read_bytes() == data
    assert gallery.house.rows(Upload) == []  # it is used up, with its bytes
    assert list((gallery.house.services.settings.data_dir / "uploads").iterdir()) == []
    gallery.scan()
    await gallery.work()
    assert await gallery.shown() == ["upload", "poster.jpg"]


async def test_a_picture_that_breaks_the_type_s_rule_ends_the_job_with_the_reason(gallery: Gallery) -> None:
    reasons = {}
    for name, data in {
        "small": encoded(drawing(21, 200, 300)),
        "wide": encoded(drawing(22, 1500, 1000)),
        "truncated": encoded(drawing(23))[:20_000],
    }.items():
        job = await gallery.add(data)
        reasons[name] = (job.status, (job.error or "").rpartition(": ")[2] if name == "truncated" else job.error)
    assert reasons["small"][0] is reasons["wide"][0] is reasons["truncated"][0] is JobStatus.FAILED
    assert "at least 500 x 750 pixels; this one has 200 x 300" in str(reasons["small"][1])
    assert "has the shape 2:3, give or take 10 %; this one has 1500 x 1000" in str(reasons["wide"][1])
    assert "not_picture" in str(reasons["truncated"][1])
    assert await gallery.shown() == ["poster.jpg"]
    assert len(gallery.house.rows(Upload)) == 3  # they may be used otherwise, for a day


async def test_what_can_be_said_at_once_is_said_at_once(gallery: Gallery) -> None:
    async def refused(**values: Any) -> tuple[str, list[str]]:
        (error,) = (await gallery.act("addArtwork", "job { id }", **{"of": gallery.film, "type": "poster", **values}))["errors"]
        return error["code"], error["path"]

    jpeg = await gallery.upload(encoded(drawing(24)))
    others = await gallery.upload(encoded(drawing(24)), who="admin")
    waiting = (await gallery.act("createUpload", "upload { id }", kind="IMAGE", filename="x.jpg", sizeBytes=5, sha256="0" * 64))[
        "upload"
    ]["id"]
    assert await refused(upload=others) == ("NOT_FOUND", ["upload"])
    assert await refused(upload=waiting) == ("CONFLICT", ["upload"])
    assert await refused(upload=jpeg, type="clearlogo") == ("INVALID", ["upload"])  # it has no transparency
    assert await refused(upload=jpeg, type="sculpture") == ("INVALID", ["type"])
    assert await refused(upload=jpeg, language="German") == ("INVALID", ["language"])
    answer = await gallery.act("addArtwork", "job { id }", of=gallery.film, type="poster", upload=jpeg, idempotencyKey="k")
    again = await gallery.act("addArtwork", "job { id }", of=gallery.film, type="poster", upload=jpeg, idempotencyKey="k")
    assert (answer["errors"], answer["job"]) == ([], again["job"])


async def test_the_same_bytes_twice_are_one_picture_and_two_owners_share_them(gallery: Gallery) -> None:
    data = encoded(drawing(25))
    first, second = await gallery.add(data), await gallery.add(data)
    assert (first.result or {})["image"] == (second.result or {})["image"]
    assert ((first.result or {})["is_new"], (second.result or {})["is_new"]) == (True, False)
    child = {"item": {"id": f"itm_{gallery.house.child_film}"}}
    job = await gallery.add(data, of=child)
    assert (job.result or {})["is_new"] is True
    digest = hashlib.sha256(data).hexdigest()
    assert gallery.disk.rows("SELECT count(*) FROM cached_files WHERE sha256 = :sha", sha=digest) == [(1,)]
    uses = (
        "SELECT count(DISTINCT a.token), count(*) FROM assets a JOIN cached_files c ON c.id = a.cached_file_id"
        " WHERE c.sha256 = :s"
    )
    assert gallery.disk.rows(uses, s=digest) == [(2, 2)]


async def test_an_uploaded_picture_can_be_only_there_and_be_removed(gallery: Gallery) -> None:
    await gallery.add(encoded(drawing(26)), isShown=False)
    assert await gallery.shown() == ["poster.jpg"]
    assert gallery.disk.rows("SELECT field FROM field_locks") == []
    node = (await gallery.candidates())["upload"]
    removed = await gallery.act("removeArtwork", "deletedId images { rank }", candidate=node["id"])
    assert (removed["errors"], removed["deletedId"]) == ([], node["id"])
    assert "upload" not in await gallery.candidates()
    assert gallery.disk.one("SELECT count(*) FROM cached_files WHERE released_at IS NOT NULL") == 1
    assert (await gallery.client.http.get(node["image"]["url"])).status_code == 404
    again = await gallery.add(encoded(drawing(26)))  # bytes that were let go of are somebody's again
    assert again.status is JobStatus.COMPLETED
    assert gallery.disk.one("SELECT count(*) FROM cached_files WHERE released_at IS NOT NULL") == 0


async def test_collections_have_pictures_too(gallery: Gallery) -> None:
    with gallery.house.database.transaction() as uow:
        entity = Entity(kind=EntityKind.COLLECTION)
        uow.session.add(entity)
        uow.session.flush()
        key = entity.id
        values = {"name": "Lanterns", "name_normalized": "lanterns", "sort_key": "lanterns"}
        media_type = media_type_id(uow.session, "movie")
        uow.session.add(Collection(id=key, kind=EntityKind.COLLECTION, media_type_id=media_type, **values))
    logo = Image.new("RGBA", (800, 310), (0, 0, 0, 0))
    ImageDraw.Draw(logo).rectangle((100, 100, 700, 200), fill=(250, 250, 250, 255))
    job = await gallery.add(encoded(logo, "PNG"), "clearlogo", of={"collection": f"col_{key}"})
    assert (job.status, job.subject) == (JobStatus.COMPLETED, f"col_{key}")
    fields = "version images { type rank } imageCandidates { totalCount }"
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on Collection {{ {fields} }} }} }}"
    found = (await gallery.client.data(document, {"id": f"col_{key}"}, who="member"))["node"]
    assert found == {"version": 2, "images": [{"type": "clearlogo", "rank": 0}], "imageCandidates": {"totalCount": 1}}
    assert gallery.events(f"col_{key}") == [("collection.changed", ["images"])]
