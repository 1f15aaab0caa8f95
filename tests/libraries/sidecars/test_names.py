"""Every name of the tables of `facts` means what Kodi and Jellyfin take it for."""

from collections.abc import Iterator

import pytest

from domain.libraries.sidecars import FolderFacts, FolderKind, Sidecar, classify
from tests.libraries.sidecars import facts

FOLDERS = {
    FolderKind.MOVIE: (facts.MOVIE, "Paper Lanterns (2019)", "mkv", None),
    FolderKind.SHARED: (facts.SHARED, "Some.Film-Two.1999", "mkv", None),
    FolderKind.SERIES: (facts.SERIES, "Show - S01E01 - Pilot", "mkv", None),
    FolderKind.SEASON: (facts.SEASON, "Show - S03E01-E02", "mkv", 3),
    FolderKind.ALBUM: (facts.ALBUM, "01 - Song", "flac", None),
    FolderKind.ARTIST: (facts.ARTIST, "live", "mkv", None),
}


def describe(sidecar: Sidecar, base: str | None = None) -> str:
    """The meaning in the words of the tables."""
    words: list[str] = [sidecar.role.value]
    if sidecar.nfo_preference is not None:
        words.append(str(sidecar.nfo_preference))
    if sidecar.extra_kind:
        words.append(sidecar.extra_kind.value)
    if image := sidecar.image:
        words.append(image.asset_type.value)
        words += [f"#{image.index}"] if image.index else []
        words += [f"S{image.season_number}"] if image.season_number is not None else []
        words += [image.person] if image.person else []
    if subtitle := sidecar.subtitle:
        words += [subtitle.language] if subtitle.language else []
        words += [repr(subtitle.title)] if subtitle.title else []
        words += ["forced"] * subtitle.is_forced + ["default"] * subtitle.is_default
        words += ["impaired"] * subtitle.is_hearing_impaired
    if sidecar.base is not None and (base is None or sidecar.base == base):
        words.append("@")
    return " ".join(words)


def rows(table: str, base: str = "@") -> Iterator[tuple[str, str]]:
    for line in table.strip().splitlines():
        name, meaning = line.rsplit("|", 1)
        yield name.strip().replace("@", base), meaning.strip()


def in_folders() -> Iterator[tuple[FolderKind, str, str]]:
    for kind, (table, base, _, _) in FOLDERS.items():
        for name, meaning in rows(table, base):
            yield kind, name, meaning


@pytest.mark.parametrize(("kind", "name", "meaning"), list(in_folders()))
def test_a_name_in_an_items_folder_means_what_the_table_says(kind: FolderKind, name: str, meaning: str) -> None:
    _, base, extension, season = FOLDERS[kind]
    folder = FolderFacts(kind, name="Folder", season_number=season)
    found = classify(list(dict.fromkeys([f"{base}.{extension}", name])), folder=folder)
    assert describe(found[-1], base) == meaning


@pytest.mark.parametrize(("where", "meaning"), list(rows(facts.BELOW)))
def test_a_name_below_a_movies_folder_means_what_the_table_says(where: str, meaning: str) -> None:
    path, _, name = where.rpartition("/")
    neighbours = {"Teaser.nfo": ["Teaser.mkv"], "Nine.en.srt": ["Nine.mkv"], "Nine.jpg": ["Nine.mkv"]}.get(name, [])
    found = classify([*neighbours, name], folder=FolderFacts(FolderKind.MOVIE, name="Paper Lanterns (2019)", path=path))
    assert describe(found[-1]) == meaning
