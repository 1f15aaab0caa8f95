"""How alike titles are, what the reasons add up to, and when an id is not believed."""

import pytest

from domain.catalog.enums import EntityKind
from domain.identify.matching import Option, ReasonKind, Wanted, accepted, contradiction, judge
from domain.identify.titles import similarity

MINUTE_MS = 60_000
FILM = EntityKind.MOVIE


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Rocky II", "Rocky 2", 1.0),
        ("V for Vendetta", "5 for Vendetta", 0.5),
        ("Fuer Elise", "Für Elise", 1.0),
        ("Matrix, The", "The Matrix", 1.0),
        ("Matrix", "The Matrix", 0.98),
        ("WallE", "WALL·E", 0.98),
        ("Birdman", "Birdman or (The Unexpected Virtue of Ignorance)", 0.85),
        ("Ocean's Eleven", "Ocean's Twelve", 0.5),
        ("Dawn of the Dead", "Day of the Dead", 0.8),
        ("Her", "Hero", 0.8),
        ("…", "?", 0.0),
    ],
)
def test_titles_are_as_alike_as_their_words(one: str, other: str, expected: float) -> None:
    assert (similarity(one, other), similarity(other, one)) == (expected, expected)


def test_the_confidence_is_the_sum_of_its_reasons() -> None:
    wanted = Wanted(FILM, ("Solaris",), (1972,), 166 * MINUTE_MS)
    first, second = judge(
        wanted,
        [Option(("Solaris",), (), 2002, runtime_ms=99 * MINUTE_MS), Option(("Solaris",), (), 1972, runtime_ms=167 * MINUTE_MS)],
    )
    assert (first.index, first.confidence) == (1, 1.0)
    assert [(one.kind, one.points) for one in first.reasons] == [
        (ReasonKind.TITLE, 0.55), (ReasonKind.YEAR, 0.25), (ReasonKind.RUNTIME, 0.2),
    ]  # fmt: skip
    assert (second.index, second.confidence) == (0, 0.0)
    assert accepted([first, second]) is first


def test_nobody_is_asked_only_with_a_margin() -> None:
    wanted = Wanted(FILM, ("Leo",), (2023,))
    alike = [Option(("Leo",), (), 2023, popularity=1), Option(("Leo",), (), 2023, popularity=9)]
    judged = judge(wanted, alike)
    assert [(one.index, one.confidence) for one in judged] == [(1, 0.88), (0, 0.88)], "popularity breaks the tie"
    assert accepted(judged) is None
    assert accepted(judge(wanted, alike[:1])) is not None


@pytest.mark.parametrize(
    ("wanted", "is_believed"),
    [
        (Wanted(FILM, ("Heat",), (1995,), 170 * MINUTE_MS), True),
        (Wanted(FILM, ("Heat",), (1972,), 102 * MINUTE_MS), True),  # the title is its own
        (Wanted(FILM, ("Fuego contra fuego",), (1995,), 170 * MINUTE_MS), True),  # the year is
        (Wanted(FILM, ("Paddington",), (2014,), 95 * MINUTE_MS), False),
        (Wanted(FILM, ("Paddington",), (), 95 * MINUTE_MS), False),
        (Wanted(FILM, ("Paddington",), (), None), True),  # nothing but a title, which may be any country's
    ],
)
def test_an_id_is_not_believed_against_title_and_year(wanted: Wanted, is_believed: bool) -> None:
    heat = Option(("Heat",), ("Calor",), 1995, runtime_ms=170 * MINUTE_MS)
    assert (contradiction(wanted, heat) == ()) is is_believed
