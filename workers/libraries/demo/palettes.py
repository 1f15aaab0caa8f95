"""Colours of the demo artwork: a sky from top to horizon, a light, and land from far to near."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as red, green, blue from 0 to 255."""

    zenith: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    far: Colour
    near: Colour


def _palette(*colours: str) -> Palette:
    return Palette(*(_colour(code) for code in colours))


def _colour(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


DUSK = _palette("1b1036", "6b2d6e", "f08a5d", "ffd9a0", "7a3b69", "140a24")
EMBER = _palette("220a10", "8c2f23", "f4a259", "ffe8b8", "8a3324", "1a0809")
GLACIER = _palette("0b2545", "3a6ea5", "c9e4f2", "ffffff", "7aa6c9", "0a1c33")
LAGOON = _palette("04243b", "0f6b7a", "9bd8c0", "fff3cf", "2b7f86", "03161f")
MOSS = _palette("0e2a20", "3f7550", "d5dd9c", "fdf7d0", "6d9a68", "0a1a14")
NIGHT = _palette("050816", "141b4d", "40407a", "f5f0d8", "23285c", "03040c")
AURORA = _palette("030b1a", "0d3b4f", "2a7f74", "b8ffdb", "14455a", "02070f")
SAND = _palette("6a3d2d", "d08c52", "f9dca8", "fff6dd", "c58450", "3c1d16")
ROSE = _palette("3a1c46", "b0516f", "f9c5b5", "fff0e4", "a55a78", "220f2b")
SILVER = _palette("2a2f36", "6f7780", "d4d6d3", "fafaf5", "8d949a", "15181c")
PETROL = _palette("071a24", "1f4e5f", "e2a45c", "ffe1ab", "2f6472", "050f15")
VIOLET = _palette("120b2e", "3c2a7d", "b58bd6", "fbe8ff", "56409a", "0a061c")


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours; `share` 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
