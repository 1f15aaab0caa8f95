"""Landscapes with people's works: a lighthouse, a city, a road, a ferry."""

import math

from PIL import Image, ImageDraw, ImageFilter

from workers.libraries.demo.nature import sea
from workers.libraries.demo.palettes import blend
from workers.libraries.demo.stage import Stage, fill, mist, ridge


def lighthouse(stage: Stage) -> None:
    """A lighthouse on a rock, its beam over the sea."""
    sea(stage, 0.66)
    x, foot, top = stage.width * 0.76, stage.height * 0.74, stage.height * 0.34
    half = stage.height * 0.03
    beam = Image.new("L", stage.picture.size)
    pen = ImageDraw.Draw(beam)
    lamp = top - half * 0.4
    pen.polygon(
        [(x, lamp), (-stage.width * 0.1, lamp - stage.height * 0.17), (-stage.width * 0.1, lamp + stage.height * 0.05)], 120
    )
    pen.ellipse((x - half * 4, lamp - half * 4, x + half * 4, lamp + half * 4), 90)
    quarter = beam.reduce(4).filter(ImageFilter.GaussianBlur(stage.height / 160))
    stage.overlay(quarter.resize(beam.size, Image.Resampling.BILINEAR), stage.palette.light)
    dark = stage.palette.near
    stage.draw.polygon(
        [(x - half * 1.5, foot + half * 2), (x - half * 0.8, top), (x + half * 0.8, top), (x + half * 1.5, foot + half * 2)], dark
    )
    stage.draw.rectangle((x - half * 1.15, top - half * 0.15, x + half * 1.15, top + half * 0.12), dark)
    stage.draw.rectangle((x - half * 0.6, top - half * 0.9, x + half * 0.6, top), stage.palette.light)
    stage.draw.pieslice((x - half * 0.8, top - half * 1.7, x + half * 0.8, top - half * 0.1), 180, 360, dark)
    shore = [
        (
            stage.width * (0.4 + place * 0.05),
            stage.height * (0.84 - 0.13 * math.sin(min(1.0, place / 8) * 1.6)) + stage.dice.uniform(-1, 1) * half * 0.35,
        )
        for place in range(13)
    ]
    stage.draw.polygon([(stage.width * 0.34, stage.height), *shore, (stage.width * 1.05, stage.height)], dark)
    fill(stage, ridge(stage, 1.0, 0.07, 0.9), blend(dark, (0, 0, 0), 0.35))


def city(stage: Stage) -> None:
    """Rows of towers with lit windows."""
    for layer in range(4):
        depth = layer / 3
        x = -stage.width * 0.05
        unit = stage.height * (0.014 + depth * 0.006)
        while x < stage.width:
            wide = unit * stage.dice.randint(4, 8)
            tall = stage.height * stage.dice.uniform(0.12, 0.4 - depth * 0.1)
            top = stage.height * (0.76 + depth * 0.16) - tall
            stage.draw.rectangle((x, top, x + wide, stage.height), stage.land(0.15 + depth * 0.85))
            if stage.dice.random() < 0.25:
                stage.draw.line(
                    (x + wide / 2, top, x + wide / 2, top - unit * 3), stage.land(0.15 + depth * 0.85), round(unit / 4)
                )
            _windows(stage, (x, top, wide), unit, depth)
            x += wide + unit * stage.dice.choice((0, 0, 0.4, 1.2))
        mist(stage, 0.86 + depth * 0.14, 0.3 * (1 - depth))


def _windows(stage: Stage, tower: tuple[float, float, float], unit: float, depth: float) -> None:
    x, top, wide = tower
    for row in range(1, int((stage.height - top) / unit / 1.6)):
        for column in range(int(wide / unit)):
            if stage.dice.random() < 0.1 + depth * 0.16:
                left, upper = x + (column + 0.3) * unit, top + row * unit * 1.6
                glow = blend(stage.land(depth), stage.palette.light, stage.dice.uniform(0.35, 0.95))
                stage.draw.rectangle((left, upper, left + unit * 0.45, upper + unit * 0.7), glow)


