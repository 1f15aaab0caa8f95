"""What a probe answers: the container, its streams and chapters."""

from dataclasses import dataclass
from enum import StrEnum

from workers.libraries.probing.languages import UNDETERMINED


class HdrKind(StrEnum):
    """High dynamic range of a video stream; `hdr` is the PQ curve without any static or dynamic metadata."""

    NONE = "none"
    HDR10 = "hdr10"
    HDR10PLUS = "hdr10plus"
    DOLBY_VISION = "dolby_vision"
    HLG = "hlg"
    HDR = "hdr"


class FieldOrder(StrEnum):
    """Scan of a video stream; the two letters are the field coded first and the field shown first (top, bottom)."""

    UNKNOWN = "unknown"
    PROGRESSIVE = "progressive"
    TT = "tt"
    BB = "bb"
    TB = "tb"
    BT = "bt"


@dataclass(frozen=True, slots=True)
class VideoStreamFacts:
    """One video stream (embedded pictures are counted in the result, not listed).

    `codec` and `color_*` are FFmpeg's canonical names ("hevc", "smpte2084"); None where the file says nothing. A stream of a
    codec without a decoder is listed as "unknown" with the defaults below; width and height are pixels, 0 if unknown.
    `sample_aspect` and `display_aspect` are reduced "16:9" texts; `bit_rate` is in bits per second.
    """

    index: int
    codec: str
    profile: str | None = None
    level: str | None = None
    width: int = 0
    height: int = 0
    frame_rate_numerator: int | None = None
    frame_rate_denominator: int | None = None
    bit_depth: int | None = None
    pixel_format: str | None = None
    sample_aspect: str | None = None
    display_aspect: str | None = None
    color_transfer: str | None = None
    color_primaries: str | None = None
    color_space: str | None = None
    hdr_kind: HdrKind = HdrKind.NONE
    field_order: FieldOrder = FieldOrder.UNKNOWN
    is_interlaced: bool = False
    bit_rate: int | None = None
    language: str = UNDETERMINED
    title: str | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class AudioStreamFacts:
    """One audio stream; `language` is ISO 639-2/B or "und", `bit_rate` bits per second, `sample_rate` hertz."""

    index: int
    codec: str
    profile: str | None = None
    channels: int = 0
    channel_layout: str | None = None
    sample_rate: int | None = None
    bit_rate: int | None = None
    language: str = UNDETERMINED
    title: str | None = None
    is_default: bool = False
    is_forced: bool = False
    is_commentary: bool = False
    is_hearing_impaired: bool = False
    is_visual_impaired: bool = False
    is_original: bool = False
    is_dub: bool = False


@dataclass(frozen=True, slots=True)
class SubtitleStreamFacts:
    """One embedded subtitle stream; `language` is ISO 639-2/B or "und"."""

    index: int
    codec: str
    language: str = UNDETERMINED
    title: str | None = None
    is_default: bool = False
    is_forced: bool = False
    is_commentary: bool = False
    is_hearing_impaired: bool = False


@dataclass(frozen=True, slots=True)
class ChapterFacts:
    """One chapter in milliseconds from the start of the file."""

    start_ms: int
    end_ms: int
    title: str | None


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Everything read from one file: `duration_ms` and `bit_rate` (bits per second) are None when unknown.

    `tags` are the container's own texts with lower-case names ("title", "artist", "album", "track").
    """

    container: str
    duration_ms: int | None
    bit_rate: int | None
    video: tuple[VideoStreamFacts, ...]
    audio: tuple[AudioStreamFacts, ...]
    subtitles: tuple[SubtitleStreamFacts, ...]
    chapters: tuple[ChapterFacts, ...]
    embedded_pictures: int
    tags: dict[str, str]
