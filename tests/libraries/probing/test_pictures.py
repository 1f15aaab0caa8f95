"""Pictures measured by their header: formats, transparency, turned photographs, and what is refused."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from workers.libraries.pictures import MAX_BYTES, PictureError, PictureErrorCode, PictureFacts, measure_picture


def code_of(path: Path) -> PictureErrorCode:
    with pytest.raises(PictureError) as caught:
        measure_picture(path)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "mode", "facts"),
    [
        ("a.jpg", "RGB", PictureFacts("jpeg", 40, 60, has_alpha=False)),
        ("a.png", "RGB", PictureFacts("png", 40, 60, has_alpha=False)),
        ("logo.png", "RGBA", PictureFacts("png", 40, 60, has_alpha=True)),
        ("grey.png", "LA", PictureFacts("png", 40, 60, has_alpha=True)),
        ("a.webp", "RGBA", PictureFacts("webp", 40, 60, has_alpha=True)),
        ("a.avif", "RGB", PictureFacts("avif", 40, 60, has_alpha=False)),
        ("a.gif", "P", PictureFacts("gif", 40, 60, has_alpha=False)),
        ("a.bmp", "RGB", PictureFacts("bmp", 40, 60, has_alpha=False)),
    ],
)
def test_format_size_and_transparency(tmp_path: Path, name: str, mode: str, facts: PictureFacts) -> None:
    Image.new(mode, (40, 60)).save(tmp_path / name)
    assert measure_picture(tmp_path / name) == facts


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "poster.jpg", format="PNG")
    assert measure_picture(str(tmp_path / "poster.jpg")).format == "png"


def test_a_photograph_turned_by_exif_is_measured_as_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 60)).save(tmp_path / "a.jpg", exif=exif)
    facts = measure_picture(tmp_path / "a.jpg")
    assert (facts.width, facts.height) == (60, 40)


def test_a_pixel_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    for side in (9000, 10000, 60000):
        header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        (tmp_path / "bomb.png").write_bytes(
            b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
        )
        assert code_of(tmp_path / "bomb.png") is PictureErrorCode.TOO_LARGE


def test_a_huge_file_is_refused_unopened(tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert code_of(tmp_path / "huge.jpg") is PictureErrorCode.TOO_LARGE


def test_what_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("not a picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "a.eps").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    assert code_of(tmp_path / "text.jpg") is PictureErrorCode.NOT_PICTURE
    assert code_of(tmp_path / "empty.png") is PictureErrorCode.NOT_PICTURE
    assert code_of(tmp_path / "a.eps") is PictureErrorCode.NOT_PICTURE
    assert code_of(tmp_path / "gone.png") is PictureErrorCode.VANISHED
    assert code_of(tmp_path) is PictureErrorCode.UNREADABLE


def test_every_truncation_of_a_picture_is_an_answer_or_a_typed_error(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png", "a.webp", "a.gif", "a.bmp"):
        Image.effect_noise((30, 20), 90).convert("RGB").save(tmp_path / name)
        data = (tmp_path / name).read_bytes()
        measured = 0
        for length in range(0, len(data), max(1, len(data) // 60)):
            (tmp_path / "cut").write_bytes(data[:length])
            try:
                facts = measure_picture(tmp_path / "cut")
            except PictureError:
                continue
            assert (facts.width, facts.height) == (30, 20)
            measured += 1
        assert (measured > 0) is (name != "a.webp"), "WebP alone is only read whole"
