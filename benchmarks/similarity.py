"""How well pictures are recognised again: `python -m benchmarks.similarity` over a generated set of 1,000 images.

Families of pictures (a poster with its re-encoded, resized, cropped, lighter, darker, flatter and grey copies), posters
that differ only in the language of their text, and sparse logos. Recall is over the pairs that are the same picture,
precision over the pairs that are reported among all of them.
"""

import io
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from domain.artwork.similarity import Print, pairs
from workers.artwork.hashing import difference_hash, flattened, perceptual_hash

WORDS: Final = [
    "shadow", "night", "return", "love", "silent", "river", "lost", "empire", "garden", "Schatten", "Nacht", "Liebe",
    "Fluss", "ombre", "nuit", "amour", "retour", "last", "king", "dragon", "winter", "soleil", "Licht", "Meer",
    "sombra", "noche", "camino", "perdido",
]  # fmt: skip
NAMES: Final = [
    "Aurora", "Nimbus", "Falcon", "Onyx", "Velvet", "Ember", "Quartz", "Zephyr", "Cobalt", "Lumen", "Raven", "Cedar",
    "Mirage", "Pulse", "Orbit", "Vertex", "Solace", "Drift", "Harbor", "Kestrel",
]  # fmt: skip
Change = Callable[[Image.Image, random.Random], Image.Image]


@dataclass(frozen=True)
class Sample:
    """One image of the set: its family, what was done to it, how it looks."""

    family: str
    change: str
    print: Print


