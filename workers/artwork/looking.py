"""Looks at one picture: decodes all of it, and says what it is and how it looks; runs in a confined child process."""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from workers.artwork.hashing import difference_hash, flattened, perceptual_hash
from workers.artwork.variants import Variant, write_variants
from workers.confined.refusals import FailureCode, RefusedError
from workers.libraries.pictures import FORMATS, MAX_BYTES, PictureError, measure_opened

_NAMES: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "BMP": "bmp", "AVIF": "avif"}
_SOLID: Final = 128
"""Alpha above which a pixel counts as foreground."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture is: sizes in pixels as it is shown (turned as EXIF says), hashes in hex.

    `has_alpha` means that some pixel really is transparent; `foreground_ratio` is the share of those that are not.
    """

    sha256: str
    size_bytes: int
    format: str
    width: int
    height: int
    has_alpha: bool
    foreground_ratio: float
    perceptual_hash: str
    difference_hash: str
    variants: tuple[Variant, ...] = ()


def question(path: str, *, variants_into: str | None = None) -> str:
    """The question of a child: look at `path`; with a folder, write the smaller variants into it."""
    return json.dumps([path, variants_into], ensure_ascii=False)


def look(asked: str) -> Look:
    """Answer a `question`; raises RefusedError for whatever is no whole picture of a known format."""
    path, into = json.loads(asked)
    with _named_failures():
        data = _read(Path(path))
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            measure_opened(opened)
            name = _NAMES[opened.format or ""]
            opened.load()
            picture = ImageOps.exif_transpose(opened)
        return _look(picture, data, name, into)


def _read(file: Path) -> bytes:
    if not file.is_file():
        code = FailureCode.UNREADABLE if file.exists() else FailureCode.VANISHED
        raise RefusedError(code, "no such file" if code is FailureCode.VANISHED else "not a regular file")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedError(FailureCode.TOO_LARGE, f"the file is larger than {MAX_BYTES} bytes")
    return data


def _look(picture: Image.Image, data: bytes, name: str, into: str | None) -> Look:
    ratio, has_alpha = 1.0, False
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
        counts = alpha.histogram()
        has_alpha = sum(counts[:255]) > 0
        ratio = sum(counts[_SOLID + 1 :]) / (picture.width * picture.height)
    if not has_alpha:
        picture, ratio = picture.convert("RGB"), 1.0
    grey = flattened(picture)
    return Look(
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        format=name,
        width=picture.width,
        height=picture.height,
        has_alpha=has_alpha,
        foreground_ratio=round(ratio, 6),
        perceptual_hash=perceptual_hash(grey),
        difference_hash=difference_hash(grey),
        variants=write_variants(picture, Path(into)) if into is not None else (),
    )


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except PictureError as error:
        raise RefusedError(FailureCode(error.code.value), str(error)) from error
    except MemoryError as error:
        raise RefusedError(FailureCode.MEMORY, "more memory needed than allowed") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedError(FailureCode.TOO_LARGE, "the picture has too many pixels") from error
    except UnidentifiedImageError as error:
        raise RefusedError(FailureCode.NOT_PICTURE, "no picture of a known format") from error
    except FileNotFoundError as error:
        raise RefusedError(FailureCode.VANISHED, "no such file") from error
    except OSError as error:
        # Pillow's decoders raise it without a number for damaged data, the system with one.
        code = FailureCode.UNREADABLE if error.errno else FailureCode.NOT_PICTURE
        raise RefusedError(code, error.strerror or "the picture is damaged") from error
    except (ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError, AssertionError) as error:
        raise RefusedError(FailureCode.NOT_PICTURE, "the picture is damaged") from error
