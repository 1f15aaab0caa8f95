"""What each webhook means: every event type of the three, in several versions, as they really send them."""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.downloaders.enums import Effect
from domain.downloaders.reading import CatalogueIds, Reading, other_sender, read
from domain.libraries.enums import SourceKind

FIXTURES = Path(__file__).parent / "fixtures"
FILM, SERIES = "/srv/films/Paper Lanterns (2019)", "/srv/tv/The Ferry Detectives"


def nothing(said: str) -> dict[str, Any]:
    return {"effect": Effect.NOTHING.value, "said": said}


def tell(fact: str, said: str, details: dict[str, Any]) -> dict[str, Any]:
    return {"effect": Effect.TELL.value, "fact": fact, "said": said, "details": details}


def scan(folder: str, files: int, gone: int, ids: CatalogueIds, flags: str) -> dict[str, Any]:
    return {
        "effect": Effect.SCAN.value,
        "folder": folder,
        "files": files,
        "gone": gone,
        "ids": [list(one) for one in ids],
        "flags": flags,
    }


EXPECTED: dict[str, dict[str, Any]] = json.loads((FIXTURES.parent / "expected.json").read_text(encoding="utf-8"))
"""Fixture -> its effect."""


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def shown(reading: Reading) -> dict[str, Any]:
    match reading.effect:
        case Effect.NOTHING:
            return nothing(reading.said)
        case Effect.TELL:
            return tell(reading.fact or "", reading.said, dict(reading.details or {}))
        case Effect.SCAN:
            flags = [name for name in ("is_series", "is_upgrade", "expects_folder") if getattr(reading, name)]
            return scan(reading.folder or "", len(reading.files), len(reading.gone), reading.ids, " ".join(flags))


def test_every_fixture_is_expected() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(EXPECTED)
    types = {kind: {fixture(name)["eventType"] for name in EXPECTED if name.startswith(kind)} for kind in SourceKind}
    same = {"Test", "Grab", "Download", "Rename", "Health", "HealthRestored", "ApplicationUpdate"}
    assert types[SourceKind.RADARR] > same | {"MovieAdded", "MovieDelete", "MovieFileDelete", "ManualInteractionRequired"}
    assert types[SourceKind.SONARR] > same | {"SeriesAdd", "SeriesDelete", "EpisodeFileDelete", "ManualInteractionRequired"}
    failures = {"DownloadFailure", "ImportFailure", "Retag"}
    assert types[SourceKind.LIDARR] > same | failures | {"ArtistAdd", "ArtistDelete", "AlbumDelete"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_webhook_means_what_it_says(name: str) -> None:
    body, kind = fixture(name), SourceKind(name.partition("-")[0])
    assert shown(read(kind, body)) == EXPECTED[name]
    body["eventType"] = body["eventType"].swapcase()  # a later version may spell it otherwise
    spelled = shown(read(kind, body))
    assert (spelled["effect"], spelled.get("folder")) == (EXPECTED[name]["effect"], EXPECTED[name].get("folder"))


def test_paths_come_as_they_were_sent() -> None:
    reading = read(SourceKind.RADARR, fixture("radarr-6.1-rename-folder"))
    assert reading.files == ("/srv/films/Paper Lanterns (2020)/Paper.Lanterns.2019.1080p.mkv",)
    assert reading.gone == (f"{FILM}/Paper.Lanterns.2019.1080p.mkv",)
    assert read(SourceKind.RADARR, fixture("radarr-4.0-download-windows")).files == (
        "D:\\Media\\Films\\Paper Lanterns (2019)\\Paper.Lanterns.2019.1080p.mkv",
    )
    complete = read(SourceKind.SONARR, fixture("sonarr-4.0-download-complete"))
    assert complete.files == tuple(f"{SERIES}/Season 01/The.Ferry.Detectives.S01E0{number}.mkv" for number in (1, 2, 3))


@pytest.mark.parametrize("kind", [SourceKind.RADARR, SourceKind.SONARR, SourceKind.LIDARR])
@pytest.mark.parametrize("type_", ["Download", "Rename", "MovieFileDelete", "EpisodeFileDelete", "MovieDelete", "Grab", "Retag"])
@pytest.mark.parametrize(
    "rest",
    [
        {}, {"movie": 7, "series": [], "artist": "x", "movieFile": [1], "episodeFiles": {"path": 3}, "trackFiles": [[], None]},
        {"movie": {"folderPath": 3, "tmdbId": "900101", "title": []}, "deletedFiles": "true", "isUpgrade": "yes"},
        {"movie": {"folderPath": "/" + "x" * 5000, "tmdbId": True, "imdbId": "nm123"}, "deletedFiles": {"path": "/etc"}},
        {"series": {"path": None, "tvdbId": -1, "tmdbId": 2**40}, "renamedEpisodeFiles": [{"path": {}}, 7], "deleteReason": 5},
        {"artist": {"mbId": "x", "name": "\x00"}, "downloadStatusMessages": [{"messages": "no"}], "release": 9},
    ],
)  # fmt: skip
def test_any_shape_is_read(kind: SourceKind, type_: str, rest: dict[str, Any]) -> None:
    reading = read(kind, {"eventType": type_, **rest})
    assert (reading.folder, reading.files, reading.ids) == (None, (), ())


@pytest.mark.parametrize("body", [None, 7, "Test", [], {}, {"eventType": None}, {"eventType": {"a": 1}}, {"eventType": ""}])
def test_what_does_not_say_what_it_is_has_no_effect(body: Any) -> None:
    assert shown(read(SourceKind.RADARR, body)) == nothing("It does not say what it is: kept.")


@pytest.mark.parametrize("name", EXPECTED)
def test_what_came_to_another_kind_of_source_is_noticed(name: str) -> None:
    body, kind = fixture(name), SourceKind(name.partition("-")[0])
    assert other_sender(kind, body) is None
    speaks = any(body.get(thing) for thing in ("movie", "series", "artist")) or body.get("instanceName", "").lower() == kind
    for other in (SourceKind.RADARR, SourceKind.SONARR, SourceKind.LIDARR):
        if other is not kind:
            assert other_sender(other, body) == (kind if speaks else None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"eventType": "Rename", "movie": {"folderPath": "D:\\Films\\Paper Lanterns (2019)\\"}},
         "Paper Lanterns (2019): files renamed."),
        ({"eventType": "Rename", "renamedMovieFiles": [{"path": "/a/b.mkv"}]}, "1 file renamed."),
        ({"eventType": "Download"}, "Files came."),
        ({"eventType": "MovieDelete", "deletedFiles": True}, "Something was deleted there with its files."),
        ({"eventType": "ManualInteractionRequired", "downloadInfo": {"title": "what.is.this"},
          "downloadStatusMessages": [{"messages": ["Unable to parse file", "Not an upgrade"]}]},
         "what.is.this: somebody has to help it there (Unable to parse file; Not an upgrade)."),
        ({"eventType": "ManualInteractionRequired"}, "Somebody has to help it there."),
    ],
)  # fmt: skip
def test_what_has_no_title_is_called_by_its_folder_or_its_download(body: Any, said: str) -> None:
    assert read(SourceKind.RADARR, body).said == said


def test_a_thousand_files_are_enough() -> None:
    files = [{"path": f"/tv/a/{number}.mkv"} for number in range(5_000)]
    assert (
        len(read(SourceKind.SONARR, {"eventType": "Download", "series": {"path": "/tv/a"}, "episodeFiles": files}).files) == 1_000
    )
