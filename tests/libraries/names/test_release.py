"""Single names: the shapes the grammar promises, what it sets aside, and how long it may take."""

from datetime import date

import pytest

from domain.libraries.names import Hint, parse_path, parse_release
from domain.libraries.names.editions import normalise_edition


@pytest.mark.parametrize(
    ("name", "title", "season", "episodes"),
    [
        ("Show.S01E02.720p.mkv", "Show", 1, (2,)),
        ("Show - S01E02E03 - Name.mkv", "Show", 1, (2, 3)),
        ("Show.S01E01-E04.mkv", "Show", 1, (1, 2, 3, 4)),
        ("Show.S01E01-04.1080p.mkv", "Show", 1, (1, 2, 3, 4)),
        ("Show S01E01 & S01E03.mkv", "Show", 1, (1, 3)),
        ("Show 1x02.mkv", "Show", 1, (2,)),
        ("Show 1x01-03.mkv", "Show", 1, (1, 2, 3)),
        ("Show - Season 2 Episode 5.mkv", "Show", 2, (5,)),
        ("Die Serie Staffel 2 Folge 5.mkv", "Die Serie", 2, (5,)),
        ("庆余年 第二季 第十一集.mkv", "庆余年", 2, (11,)),
        ("Show.3of6.mkv", "Show", 1, (3,)),
        ("Show - Part Two.mkv", "Show", 1, (2,)),
        ("Show.103.hdtv-grp.mkv", "Show", 1, (3,)),
        ("Agents.of.S.H.I.E.L.D.S04E01.The.Ghost.mkv", "Agents of S.H.I.E.L.D.", 4, (1,)),
    ],
)
def test_episode_markers(name: str, title: str, season: int, episodes: tuple[int, ...]) -> None:
    found = parse_release(name, hint="tv")
    assert found is not None
    assert (found.kind, found.title, found.season, found.episodes) == ("episode", title, season, episodes)


@pytest.mark.parametrize(
    ("name", "absolute"),
    [
        ("[Group] Anime Title - 07v2 [1080p][ABCDEF12].mkv", (7,)),
        ("[Group] Anime Title 214", (214,)),
        ("Anime Title - 1071 - Name.mkv", (1071,)),
        ("[Group] Anime Title - 01~12 [720p]", tuple(range(1, 13))),
        ("[Group][Anime Title][05][1080p].mkv", (5,)),
        ("[字幕组][標題/Anime Title][第05话][1080p]", (5,)),
    ],
)
def test_absolute_numbers(name: str, absolute: tuple[int, ...]) -> None:
    found = parse_release(name, hint="tv")
    assert found is not None
    assert (found.title, found.season, found.episodes, found.absolute) == ("Anime Title", None, (), absolute)


@pytest.mark.parametrize(
    "name",
    ["Show.2013.10.30.Guest.mkv", "Show - 2013-10-30.mkv", "Show.30.10.2013.mkv", "Show 20131030.mkv", "Show.Oct.30.2013.mkv"],
)
def test_air_dates(name: str) -> None:
    found = parse_release(name, hint="tv")
    assert found is not None
    assert (found.title, found.air_date) == ("Show", date(2013, 10, 30))


def test_a_half_number_is_a_special_and_not_the_episode_before_it() -> None:
    found = parse_release("[Group] Anime Title - 10.5 [1080p].mkv", hint="tv")
    assert found is not None
    assert (found.kind, found.title, found.season, found.episodes, found.absolute) == ("episode", "Anime Title", 0, (), ())


def test_names_written_backwards() -> None:
    found = parse_release("462.H.LD-BEW.p027.10E30S.eltiT.wohS.mkv", hint="tv")
    assert found is not None
    assert (found.title, found.season, found.episodes) == ("Show Title", 3, (1,))


def test_a_daily_episode_in_parts() -> None:
    found = parse_release("Show.2015.09.07.Part2.720p.mkv", hint="tv")
    assert found is not None
    assert (found.air_date, found.daily_part) == (date(2015, 9, 7), 2)


@pytest.mark.parametrize(
    ("name", "title", "year", "edition"),
    [
        ("2012.2009.720p.mkv", "2012", 2009, ""),
        ("1917 (2019).mkv", "1917", 2019, ""),
        ("2001 A Space Odyssey (1968).mkv", "2001 A Space Odyssey", 1968, ""),
        ("Blade Runner 2049 (2017).mkv", "Blade Runner 2049", 2017, ""),
        ("The Final Cut (2004).mkv", "The Final Cut", 2004, ""),
        ("Film.EXTENDED.2013.1080p.mkv", "Film", 2013, "Extended"),
        ("Film (2013) {edition-Directors Cut}.mkv", "Film", 2013, "Director's Cut"),
        ("Film (2013) {edition-Grandma's Own}.mkv", "Film", 2013, "Grandma's Own"),
        ("Film.2013.50th.Anniversary.Edition.mkv", "Film", 2013, "50th Anniversary Edition"),
        ("The.French.Dispatch.2021.1080p.mkv", "The French Dispatch", 2021, ""),
        ("Der.Film.German.DL.1080p.BluRay.x264-GRP", "Der Film", None, ""),
        ("Dune.Part.Two.2024.2160p.WEB-DL.mkv", "Dune Part Two", 2024, ""),
    ],
)
def test_films(name: str, title: str, year: int | None, edition: str) -> None:
    found = parse_release(name, hint="movie")
    assert found is not None
    assert (found.kind, found.title, found.year, found.edition) == ("movie", title, year, edition)


def test_ids_are_set_aside() -> None:
    found = parse_release("Film (2001) {tmdb-12} [imdbid-tt0123456] {tvdb-7}.mkv", hint="movie")
    assert found is not None
    assert found.title == "Film"
    assert found.external_ids == (("tmdb", "12"), ("imdb", "tt0123456"), ("tvdb", "7"))


def test_without_a_hint_a_bare_title_is_not_sure() -> None:
    assert parse_release("The_Italian_Job.mkv", hint=None) is None


def test_tidy_names_are_certain() -> None:
    for name, hint in (("Film (2001).mkv", "movie"), ("Show - S01E02.mkv", "tv")):
        found = parse_release(name, hint=hint)  # type: ignore[arg-type]
        assert found is not None
        assert found.confidence >= 0.95


def test_editions_in_the_usual_words() -> None:
    assert normalise_edition("extended directors cut") == "Extended Director's Cut"
    assert normalise_edition("IMAX") == "IMAX"


HOSTILE = [
    "a" * 255, "." * 255, "[" * 255, "[a]" * 85, "1-" * 127, "1 " * 127, "S01" + "E01" * 84, "1x01" * 63, "第" * 255, "漢a" * 127,
    "漢" * 120 + "·" + "a" * 130, "www." * 63, "A.B." * 63, "(2001)" * 42, "season " * 36, "extended " * 28, "{edition-" * 28,
    "a/" * 127,
    "[a/" * 85, "01~" * 85, " - 1" * 63, "_" * 255, "jan 1 " * 42, "2001-01-" * 31,
]  # fmt: skip


@pytest.mark.parametrize("hint", [None, "tv", "movie"])
def test_hostile_names_do_not_run_away(hint: Hint) -> None:
    """A pattern that ran away would not end at all; benchmarks/names.py prints what each takes."""
    for name in HOSTILE:
        parse_path(name, hint=hint)
