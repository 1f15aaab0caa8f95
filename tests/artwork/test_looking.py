"""Looking at pictures in confined children: facts of good ones, refusals of bad ones, and nothing else."""

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from workers.artwork.looking import Look, question
from workers.artwork.pool import LookPool
from workers.confined.refusals import FailureCode, Refusal

MEMORY = 600 * 2**20


@pytest.fixture(scope="module")
def pool() -> Iterator[LookPool]:
    with LookPool(1, 30, MEMORY) as pool:
        yield pool


def ask(pool: LookPool, path: Path, *, into: Path | None = None) -> Look | Refusal:
    ((_, answer),) = pool.ask_many([question(str(path), variants_into=None if into is None else str(into))])
    return answer


def code(pool: LookPool, path: Path, data: bytes) -> FailureCode | str:
    path.write_bytes(data)
    answer = ask(pool, path)
    return answer.code if isinstance(answer, Refusal) else "ok"


def drawn(width: int = 600, height: int = 900) -> Image.Image:
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(picture).ellipse((width // 4, height // 4, width // 2, height // 2), fill=(200, 30, 30))
    return picture


def encoded(picture: Image.Image, kind: str, **more: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **more)
    return stream.getvalue()


def png(width: int, height: int) -> bytes:
    """A PNG of one grey that takes next to nothing on disk."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_is_decoded_and_described(pool: LookPool, tmp_path: Path, kind: str) -> None:
    data = encoded(drawn(), kind)
    (tmp_path / "poster.bin").write_bytes(data)  # the content says what it is, not the name
    found = ask(pool, tmp_path / "poster.bin")
    assert isinstance(found, Look)
    format_ = {"JPEG": "jpg"}.get(kind, kind.lower())
    assert (found.format, found.width, found.height, found.has_alpha, found.foreground_ratio) == (format_, 600, 900, False, 1.0)
    assert (found.sha256, found.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (len(found.perceptual_hash), len(found.difference_hash)) == (36, 36)


def test_transparency_is_what_is_really_transparent(pool: LookPool, tmp_path: Path) -> None:
    logo = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    ImageDraw.Draw(logo).rectangle((0, 0, 99, 99), fill=(255, 255, 255, 255))
    (tmp_path / "logo.png").write_bytes(encoded(logo, "PNG"))
    (tmp_path / "full.png").write_bytes(encoded(drawn().convert("RGBA"), "PNG"))
    sparse, full = ask(pool, tmp_path / "logo.png"), ask(pool, tmp_path / "full.png")
    assert isinstance(sparse, Look)
    assert isinstance(full, Look)
    assert (sparse.has_alpha, sparse.foreground_ratio) == (True, 0.25)
    assert (full.has_alpha, full.foreground_ratio) == (False, 1.0)


def test_a_turned_photograph_is_measured_as_it_is_shown(pool: LookPool, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "turned.jpg").write_bytes(encoded(drawn(900, 600), "JPEG", exif=exif))
    found = ask(pool, tmp_path / "turned.jpg")
    assert isinstance(found, Look)
    assert (found.width, found.height) == (600, 900)


def test_hostile_bytes_end_in_a_typed_refusal(pool: LookPool, tmp_path: Path) -> None:
    good = encoded(drawn(), "JPEG")
    refused = {
        "bomb.png": (png(13_000, 13_000), FailureCode.TOO_LARGE),  # 169 megapixels in 160 kB
        "truncated.jpg": (good[: len(good) // 2], FailureCode.NOT_PICTURE),
        "page.jpg": (b"<!doctype html><html><body>not found</body></html>", FailureCode.NOT_PICTURE),
        "drawing.jpg": (b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>', FailureCode.NOT_PICTURE),
        "empty.jpg": (b"", FailureCode.NOT_PICTURE),
        "script.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n", FailureCode.NOT_PICTURE),
    }
    assert {name: code(pool, tmp_path / name, data) for name, (data, _) in refused.items()} == {
        name: expected for name, (_, expected) in refused.items()
    }
    assert isinstance(ask(pool, tmp_path / "gone.jpg"), Refusal)
    assert code(pool, tmp_path / "good.jpg", good) == "ok"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*refused, "good.jpg"])


def test_a_picture_that_needs_more_memory_than_it_may_is_refused_and_the_next_one_looked_at(tmp_path: Path) -> None:
    with LookPool(1, 30, 150 * 2**20) as small:
        assert code(small, tmp_path / "large.png", png(8_900, 8_900)) is FailureCode.MEMORY
        assert code(small, tmp_path / "good.jpg", encoded(drawn(), "JPEG")) == "ok"


def test_variants_are_never_larger_than_the_picture(pool: LookPool, tmp_path: Path) -> None:
    (tmp_path / "poster.jpg").write_bytes(encoded(drawn(1000, 1500), "JPEG"))
    into = tmp_path / "into"
    into.mkdir()
    found = ask(pool, tmp_path / "poster.jpg", into=into)
    assert isinstance(found, Look)
    assert [(each.width, each.height, each.name) for each in found.variants] == [
        (640, 960, "640.jpg"), (320, 480, "320.jpg"), (160, 240, "160.jpg"),
    ]  # fmt: skip
    assert {each.name: each.size_bytes for each in found.variants} == {path.name: path.stat().st_size for path in into.iterdir()}
