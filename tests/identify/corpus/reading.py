"""The corpus of realistic cases: what the catalogue knows, and what folders are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.catalog.enums import EntityKind
from domain.catalog.sorting import normal_name
from domain.identify.matching import Option, Wanted
from domain.identify.titles import best

HERE = Path(__file__).parent
MINUTE_MS = 60_000
MOST = 20


@dataclass(frozen=True)
class Work:
    """A film or series as a provider knows it."""

    kind: EntityKind
    id: str
    title: str
    original_title: str
    year: int
    last_year: int | None
    minutes: int | None
    seasons: Mapping[int, int]
    other_titles: tuple[str, ...]
    years: frozenset[int]

    @property
    def titles(self) -> tuple[str, ...]:
        return (self.title, self.original_title, *self.other_titles)

    @property
    def option(self) -> Option:
        runtime_ms = None if self.minutes is None else self.minutes * MINUTE_MS
        return Option(
            (self.title, self.original_title), self.other_titles, self.year, self.years, self.last_year, runtime_ms,
            self.seasons or None,
        )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What a folder says, and what it is: the id, or None where nobody can tell."""

    wanted: Wanted
    expected: str | None
    why: str

    def __str__(self) -> str:
        return f"{self.wanted.kind.value} {self.wanted.titles[0]} {self.wanted.years} ({self.why})"


def _lines(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [*line.split("\t"), *[""] * 9][:9]


def _seasons(text: str) -> dict[int, int]:
    pairs = (piece.split(":") for piece in text.split(",") if ":" in piece and not piece.startswith("abs"))
    return {int(season): int(count) for season, count in pairs}


def works() -> list[Work]:
    found = []
    for kind, key, title, original, first, last, size, others, years in _lines("catalogue.tsv"):
        is_film = kind == "movie"
        found.append(
            Work(
                EntityKind(kind), key, title, original, int(first), int(last) if last else None,
                int(size) if is_film else None, {} if is_film else _seasons(size),
                tuple(one for one in others.split(";") if one), frozenset(int(year) for year in years.split(";") if year),
            )
        )  # fmt: skip
    return found


def cases(name: str = "cases.tsv") -> list[Case]:
    found = []
    for kind, title, year, size, expected, why, *_ in _lines(name):
        is_film = kind == "movie"
        minutes = size.rstrip("*") if is_film else ""
        wanted = Wanted(
            EntityKind(kind), (title,), (int(year),) if year else (), int(minutes) * MINUTE_MS if minutes else None,
            not size.endswith("*"), {} if is_film else _seasons(size),
            int(size.removeprefix("abs:")) if size.startswith("abs:") else 0,
        )  # fmt: skip
        found.append(Case(wanted, None if expected == "?" else expected, why))
    return found


def search(every: list[Work], wanted: Wanted) -> list[Work]:
    """More than a provider finds: whatever shares a word or looks alike, the likest first."""
    words = {word for title in wanted.titles for word in normal_name(title).split() if len(word) > 3}

    def rank(work: Work) -> float:
        alike = best(wanted.titles, work.titles)
        shared = words & {word for title in work.titles for word in normal_name(title).split()}
        return alike if alike >= 0.5 else 0.4 if shared else 0.0

    ranked = sorted(((rank(work), work) for work in every if work.kind is wanted.kind), key=lambda pair: -pair[0])
    return [work for score, work in ranked if score > 0][:MOST]
