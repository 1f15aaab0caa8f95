"""The whole demo library: what it holds, that it plays, that its artwork and NFO are what they claim to be."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from workers.libraries.demo.library import DemoSummary, build_demo
from workers.libraries.pictures import PictureFacts, measure_picture
from workers.libraries.probing.pool import ProbePool
from workers.libraries.probing.probe import probe_file
from workers.libraries.probing.results import HdrKind, ProbeResult

pytestmark = pytest.mark.slow  # half a minute of drawing and encoding

VIDEOS = {".mkv", ".mp4", ".avi", ".mpg", ".webm"}


@pytest.fixture(scope="session")
def said() -> list[tuple[str, float]]:
    """What the building told about its progress."""
    return []


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, float]]) -> tuple[Path, DemoSummary]:
    root = tmp_path_factory.mktemp("demo")
    return root, build_demo(root, progress=lambda title, share: said.append((title, share)))


def test_a_small_library_with_progress(built: tuple[Path, DemoSummary], said: list[tuple[str, float]]) -> None:
    root, summary = built
    files = [path for path in root.rglob("*") if path.is_file()]
    assert (summary.films, summary.series, summary.episodes) == (13, 2, 15)
    assert summary.files == summary.written == len(files) == len(said)
    assert summary.size_bytes == sum(path.stat().st_size for path in files) < 40_000_000
    shares = [share for _, share in said]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {path.name for path in root.iterdir()} == {"Films", "Series"}
    assert not [path for path in files if path.name.startswith(".")]


def test_every_video_plays(built: tuple[Path, DemoSummary]) -> None:
    paths = [str(path) for path in built[0].rglob("*") if path.suffix in VIDEOS]
    with ProbePool(2, 60, 2**30) as pool:
        found = dict(pool.probe_many(paths))
    results = [answer for answer in found.values() if isinstance(answer, ProbeResult)]
    assert len(results) == len(paths) == 33
    for result in results:
        assert result.duration_ms is not None
        assert 1500 < result.duration_ms < 6500
        assert result.audio
    assert {result.video[0].codec for result in results} == {"h264", "hevc", "av1", "vp9", "mpeg2video", "mpeg4"}


def test_the_kinds_of_files_a_scanner_must_understand(built: tuple[Path, DemoSummary]) -> None:
    films, series = built[0] / "Films", built[0] / "Series"
    glass = films / "Harbour of Glass (2021)"
    qualities = [probe_file(str(path)).video[0] for path in sorted(glass.glob("*.mkv"))]
    assert [(video.width, video.height, video.hdr_kind) for video in qualities] == [
        (1920, 1080, HdrKind.NONE),
        (3840, 2160, HdrKind.HDR10),
    ]
    keeper = probe_file(str(films / "The Lanternkeeper (2019)" / "The Lanternkeeper (2019).mkv"))
    assert [(track.language, track.channels, track.is_commentary) for track in keeper.audio] == [
        ("eng", 6, False),
        ("ger", 2, False),
        ("eng", 2, True),
    ]
    assert [chapter.title for chapter in keeper.chapters] == ["Low Tide", "The Lamp", "Storm", "Morning"]
    clock = probe_file(str(films / "The Clockwinder's Holiday (1931)" / "The Clockwinder's Holiday (1931).mpg"))
    assert (clock.video[0].is_interlaced, clock.video[0].display_aspect, clock.audio[0].channels) == (True, "4:3", 1)
    assert len(list((films / "A Winter Ledger (1978)").glob("*cd?.avi"))) == 2
    assert {path.suffix for path in films.iterdir() if path.is_file()} == {".txt", ".zip", ".mkv"}
    assert len(list(series.rglob("*S01E03-E04*.mkv"))) == 1
    assert len(list(series.glob("*/Specials/*.mkv"))) == 2


def test_artwork_has_the_size_its_name_promises(built: tuple[Path, DemoSummary]) -> None:
    keeper = built[0] / "Films" / "The Lanternkeeper (2019)"
    assert {path.name: measure_picture(path) for path in keeper.iterdir() if path.suffix in (".jpg", ".png")} == {
        "poster.jpg": PictureFacts("jpeg", 1000, 1500, has_alpha=False),
        "keyart.jpg": PictureFacts("jpeg", 1000, 1500, has_alpha=False),
        "fanart.jpg": PictureFacts("jpeg", 1920, 1080, has_alpha=False),
        "landscape.jpg": PictureFacts("jpeg", 1000, 562, has_alpha=False),
        "banner.jpg": PictureFacts("jpeg", 1000, 185, has_alpha=False),
        "clearlogo.png": PictureFacts("png", 800, 310, has_alpha=True),
        "discart.png": PictureFacts("png", 1000, 1000, has_alpha=True),
    }
    portraits = list((keeper / ".actors").iterdir())
    assert {path.name for path in portraits} == {"Ines_Varga.jpg", "Tom_Hallow.jpg", "Adaeze_Lindqvist.jpg", "Rufus_Okafor.jpg"}
    assert {measure_picture(path) for path in portraits} == {PictureFacts("jpeg", 400, 600, has_alpha=False)}


def test_the_nfo_of_every_kind(built: tuple[Path, DemoSummary]) -> None:
    films, series = built[0] / "Films", built[0] / "Series"
    keeper = ElementTree.parse(films / "The Lanternkeeper (2019)" / "The Lanternkeeper (2019).nfo").getroot()
    assert (keeper.tag, keeper.findtext("title"), keeper.findtext("year")) == ("movie", "The Lanternkeeper", "2019")
    assert keeper.findtext("set/name") == "Coastline Collection"
    assert [actor.findtext("role") for actor in keeper.iter("actor")] == ["Maren", "Jory", "The Harbourmaster", "Brother Sand"]
    assert {element.get("type"): element.text for element in keeper.iter("uniqueid")} == {
        "tmdb": "99000001",
        "imdb": "tt99000001",
    }
    link = (films / "Nine Quiet Engines (2008)" / "movie.nfo").read_text()
    assert link == "https://www.themoviedb.org/movie/99000007\n"
    (double,) = series.rglob("*S01E03-E04*.nfo")
    text = double.read_text(encoding="utf-8")
    assert text.count("<episodedetails>") == text.count("</episodedetails>") == 2
    show = ElementTree.parse(series / "Northlight (2017)" / "tvshow.nfo").getroot()
    assert {season.get("number"): season.text for season in show.iter("namedseason")} == {
        "0": "Specials",
        "1": "First Dark",
        "2": "Second Sun",
    }
