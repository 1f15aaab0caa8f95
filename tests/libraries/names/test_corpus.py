"""The published parser tests of guessit, Sonarr and Radarr, as facts: what the two understanders make of them.

Right means that every fact a case states is met: title, year, season, episodes, absolute numbers, air date and
edition. A cell left empty states nothing. Titles are equal when they are equal without case, spaces and
punctuation (letters keep their accents), as in Sonarr's CleanSeriesTitle and guessit's normalize_title; where a
case counts the year to the title, title and year together are compared. A title cell may name several accepted
forms, separated by `|`: guessit publishes the second half of a title or the country of a remake beside the title.
Editions are equal when they hold the same words, the nouns (cut, edition, version) aside. An episode number
without a season may be answered as an absolute one, and a year by the year of the air date.

CORPUS_WRITE=1 writes `misses.txt` anew.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.libraries.names import Hint, ParsedName
from workers.libraries.guessing import understand

HERE = Path(__file__).parent
SOURCES: dict[str, tuple[Hint, tuple[str, ...]]] = {
    "guessit": (None, ("guessit.csv",)),
    "sonarr": ("tv", ("sonarr.csv", "sonarr_absolute.csv", "sonarr_more.csv")),
    "radarr": ("movie", ("radarr.csv",)),
}
REQUIRED = 0.95


def _key(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.casefold())


def _edition_words(edition: str) -> set[str]:
    text = re.sub(r"['’]", "", edition.casefold()).replace("fanedit", "fan edit")
    return {word.rstrip("s") for word in re.findall(r"[^\W_]+", text)} - {"cut", "edition", "version"}


def _same_title(accepted: str, found: ParsedName) -> bool:
    answers = {_key(found.title), _key(f"{found.title} {found.year or ''}")}
    return any(_key(title) in answers for title in accepted.split("|"))


def _numbers(cell: str) -> tuple[int, ...]:
    return tuple(int(number) for number in cell.split())


def _wrong(case: dict[str, str], found: ParsedName) -> list[str]:
    """Name the facts of a case that the answer does not meet."""
    year = found.year or (found.air_date.year if found.air_date else None)
    episodes = {found.episodes} if case["season"] else {found.episodes, found.absolute}
    checks: dict[str, Callable[[], bool]] = {
        "title": lambda: _same_title(case["title"], found),
        "year": lambda: year == int(case["year"]),
        "season": lambda: found.season == int(case["season"]),
        "episodes": lambda: _numbers(case["episodes"]) in episodes,
        "absolute": lambda: _numbers(case["absolute"]) == found.absolute,
        "air_date": lambda: str(found.air_date) == case["air_date"],
        "edition": lambda: _edition_words(found.edition) == _edition_words(case["edition"]),
    }
    return [fact for fact, met in checks.items() if case[fact] and not met()]


def _cases() -> list[tuple[str, Hint, dict[str, str]]]:
    cases: list[tuple[str, Hint, dict[str, str]]] = []
    for source, (hint, files) in SOURCES.items():
        for file in files:
            with (HERE / "corpus" / file).open(encoding="utf-8", newline="") as rows:
                cases.extend((source, hint, row) for row in csv.DictReader(rows))
    return cases


def test_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    run: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    grammar: Counter[str] = Counter()
    misses: list[str] = []
    for source, hint, case in _cases():
        found = understand(case["input"], hint=hint)
        wrong = _wrong(case, found)
        run[source, case["class"]] += 1
        right[source, case["class"]] += not wrong
        grammar[source] += found.parser == "grammar"
        if wrong:
            misses.append(f"{source}\t{case['input']}\t{' '.join(wrong)}")
    totals: Counter[str] = Counter()
    rights: Counter[str] = Counter()
    lines = []
    for (source, kind), count in sorted(run.items()):
        totals[source] += count
        rights[source] += right[source, kind]
        lines.append(f"{source:8} {kind:24} {right[source, kind]:5} of {count:5}  {right[source, kind] / count:7.2%}")
    for source, count in totals.items():
        share = f"{rights[source] / count:7.2%}, by the grammar {grammar[source] / count:.0%}"
        lines.append(f"{source:8} {'all':24} {rights[source]:5} of {count:5}  {share}")
    with capsys.disabled():
        print("\nnames corpus", *lines, sep="\n")
    known_file = HERE / "misses.txt"
    if os.environ.get("CORPUS_WRITE"):
        known_file.write_text("".join(f"{miss}\n" for miss in misses), encoding="utf-8")
    assert misses == known_file.read_text(encoding="utf-8").splitlines()
    assert sum(rights.values()) >= REQUIRED * sum(totals.values())
    assert all(rights[source] >= REQUIRED * count for source, count in totals.items())
