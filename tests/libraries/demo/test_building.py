"""Building the demo library: once, without gaps, without half files; on a few of its files, for they are all made alike."""

import os
from collections import Counter
from fractions import Fraction
from pathlib import Path

import av.error
import pytest
from PIL import Image

from workers.libraries.demo import library
from workers.libraries.demo.clip_specs import Clip, Sound
from workers.libraries.demo.clips import write_clip
from workers.libraries.demo.files import demo_files
from workers.libraries.demo.library import build_demo
from workers.libraries.probing.probe import probe_file

FEW = {"Nine Quiet Engines", "Zénith Café", "strays"}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Lets the builder know only a few titles; returns how many files they have."""
    files = [file for file in demo_files() if file.title in FEW]
    monkeypatch.setattr(library, "demo_files", lambda: iter(files))
    return len(files)


def test_every_file_is_listed_once_and_stays_inside() -> None:
    paths = [file.path for file in demo_files()]
    assert Counter(paths).most_common(1)[0][1] == 1
    assert {path.parts[0] for path in paths} == {"Films", "Series"}
    assert not [path for path in paths if path.is_absolute() or ".." in path.parts]


def test_files_are_made_with_progress(few: int, tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    summary = build_demo(tmp_path, progress=lambda title, share: said.append((title, share)))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert summary.files == summary.written == len(files) == few == 8
    assert summary.size_bytes == sum(path.stat().st_size for path in files)
    assert [share for _, share in said] == [count / few for count in range(1, few + 1)]
    assert {title for title, _ in said} == FEW
    assert not [path for path in files if path.name.startswith(".")]
    cafe = probe_file(str(tmp_path / "Films" / "Zénith Café (2018)" / "Zénith Café (2018).webm"))
    assert (cafe.container, cafe.video[0].codec, cafe.audio[0].codec, cafe.audio[0].language) == ("webm", "vp9", "opus", "fre")


def test_a_second_call_touches_nothing_but_mends_what_is_missing(few: int, tmp_path: Path) -> None:
    build_demo(tmp_path, progress=lambda title, share: None)
    changed = tmp_path / "Films" / "to watch.txt"
    changed.write_text("mine now\n")
    lost = tmp_path / "Series" / "device.xyz"
    lost.unlink()
    before = {path: os.stat(path).st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    second = build_demo(tmp_path, progress=lambda title, share: None)
    assert (second.written, second.files) == (1, few)
    assert lost.read_text() == "nobody knows what this is\n"
    assert changed.read_text() == "mine now\n"
    assert {path: os.stat(path).st_mtime_ns for path in before} == before
    assert build_demo(tmp_path, progress=lambda title, share: None).written == 0


def test_a_folder_that_cannot_be_made_says_so(few: int, tmp_path: Path) -> None:
    assert few
    (tmp_path / "Films").write_text("a file where a folder should be")
    with pytest.raises(OSError):
        build_demo(tmp_path, progress=lambda title, share: None)


def test_an_interrupted_call_leaves_no_half_file_and_the_next_goes_on(few: int, tmp_path: Path) -> None:
    def stop(title: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_demo(tmp_path, progress=stop)
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert 1 <= len(made) <= few
    assert not [path for path in made if path.name.startswith(".")]
    assert build_demo(tmp_path, progress=lambda title, share: None).written == few - len(made)


def test_a_failed_clip_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises((av.error.FFmpegError, ValueError)):
        write_clip(tmp_path / "a.webm", Clip(width=160, height=90, seconds=0.2), Image.new("RGB", (160, 90)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("codec", "name"), [("libx264", "a.mp4"), ("libx265", "a.mkv"), ("libvpx-vp9", "a.webm")])
def test_every_frame_of_a_clip_can_be_decoded(codec: str, name: str, tmp_path: Path) -> None:
    """Also where one turn of the light was encoded and the rest of the clip repeats its packets."""
    sounds = (Sound("eng", "libopus"),)
    clip = Clip(width=320, height=180, seconds=2.5, rate=Fraction(25), codec=codec, sounds=sounds)
    write_clip(tmp_path / name, clip, Image.new("RGB", (320, 180), "teal"))
    with av.open(str(tmp_path / name), options={"err_detect": "explode"}) as container:
        frames = list(container.decode(video=0))
    assert [round(frame.time * 25) for frame in frames if frame.time is not None] == list(range(62))
    assert len({frame.to_image().tobytes() for frame in frames[:6]}) == 6
