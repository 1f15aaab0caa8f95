"""Posters, fan art, logos, banners and portraits of the demo titles, composed from scenery and lettering."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageOps

from workers.libraries.demo.lettering import break_lines, draw_line, draw_title, fitted_size, fold
from workers.libraries.demo.palettes import Colour, Palette, blend
from workers.libraries.demo.scenery import draw_scene

POSTER = (1000, 1500)
FANART = (1920, 1080)
LANDSCAPE = (1000, 562)
BANNER = (1000, 185)
CLEARLOGO = (800, 310)
DISC = (1000, 1000)
THUMB = (1280, 720)
PORTRAIT = (400, 600)
_PAPER: Colour = (250, 246, 236)


@dataclass(frozen=True, slots=True)
class Look:
    """How a title looks in all its artwork."""

    palette: Palette
    motif: str
    seed: int


def fanart(look: Look) -> Image.Image:
    """The bare landscape."""
    return draw_scene(FANART, look.palette, look.motif, look.seed)


def keyart(look: Look) -> Image.Image:
    """The poster without its lettering."""
    return draw_scene(POSTER, look.palette, look.motif, look.seed)


def poster(look: Look, title: str, *, above: str, below: str) -> Image.Image:
    """A poster: a line above (a tagline), the title, and a small line below (names, a year)."""
    picture = _scrim(keyart(look), look.palette, 0.48, 0.82)
    lines = break_lines(fold(title).upper(), 3)
    size = fitted_size(lines, 820, largest=150, spacing=0.08)
    middle = 1270 - size * 0.57 * (len(lines) - 1)
    taken = draw_title(picture, lines, centre=(500, middle), size=size, spacing=0.08, colour=_PAPER)
    accent = blend(look.palette.light, look.palette.horizon, 0.35)
    if above:
        letters = fitted_size([fold(above)], 860, largest=30, spacing=0.08)
        spot = (500, middle - taken / 2 - 34)
        draw_title(picture, [fold(above)], centre=spot, size=letters, spacing=0.08, colour=blend(accent, _PAPER, 0.6), shadow=150)
    rule = middle + taken / 2 + 26
    ImageDraw.Draw(picture).line((430, rule, 570, rule), accent, 2)
    _small(picture, fold(below).upper(), (500, rule + 42), 24, 0.3, _PAPER, 860)
    return picture


def landscape(look: Look, title: str, size: tuple[int, int] = LANDSCAPE) -> Image.Image:
    """The landscape with the title in it: a thumb of the title, or a frame of its film."""
    picture = _scrim(draw_scene(size, look.palette, look.motif, look.seed), look.palette, 0.45, 0.6)
    lines = break_lines(fold(title).upper(), 2)
    letters = fitted_size(lines, size[0] * 0.76, largest=round(size[1] * 0.17), spacing=0.1)
    draw_title(picture, lines, centre=(size[0] / 2, size[1] * 0.74), size=letters, spacing=0.1, colour=_PAPER)
    return picture


def banner(look: Look, title: str) -> Image.Image:
    """A wide strip with the title."""
    scene = draw_scene(LANDSCAPE, look.palette, look.motif, look.seed)
    picture = ImageOps.fit(scene, BANNER, centering=(0.5, 0.62))
    picture = Image.blend(picture, Image.new("RGB", BANNER, look.palette.near), 0.28)
    line = [fold(title).upper()]
    letters = fitted_size(line, 860, largest=84, spacing=0.12)
    draw_title(picture, line, centre=(500, 92), size=letters, spacing=0.12, colour=_PAPER)
    return picture


def clearlogo(look: Look, title: str) -> Image.Image:
    """The title alone on transparent ground, its letters filled with the title's light."""
    width, height = CLEARLOGO
    lines = break_lines(fold(title).upper(), 2)
    letters = fitted_size(lines, width * 0.94, largest=round(height / (1.5 if len(lines) == 1 else 2.5)), spacing=0.06)
    shape = Image.new("RGB", CLEARLOGO)
    draw_title(shape, lines, centre=(width / 2, height / 2), size=letters, spacing=0.06, colour=(255, 255, 255), shadow=0)
    fill = ImageOps.colorize(
        Image.linear_gradient("L").resize(CLEARLOGO), (255, 255, 255), blend(look.palette.light, look.palette.horizon, 0.75)
    )
    logo = fill.convert("RGBA")
    logo.putalpha(shape.convert("L"))
    return logo


