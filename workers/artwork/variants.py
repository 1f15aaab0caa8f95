"""Smaller variants of a picture for screens: a closed set of widths, never larger than the picture itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from domain.artwork.variants import WIDTHS

_QUALITY: Final = 82


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant that was written: its width in pixels and the name of its file in the folder."""

    width: int
    height: int
    name: str
    size_bytes: int


def write_variants(picture: Image.Image, into: Path) -> tuple[Variant, ...]:
    """Write the variants of an RGB (JPEG) or RGBA (WebP) picture, largest first; widths it does not reach are left out."""
    written: list[Variant] = []
    for width in sorted((width for width in WIDTHS if width < picture.width), reverse=True):
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        suffix, kind = ("webp", "WEBP") if picture.mode == "RGBA" else ("jpg", "JPEG")
        file = into / f"{width}.{suffix}"
        picture.save(file, kind, quality=_QUALITY)
        written.append(Variant(width, height, file.name, file.stat().st_size))
    return tuple(written)
