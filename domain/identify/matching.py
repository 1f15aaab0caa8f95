"""How sure it is that a candidate is what an item is: one number between 0 and 1, a sum of named reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.catalog.enums import EntityKind
from domain.identify import titles, weights


class ReasonKind(StrEnum):
    """What speaks for or against a candidate."""

    TITLE = "title"
    YEAR = "year"
    RUNTIME = "runtime"
    STRUCTURE = "structure"
    NAMESAKES = "namesakes"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of them: what it counts, and why in words."""

    kind: ReasonKind
    points: float
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a film or series before anybody was asked.

    `titles` and `years` are all that names and NFO files say, the shown ones first. `seasons` are the seasons that are there
    with their highest episode numbers (0 = specials); `absolute` is the highest number of those counted over the whole series.
    """

    kind: EntityKind
    titles: tuple[str, ...]
    years: tuple[int, ...] = ()
    runtime_ms: int | None = None
    is_usual_cut: bool = True
    seasons: Mapping[int, int] = field(default_factory=dict)
    absolute: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A thing that it could be, as providers tell of it.

    `titles` are the shown and the original one, `years` those of its releases in other countries, `last_year` when a series
    ended (None = it runs). `seasons` are its seasons with the number of their episodes; None where nobody said.
    """

    titles: tuple[str, ...]
    other_titles: tuple[str, ...] = ()
    year: int | None = None
    years: frozenset[int] = frozenset()
    last_year: int | None = None
    runtime_ms: int | None = None
    seasons: Mapping[int, int] | None = None
    popularity: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """An option's place in the list that was judged, how sure it is, and why."""

    index: int
    confidence: float
    reasons: tuple[Reason, ...]


def judge(wanted: Wanted, options: Sequence[Option]) -> list[Judged]:
    """All options, the likeliest first; popularity orders those that are equally likely and counts for nothing else."""
    alike = [_similarity(wanted, option) for option in options]
    judged = []
    for index, option in enumerate(options):
        reasons = [_title(alike[index]), _year(wanted, option)]
        reasons.append(_runtime(wanted, option) if wanted.kind is EntityKind.MOVIE else _structure(wanted, option))
        crowd = sum(1 for number, other in enumerate(alike) if number != index and other >= alike[index] - 1e-9)
        if crowd and not (wanted.years and option.year):
            count = min(crowd, weights.MOST_NAMESAKES)
            reasons.append(Reason(ReasonKind.NAMESAKES, weights.NAMESAKE * count, f"{crowd} others have as good a title"))
        told = tuple(Reason(one.kind, round(one.points, 3), one.text) for one in reasons)
        judged.append(Judged(index, round(min(1.0, max(0.0, sum(one.points for one in told))), 3), told))
    return sorted(judged, key=lambda one: (-one.confidence, -options[one.index].popularity, one.index))


def accepted(judged: Sequence[Judged]) -> Judged | None:
    """The first of `judge`'s list where nobody needs to be asked: sure enough, and far enough ahead of the next."""
    if not judged or judged[0].confidence < weights.ACCEPTED:
        return None
    if len(judged) > 1 and judged[0].confidence - judged[1].confidence < weights.MARGIN - 1e-9:
        return None
    return judged[0]


def contradiction(wanted: Wanted, option: Option) -> tuple[Reason, ...]:
    """Why something that an id names cannot be it: its title is far off, and so is its year or, without a year, its length."""
    alike = _similarity(wanted, option)
    if alike >= weights.FAR_TITLE or not wanted.titles:
        return ()
    year, length = _year(wanted, option), _runtime(wanted, option)
    is_other_year = year.points < 0
    is_other_length = year.points == weights.NO_YEAR and length.points < 0
    if not is_other_year and not is_other_length:
        return ()
    return (_title(alike), year) if is_other_year else (_title(alike), year, length)


def _similarity(wanted: Wanted, option: Option) -> float:
    first = titles.best(wanted.titles, option.titles)
    return max(first, weights.OTHER_TITLE * titles.best(wanted.titles, option.other_titles))


