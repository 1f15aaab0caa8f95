"""Landscapes for the demo artwork: a sky, a light and layers of land or sea, drawn from a seed."""

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from workers.libraries.demo import nature, places
from workers.libraries.demo.palettes import Palette, blend
from workers.libraries.demo.stage import Stage

_OVERSAMPLING = 2
MOTIFS: dict[str, Callable[[Stage], None]] = {
    "mountains": nature.mountains,
    "dunes": nature.dunes,
    "sea": nature.sea,
    "forest": nature.forest,
    "orchard": nature.orchard,
    "comets": nature.comets,
    "aurora": nature.aurora,
    "lighthouse": places.lighthouse,
    "city": places.city,
    "road": places.road,
    "ferry": places.ferry,
}


def draw_scene(size: tuple[int, int], palette: Palette, motif: str, seed: int) -> Image.Image:
    """Draw a landscape of `size` pixels; the same arguments give the same picture. `motif` is a name in MOTIFS."""
    width, height = size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING
    dice = Random(seed)  # noqa: S311 - a picture, no secret
    light = (round(width * dice.uniform(0.3, 0.7)), round(height * dice.uniform(0.3, 0.4)))
    picture = _sky((width, height), palette)
    _add_stars(picture, palette, dice)
    picture = _add_light(picture, palette, light)
    stage = Stage(picture, ImageDraw.Draw(picture), palette, dice, light)
    MOTIFS[motif](stage)
    return _grain(_vignette(stage.picture.reduce(_OVERSAMPLING)), seed)


def radiance(brightness: int, falloff: float) -> Image.Image:
    """Return a round light of 256 by 256 pixels, from `brightness` in the middle to nothing at the edge's middle."""
    # Pillow's gradient is 0 in the middle and 255 in the corners, so 180 where the circle touches the edge.
    return Image.radial_gradient("L").point([round(max(0.0, 1 - value / 178) ** falloff * brightness) for value in range(256)])


def _sky(size: tuple[int, int], palette: Palette) -> Image.Image:
    slope = Image.linear_gradient("L").resize((1, size[1]), Image.Resampling.BICUBIC)
    column = ImageOps.colorize(slope, palette.zenith, palette.horizon, palette.middle, 0, 170, 105)
    return column.resize(size, Image.Resampling.NEAREST)


def _add_stars(picture: Image.Image, palette: Palette, dice: Random) -> None:
    darkness = 1 - sum(palette.zenith) / 255
    draw = ImageDraw.Draw(picture)
    for _ in range(int(260 * max(0.0, darkness))):
        x, y = dice.uniform(0, picture.width), picture.height * 0.55 * dice.random() ** 1.6
        radius = picture.height / 1000 * dice.uniform(0.5, 1.6)
        colour = blend(palette.zenith, (255, 250, 235), dice.uniform(0.25, 0.9) * (1 - y / picture.height / 0.6))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour)


def _add_light(picture: Image.Image, palette: Palette, place: tuple[int, int]) -> Image.Image:
    """Put a disc with a wide glow into the sky."""
    reach = round(max(picture.size) * 1.1)
    glow = radiance(190, 2.2)
    mask = Image.new("L", picture.size)
    mask.paste(glow.resize((reach, reach), Image.Resampling.BILINEAR), (place[0] - reach // 2, place[1] - reach // 2))
    lit = Image.composite(Image.new("RGB", picture.size, palette.light), picture, mask)
    radius = min(picture.size) * 0.085
    x, y = place
    ImageDraw.Draw(lit).ellipse((x - radius, y - radius, x + radius, y + radius), blend(palette.light, (255, 255, 255), 0.45))
    return lit


def _vignette(picture: Image.Image) -> Image.Image:
    shade = Image.radial_gradient("L").point([round(255 - max(0, value - 110) * 0.75) for value in range(256)])
    side = math.ceil(math.hypot(*picture.size) * 0.82)
    mask = ImageOps.fit(shade.resize((side, side), Image.Resampling.BILINEAR), picture.size)
    return ImageChops.multiply(picture, Image.merge("RGB", (mask, mask, mask)))


def _grain(picture: Image.Image, seed: int) -> Image.Image:
    """Add film grain, which also hides the bands of a gradient."""
    dice = Random(seed)  # noqa: S311 - a picture, no secret
    tile = Image.frombytes("L", (256, 256), dice.randbytes(65536)).filter(ImageFilter.GaussianBlur(0.6))
    tile = tile.point([round(128 + (value - 128) * 0.16) for value in range(256)])
    noise = Image.new("L", picture.size)
    for x in range(0, picture.width, 256):
        for y in range(0, picture.height, 256):
            noise.paste(tile, (x, y))
    return ImageChops.add(picture, Image.merge("RGB", (noise, noise, noise)), offset=-128)
