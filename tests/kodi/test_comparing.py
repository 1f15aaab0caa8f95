"""The comparison itself: a planted difference is found wherever it is, and what nobody fills is told."""

import pytest

from tests.kodi.__main__ import report
from tests.kodi.comparing import EXCEPTIONS, compare
from tests.kodi.shape import Shown

FILM = ("film", "Films/Plain Water (2003)/Plain Water (2003).mp4")
SEASON = ("season", "Series/Northlight (2017)", "1")


def shown(**fields: object) -> Shown:
    return {FILM: {"title": "Plain Water", "ratings": {"imdb": (7.4, 12)}, "tags": [], **fields}}


def test_equal_views_differ_in_nothing_and_are_counted() -> None:
    found = compare(shown(), shown())
    assert found.differences == []
    assert {name: (row.items, row.filled, row.different) for (_, name), row in found.rows.items()} == {
        "title": (1, 1, 0),
        "ratings": (1, 1, 0),
        "tags": (1, 0, 0),
    }
    assert found.never_filled() == ["film: tags"]


@pytest.mark.parametrize("fields", [{"title": "Plain water"}, {"ratings": {"imdb": (7.3, 12)}}, {"tags": ["lamp"]}])
def test_a_planted_difference_is_found_on_either_side(fields: dict[str, object]) -> None:
    for kodi, marquee in ((shown(**fields), shown()), (shown(), shown(**fields))):
        (difference,) = compare(kodi, marquee).differences
        assert difference.startswith(f"film {FILM[1]}: {next(iter(fields))}\n    Kodi ")


def test_an_item_that_only_one_side_has_is_a_difference() -> None:
    both, one = {**shown(), SEASON: {"title": "First Dark"}}, shown()
    assert compare(both, one).differences == ["season Series/Northlight (2017) 1: only Kodi has it"]
    assert compare(one, both).differences == ["season Series/Northlight (2017) 1: only Marquee has it"]


def test_an_exception_wants_another_value_and_not_just_any() -> None:
    assert {kind for kind, name in EXCEPTIONS if name == "runtime"} == {"film", "episode"}
    marquee = shown(runtime=6240, length=3)
    assert compare(shown(runtime=3, length=3), marquee).differences == []
    assert len(compare(shown(runtime=6240, length=3), marquee).differences) == 1


def test_a_field_that_only_one_side_reads_is_a_mistake_of_ours() -> None:
    for kodi, marquee in ((shown(plot=None), shown()), (shown(), shown(plot=None))):
        with pytest.raises(KeyError, match="plot"):
            compare(kodi, marquee)


def test_the_command_fails_for_differences_for_empty_fields_and_for_nothing_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    full = shown(tags=["lamp"])
    assert report(compare(full, full), is_generated=True) == 0
    assert report(compare(full, shown()), is_generated=True) == 1
    assert report(compare(shown(), shown()), is_generated=True) == 1
    assert report(compare(shown(), shown()), is_generated=False) == 0
    assert report(compare({}, {}), is_generated=False) == 1
    said = capsys.readouterr().out
    assert "- film: tags is empty everywhere: the library does not test it" in said
    assert "film        title                 1       1       0" in said
