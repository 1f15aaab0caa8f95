"""Pictures inside media files: taken out once in a confined child, candidates like those beside the media, shown after them."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import pytest

from domain.artwork.builtin import RULES
from domain.artwork.covers import Cover, best
from domain.catalog.enums import EntityKind
from domain.libraries.understanding.model import MediaFacts
from tests.artwork.conftest import FILM, Gallery, drawing, encoded
from workers.confined.refusals import RefusedError
from workers.libraries.probing.embedded import question, take
from workers.libraries.probing.probe import probe_file

VIDEO = f"{FILM}/{FILM}.mkv"
Attached = Sequence[tuple[str, str, bytes]]
"""(file name, type, bytes)."""


def write_media(path: Path, attached: Attached = (), cover: bytes | None = None) -> None:
    """A short film with attachments; with a `cover` an MP4 that has it as `covr`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for name, kind, data in attached:
            container.add_attachment(name, kind, data)
        picture = None
        if cover is not None:
            picture = container.add_stream("mjpeg", rate=1)
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
        for number in range(3):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if picture is not None and cover is not None:
            packet = av.Packet(cover)
            packet.stream = picture
            packet.pts = packet.dts = 0
            container.mux(packet)


def giant_png() -> bytes:
    """A header that claims 13,000 x 13,000 pixels."""
    head = (13_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(bytes(13_000 * 3 + 1) * 40)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big") for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def taken(path: Path, tmp_path: Path) -> list[tuple[str, bytes]]:
    into = tmp_path / "taken"
    into.mkdir(exist_ok=True)
    return [(one.name, (into / one.file).read_bytes()) for one in take(question(str(path), str(into))).pictures]


def test_covers_are_taken_out_as_they_are_and_other_attachments_are_not(tmp_path: Path) -> None:
    tall, wide, webp = encoded(drawing(1, 60, 90)), encoded(drawing(2, 160, 90), "PNG"), encoded(drawing(3, 60, 90), "WEBP")
    films = tmp_path / "a.mkv", tmp_path / "b.mp4", tmp_path / "c.mkv"
    write_media(films[0], [("Cover.jpg", "image/jpeg", tall), ("cover_land.png", "image/png", wide), ("a.ttf", "font/ttf", b"x"),
                           ("scene.jpg", "image/jpeg", tall), ("small_cover.webp", "image/webp", webp)])  # fmt: skip
    write_media(films[1], cover=tall)
    write_media(films[2])
    assert sorted(taken(films[0], tmp_path)) == [("cover", tall), ("cover_land", wide), ("small_cover", webp)]
    assert taken(films[1], tmp_path) == [("", tall)]
    assert taken(films[2], tmp_path) == []
    assert [probe_file(str(film)).embedded_pictures for film in films] == [4, 1, 0]
    (tmp_path / "d.mkv").write_bytes(films[0].read_bytes()[:90])
    with pytest.raises(RefusedError):
        taken(tmp_path / "d.mkv", tmp_path)


@pytest.mark.parametrize(
    ("kind", "covers", "found"),
    [
        ("movie", [("small_cover", 120, 180), ("cover", 600, 900)], {"poster": 1}),
        ("movie", [("", 2000, 3000), ("cover", 600, 900), ("cover_land", 1920, 1080)], {"poster": 1, "landscape": 2}),
        ("movie", [("", 600, 900), ("", 1000, 1500), ("", 900, 900)], {"poster": 1}),
        ("movie", [("cover", 900, 900)], {"poster": 0}), ("movie", [("cover", 1920, 1080)], {"landscape": 0}),
        ("episode", [("cover", 600, 900)], {}), ("episode", [("cover", 1920, 1080)], {"thumb": 0}),
        ("episode", [("cover_land", 1280, 720), ("", 1920, 1080)], {"thumb": 0}),
    ],
)  # fmt: skip
def test_name_and_shape_say_of_what_it_is_a_picture(kind: str, covers: Any, found: Any) -> None:
    class Row:
        def __init__(self, rule: Any) -> None:
            self.name, self.formats, self.max_limit = rule.name, rule.formats, rule.limits[1]
            self.ratio_width, self.ratio_height, self.ratio_tolerance_percent = rule.ratio or (None, None, None)
            self.min_width, self.min_height = rule.smallest or (None, None)

    rules = {rule.name: Row(rule) for rule in RULES}
    assert best(rules, EntityKind(kind), [Cover(name, "jpg", width, height) for name, width, height in covers]) == found


async def scanned(gallery: Gallery, attached: Attached, *, count: int | None = None) -> None:
    """The film has these inside, and the library is scanned."""
    write_media(gallery.disk.root / VIDEO, attached)
    stream = {"stream_index": 0, "codec": "mpeg4", "width": 64, "height": 64}
    facts = MediaFacts("matroska", 600, None, video=(stream,), embedded_pictures=len(attached) if count is None else count)
    gallery.disk.eyes.media[f"{FILM}.mkv"] = facts
    gallery.scan()
    await gallery.work()


async def embedded(gallery: Gallery, type_: str = "poster") -> Any:
    """What a picker shows of the picture inside the film; None if there is none."""
    document = """query($item: MediaRef!, $type: String) { mediaItem(ref: $item) { imageCandidates(type: $type) { nodes {
        id provider isEmbedded isDownloaded width image { rank url source selectedAt } } } } }"""
    data = await gallery.client.data(document, {"item": gallery.film["item"], "type": type_}, who="editor")
    (found,) = [one for one in data["mediaItem"]["imageCandidates"]["nodes"] if one["isEmbedded"]] or [None]
    return found


async def test_a_cover_is_shown_after_files_beside_the_film_and_goes_when_it_goes(gallery: Gallery) -> None:
    first, second = encoded(drawing(61, 600, 900)), encoded(drawing(62, 600, 900))
    await scanned(
        gallery, [("cover.jpg", "image/jpeg", first), ("cover_land.jpg", "image/jpeg", encoded(drawing(63, 1280, 720)))]
    )
    assert await gallery.shown() == ["poster.jpg"]
    landscape = await embedded(gallery, "landscape")
    assert (landscape["provider"], landscape["width"], landscape["image"]["rank"], landscape["image"]["source"]) == (
        "local", 1280, 0, "LOCAL",
    )  # fmt: skip
    for name in ("poster.jpg", "folder.jpg"):
        (gallery.disk.root / FILM / name).unlink()
    gallery.scan()
    await gallery.work()
    found = await embedded(gallery)
    assert found["image"]["rank"] == 0
    assert (await gallery.client.http.get(found["image"]["url"])).content == first

    looked = gallery.disk.rows("SELECT picture_count, looked_at FROM embedded_pictures")
    gallery.disk.put(f"{FILM}/note.txt")
    gallery.scan()
    await gallery.work()
    assert gallery.disk.rows("SELECT picture_count, looked_at FROM embedded_pictures") == looked
    assert looked[0][1] is not None

    await scanned(gallery, [("cover.jpg", "image/jpeg", second)])
    other = await embedded(gallery)
    assert (other["id"], other["image"]["url"] == found["image"]["url"]) == (found["id"], False)
    assert (await gallery.client.http.get(other["image"]["url"])).content == second
    assert await embedded(gallery, "landscape") is None

    chosen = await gallery.act("chooseArtwork", of=gallery.film, type="poster", candidates=[other["id"]])
    assert chosen["errors"] == []
    await scanned(gallery, [])
    kept = await embedded(gallery)
    assert (kept["image"]["rank"], kept["image"]["url"]) == (0, other["image"]["url"])
    assert (await gallery.client.http.get(kept["image"]["url"])).content == second


async def test_what_is_no_picture_or_too_small_is_not_shown_and_nothing_breaks(gallery: Gallery) -> None:
    for name in ("poster.jpg", "folder.jpg"):
        (gallery.disk.root / FILM / name).unlink()
    whole = encoded(drawing(64, 600, 900))
    hostile = [("cover.jpg", "image/jpeg", whole[: len(whole) // 2]), ("small_cover.png", "image/png", giant_png()),
               ("cover_land.jpg", "image/jpeg", b"<html>no</html>" * 40)]  # fmt: skip
    await scanned(gallery, hostile)
    assert await embedded(gallery) is None
    assert await embedded(gallery, "landscape") is None
    assert gallery.disk.rows("SELECT picture_count FROM embedded_pictures WHERE looked_at IS NOT NULL") == [(3,)]
    assert probe_file(str(gallery.disk.root / VIDEO)).embedded_pictures == 3
    await scanned(gallery, [("small_cover.jpg", "image/jpeg", encoded(drawing(65, 120, 180)))])
    small = await embedded(gallery)
    assert (small["width"], small["image"]["rank"]) == (120, None)
    chosen = await gallery.act("chooseArtwork", of=gallery.film, type="poster", candidates=[small["id"]])
    assert (chosen["errors"], [one["rank"] for one in chosen["images"]]) == ([], [0])


async def test_a_film_that_becomes_another_item_takes_its_cover_along(gallery: Gallery) -> None:
    for name in ("poster.jpg", "folder.jpg"):
        (gallery.disk.root / FILM / name).unlink()
    await scanned(gallery, [("cover.jpg", "image/jpeg", encoded(drawing(66, 600, 900)))])
    (old,) = gallery.disk.rows("SELECT entity_id FROM image_candidates WHERE url LIKE 'embedded:%'")
    with gallery.house.database.transaction() as uow:
        session = uow.session.connection()
        session.exec_driver_sql(f"UPDATE item_files SET item_id = 1 WHERE item_id = {old[0]}")
    gallery.scan()
    await gallery.work()
    assert gallery.disk.rows("SELECT entity_id FROM image_candidates WHERE url LIKE 'embedded:%'") == [(1,)]
