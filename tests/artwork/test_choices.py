"""A person's choices about pictures, through GraphQL, and that automation never overwrites them."""

import hashlib
from pathlib import Path
from typing import Any

from domain.jobs.enums import JobStatus
from domain.jobs.tables import Job
from domain.system.audit_tables import AuditEntry
from tests.artwork.conftest import FILM, Gallery, drawing, encoded


def cached(gallery: Gallery) -> list[Path]:
    place = gallery.house.services.settings.data_dir / "cache"
    return sorted(path for path in place.rglob("*") if path.is_file() and "variants" not in path.parts)


async def test_after_a_scan_pictures_are_looked_at_scored_and_kept(gallery: Gallery) -> None:
    before = await gallery.candidates()
    assert {name: (node["score"], node["image"]["rank"]) for name, node in before.items()} == {
        "poster.jpg": (65.5, 0), "folder.jpg": (65.5, None)
    }  # fmt: skip
    assert before["poster.jpg"]["breakdown"] == {
        "resolution": 7.5, "aspect": 20.0, "language": 18.0, "votes": 10.0, "provider": 10.0
    }  # fmt: skip
    await gallery.work()
    (job,) = [job for job in gallery.house.rows(Job) if job.kind == "artwork.prepare"]
    assert (job.status, job.result["looked_at"], job.result["refused"]) == (JobStatus.COMPLETED, 4, 0)
    digests = {hashlib.sha256((gallery.disk.root / FILM / name).read_bytes()).hexdigest() for name in
               ("poster.jpg", "folder.jpg", "fanart.jpg", "fanart2.jpg")}  # fmt: skip
    assert {path.stem for path in cached(gallery)} == digests
    assert all(path.parent.name == path.stem[2:4] and path.parent.parent.name == path.stem[:2] for path in cached(gallery))
    assert await gallery.candidates() == before  # the same addresses, the same scores
    await gallery.work()
    gallery.scan()
    assert len([job for job in gallery.house.rows(Job) if job.kind == "artwork.prepare"]) == 1


async def test_a_person_s_choice_survives_scans_a_vanished_file_and_its_return(gallery: Gallery) -> None:
    await gallery.work()
    found = await gallery.candidates()
    chosen = await gallery.act("chooseArtwork", "images { id rank } job { id }", of=gallery.film, type="poster",
                               candidates=[found["folder.jpg"]["id"]])  # fmt: skip
    assert (chosen["errors"], chosen["images"]) == ([], [{"id": found["folder.jpg"]["image"]["id"], "rank": 0}])
    assert gallery.disk.rows("SELECT field, state FROM field_locks") == [("artwork.poster", "locked")]
    folder = gallery.disk.root / FILM / "folder.jpg"
    content, url = folder.read_bytes(), found["folder.jpg"]["image"]["url"]
    for change in (folder.unlink, lambda: folder.write_bytes(content), lambda: folder.write_bytes(encoded(drawing(9)))):
        change()
        gallery.disk.put(f"{FILM}/{FILM}-poster.jpg", encoded(drawing(7)))
        gallery.scan()
        await gallery.work()
        assert await gallery.shown() == ["folder.jpg"]
        assert (await gallery.client.http.get(url)).content == content
    folder.rename(folder.with_name("whatever.jpg"))
    gallery.scan()
    await gallery.work()
    assert (await gallery.client.http.get(url)).content == content
    assert (await gallery.candidates())["folder.jpg"]["image"]["rank"] == 0


async def test_what_is_shown_is_what_was_chosen_in_that_order_and_can_be_given_back(gallery: Gallery) -> None:
    await gallery.work()
    found = await gallery.candidates("fanart")
    assert await gallery.shown("fanart") == ["fanart.jpg", "fanart2.jpg"]
    turned = [found["fanart2.jpg"]["id"], found["fanart.jpg"]["id"]]
    assert (await gallery.act("chooseArtwork", of=gallery.film, type="fanart", candidates=turned))["errors"] == []
    assert await gallery.shown("fanart") == ["fanart2.jpg", "fanart.jpg"]
    assert (await gallery.act("chooseArtwork", of=gallery.film, type="fanart", candidates=[]))["images"] == []
    gallery.scan()
    assert await gallery.shown("fanart") == []
    reset = await gallery.act("resetArtwork", of=gallery.film, type="fanart")
    assert [image["rank"] for image in reset["images"]] == [0, 1]
    assert await gallery.shown("fanart") == ["fanart.jpg", "fanart2.jpg"]
    assert gallery.disk.rows("SELECT field FROM field_locks") == []
    item = f"itm_{gallery.key}"
    acts = [row.action for row in gallery.house.rows(AuditEntry) if row.subject == item]
    assert acts == ["item.artwork_chosen", "item.artwork_chosen", "item.artwork_given_back"]
    assert [type_ for type_, fields in gallery.events(item)].count("item.changed") >= 3


