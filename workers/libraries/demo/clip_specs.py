"""What a clip is made of: its picture, its audio tracks, its subtitles and its chapters."""

from dataclasses import dataclass, field
from fractions import Fraction

from av.stream import Disposition

NO_ROLE = Disposition(0)


@dataclass(frozen=True, slots=True)
class Sound:
    """One audio track: a tone. `language` as written into the file, `layout` in FFmpeg's words ("5.1")."""

    language: str
    codec: str = "aac"
    layout: str = "stereo"
    title: str = ""
    role: Disposition = NO_ROLE
    hertz: int = 220


@dataclass(frozen=True, slots=True)
class Lines:
    """One embedded subtitle track; its texts share the clip's length evenly."""

    language: str
    texts: tuple[str, ...]
    title: str = ""
    role: Disposition = NO_ROLE


@dataclass(frozen=True, slots=True)
class Clip:
    """What to encode: size in pixels, length in seconds, frames per second, and the name of a video encoder.

    `chapters` share the length evenly; `sample_aspect` is the shape of a pixel.
    """

    width: int = 1280
    height: int = 720
    seconds: float = 3.0
    rate: Fraction = Fraction(24)
    codec: str = "libx264"
    is_hdr: bool = False
    is_interlaced: bool = False
    sample_aspect: Fraction = Fraction(1)
    sounds: tuple[Sound, ...] = (Sound("eng"),)
    lines: tuple[Lines, ...] = ()
    chapters: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
