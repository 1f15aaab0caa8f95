"""What a file of the generated library is made of, and the writing of all of them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image

from workers.libraries.demo.clip_specs import Clip
from workers.libraries.demo.clips import write_clip


@dataclass(frozen=True)
class Picture:
    """A picture in the shape of its type, with a text that makes it unlike every other."""

    type: str
    text: str


Content = str | Clip | Picture
_SHAPES = {
    "poster": (200, 300), "keyart": (200, 300), "portrait": (200, 300), "actor": (100, 150), "banner": (500, 92),
    "clearlogo": (400, 155),
    "discart": (200, 200), "characterart": (200, 200),
}  # fmt: skip
_WIDE = (320, 180)


def write_library(root: Path, tree: Mapping[str, Content]) -> None:
    """Write every file of the tree below `root`."""
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Clip):
            write_clip(path, content, _draw(Picture("still", path.name)))
        elif isinstance(content, Picture):
            _draw(content).save(path, quality=80)
        else:
            path.write_text(content, encoding="utf-8", newline="\n")


def bytes_of(picture: Picture) -> bytes:
    """A picture as a JPEG file."""
    stream = io.BytesIO()
    _draw(picture).save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _draw(picture: Picture) -> Image.Image:
    """Patches of colours that the text decides: no two pictures are alike, not even to a perceptual hash."""
    dice = Random(picture.text)
    patches = Image.frombytes("RGB", (6, 6), dice.randbytes(6 * 6 * 3))
    return patches.resize(_SHAPES.get(picture.type.rstrip("0123456789"), _WIDE), Image.Resampling.BICUBIC)
