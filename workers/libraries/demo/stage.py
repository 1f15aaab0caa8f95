"""A picture being drawn, and the strokes that every landscape is made of: skylines, layers of land, haze."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from workers.libraries.demo.palettes import Colour, Palette, blend


@dataclass(slots=True)
class Stage:
    """A picture being drawn, with its colours, its dice and where its light stands."""

    picture: Image.Image
    draw: ImageDraw.ImageDraw
    palette: Palette
    dice: Random
    light: tuple[int, int]

    @property
    def width(self) -> int:
        return self.picture.width

    @property
    def height(self) -> int:
        return self.picture.height

    def land(self, depth: float) -> Colour:
        """Colour of land at a depth from 0 (far) to 1 (near)."""
        return blend(self.palette.far, self.palette.near, depth)

    def overlay(self, shape: Image.Image, colour: Colour) -> None:
        """Lay a colour over the picture where the mask `shape` is bright."""
        self.picture.paste(colour, (0, 0), shape)


def ridge(stage: Stage, base: float, rise: float, roughness: float) -> list[tuple[float, float]]:
    """Return a skyline as points; `base` and `rise` are shares of the height, `roughness` adds small peaks."""
    waves = [
        (stage.dice.uniform(0.6, 1.4) * 2**octave, stage.dice.uniform(0, 6.3), 0.5**octave * roughness ** min(octave, 3))
        for octave in range(7)
    ]
    step = max(2, stage.width // 480)
    points = []
    for x in range(0, stage.width + step, step):
        level = sum(size * math.sin(x / stage.width * 5 * speed + phase) for speed, phase, size in waves)
        points.append((float(x), stage.height * (base - rise * (0.5 + level * 0.5))))
    return points


def fill(stage: Stage, skyline: list[tuple[float, float]], colour: Colour) -> None:
    stage.draw.polygon([(0, stage.height), *skyline, (stage.width, stage.height)], colour)


def mist(stage: Stage, level: float, strength: float) -> None:
    """Let a band of haze lie over what has been drawn so far; `level` is a share of the height."""
    band = round(stage.height * 0.16)
    column = Image.linear_gradient("L").resize((1, band)).point([round(value * strength) for value in range(256)])
    mask = column.resize((stage.width, band), Image.Resampling.NEAREST)
    top = round(stage.height * level) - band
    stage.picture.paste(stage.palette.horizon, (0, top, stage.width, top + band), mask)