def road(stage: Stage) -> None:
    """A road to the horizon between wires."""
    for layer in range(3):
        fill(stage, ridge(stage, 0.62 + layer * 0.03, 0.1 - layer * 0.02, 0.7), stage.land(layer * 0.25))
    level, middle = stage.height * 0.66, stage.width * 0.5
    stage.draw.rectangle((0, level, stage.width, stage.height), stage.land(0.72))
    stage.draw.polygon(
        [
            (middle - 4, level),
            (middle + 4, level),
            (middle + stage.width * 0.42, stage.height),
            (middle - stage.width * 0.42, stage.height),
        ],
        stage.land(1),
    )
    for mark in range(9):
        near, far = (mark / 9) ** 2.2, ((mark + 0.5) / 9) ** 2.2
        upper, lower = level + (stage.height - level) * near, level + (stage.height - level) * far
        half = stage.width * 0.012
        stage.draw.polygon(
            [
                (middle - half * near, upper),
                (middle + half * near, upper),
                (middle + half * far, lower),
                (middle - half * far, lower),
            ],
            stage.palette.light,
        )
    wires = []
    for post in range(8):
        near = (post / 7) ** 1.9
        x, foot, tall = (
            middle + stage.width * (0.03 + 0.5 * near),
            level + (stage.height - level) * near * 0.5,
            stage.height * (0.02 + 0.36 * near),
        )
        thick = max(2, round(stage.height * 0.008 * near))
        stage.draw.line((x, foot, x, foot - tall), stage.palette.near, thick)
        stage.draw.line((x - tall * 0.16, foot - tall * 0.92, x + tall * 0.16, foot - tall * 0.92), stage.palette.near, thick)
        wires.append((x, foot - tall * 0.92))
    stage.draw.line(wires, stage.palette.near, max(2, stage.height // 900))


def ferry(stage: Stage) -> None:
    """A ferry with lit windows on calm water."""
    fill(stage, ridge(stage, 0.6, 0.1, 0.7), stage.land(0.3))
    sea(stage, 0.6)
    x, line, unit = stage.width * 0.5, stage.height * 0.72, min(stage.width, stage.height * 1.2) * 0.028
    dark = stage.palette.near
    stage.draw.polygon(
        [(x - unit * 10, line - unit * 2.4), (x + unit * 10.6, line - unit * 2.4), (x + unit * 9, line), (x - unit * 9, line)],
        dark,
    )
    for deck, (left, right) in enumerate(((-8, 8), (-6.4, 6.6), (-4, 3))):
        upper = line - unit * (4.2 + deck * 1.8)
        stage.draw.rectangle(
            (x + left * unit, upper, x + right * unit, upper + unit * 1.9), blend(dark, stage.palette.far, 0.12 * deck)
        )
        for window in range(int((right - left) * 1.25)):
            place = x + (left + 0.5 + window * 0.78) * unit
            stage.draw.rectangle(
                (place, upper + unit * 0.55, place + unit * 0.42, upper + unit * 1.15),
                blend(dark, stage.palette.light, stage.dice.choice((0.3, 0.8, 0.95))),
            )
    stage.draw.polygon(
        [
            (x - unit * 2.4, line - unit * 7.8),
            (x - unit * 2, line - unit * 10.4),
            (x, line - unit * 10.4),
            (x + unit * 0.4, line - unit * 7.8),
        ],
        dark,
    )
    for _ in range(60):
        depth = stage.dice.random()
        y, off = line + unit * 0.3 + depth * stage.height * 0.16, stage.dice.gauss(0, unit * 4)
        stage.draw.rounded_rectangle(
            (x + off - unit * 0.7, y, x + off + unit * 0.7, y + unit * 0.1),
            2,
            blend(stage.palette.near, stage.palette.light, 0.55 * (1 - depth)),
        )