def _title(alike: float) -> Reason:
    points = weights.TITLE * max(0.0, (alike - weights.UNLIKE) / (1 - weights.UNLIKE))
    words = "the same title" if alike == 1 else f"titles {alike:.0%} alike"
    return Reason(ReasonKind.TITLE, points, words)


def _year(wanted: Wanted, option: Option) -> Reason:
    if not wanted.years or option.year is None:
        return Reason(ReasonKind.YEAR, weights.NO_YEAR, "no year to compare")
    apart = min(abs(year - option.year) for year in wanted.years)
    if apart == 0:
        return Reason(ReasonKind.YEAR, weights.SAME_YEAR, "the same year")
    if apart == 1:
        points = weights.NEXT_YEAR_OF_SERIES if wanted.kind is EntityKind.SERIES else weights.NEXT_YEAR
        return Reason(ReasonKind.YEAR, points, f"one year apart: {option.year}")
    if option.years.intersection(wanted.years):
        return Reason(ReasonKind.YEAR, weights.NEXT_YEAR, "its year in another country")
    last = option.last_year if option.last_year is not None else option.year
    if wanted.kind is EntityKind.SERIES and any(option.year < year <= last for year in wanted.years):
        return Reason(ReasonKind.YEAR, weights.YEAR_OF_RUN, f"it ran from {option.year} to {last}")
    return Reason(ReasonKind.YEAR, weights.OTHER_YEAR, f"another year: {option.year}")


def _runtime(wanted: Wanted, option: Option) -> Reason:
    mine, theirs = wanted.runtime_ms, option.runtime_ms
    if wanted.kind is not EntityKind.MOVIE or not mine or not theirs:
        return Reason(ReasonKind.RUNTIME, weights.NO_LENGTH, "no length to compare")
    apart, minutes = abs(mine - theirs), round(theirs / 60_000)
    if apart <= max(weights.SAME_LENGTH_MS, theirs * weights.SAME_LENGTH_SHARE):
        return Reason(ReasonKind.RUNTIME, weights.SAME_LENGTH, f"the same length: {minutes} minutes")
    if apart <= theirs * weights.NEAR_LENGTH_SHARE:
        return Reason(ReasonKind.RUNTIME, weights.NEAR_LENGTH, f"nearly its length: {minutes} minutes")
    if not wanted.is_usual_cut and mine > theirs:
        return Reason(ReasonKind.RUNTIME, weights.NEAR_LENGTH, f"a longer cut of {minutes} minutes")
    return Reason(ReasonKind.RUNTIME, weights.OTHER_LENGTH, f"another length: {minutes} minutes")


def _structure(wanted: Wanted, option: Option) -> Reason:
    mine = {season: count for season, count in wanted.seasons.items() if season > 0 and count > 0}
    theirs = option.seasons
    if not theirs or not (mine or wanted.absolute):
        return Reason(ReasonKind.STRUCTURE, weights.NO_STRUCTURE, "no episodes to compare")
    total = sum(count for season, count in theirs.items() if season > 0)
    highest = max(theirs)
    if missing := [season for season in mine if season not in theirs]:
        text = f"it has no season {missing[0]}" if missing[0] > highest else f"season {missing[0]} is missing there"
        return Reason(ReasonKind.STRUCTURE, weights.OTHER_STRUCTURE, text)
    over = [season for season, count in mine.items() if count > theirs[season] + weights.MORE_EPISODES]
    if over:
        text = f"its season {over[0]} has {theirs[over[0]]} episodes"
        return Reason(ReasonKind.STRUCTURE, weights.OTHER_STRUCTURE, text)
    if wanted.absolute > total + weights.MORE_EPISODES:
        return Reason(ReasonKind.STRUCTURE, weights.OTHER_STRUCTURE, f"it has {total} episodes")
    is_whole = wanted.absolute == total or (mine and all(theirs[season] == count for season, count in mine.items()))
    if is_whole:
        return Reason(ReasonKind.STRUCTURE, weights.SAME_STRUCTURE, "its seasons end with the same episodes")
    return Reason(ReasonKind.STRUCTURE, weights.FITTING_STRUCTURE, "its seasons have these episodes")
