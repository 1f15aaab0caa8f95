"""Lettering for the demo artwork: titles fitted to a width, spaced capitals, soft shadows; Pillow's built-in typeface."""

from functools import cache
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from workers.libraries.demo.palettes import Colour


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def fold(text: str) -> str:
    """Drop the accents of letters: the built-in typeface has plain Latin only."""
    return "".join(letter for letter in normalize("NFKD", text) if not combining(letter))


def text_width(text: str, size: int, spacing: float) -> float:
    """Width in pixels of a line set in `size` with `spacing` (a share of the size) between letters."""
    font = _font(size)
    return sum(font.getlength(letter) for letter in text) + spacing * size * max(0, len(text) - 1)


def break_lines(text: str, most: int) -> list[str]:
    """Break a title of more than nine letters into at most `most` lines of about equal length, between words."""
    words = text.split() if len(text) > 9 else [text]
    best = [text]
    for count in range(2, min(most, len(words)) + 1):
        goal, lines, line = len(text) / count, [""], 0
        for word in words:
            if lines[line] and len(lines[line]) + len(word) / 2 > goal and line < count - 1:
                lines.append("")
                line += 1
            lines[line] = f"{lines[line]} {word}".strip()
        if max(map(len, lines)) < max(map(len, best)) * 0.8:
            best = lines
    return best


def fitted_size(lines: list[str], width: float, *, largest: int, spacing: float) -> int:
    """Largest size at which every line fits the width, at most `largest`."""
    widest = max(text_width(line, 100, spacing) for line in lines)
    return max(8, min(largest, int(width / widest * 100)))


def draw_line(
    picture: Image.Image, text: str, *, centre: tuple[float, float], size: int, spacing: float, colour: Colour, weight: int = 0
) -> None:
    """Draw one line centred on a point, letter by letter; `weight` thickens the strokes by so many pixels."""
    draw, font = ImageDraw.Draw(picture), _font(size)
    x = centre[0] - text_width(text, size, spacing) / 2
    for letter in text:
        draw.text((x, centre[1]), letter, colour, font, anchor="lm", stroke_width=weight, stroke_fill=colour)
        x += font.getlength(letter) + spacing * size


def draw_title(
    picture: Image.Image,
    lines: list[str],
    *,
    centre: tuple[float, float],
    size: int,
    spacing: float,
    colour: Colour,
    shadow: int = 170,
) -> float:
    """Draw a title's lines around a point over a soft shadow; returns the height in pixels they take."""
    height = size * 1.14
    shade = Image.new("L", picture.size)
    top = centre[1] - height * (len(lines) - 1) / 2
    weight = max(1, size // 34)
    for place, line in enumerate(lines):
        spot = (centre[0], top + place * height)
        _shade_line(shade, line, spot, size, spacing, weight, shadow)
    reach = height * (len(lines) / 2 + 0.5)  # beyond it there is no shadow
    band = (0, max(0, round(centre[1] - reach)), picture.width, min(picture.height, round(centre[1] + reach)))
    picture.paste((0, 0, 0), band, shade.crop(band).filter(ImageFilter.GaussianBlur(size / 9)))
    for place, line in enumerate(lines):
        draw_line(
            picture, line, centre=(centre[0], top + place * height), size=size, spacing=spacing, colour=colour, weight=weight
        )
    return height * len(lines)


def _shade_line(
    shade: Image.Image, line: str, spot: tuple[float, float], size: int, spacing: float, weight: int, level: int
) -> None:
    draw, font = ImageDraw.Draw(shade), _font(size)
    x = spot[0] - text_width(line, size, spacing) / 2
    for letter in line:
        draw.text((x, spot[1] + size * 0.04), letter, level, font, anchor="lm", stroke_width=weight * 2, stroke_fill=level)
        x += font.getlength(letter) + spacing * size
