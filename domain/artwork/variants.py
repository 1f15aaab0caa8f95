"""Width variants of pictures: which there are, and how many bytes they may take."""

from typing import Final

WIDTHS: Final = (160, 320, 640, 1280)
"""Pixels; the only widths that `/images/<token>?w=` takes."""

MOST_VARIANT_BYTES: Final = 4 * 2**30
"""Of all variants together; the least recently used ones go first."""
