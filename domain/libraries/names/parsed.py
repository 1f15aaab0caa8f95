"""What a file or folder name says, as one immutable value."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["movie", "episode", "season", "extra", "unknown"]
Hint = Literal["movie", "tv"] | None
Parser = Literal["grammar", "guessit"]


@dataclass(frozen=True, slots=True)
class ParsedName:
    """The facts of one name; absent facts are None, an empty tuple or an empty string.

    `episodes` counts within `season` (season 0 holds the specials); `absolute` counts over the whole
    series and is the only number of an anime release without a season. `part` is the number of a
    stacked film (cd1, part 2), `daily_part` that of a daily show in several parts. `confidence` is
    between 0 and 1: 0.95 and above for tidy names, at most 0.8 when guessit had to help.
    """

    kind: Kind
    title: str
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    absolute: tuple[int, ...] = ()
    air_date: date | None = None
    daily_part: int | None = None
    episode_title: str = ""
    edition: str = ""
    part: int | None = None
    external_ids: tuple[tuple[str, str], ...] = ()
    parser: Parser = "grammar"
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()
