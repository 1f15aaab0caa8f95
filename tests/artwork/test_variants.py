"""`/images/<token>?w=`: a closed set of widths, made in the worker, never larger than the picture, evicted by last use."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from api.artwork import routes
from domain.artwork import using
from domain.jobs.tables import Job
from domain.kit import clock
from tests.artwork.conftest import Gallery, drawing, encoded
from tests.conftest import ManualClock


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WAIT_S", 0.0)


async def sizes(gallery: Gallery, url: str) -> dict[str, tuple[Any, ...]]:
    """What each width answers: type, size in pixels, caching."""
    found: dict[str, tuple[Any, ...]] = {}
    for width in ("160", "320", "640", "1280"):
        answer = await gallery.client.http.get(url, params={"w": width})
        with Image.open(io.BytesIO(answer.content)) as picture:
            found[width] = (answer.headers["content-type"], picture.size, answer.headers["cache-control"])
    return found


KEPT = "private, max-age=31536000, immutable"


async def test_what_is_shown_has_its_variants_after_the_job(gallery: Gallery) -> None:
    await gallery.work()
    url = (await gallery.candidates())["poster.jpg"]["image"]["url"]
    assert await sizes(gallery, url) == {
        "160": ("image/jpeg", (160, 240), KEPT),
        "320": ("image/jpeg", (320, 480), KEPT),
        "640": ("image/jpeg", (640, 960), KEPT),
        "1280": ("image/jpeg", (1000, 1500), KEPT),  # never larger than the picture: the picture itself
    }
    small = await gallery.client.http.get(url, params={"w": "160"})
    again = await gallery.client.http.get(url, params={"w": "160"}, headers={"if-none-match": small.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert small.headers["etag"] != (await gallery.client.http.get(url)).headers["etag"]
    for odd in ("0", "161", "-160", "0160", "160.0", "99999999999", "", "w"):
        assert (await gallery.client.http.get(url, params={"w": odd})).status_code == 400


async def test_a_variant_that_is_not_there_is_asked_for_and_the_original_comes_for_once(gallery: Gallery) -> None:
    await gallery.work()
    url = (await gallery.candidates())["folder.jpg"]["image"]["url"]  # in the pool: it has none yet
    assert (await sizes(gallery, url))["320"] == ("image/jpeg", (1000, 1500), "no-store")
    assert len([job for job in gallery.house.rows(Job) if job.kind == "artwork.prepare"]) == 2
    await gallery.work()
    assert (await sizes(gallery, url))["320"] == ("image/jpeg", (320, 480), KEPT)
    variants = gallery.house.services.settings.data_dir / "cache" / "variants"
    for path in variants.rglob("*.jpg"):
        path.unlink()  # somebody tidied up
    assert (await sizes(gallery, url))["320"][2] == "no-store"
    await gallery.work()
    assert (await sizes(gallery, url))["320"][2] == KEPT


async def test_a_transparent_picture_stays_transparent(gallery: Gallery) -> None:
    logo = Image.new("RGBA", (800, 310), (0, 0, 0, 0))
    logo.paste((255, 255, 255, 255), (100, 100, 700, 200))
    await gallery.add(encoded(logo, "PNG"), "clearlogo")
    url = (await gallery.candidates("clearlogo"))["upload"]["image"]["url"]
    answer = await gallery.client.http.get(url, params={"w": "320"})
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/webp", KEPT)
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.size, picture.mode, picture.getchannel("A").getextrema()) == ((320, 124), "RGBA", (0, 255))


async def test_a_picture_that_nobody_looked_at_comes_as_it_is(gallery: Gallery) -> None:
    url = (await gallery.candidates())["poster.jpg"]["image"]["url"]
    assert (await sizes(gallery, url))["160"] == ("image/jpeg", (1000, 1500), "private, no-cache")


@pytest.fixture
def later() -> Iterator[Callable[[], None]]:
    """Lets two days pass."""

    def pass_by() -> None:
        source = ManualClock()
        source.moment = clock.now() + timedelta(days=2)
        clock.replace_clock(source)

    yield pass_by
    clock.replace_clock(None)


async def test_the_least_recently_used_variants_go_first(gallery: Gallery, later: Callable[[], None]) -> None:
    await gallery.work()
    database, data_dir = gallery.house.database, gallery.house.services.settings.data_dir
    assert using.evict(database, data_dir) == 0
    later()
    url = (await gallery.candidates())["poster.jpg"]["image"]["url"]
    assert (await sizes(gallery, url))["320"][2] == KEPT
    total = gallery.disk.one("SELECT sum(size_bytes) FROM image_variants")
    used = gallery.disk.one("SELECT max(last_accessed_at) FROM image_variants")
    kept = "SELECT sum(size_bytes) FROM image_variants WHERE last_accessed_at = :used"
    mine = gallery.disk.one(kept, used=used)
    assert using.evict(database, data_dir, most_bytes=mine) > 0
    assert gallery.disk.one("SELECT sum(size_bytes) FROM image_variants") == mine < total
    files = [path for path in (data_dir / "cache" / "variants").rglob("*") if path.is_file()]
    assert len(files) == gallery.disk.one("SELECT count(*) FROM image_variants")
    assert (await sizes(gallery, url))["320"][2] == KEPT


async def test_a_large_picture_is_not_made_larger(gallery: Gallery) -> None:
    await gallery.add(encoded(drawing(30, 300, 450).resize((520, 780))), "poster")
    url = (await gallery.candidates())["upload"]["image"]["url"]
    found = await sizes(gallery, url)
    assert {width: size for width, (_, size, _) in found.items()} == {
        "160": (160, 240), "320": (320, 480), "640": (520, 780), "1280": (520, 780)
    }  # fmt: skip