def scene(dice: random.Random, width: int = 400, height: int = 600) -> Image.Image:
    """A picture that is like no other."""
    ground = Image.linear_gradient("L").rotate(dice.choice((0, 90, 180, 270))).resize((width, height))
    first, second = (Image.new("RGB", (width, height), tuple(dice.randrange(256) for _ in range(3))) for _ in range(2))
    picture = Image.composite(first, second, ground)
    pen = ImageDraw.Draw(picture)
    for _ in range(dice.randint(6, 18)):
        x, y, size = dice.randrange(width), dice.randrange(height), dice.randint(width // 12, width // 2)
        colour = tuple(dice.randrange(256) for _ in range(3))
        draw = dice.choice((pen.ellipse, pen.rectangle))
        draw((x - size // 2, y - size // 2, x + size // 2, y + size // 2), fill=colour)
    picture = picture.filter(ImageFilter.GaussianBlur(dice.uniform(0, 3)))
    return Image.blend(picture, Image.effect_noise((width, height), dice.uniform(5, 25)).convert("RGB"), 0.08)


def titled(picture: Image.Image, dice: random.Random) -> Image.Image:
    """The picture with a title over its lower third."""
    picture = picture.copy()
    pen, width, size = ImageDraw.Draw(picture), picture.width, picture.width // 9
    font = ImageFont.load_default(size)
    for line in range(dice.choice((1, 2))):
        text = " ".join(dice.sample(WORDS, 2))
        place = ((width - pen.textlength(text, font=font)) / 2, picture.height * 0.74 + line * size * 1.15)
        pen.text(place, text, font=font, fill=(250, 245, 230), stroke_width=2, stroke_fill=(0, 0, 0))
    return picture


def logo(dice: random.Random) -> Image.Image:
    """A name and a shape on nothing."""
    picture = Image.new("RGBA", (800, 310), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    colour = (*(dice.randrange(120, 256) for _ in range(3)), 255)
    text = " ".join(dice.sample(NAMES, dice.choice((1, 2))))
    place = (dice.randint(10, 60), dice.randint(20, 120))
    pen.text(place, text, font=ImageFont.load_default(dice.randint(70, 120)), fill=colour)
    x, shape = dice.randint(0, 680), dice.randrange(3)
    if shape == 0:
        pen.rectangle((x, dice.randint(240, 280), x + dice.randint(60, 400), dice.randint(285, 300)), fill=colour)
    elif shape == 1:
        pen.ellipse((x, 200, x + 90, 290), outline=colour, width=dice.randint(4, 20))
    return picture


def reencoded(picture: Image.Image, dice: random.Random) -> Image.Image:
    stream = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(stream, "WEBP", quality=dice.randint(40, 80))
    else:
        picture.save(stream, "JPEG", quality=dice.randint(35, 75))
    return Image.open(io.BytesIO(stream.getvalue())).convert(picture.mode)


def resized(picture: Image.Image, dice: random.Random) -> Image.Image:
    scale = dice.uniform(0.35, 0.9)
    return picture.resize((int(picture.width * scale), int(picture.height * scale)), Image.Resampling.LANCZOS)


def cropped(picture: Image.Image, dice: random.Random, part: float = 0.02) -> Image.Image:
    """Loses up to `part` of its width and of its height."""
    width, height = picture.size
    across, down = dice.uniform(0, part) * width, dice.uniform(0, part) * height
    left, top = across * dice.random(), down * dice.random()
    return picture.crop((round(left), round(top), round(width - across + left), round(height - down + top)))


def lighter(picture: Image.Image, dice: random.Random) -> Image.Image:
    return _kept_shape(picture, ImageEnhance.Brightness(picture.convert("RGB")).enhance(dice.uniform(0.7, 1.3)))


def flatter(picture: Image.Image, dice: random.Random) -> Image.Image:
    return _kept_shape(picture, ImageEnhance.Contrast(picture.convert("RGB")).enhance(dice.uniform(0.7, 1.3)))


def grey(picture: Image.Image, dice: random.Random) -> Image.Image:
    return _kept_shape(picture, picture.convert("L").convert("RGB"))


def _kept_shape(picture: Image.Image, changed: Image.Image) -> Image.Image:
    if picture.mode == "RGBA":
        changed.putalpha(picture.getchannel("A"))
    return changed


def shifted_hue(picture: Image.Image, dice: random.Random) -> Image.Image:
    hue, saturation, value = picture.convert("RGB").convert("HSV").split()
    by = dice.randint(20, 235)
    return Image.merge("HSV", (hue.point(lambda each: (each + by) % 256), saturation, value)).convert("RGB")


CHANGES: Final[dict[str, Change]] = {
    "reencoded": reencoded, "resized": resized, "cropped": cropped, "brightness": lighter, "contrast": flatter, "grey": grey,
}  # fmt: skip


def seen(picture: Image.Image, name: str, language: str | None = None) -> Print:
    """How the product sees a picture."""
    small = flattened(picture)
    ratio = 1.0
    if picture.mode == "RGBA":
        ratio = sum(picture.getchannel("A").histogram()[129:]) / (picture.width * picture.height)
    return Print(name, perceptual_hash(small), difference_hash(small), ratio, language)


def generated(scale: float = 1.0, *, with_languages: bool = True) -> Iterator[Sample]:
    """1,000 images at scale 1: 100 families of 7, 50 of them with two more languages, 100 logos with a copy of each."""
    languages = ("en", "de", "fr") if with_languages else (None, None, None)
    for number in range(round(100 * scale)):
        dice = random.Random(number)
        bare = scene(dice)
        poster = titled(bare, dice)
        family = f"poster {number}"
        yield Sample(family, "original", seen(poster, family, languages[0]))
        for name, change in CHANGES.items():
            yield Sample(family, name, seen(change(poster, dice), f"{family} {name}", languages[0]))
        for language in languages[1:] if number % 2 else ():
            other = f"{family} in {dice.random()}"
            yield Sample(other, "language", seen(titled(bare, dice), other, language))
    for number in range(round(100 * scale)):
        dice = random.Random(50_000 + number)
        drawn, family = logo(dice), f"logo {number}"
        name, change = dice.choice(list(CHANGES.items()))
        yield Sample(family, "original", seen(drawn, family))
        yield Sample(family, f"logo {name}", seen(change(drawn, dice), f"{family} {name}"))


@dataclass(frozen=True)
class Measured:
    """What came out: counts of images and pairs, `missed` by what was done."""

    images: int
    same: int
    found: int
    reported: int
    missed: dict[str, int]

    @property
    def recall(self) -> float:
        return self.found / self.same

    @property
    def precision(self) -> float:
        return self.found / self.reported


def measured(samples: list[Sample]) -> Measured:
    """Every picture against every other."""
    same = {
        (one, other)
        for one, first in enumerate(samples)
        for other in range(one + 1, len(samples))
        if samples[other].family == first.family
    }
    reported = {(one, other) for one, other, _ in pairs([(place, each.print) for place, each in enumerate(samples)])}
    missed: dict[str, int] = {}
    for one, other in same - reported:
        name = f"{samples[one].change} / {samples[other].change}"
        missed[name] = missed.get(name, 0) + 1
    return Measured(len(samples), len(same), len(same & reported), len(reported), missed)


def without_aim(scale: float = 1.0) -> dict[str, float]:
    """Recall for larger crops and shifted hues, which have no aim."""
    changes: dict[str, Change] = {
        "crop of 5 %": lambda picture, dice: cropped(picture, dice, 0.05),
        "crop of 10 %": lambda picture, dice: cropped(picture, dice, 0.10),
        "shifted hue": shifted_hue,
    }
    found = dict.fromkeys(changes, 0)
    total = round(100 * scale)
    for number in range(total):
        dice = random.Random(number)
        poster = titled(scene(dice), dice)
        first = seen(poster, "first")
        for name, change in changes.items():
            found[name] += bool(list(pairs([(0, first), (1, seen(change(poster, dice), name))])))
    return {name: count / total for name, count in found.items()}


def main() -> None:
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    for title, with_languages in (("languages known, as providers tell them", True), ("no language known", False)):
        result = measured(list(generated(scale, with_languages=with_languages)))
        print(f"{title}: {result.images} images, {result.same} pairs that are the same, {result.reported} reported")
        print(f"  recall {result.recall:.2%} (aim 98 %)   precision {result.precision:.2%} (aim 99.5 %)")
        print(f"  missed: {dict(sorted(result.missed.items(), key=lambda each: -each[1])[:8])}")
    for name, recall in without_aim(scale).items():
        print(f"without an aim: {name}: recall {recall:.0%}")


if __name__ == "__main__":
    main()
