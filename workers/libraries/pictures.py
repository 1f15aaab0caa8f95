"""Pictures beside media: format, size and transparency, read from the header alone."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

# Formats that households and their tools write; EPS and the like would start other programs.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF")
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 80_000_000  # 8K artwork has 33 million; below Pillow's own alarm at 89 million
_EXIF_ORIENTATION = 0x0112
_QUARTER_TURNS = (5, 6, 7, 8)  # EXIF 2.32, tag Orientation: rows and columns are exchanged


class PictureErrorCode(StrEnum):
    """Why a picture has no facts."""

    VANISHED = "vanished"
    UNREADABLE = "unreadable"
    NOT_PICTURE = "not_picture"
    TOO_LARGE = "too_large"


class PictureError(Exception):
    """Raised for a picture that cannot or must not be read."""

    def __init__(self, code: PictureErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture's format (jpeg, png, webp, gif, bmp, avif) and size in pixels as it is shown, turned as EXIF says."""

    format: str
    width: int
    height: int
    has_alpha: bool


def measure_picture(path: str | Path) -> PictureFacts:
    """Read a picture's header without decoding its pixels; raises PictureError.

    Refuses files over 64 MiB and pictures over 80 million pixels, so that whoever decodes it later is safe.
    """
    file = Path(path)
    try:
        if not file.is_file():
            raise PictureError(*_absence(file))
        if file.stat().st_size > MAX_BYTES:
            raise PictureError(PictureErrorCode.TOO_LARGE, f"the file is larger than {MAX_BYTES} bytes")
        with Image.open(file, formats=FORMATS) as picture:
            return measure_opened(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(PictureErrorCode.TOO_LARGE, "the picture has too many pixels") from error
    except UnidentifiedImageError as error:
        raise PictureError(PictureErrorCode.NOT_PICTURE, "no picture of a known format") from error
    except FileNotFoundError as error:
        raise PictureError(PictureErrorCode.VANISHED, "no such file") from error
    except OSError as error:
        raise PictureError(PictureErrorCode.UNREADABLE, error.strerror or "unreadable") from error
    except (ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError, AssertionError) as error:
        # Pillow's header parsers let these through on mutilated files.
        raise PictureError(PictureErrorCode.NOT_PICTURE, "the picture is damaged") from error


def _absence(file: Path) -> tuple[PictureErrorCode, str]:
    if file.exists():
        return PictureErrorCode.UNREADABLE, "not a regular file"
    return PictureErrorCode.VANISHED, "no such file"


def measure_opened(picture: Image.Image) -> PictureFacts:
    """The facts of a picture whose header was read; raises PictureError for one with too many pixels."""
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise PictureError(PictureErrorCode.TOO_LARGE, f"{width}x{height} pixels are more than {MAX_PIXELS}")
    if _is_turned(picture):
        width, height = height, width
    return PictureFacts(
        format=(picture.format or "").lower(),
        width=width,
        height=height,
        has_alpha=picture.has_transparency_data,
    )


def _is_turned(picture: Image.Image) -> bool:
    """Say whether EXIF turns the picture by 90 degrees; looks only at what the header gave (getexif may decode a PNG)."""
    data = picture.info.get("exif")
    if not isinstance(data, bytes):
        return False
    exif = Image.Exif()
    exif.load(data)
    return exif.get(_EXIF_ORIENTATION) in _QUARTER_TURNS
