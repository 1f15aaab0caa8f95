"""What a name means depends on the files and the folder around it, and which of several like files wins."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.libraries.sidecars import (
    AssetType,
    DirectoryFacts,
    DirectoryRole,
    ExtraKind,
    FolderFacts,
    FolderKind,
    Sidecar,
    SidecarRole,
    classify,
    directory_role,
    sort_of,
    split_name,
)
from tests.factories.work import counted

MOVIE = FolderFacts(FolderKind.MOVIE, name="Film (2001)")


def by_name(names: list[str], folder: FolderFacts = MOVIE, **options: list[str]) -> dict[str, Sidecar]:
    return {found.name: found for found in classify(names, folder=folder, **options)}


def preferred(names: list[str], folder: FolderFacts = MOVIE) -> list[str]:
    pictures = [found for found in classify(names, folder=folder) if found.image]
    return [found.name for found in sorted(pictures, key=lambda found: found.image.preference if found.image else 0)]


def test_prefixed_beats_bare_then_exact_beats_alias_then_png_beats_jpg() -> None:
    names = ["movie.jpg", "folder.jpg", "Film.jpg", "poster.jpg", "Film.mkv", "Film-folder.jpg", "poster.png", "Film-poster.jpg"]
    assert preferred(names) == [
        "Film-poster.jpg",
        "Film-folder.jpg",
        "Film.jpg",
        "poster.png",
        "poster.jpg",
        "folder.jpg",
        "movie.jpg",
    ]


def test_a_word_that_ends_titles_makes_an_extra_only_beside_a_main_video() -> None:
    assert by_name(["Crime-Scene.mkv"])["Crime-Scene.mkv"].role is SidecarRole.MAIN
    together = by_name(["Film.mkv", "Crime-Scene.mkv"])
    assert together["Crime-Scene.mkv"].extra_kind is ExtraKind.SCENE
    shared = by_name(["Film.mkv", "Crime-Scene.mkv"], FolderFacts(FolderKind.SHARED))
    assert shared["Crime-Scene.mkv"].role is SidecarRole.MAIN


def test_a_lonely_trailer_stays_a_trailer() -> None:
    assert by_name(["Film-trailer.mp4"])["Film-trailer.mp4"] == Sidecar("Film-trailer.mp4", SidecarRole.TRAILER)


def test_a_documentary_named_sample_this_is_no_sample_of_nothing() -> None:
    assert by_name(["Sample.This.2012.mkv"])["Sample.This.2012.mkv"].role is SidecarRole.MAIN
    assert by_name(["Film.mkv", "sample-Film.mkv"])["sample-Film.mkv"] == Sidecar("sample-Film.mkv", SidecarRole.SAMPLE, "Film")


def test_the_longest_base_owns_a_subtitle() -> None:
    found = by_name(["Film.mkv", "Film.2.mkv", "Film.2.en.srt", "Film-trailer.mkv", "Film-trailer.de.srt"])
    assert found["Film.2.en.srt"].base == "Film.2"
    assert found["Film-trailer.de.srt"].base == "Film-trailer"


def test_the_folders_name_is_a_prefix_of_the_folders_item() -> None:
    found = by_name(["Film (2001) - 1080p.mkv", "Film (2001)-poster.jpg"])
    image = found["Film (2001)-poster.jpg"]
    assert (image.role, image.base) == (SidecarRole.IMAGE, None)


def test_names_are_compared_whatever_their_case_and_composition() -> None:
    decomposed = unicodedata.normalize("NFD", "Amélie")
    found = by_name(["Amélie.mkv", f"{decomposed.upper()}-poster.jpg", f"{decomposed}.fr.srt", f"{decomposed}.nfo"])
    assert {sidecar.base for sidecar in found.values()} == {"Amélie"}


def test_the_caller_can_add_the_base_of_stacked_parts() -> None:
    folder = FolderFacts(FolderKind.MOVIE, name="Film", bases=("Movie",))
    found = by_name(["Movie cd1.avi", "Movie cd2.avi", "Movie.nfo", "Movie cd2.en.srt"], folder)
    assert found["Movie.nfo"].base == "Movie"
    assert found["Movie cd2.en.srt"].base == "Movie cd2"


def test_a_folder_of_subtitles_per_video_belongs_to_that_video() -> None:
    folder = FolderFacts(FolderKind.SEASON, path="Subs/Show.S01E01", season_number=1, bases=("Show.S01E01", "Show.S01E02"))
    found = by_name(["2_English.srt"], folder)["2_English.srt"]
    assert found.base == "Show.S01E01"
    assert found.subtitle
    assert found.subtitle.language == "en"


def test_stills_in_metadata_belong_to_the_videos_above() -> None:
    folder = FolderFacts(FolderKind.SEASON, path="metadata", season_number=1, bases=("Show.S01E01",))
    found = by_name(["Show.S01E01.jpg", "Show.S01E09.jpg"], folder)
    still = found["Show.S01E01.jpg"]
    assert still.base == "Show.S01E01"
    assert still.image
    assert still.image.asset_type is AssetType.THUMB
    assert found["Show.S01E09.jpg"].role is SidecarRole.UNKNOWN


def test_extrafanart_is_numbered_in_natural_order() -> None:
    found = by_name(["fanart10.jpg", "fanart2.jpg", "b.jpg"], FolderFacts(FolderKind.MOVIE, path="extrafanart"))
    indices = {name: sidecar.image.index for name, sidecar in found.items() if sidecar.image}
    assert indices == {"b.jpg": 1, "fanart2.jpg": 2, "fanart10.jpg": 3}


def test_a_film_is_not_hidden_by_its_release_groups_mark() -> None:
    found = by_name(["Film.2001.ETRG.mkv", "Film.2001.ETRG.en.srt", "ETRG.jpg"])
    assert [sidecar.role for sidecar in found.values()] == [SidecarRole.MAIN, SidecarRole.SUBTITLE, SidecarRole.IGNORED]


def test_a_librarys_own_pattern_hides_even_a_film() -> None:
    assert by_name(["Film.mkv"], ignore=["film.*"])["Film.mkv"].role is SidecarRole.IGNORED
    assert by_name(["Film-sample.mkv"], ignore=[])["Film-sample.mkv"].role is SidecarRole.SAMPLE


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("Behind  the Scenes", DirectoryFacts(DirectoryRole.EXTRAS, ExtraKind.BEHIND_THE_SCENES)),
        ("TRAILERS", DirectoryFacts(DirectoryRole.TRAILERS)),
        (".actors", DirectoryFacts(DirectoryRole.ACTORS)),
        ("Video_TS", DirectoryFacts(DirectoryRole.DISC)),
        ("Season 01", None),
        ("", None),
    ],
)
def test_directories_are_known_by_name(name: str, facts: DirectoryFacts | None) -> None:
    assert directory_role(name) == facts


def test_an_extension_is_what_follows_the_last_dot() -> None:
    assert split_name("A.b.MKV") == ("A.b", "mkv")
    assert split_name(".hidden") == (".hidden", "")
    assert split_name("plain") == ("plain", "")
    assert sort_of("svg") is None


def test_a_folder_of_two_thousand_movies_takes_linear_work() -> None:
    calls = []
    for movies in (200, 2000):
        bases = [f"Film - Part-{number} (20.01) x" for number in range(movies)]
        names = [f"{base}{end}" for base in bases for end in (".mkv", "-poster.jpg", ".en.forced.srt", ".nfo")]
        with counted() as work:
            found = classify(names, folder=FolderFacts(FolderKind.SHARED))
        calls.append(work.calls)
        assert all(sidecar.base == bases[place // 4] for place, sidecar in enumerate(found))
    assert calls[1] < 11 * calls[0]


WORDS = "Film - . _ poster fanart 1 season 01 all trailer sample en forced ( é .mkv .jpg .srt .nfo .mp3"
pieces = st.sampled_from([*WORDS.split(), " ", "\n", "\x00", "9" * 30])
any_name = st.one_of(st.text(max_size=40), st.lists(pieces, max_size=12).map("".join))


@given(
    names=st.lists(any_name, max_size=12),
    kind=st.sampled_from(FolderKind),
    path=st.one_of(st.just(""), st.sampled_from(["Extras", ".actors", "extrafanart", "Subs/Film", "BDMV", "x/y", "metadata"])),
)
def test_any_names_at_all_get_one_meaning_each_in_order(names: list[str], kind: FolderKind, path: str) -> None:
    found = classify(names, folder=FolderFacts(kind, name="Film", path=path, season_number=1))
    assert [sidecar.name for sidecar in found] == names
    for sidecar in found:
        assert (sidecar.image is not None) == (sidecar.role is SidecarRole.IMAGE)
        assert (sidecar.subtitle is not None) == (sidecar.role is SidecarRole.SUBTITLE)
        assert (sidecar.extra_kind is not None) == (sidecar.role is SidecarRole.EXTRA)
        assert (sidecar.nfo_preference is not None) == (sidecar.role is SidecarRole.NFO)
