"""Sort keys and normalized names."""

import pytest

from domain.catalog.sorting import normal_name, sort_key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Matrix", "matrix"),
        ("A Beautiful Mind", "beautiful mind"),
        ("A", "a"),
        ("The The", "the"),
        ("Theodore Rex", "theodore rex"),
        ("A.I. Artificial Intelligence", "ai artificial intelligence"),
        ("Amélie", "amelie"),
        ("Straße", "strasse"),
        ("Łódź & Ærø", "lodz aero"),
        ("Ocean's Eleven", "oceans eleven"),
        ("!!!", "!!!"),
        ("ガンダム", "ガンダム"),
        ("हिन्दी", "हिन्दी"),
        ("2 Fast", "000000000002 fast"),
        ("007", "000000000007"),
    ],
)
def test_sort_key(title: str, key: str) -> None:
    assert sort_key(title) == key


def test_numbers_stand_in_their_order() -> None:
    titles = ["Saw 10", "Saw", "Saw 2", "saw 1", "100 Streets", "12 Monkeys", "The 5th Wave"]
    assert sorted(titles, key=sort_key) == ["The 5th Wave", "12 Monkeys", "100 Streets", "Saw", "saw 1", "Saw 2", "Saw 10"]


@pytest.mark.parametrize(
    ("title", "language", "key"),
    [
        ("Die Hard", "en", "die hard"),
        ("Die Welle", "de", "welle"),
        ("L'Avventura", "it", "avventura"),
        ("L’été", "fr", "ete"),
        ("Les Choristes", "fr", "choristes"),
        ("The Matrix", "", "the matrix"),
        ("De Lift", "nl", "lift"),
    ],
)
def test_articles_belong_to_a_language(title: str, language: str, key: str) -> None:
    assert sort_key(title, language=language) == key


@pytest.mark.parametrize(
    ("one", "other"), [("Sci-Fi", "sci  fi"), ("Penélope Cruz", "PENELOPE CRUZ"), ("J.J. Abrams", "JJ Abrams"), ("ＡＢＣ", "abc")]
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("Action", "Actions"), ("A&M", "AM")])
def test_names_that_differ(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)
