"""The comparison itself: a planted difference is found wherever it is, and what nobody fills is told."""

import pytest

from tests.kodi.__main__ import again, report
from tests.kodi.comparing import EXCEPTIONS, PUBLISHED, compare
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


def test_of_several_certificates_kodi_shows_the_one_that_decides_where_we_published_it() -> None:
    marquee = shown(certificates=["US:R", "JP:R15+"])
    assert compare(shown(certificates=["US:R"]), marquee, PUBLISHED).differences == []
    for others in (["JP:R15+"], ["US:R", "JP:R15+"], []):
        assert len(compare(shown(certificates=others), marquee, PUBLISHED).differences) == 1
    assert len(compare(shown(certificates=["US:R"]), marquee).differences) == 1


def test_a_day_that_nobody_knows_is_kodis_own_and_a_known_one_is_not() -> None:
    episode = ("episode", "Series/Northlight (2017)", "1", "1")

    def on(day: str | None) -> Shown:
        return {episode: {"release date": day}}

    assert compare(on("1970-01-01"), on(None)).differences == []
    assert len(compare(on(None), on(None)).differences) == 1
    assert len(compare(on("1970-01-01"), on("2017-10-06")).differences) == 1


def test_publishing_again_and_a_scan_of_our_own_files_have_to_change_nothing() -> None:
    assert again(shown(), shown(), [32, 0]) == []
    assert again(shown(), shown(title="Plain water"), [32, 2]) == [
        f"film {FILM[1]}: publishing changed what Marquee says",
        "publishing again wrote 2 files",
    ]


def test_a_field_that_only_one_side_reads_is_a_mistake_of_ours() -> None:
    for kodi, marquee in ((shown(plot=None), shown()), (shown(), shown(plot=None))):
        with pytest.raises(KeyError, match="plot"):
            compare(kodi, marquee)


def test_the_command_fails_for_differences_for_empty_fields_and_for_nothing_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    full = shown(tags=["lamp"])
    assert report("it", compare(full, full), is_generated=True) == 0
    assert report("it", compare(full, shown()), is_generated=True) == 1
    assert report("it", compare(shown(), shown()), is_generated=True) == 1
    assert report("it", compare(shown(), shown()), is_generated=False) == 0
    assert report("it", compare({}, {}), is_generated=False) == 1
    said = capsys.readouterr().out
    assert "- film: tags is empty everywhere: the library does not test it" in said
    assert "film        title                 1       1       0" in said
