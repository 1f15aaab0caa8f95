"""Paths below a library root: folders and file names together."""

import pytest

from domain.libraries.names import parse_path


@pytest.mark.parametrize(
    ("path", "title", "year", "season", "episodes"),
    [
        ("Show (2010) {tvdb-1}/Season 01/S01E02.mkv", "Show", 2010, 1, (2,)),
        ("Show (2010)/Season 02/03 - Name.mkv", "Show", 2010, 2, (3,)),
        ("Show/Season 00/05.mkv", "Show", None, 0, (5,)),
        ("Show/Specials/03 - Name.mkv", "Show", None, 0, (3,)),
        ("Show (2010)/Specials/Show - S00E03 - Name.mkv", "Show", 2010, 0, (3,)),
        ("Show/Staffel 2/2x03 Titel.avi", "Show", None, 2, (3,)),
        ("Serie/Saison 1/Serie - 03.mkv", "Serie", None, 1, (3,)),
        ("Show/Season 1/E05.mkv", "Show", None, 1, (5,)),
        ("Show/Season 1/Episode 5.mkv", "Show", None, 1, (5,)),
        ("Show/Season 1/105 - Name.mkv", "Show", None, 1, (5,)),
        ("Show/Season 1 (2010)/Show - S01E01.mkv", "Show", None, 1, (1,)),
        ("Show (2010)/Season 02/Show 203.mkv", "Show", 2010, 2, (3,)),
        ("24 (2001)/Season 1/24 - S01E05 - 400 A.M. - 500 A.M.mkv", "24", 2001, 1, (5,)),
        ("The 100 (2014)/Season 1/The.100.S01E03.mkv", "The 100", 2014, 1, (3,)),
        ("Sherlock/Series 2/Sherlock - 2x01.mkv", "Sherlock", None, 2, (1,)),
        ("Friends S03/Friends - 07 - The One.mkv", "Friends", None, 3, (7,)),
        ("Show.S01E04.1080p.WEB-DL-GRP/abc123.mkv", "Show", None, 1, (4,)),
        ("進撃の巨人/第2季/第03集.mkv", "進撃の巨人", None, 2, (3,)),
        ("Band of Brothers/Band of Brothers - Part 3.mkv", "Band of Brothers", None, 1, (3,)),
        ("The Office (US)/S01/the.office.us.1x02.mkv", "The Office (US)", None, 1, (2,)),
        ("Marvel's Agents (2013)/Season 1/marvels.agents.s01e02.mkv", "Marvel's Agents", 2013, 1, (2,)),
        ("Chernobyl/chernobyl.s01e02.1080p.mkv", "Chernobyl", None, 1, (2,)),
        ("the wire/Season 1/The.Wire.S01E02.mkv", "The Wire", None, 1, (2,)),
        ("Whose Line/Season 01/Whose.Line.US.S13E01.mkv", "Whose Line", None, 13, (1,)),
        ("Show\\Season 1\\Show S01E01-E03.mkv", "Show", None, 1, (1, 2, 3)),
    ],
)
def test_episodes(path: str, title: str, year: int | None, season: int, episodes: tuple[int, ...]) -> None:
    found = parse_path(path, hint="tv")
    assert found is not None
    assert (found.kind, found.title, found.year, found.season, found.episodes) == ("episode", title, year, season, episodes)


def test_a_number_of_the_whole_series_stays_one_below_its_season() -> None:
    found = parse_path("One Piece (1999) [tvdbid-81797]/Season 21/One Piece - 1071 - Peak.mkv", hint="tv")
    assert found is not None
    assert (found.title, found.season, found.episodes, found.absolute) == ("One Piece", None, (), (1071,))
    assert found.external_ids == (("tvdb", "81797"),)


def test_a_year_folder_is_not_the_show() -> None:
    found = parse_path("Late Show (2015)/2023/Late Show - 2023-10-30 - Guest.mkv", hint="tv")
    assert found is not None
    assert (found.title, found.year, str(found.air_date), found.episode_title) == ("Late Show", 2015, "2023-10-30", "Guest")


@pytest.mark.parametrize(
    ("path", "title", "year", "edition", "part"),
    [
        ("Film (2001) {edition-Director's Cut}/file.mkv", "Film", 2001, "Director's Cut", None),
        ("Film (2001)/scene-flm.x264.mkv", "Film", 2001, "", None),
        ("Film (2001)/CD2/film.avi", "Film", 2001, "", 2),
        ("Film (2001)/Film (2001) - cd1.avi", "Film", 2001, "", 1),
        ("Film (2001)/Film (2001) - part2.mkv", "Film", 2001, "", 2),
        ("Léon (1994)/Léon.1994.Version.Longue.mkv", "Léon", 1994, "Extended", None),
        ("Alien Collection/Alien (1979)/alien.mkv", "Alien", 1979, "", None),
        ("Alien Collection/Aliens.1986.Special.Edition.1080p.mkv", "Aliens", 1986, "Special Edition", None),
        ("2001 - A Space Odyssey (1968)/2001 A Space Odyssey.mkv", "2001 - A Space Odyssey", 1968, "", None),
        ("Birdman or (The Virtue of Ignorance) (2014)/movie.mkv", "Birdman or (The Virtue of Ignorance)", 2014, "", None),
        ("1917 (2019)/1917.2019.1080p.BluRay.x264-GRP.mkv", "1917", 2019, "", None),
    ],
)  # fmt: skip
def test_films(path: str, title: str, year: int, edition: str, part: int | None) -> None:
    found = parse_path(path, hint="movie")
    assert found is not None
    assert (found.kind, found.title, found.year, found.edition, found.part) == ("movie", title, year, edition, part)


@pytest.mark.parametrize(
    ("path", "hint", "title"),
    [
        ("Film (2001)/Featurettes/Making of.mkv", "movie", "Film"),
        ("Film (2001)/Film (2001)-trailer.mkv", "movie", "Film"),
        ("Show (2010)/Show (2010) - Trailer.mkv", "tv", "Show"),
        ("Show/Season 1/Extras/Deleted.mkv", "tv", "Show"),
        ("Show/Extras/Interview.mkv", "tv", "Show"),
    ],
)
def test_extras(path: str, hint: str, title: str) -> None:
    found = parse_path(path, hint=hint)  # type: ignore[arg-type]
    assert found is not None
    assert (found.kind, found.title) == ("extra", title)


def test_an_episode_called_interview_is_no_extra() -> None:
    found = parse_path("Show/Season 1/Show - S01E05 - Interview.mkv", hint="tv")
    assert found is not None
    assert (found.kind, found.episodes, found.episode_title) == ("episode", (5,), "Interview")


def test_an_empty_path_is_not_understood() -> None:
    assert parse_path("", hint="movie") is None
    assert parse_path("///", hint="tv") is None
