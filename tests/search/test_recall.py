"""Forty searches of each class with known answers, among thousands of names made to be mistaken for them.

A class is right when at least 95 in 100 of its searches have their answer among the first ten; both engines are held to
the same, and to the same answers in the same order. The facts are public ones: titles, original titles, years, names.
"""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

import domain.registry
from domain.catalog import queries, service
from domain.catalog.enums import ItemKind
from domain.catalog.people import PersonName, people
from domain.catalog.sorting import plain
from domain.kit.database import Database, UnitOfWork
from domain.kit.policy import SYSTEM
from domain.search.finding import find
from domain.search.words import is_run, words
from tests.factories import catalog

pytestmark = pytest.mark.both
assert domain.registry

HERE = Path(__file__).parent / "corpus"
EACH = 40
NEIGHBOURS = 3000
REQUIRED = 0.95
CLASSES = ("exact", "several words", "prefix", "diacritics", "typing error", "other scripts", "people", "year")


MARKS = str.maketrans("aeiouncs", "áèïöûñçš")


@dataclass(frozen=True)
class Case:
    """A search and the keys that answer it."""

    text: str
    answers: frozenset[int]


def facts(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stock(uow: UnitOfWork) -> tuple[list[int], list[int]]:
    """Keys of the titles and people of the corpus; beside them thousands of names made of the same words."""
    catalog.types(uow)
    titles, names = facts("titles.csv"), [row["name"] for row in facts("people.csv")]
    chance = random.Random(5)
    vocabulary = sorted({word for row in titles for word in row["title"].split() if len(word) > 2})
    parts = sorted({part for name in names for part in name.split()})
    rows = titles + [
        {
            "kind": "movie",
            "title": " ".join(chance.sample(vocabulary, 3)),
            "original": "",
            "year": str(chance.randint(1930, 2025)),
        }
        for _ in range(NEIGHBOURS)
    ]
    types = {"movie": queries.media_type_id(uow.session, "movie"), "series": queries.media_type_id(uow.session, "tv")}
    new = [
        service.NewItem(
            media_type_id=types[row["kind"]], kind=ItemKind(row["kind"]), title=row["title"],
            values={"original_title": row["original"] or None, "year": int(row["year"])},
        )
        for row in rows
    ]  # fmt: skip
    made = service.create_items(uow, new)
    others = [f"{chance.choice(parts)} {chance.choice(parts)} {number}" for number in range(500)]
    persons = people(uow, [PersonName(name) for name in (*names, *others)])
    return made[: len(titles)], persons[: len(names)]


def mistyped(word: str, chance: random.Random) -> str:
    """One letter added, lost, changed or swapped."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [word[:at] + "q" + word[at:], word[:at] + word[at + 1 :], word[:at] + "q" + word[at + 1 :]]
        + ([word[:at] + word[at + 1] + word[at] + word[at + 2 :]] if word[at] != word[at + 1] else [])
    )


def cases(items: list[int], persons: list[int]) -> dict[str, list[Case]]:
    """Forty searches of each class, the same every time."""
    chance = random.Random(11)
    titles, names = facts("titles.csv"), [row["name"] for row in facts("people.csv")]
    by_title: dict[str, set[int]] = {}
    for row, key in zip(titles, items, strict=True):
        by_title.setdefault(row["title"], set()).add(key)
    latin = [row["title"] for row in titles if not any(is_run(word.text) for word in words(row["title"]))]
    long = [title for title in latin if any(word.isascii() and word.isalpha() and len(word) > 5 for word in title.split())]

    def of(title: str, text: str) -> Case:
        return Case(text, frozenset(by_title[title]))

    def erring(title: str) -> Case:
        word = max((each for each in title.split() if each.isascii() and each.isalpha()), key=len)
        return of(title, title.replace(word, mistyped(word.lower(), chance)))

    def loose(title: str) -> Case:
        parts = [word.text for word in words(title)]
        chance.shuffle(parts)
        return of(title, " ".join(parts))

    marked = [title for title in latin if plain(title) != title.casefold()]
    plain_ones = [title for title in latin if title.isascii()]
    several = [title for title in latin if len(title.split()) > 1]
    foreign = [
        (row["original"], key)
        for row, key in zip(titles, items, strict=True)
        if row["original"] and not row["original"][0].isascii()
    ]
    twice = [(row, key) for row, key in zip(titles, items, strict=True) if row["year"]]
    found = {
        "exact": [of(title, title) for title in chance.sample(latin, EACH)],
        "several words": [loose(title) for title in chance.sample(several, EACH)],
        "prefix": [of(title, title[: max(4, len(title) * 3 // 4)]) for title in chance.sample(latin, EACH)],
        "diacritics": [of(title, plain(title)) for title in marked[: EACH // 2]]
        + [of(title, title.translate(MARKS)) for title in chance.sample(plain_ones, EACH - min(len(marked), EACH // 2))],
        "typing error": [erring(title) for title in chance.sample(long, EACH)],
        "other scripts": [Case(text, frozenset([key])) for text, key in chance.sample(foreign, min(EACH, len(foreign)))],
        "people": [
            Case(text, frozenset([key]))
            for name, key in list(zip(names, persons, strict=True))[:EACH]
            for text in [chance.choice([name, plain(name), name.split()[-1], name[: len(name) - 2]])]
        ],
        "year": [Case(f"{row['title']} {row['year']}", frozenset([key])) for row, key in chance.sample(twice, EACH)],
    }
    assert found.keys() == set(CLASSES)
    return found


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, list[tuple[object, ...]]]]:
    """What each engine answered, by engine and text: the second compares itself with the first."""
    return {}


@pytest.fixture
def stocked(database: Database) -> dict[str, list[Case]]:
    with database.transaction() as uow:
        items, persons = stock(uow)
    return cases(items, persons)


def test_answers_are_found_the_same_on_both_engines(
    database: Database, engine: str, stocked: dict[str, list[Case]], answers: dict[str, dict[str, list[tuple[object, ...]]]]
) -> None:
    misses: list[str] = []
    poor: list[str] = []
    mine = answers.setdefault(engine, {})
    for name, searches in stocked.items():
        missed = []
        for case in searches:
            with database.read() as session:
                hits = find(session, SYSTEM, case.text)
            mine[case.text] = [(hit.kind, hit.key, hit.score) for hit in hits]
            if not case.answers & {hit.key for hit in hits[:10]}:
                missed.append(case.text)
        misses += [f"{name}: {text}" for text in missed]
        if len(searches) < EACH or 1 - len(missed) / len(searches) < REQUIRED:
            poor.append(f"{name}: {len(searches)} searches, {len(missed)} missed")
    assert poor == [], misses
    others = [found for other, found in answers.items() if other != engine]
    assert all(found == mine for found in others)