async def test_what_cannot_be_chosen_is_refused_with_a_reason(gallery: Gallery) -> None:
    posters, backgrounds = await gallery.candidates(), await gallery.candidates("fanart")
    poster = posters["poster.jpg"]["id"]

    async def refused(**values: Any) -> tuple[str, list[str]]:
        (error,) = (await gallery.act("chooseArtwork", **{"of": gallery.film, "type": "poster", **values}))["errors"]
        return error["code"], error["path"]

    assert await refused(candidates=[backgrounds["fanart.jpg"]["id"]]) == ("INVALID", ["candidates"])
    assert await refused(candidates=["cnd_99999"]) == ("INVALID", ["candidates"])
    assert await refused(candidates=[], type="actor_thumb") == ("INVALID", ["type"])
    assert await refused(candidates=[], type="nfo") == ("INVALID", ["type"])
    assert await refused(candidates=[poster], of={"item": {"id": "itm_99999"}}) == ("NOT_FOUND", ["item"])
    assert await refused(candidates=[poster], of={"person": "per_99999"}) == ("NOT_FOUND", ["of"])
    assert (await gallery.act("blockArtwork", candidate=poster))["errors"] == []
    assert await refused(candidates=[poster]) == ("CONFLICT", ["candidates"])
    document = "mutation($input: ChooseArtworkInput!) { chooseArtwork(input: $input) { images { id } } }"
    values = {"input": {"of": gallery.film, "type": "poster", "candidates": []}}
    answer = await gallery.client.send(document, values, who="member")
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_blocked_picture_makes_room_and_a_pinned_one_stays(gallery: Gallery) -> None:
    await gallery.work()
    found = await gallery.candidates()
    best, other = found["poster.jpg"]["id"], found["folder.jpg"]["id"]
    assert (await gallery.act("blockArtwork", candidate=best))["errors"] == []
    assert await gallery.shown() == ["folder.jpg"]
    gallery.scan()
    assert await gallery.shown() == ["folder.jpg"]
    assert (await gallery.act("blockArtwork", candidate=best, isBlocked=False))["errors"] == []
    assert await gallery.shown() == ["poster.jpg"]
    assert (await gallery.act("pinArtwork", candidate=best))["errors"] == []
    (error,) = (await gallery.act("blockArtwork", candidate=best))["errors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["candidate"])
    (error,) = (await gallery.act("removeArtwork", "deletedId", candidate=other))["errors"]
    assert error["code"] == "CONFLICT"  # a file beside the media is not ours to forget
    (error,) = (await gallery.act("pinArtwork", candidate="cnd_99999"))["errors"]
    assert error["code"] == "NOT_FOUND"


async def test_a_vanished_picture_is_shown_from_its_kept_bytes_until_another_is_there(gallery: Gallery) -> None:
    await gallery.work()
    url = (await gallery.candidates())["poster.jpg"]["image"]["url"]
    content = (gallery.disk.root / FILM / "poster.jpg").read_bytes()
    (gallery.disk.root / FILM / "folder.jpg").unlink()
    (gallery.disk.root / FILM / "poster.jpg").unlink()
    gallery.scan()
    assert await gallery.shown() == ["poster.jpg"]
    assert (await gallery.client.http.get(url)).content == content
    gallery.disk.put(f"{FILM}/cover.jpg", encoded(drawing(8)))
    gallery.scan()
    assert await gallery.shown() == ["cover.jpg"]


async def test_a_file_with_other_bytes_gets_another_address(gallery: Gallery) -> None:
    await gallery.work()
    url = (await gallery.candidates())["poster.jpg"]["image"]["url"]
    data = encoded(drawing(11))
    (gallery.disk.root / FILM / "poster.jpg").write_bytes(data)
    gallery.scan()
    await gallery.work()
    now = (await gallery.candidates())["poster.jpg"]["image"]["url"]
    assert now != url
    assert (await gallery.client.http.get(url)).status_code == 404
    answer = await gallery.client.http.get(now)
    assert (answer.content, answer.headers["cache-control"]) == (data, "private, max-age=31536000, immutable")
    assert gallery.disk.one("SELECT count(*) FROM cached_files WHERE released_at IS NOT NULL") == 1


async def test_the_same_picture_is_not_shown_twice_and_the_pair_is_told(gallery: Gallery) -> None:
    again = drawing(3, 1920, 1080).resize((1600, 900))
    gallery.disk.put(f"{FILM}/fanart2.jpg", encoded(again))
    gallery.scan()
    await gallery.work()
    assert await gallery.shown("fanart") == ["fanart.jpg"]
    found = await gallery.candidates("fanart")
    document = "query($of: ArtworkOwner!) { similarImages(of: $of) { type candidates similarity } }"
    (pair,) = (await gallery.client.data(document, {"of": gallery.film}, who="member"))["similarImages"]
    assert (pair["type"], sorted(pair["candidates"])) == ("fanart", sorted(node["id"] for node in found.values()))
    assert 0.9 <= pair["similarity"] <= 1.0
    assert (await gallery.client.data(document, {"of": gallery.film}, who="limited"))["similarImages"] is None
