"""Understanding a path for certain or by guessing: the grammar first, guessit where it is not sure."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from guessit import guessit
from guessit.api import GuessitException

from domain.libraries.names import Hint, ParsedName, parse_path
from domain.libraries.names.clean import clean
from domain.libraries.names.editions import join_labels, normalise_edition

CACHE_SIZE = 2048  # names; one guess takes about 12 ms
LONGEST = 400  # characters guessit is given; the end of a path says most


def understand(relative: str, *, hint: Hint) -> ParsedName:
    """Understand a path relative to the library root.

    The grammar's answers have a confidence of 0.7 to 1.0, guessit's at most 0.8; the kind is "unknown" with
    confidence 0 when neither finds a title or a number. Never raises for a name, whatever it holds.
    """
    return parse_path(relative, hint=hint) or _guess(relative[-LONGEST:], hint)


@lru_cache(maxsize=CACHE_SIZE)
def _guess(relative: str, hint: Hint) -> ParsedName:
    """Ask guessit. A guess that finds neither title nor number is unknown."""
    try:
        options = {"type": {"movie": "movie", "tv": "episode"}[hint]} if hint else {}
        found: dict[str, Any] = dict(guessit(relative, options))
    except GuessitException:
        return ParsedName("unknown", "", parser="guessit", confidence=0.0, reasons=("guessit failed",))
    title = " ".join(str(value) for value in _all(found.get("title")))
    season = next((value for value in _all(found.get("season")) if isinstance(value, int)), None)
    episodes = _numbers(found.get("episode"))
    absolute = _numbers(found.get("absolute_episode"))
    day = found.get("date") if isinstance(found.get("date"), date) else None
    if season is None and episodes and not absolute:
        episodes, absolute = (), episodes
    movie = found.get("type") == "movie"
    if movie:
        season, episodes, absolute = None, (), ()
    years = _numbers(found.get("year"))
    known = bool(title or episodes or absolute or day)
    kind = "movie" if movie else "episode" if episodes or absolute or day else "season" if season is not None else "unknown"
    cleaned = clean(relative.replace("\\", "/").rsplit("/", 1)[-1])
    numbered = bool(years) if movie else bool(episodes or absolute or day)
    return ParsedName(
        kind if known else "unknown",  # type: ignore[arg-type]
        title,
        years[0] if years else None,
        season,
        episodes,
        absolute,
        day,
        episode_title=" ".join(str(value) for value in _all(found.get("episode_title"))),
        edition=join_labels([normalise_edition(str(value)) for value in _all(found.get("edition"))]),
        part=next(iter(_numbers(found.get("cd")) or _numbers(found.get("part"))), None) if movie else None,
        external_ids=cleaned.external_ids,
        parser="guessit",
        confidence=0.0 if not known else 0.8 if title and numbered else 0.5,
        reasons=("guessit",),
    )


def _all(value: object) -> list[object]:
    """Return a guessed value as a list: guessit gives one value or several."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _numbers(value: object) -> tuple[int, ...]:
    """Return the whole numbers of a guessed value, sorted."""
    values: Iterable[object] = _all(value)
    return tuple(sorted(number for number in values if isinstance(number, int)))
