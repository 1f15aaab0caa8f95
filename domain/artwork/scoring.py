"""How well a picture suits its type: five parts with their weights as data, 0 to 100 together. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.artwork.rules import deviation

RESOLUTION: Final = 30.0
ASPECT: Final = 20.0
LANGUAGE: Final = 20.0
VOTES: Final = 20.0
PROVIDER: Final = 10.0
"""The most that each part gives; together 100."""

IDEAL_PIXELS: Final[Mapping[str, int]] = {
    "poster": 2000 * 3000, "keyart": 2000 * 3000, "fanart": 3840 * 2160, "landscape": 1920 * 1080, "banner": 1000 * 185,
    "clearlogo": 800 * 310, "clearart": 1000 * 562, "discart": 1000 * 1000, "thumb": 1920 * 1080, "cover": 1000 * 1000,
    "actor_thumb": 600 * 900,
}  # fmt: skip
"""Pixels from which a picture of the type gains nothing more."""
USUAL_PIXELS: Final = 1_000_000
PROVIDERS: Final[Mapping[str, float]] = {"local": 1.0, "upload": 1.0, "user": 1.0, "tmdb": 1.0, "fanarttv": 0.9, "tvdb": 0.8}
OTHER_PROVIDER: Final = 0.5
TEXTLESS: Final = frozenset({"fanart", "keyart", "clearart", "characterart", "discart"})
"""Types that are best without text."""
LANGUAGES: Final = {"preferred": 1.0, "none": 0.9, "english": 0.75, "other": 0.25}
TEXTLESS_LANGUAGES: Final = {"preferred": 0.75, "none": 1.0, "english": 0.6, "other": 0.25}
NEUTRAL: Final = 0.5
"""What is not known counts neither for nor against."""
_PRIOR_VOTES: Final = 10
"""So many votes of the middle are added: one vote of 10 says little."""


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of a score; `total` is their sum, at most 100."""

    resolution: float
    aspect: float
    language: float
    votes: float
    provider: float

    @property
    def total(self) -> float:
        """The sum, with two decimals as the parts have."""
        return round(self.resolution + self.aspect + self.language + self.votes + self.provider, 2)

    def as_json(self) -> dict[str, float]:
        """The parts by name."""
        return asdict(self)


def score(
    rule: Any,
    *,
    width: int | None,
    height: int | None,
    language: str | None = None,
    vote_average: float | None = None,
    vote_count: int | None = None,
    provider: str,
    preferred: Sequence[str] = (),
) -> Score:
    """Score a picture by the rule of its type (a row of `asset_types`).

    `width` and `height` are pixels, `vote_average` is 0 to 10, `preferred` are languages (ISO 639-1), best first.
    """
    return Score(
        resolution=round(RESOLUTION * _resolution(rule, width, height), 2),
        aspect=round(ASPECT * _aspect(rule, width, height), 2),
        language=round(LANGUAGE * _language(rule, language, preferred), 2),
        votes=round(VOTES * _votes(vote_average, vote_count), 2),
        provider=round(PROVIDER * PROVIDERS.get(provider, OTHER_PROVIDER), 2),
    )


def _resolution(rule: Any, width: int | None, height: int | None) -> float:
    if not width or not height:
        return NEUTRAL
    return min(width * height / IDEAL_PIXELS.get(rule.name, USUAL_PIXELS), 1.0)


def _aspect(rule: Any, width: int | None, height: int | None) -> float:
    """1 for the type's shape, 0 from twice its tolerance on."""
    if not width or not height:
        return NEUTRAL
    off = deviation(rule, width=width, height=height)
    if off is None:
        return 1.0
    return max(0.0, 1.0 - off / (2 * rule.ratio_tolerance_percent / 100)) if rule.ratio_tolerance_percent else float(off == 0)


def _language(rule: Any, language: str | None, preferred: Sequence[str]) -> float:
    worth = TEXTLESS_LANGUAGES if rule.name in TEXTLESS else LANGUAGES
    if language is None:
        return worth["none"]
    if language in preferred:
        return worth["preferred"]
    return worth["english" if language == "en" else "other"]


def _votes(average: float | None, count: int | None) -> float:
    """The average vote, drawn to the middle while there are few."""
    if average is None or not count:
        return NEUTRAL
    return (min(max(average, 0.0), 10.0) / 10 * count + NEUTRAL * _PRIOR_VOTES) / (count + _PRIOR_VOTES)
