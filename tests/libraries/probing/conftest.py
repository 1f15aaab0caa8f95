"""Real media files of every kind the probe must tell apart, encoded once per session."""

from fractions import Fraction
from pathlib import Path

import pytest
from av.stream import Disposition
from PIL import Image

from workers.libraries.demo.clip_specs import Clip, Lines, Sound
from workers.libraries.demo.clips import write_clip

CLIPS = {
    "feature.mkv": Clip(
        width=320,
        height=180,
        seconds=2,
        rate=Fraction(24000, 1001),
        sounds=(
            Sound("eng", "aac", role=Disposition.default),
            Sound("deu", "ac3", "5.1", title="Kommentar der Regie"),
        ),
        lines=(
            Lines("en", ("Hello", "again"), title="English SDH"),
            Lines("ger", ("Hallo",), role=Disposition.forced | Disposition.default),
        ),
        chapters=("Dusk", "Dawn"),
        tags={"title": "The Feature"},
    ),
    "hdr10.mkv": Clip(width=320, height=180, seconds=1, codec="libx265", is_hdr=True, sounds=(Sound("jpn", "eac3", "5.1"),)),
    "interlaced.mpg": Clip(
        width=720, height=576, seconds=1, rate=Fraction(25), codec="mpeg2video", is_interlaced=True,
        sample_aspect=Fraction(64, 45), sounds=(Sound("eng", "mp2"),),
    ),
    "modern.mp4": Clip(
        width=320, height=180, seconds=1, codec="libsvtav1", sounds=(Sound("fra", "libopus"),), lines=(Lines("eng", ("a",)),)
    ),
    "small.mkv": Clip(width=160, height=90, seconds=1, rate=Fraction(10)),
}  # fmt: skip


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of CLIPS."""
    folder = tmp_path_factory.mktemp("media")
    still = Image.linear_gradient("L")
    for name, clip in CLIPS.items():
        write_clip(folder / name, clip, still)
    return folder
