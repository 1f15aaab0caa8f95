"""Perceptual hashes of a picture: DCT (pHash) and gradient (dHash) of its grey values, by imagehash."""

from typing import Final

import imagehash
from PIL import Image, ImageChops

SIZE: Final = 12
"""Hashes are SIZE x SIZE bits. With 64 bits logos are taken for each other, with 256 a crop of 2 % is another picture."""
_LARGEST: Final = 1024
"""Longest side from which the hashes are made: larger pictures say nothing more."""


def flattened(picture: Image.Image) -> Image.Image:
    """The grey picture that is hashed. A transparent one is seen by its shape: opaque is light, more so where it is bright.

    On a white ground a white logo would vanish, on a black one a black; this way neither does.
    """
    small = picture.copy()
    small.thumbnail((_LARGEST, _LARGEST), Image.Resampling.BOX, reducing_gap=2.0)
    if small.mode != "RGBA":
        return small.convert("L")
    light = small.convert("RGB").convert("L").point(lambda value: 128 + value // 2)
    return ImageChops.multiply(light, small.getchannel("A"))


def perceptual_hash(grey: Image.Image) -> str:
    """pHash: signs of the lowest frequencies against their median, as hex."""
    return str(imagehash.phash(grey, hash_size=SIZE))


def difference_hash(grey: Image.Image) -> str:
    """dHash: whether each cell is brighter than its left neighbour, as hex."""
    return str(imagehash.dhash(grey, hash_size=SIZE))
