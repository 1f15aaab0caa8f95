"""Landscapes without people: mountains, dunes, sea, forest, orchard, comets and northern lights."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from workers.libraries.demo.palettes import blend
from workers.libraries.demo.stage import Stage, fill, mist, ridge


def mountains(stage: Stage) -> None:
    """Five chains of mountains with haze between them."""
    for layer in range(5):
        depth = layer / 4
        fill(stage, ridge(stage, 0.62 + depth * 0.3, 0.22 - depth * 0.06, 0.95), stage.land(depth))
        if layer < 4:
            mist(stage, 0.72 + depth * 0.22, 0.34 * (1 - depth))


def dunes(stage: Stage) -> None:
    """Soft waves of sand."""
    for layer in range(6):
        depth = layer / 5
        fill(stage, ridge(stage, 0.62 + depth * 0.34, 0.13, 0.45), stage.land(depth**1.2))


def sea(stage: Stage, horizon: float = 0.6) -> None:
    """Open water with the light's path on it."""
    top = round(stage.height * horizon)
    for y in range(top, stage.height, 2):
        depth = (y - top) / (stage.height - top)
        near = blend(stage.palette.middle, stage.palette.near, min(1.0, depth * 1.25))
        stage.draw.rectangle((0, y, stage.width, y + 2), blend(stage.palette.horizon, near, min(1.0, 0.35 + depth * 1.5)))
    for _ in range(420):
        depth = stage.dice.random() ** 1.4
        y = top + depth * (stage.height - top)
        spread = stage.width * (0.03 + depth * 0.16)
        x = stage.dice.gauss(stage.light[0], spread)
        length = stage.width * (0.006 + depth * 0.035) * stage.dice.uniform(0.5, 1.4)
        thick = max(1.0, stage.height * 0.0012 * (1 + depth * 3))
        shine = blend(stage.palette.horizon, stage.palette.light, 0.5 + 0.5 * math.exp(-(((x - stage.light[0]) / spread) ** 2)))
        shine = blend(shine, stage.palette.near, depth * 0.55)
        stage.draw.rounded_rectangle((x - length, y, x + length, y + thick), thick / 2, shine)


def forest(stage: Stage) -> None:
    """Rows of firs, darker and larger towards the front."""
    for layer in range(5):
        depth = layer / 4
        skyline = ridge(stage, 0.66 + depth * 0.28, 0.08, 0.6)
        colour = stage.land(depth)
        fill(stage, skyline, colour)
        size = stage.height * (0.05 + depth * 0.11)
        for _ in range(int(stage.width / size * 3.4)):
            x, y = stage.dice.choice(skyline)
            tall = size * stage.dice.uniform(0.6, 1.25)
            for tier in range(4):
                half, upper = tall * (0.09 + tier * 0.055), y + tall * 0.1 - tall + tier * tall * 0.2
                stage.draw.polygon([(x, upper), (x - half, upper + tall * 0.36), (x + half, upper + tall * 0.36)], colour)
        if layer < 4:
            mist(stage, 0.76 + depth * 0.2, 0.36 * (1 - depth))


def orchard(stage: Stage) -> None:
    """Round trees in rows on a hill."""
    for layer in range(5):
        depth = layer / 4
        skyline = ridge(stage, 0.66 + depth * 0.26, 0.09, 0.4)
        fill(stage, skyline, stage.land(depth * 0.8))
        radius = stage.height * (0.014 + depth * 0.034)
        for x, y in skyline[:: max(1, round(radius * 2.6 / max(1.0, skyline[1][0])))]:
            centre = y - radius * 1.5
            stage.draw.rectangle((x - radius * 0.12, centre, x + radius * 0.12, y + radius * 0.4), stage.land(1))
            for _ in range(7):
                dx, dy, part = (
                    stage.dice.gauss(0, radius * 0.45),
                    stage.dice.gauss(0, radius * 0.32),
                    radius * stage.dice.uniform(0.5, 0.8),
                )
                leaf = blend(stage.land(0.25 + depth * 0.6), stage.palette.horizon, stage.dice.uniform(0, 0.28))
                stage.draw.ellipse((x + dx - part, centre + dy - part, x + dx + part, centre + dy + part), leaf)


def comets(stage: Stage) -> None:
    """Comets over hills."""
    tails = Image.new("L", stage.picture.size)
    pen = ImageDraw.Draw(tails)
    heads = []
    for _ in range(5):
        x, y = stage.dice.uniform(0.15, 0.95) * stage.width, stage.dice.uniform(0.08, 0.46) * stage.height
        length, thick = stage.height * stage.dice.uniform(0.12, 0.34), stage.height * stage.dice.uniform(0.004, 0.009)
        for part in range(40, 0, -1):
            reach, half = length * part / 40, thick * 0.8 * (1 - part / 80)
            pen.polygon(
                [(x - half, y - half), (x + reach * 0.9, y - reach * 0.6), (x + half, y + half)],
                round(215 * (1 - part / 41) ** 1.3),
            )
        heads.append((x, y, thick))
    stage.overlay(tails.filter(ImageFilter.GaussianBlur(stage.height / 900)), stage.palette.light)
    for x, y, thick in heads:
        stage.draw.ellipse((x - thick, y - thick, x + thick, y + thick), (255, 255, 255))
    for layer in range(3):
        fill(stage, ridge(stage, 0.8 + layer * 0.07, 0.1, 0.6), stage.land(0.4 + layer * 0.3))


def aurora(stage: Stage) -> None:
    """Curtains of northern light over ice."""
    size = (stage.width // 4, stage.height // 4)
    curtains = Image.new("L", size)
    for _ in range(3):
        curtains = ImageChops.lighter(curtains, _curtain(stage, size))
    soft = curtains.filter(ImageFilter.GaussianBlur(size[1] / 110))
    stage.overlay(soft.resize(stage.picture.size, Image.Resampling.BILINEAR), stage.palette.light)
    for layer in range(4):
        fill(stage, ridge(stage, 0.72 + layer * 0.08, 0.16 - layer * 0.03, 0.9), stage.land(layer / 3))


def _curtain(stage: Stage, size: tuple[int, int]) -> Image.Image:
    curtain = Image.new("L", size)
    pen = ImageDraw.Draw(curtain)
    base, phase, speed = stage.dice.uniform(0.34, 0.5), stage.dice.uniform(0, 6.3), stage.dice.uniform(4, 7)
    for x in range(size[0]):
        place = x / size[0]
        low = size[1] * (base + 0.07 * math.sin(place * speed + phase) + 0.025 * math.sin(place * speed * 3.7))
        tall = size[1] * (0.2 + 0.11 * math.sin(place * speed * 2.3 + phase * 2))
        fold = 0.6 + 0.4 * math.sin(place * 90 + phase)
        for part in range(12):
            brightness = round(150 * (1 - part / 12) ** 1.6 * fold)
            pen.line((x, low - tall * (part + 1) / 12, x, low - tall * part / 12), brightness)
    return curtain