def discart(look: Look, title: str) -> Image.Image:
    """A printed disc: round, transparent outside and in the hole."""
    picture = draw_scene(DISC, look.palette, look.motif, look.seed)
    lines = break_lines(fold(title).upper(), 2)
    draw_title(
        picture, lines, centre=(500, 790), size=fitted_size(lines, 560, largest=80, spacing=0.08), spacing=0.08, colour=_PAPER
    )
    shape = Image.new("L", (2000, 2000))
    pen = ImageDraw.Draw(shape)
    pen.ellipse((8, 8, 1992, 1992), 255)
    pen.ellipse((840, 840, 1160, 1160), 70)
    pen.ellipse((925, 925, 1075, 1075), 0)
    disc = picture.convert("RGBA")
    disc.putalpha(shape.reduce(2))
    return disc


def season_poster(look: Look, title: str, name: str, studio: str) -> Image.Image:
    """A season's poster: the series' title small, the season's name large."""
    return poster(look, name, above=title.upper(), below=studio)


def thumb(look: Look, size: tuple[int, int] = THUMB) -> Image.Image:
    """A still of an episode."""
    return draw_scene(size, look.palette, look.motif, look.seed)


def portrait(palette: Palette, name: str) -> Image.Image:
    """An actor as a flat bust; the name decides skin, hair and clothes."""
    dice = Random(name)  # noqa: S311 - a picture, no secret
    width, height = PORTRAIT[0] * 2, PORTRAIT[1] * 2
    slope = Image.linear_gradient("L").resize((width, height))
    picture = ImageOps.colorize(slope, blend(palette.horizon, palette.middle, 0.25), blend(palette.middle, palette.zenith, 0.55))
    pen = ImageDraw.Draw(picture)
    skin = dice.choice(((244, 205, 172), (224, 172, 130), (190, 132, 92), (141, 92, 62), (98, 62, 44)))
    hair = dice.choice(((34, 24, 20), (78, 48, 30), (150, 96, 46), (206, 164, 96), (150, 150, 152), (120, 44, 28)))
    cloth = blend(palette.near, palette.far, dice.uniform(0.1, 0.8))
    x, y, wide, tall = width / 2, height * 0.43, width * 0.2, height * 0.165
    is_long = dice.random() < 0.5
    if is_long:
        pen.rounded_rectangle((x - wide * 1.28, y - tall * 0.9, x + wide * 1.28, y + tall * 1.65), wide, hair)
    pen.rounded_rectangle((x - width * 0.4, height * 0.7, x + width * 0.4, height * 1.3), width * 0.2, cloth)
    pen.polygon(
        [(x - wide * 0.72, height * 0.7), (x, height * 0.83), (x + wide * 0.72, height * 0.7)], blend(skin, (0, 0, 0), 0.14)
    )
    pen.rounded_rectangle(
        (x - wide * 0.42, y + tall * 0.6, x + wide * 0.42, height * 0.745), wide * 0.4, blend(skin, (0, 0, 0), 0.14)
    )
    pen.ellipse((x - wide, y - tall, x + wide, y + tall * 1.12), skin)
    parting = dice.uniform(-0.5, 0.5)
    pen.pieslice((x - wide * 1.12, y - tall * 1.3, x + wide * 1.12, y + tall * 0.5), 180 + parting * 16, 360 + parting * 16, hair)
    if not is_long and dice.random() < 0.4:
        pen.chord((x - wide * 0.86, y - tall * 0.3, x + wide * 0.86, y + tall * 1.16), 12, 168, blend(hair, skin, 0.12))
    return picture.reduce(2)


def _scrim(picture: Image.Image, palette: Palette, start: float, strength: float) -> Image.Image:
    """Darken the foot of a picture, from `start` (a share of its height) on, so that lettering can be read."""
    height = picture.height
    column = Image.new("L", (1, height))
    for y in range(height):
        share = max(0.0, (y / height - start) / (1 - start))
        column.putpixel((0, y), round(255 * strength * min(1.0, share * 1.5) ** 1.4))
    picture.paste(blend(palette.near, (0, 0, 0), 0.4), (0, 0), column.resize(picture.size, Image.Resampling.NEAREST))
    return picture


def _small(
    picture: Image.Image, text: str, centre: tuple[float, float], size: int, spacing: float, colour: Colour, width: float
) -> None:
    draw_line(
        picture,
        text,
        centre=centre,
        size=fitted_size([text], width, largest=size, spacing=spacing),
        spacing=spacing,
        colour=colour,
    )
