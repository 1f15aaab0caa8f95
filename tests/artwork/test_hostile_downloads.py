"""Pictures that servers send to do harm: refused with the reason, with nothing kept and nothing changed."""

import io
import threading
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from domain.jobs.enums import JobStatus
from tests.artwork.conftest import Gallery, drawing, encoded
from tests.artwork.offers import Shop, shop
from tests.artwork.test_fetching import state
from tests.peers.web import Given, elsewhere
from workers.artwork import downloads
from workers.artwork.downloads import Downloads


@pytest.fixture
async def store(gallery: Gallery) -> Any:
    await gallery.work()
    with shop(gallery) as found:
        yield found


def huge() -> bytes:
    """169 megapixels in some 20 kB."""
    stream = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(stream, "PNG")
    return stream.getvalue()


def with_a_bomb() -> bytes:
    """A small PNG with a text that unpacks to 200 MB."""
    data = encoded(Image.new("RGB", (1000, 1500)), "PNG")
    body = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(200 * 2**20), 9)
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return data[:33] + chunk + data[33:]


async def test_what_is_sent_to_do_harm_is_refused_and_nothing_changes(store: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "LIMITS", replace(downloads.LIMITS, total_s=0.5))
    before = state(store)
    store.put("huge", huge(), "image/png")
    store.put("bomb", with_a_bomb(), "image/png")
    store.put("trickle", encoded(drawing(90)), pause_s=0.05)
    store.answers["/long"] = Given(body=bytes(33 * 2**20), headers={"content-type": "image/jpeg"})
    store.answers["/loop"] = elsewhere("loop")
    store.answers["/file"] = elsewhere("file:///etc/passwd")
    names = ("huge", "bomb", "long", "loop", "file", "trickle")
    store.offer(*(store.picture(name, votes=900 - n) for n, name in enumerate(names)))
    job = await store.fetch(store.gallery.key)
    assert (job.status, job.result["downloaded"], store.shown()) == (JobStatus.COMPLETED, 0, ["poster.jpg"])
    assert store.failures() == {
        "huge": "too_large", "bomb": "not_picture", "long": "too_large", "loop": "refused", "file": "refused",
        "trickle": "unreachable",
    }  # fmt: skip
    assert state(store) == before
    scratch = store.gallery.house.services.settings.data_dir / "cache" / "scratch"
    assert list(scratch.iterdir()) == []


async def test_who_stops_waits_for_no_server(tmp_path: Path, store: Shop) -> None:
    store.put("trickle", bytes(4000), pause_s=0.05)
    stop = threading.Event()
    found = Downloads(store.peer.egress(), tmp_path, stop)
    threading.Timer(0.3, stop.set).start()
    assert list(found.run([f"{store.peer.url}/trickle"])) == []
