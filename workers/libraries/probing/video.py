"""Video streams: what PyAV says about one, in our words."""

from fractions import Fraction
from typing import Final

from av.video.stream import VideoStream

from workers.libraries.probing.colours import PRIMARIES, SPACES, TRANSFERS
from workers.libraries.probing.languages import normalise_language
from workers.libraries.probing.results import FieldOrder, HdrKind, VideoStreamFacts
from workers.libraries.probing.texts import bit_rate_of, clean_text, has_decoder

# enum AVFieldOrder of libavcodec has the same members in the same order.
_FIELD_ORDERS: Final = tuple(FieldOrder)
_MPEG2_LEVELS = {4: "high", 6: "high 1440", 8: "main", 10: "low"}
_MAX_FRAME_RATE = 1000


def level_name(codec: str, level: int) -> str | None:
    """Write a codec's level number as people do ("4.1"); None if unknown.

    Sources: H.264 annex A (ten times the level), H.265 and H.266 annex A (thirty, sixteen times), AV1 annex A.3 (quarters
    counted from 2.0), MPEG-2 table 8-3.
    """
    if level < 0 or (level == 0 and codec != "av1"):
        return None
    if codec == "h264":
        return "1b" if level == 9 else f"{level // 10}.{level % 10}"
    if codec in ("hevc", "vvc"):
        step = 30 if codec == "hevc" else 16
        return f"{level // step}.{level % step * 10 // step}"
    if codec == "av1":
        return f"{2 + level // 4}.{level % 4}" if level < 31 else None
    if codec == "vp9":
        return f"{level // 10}.{level % 10}"
    return _MPEG2_LEVELS.get(level) if codec == "mpeg2video" else None


def read_video_stream(stream: VideoStream, hdr_kind: HdrKind) -> VideoStreamFacts:
    """Describe one video stream; the caller, who may have looked into a frame, decides `hdr_kind`."""
    if not has_decoder(stream):
        return VideoStreamFacts(stream.index, "unknown", language=normalise_language(stream.language))
    context = stream.codec_context
    codec = context.codec.canonical_name
    rate = _frame_rate(stream)
    order = _FIELD_ORDERS[context.field_order] if 0 <= context.field_order < len(_FIELD_ORDERS) else FieldOrder.UNKNOWN
    sample = context.sample_aspect_ratio or Fraction(1)
    pixels = context.format
    return VideoStreamFacts(
        index=stream.index,
        codec=codec,
        profile=clean_text(context.profile),
        level=level_name(codec, context.level),
        width=context.width,
        height=context.height,
        frame_rate_numerator=rate.numerator if rate else None,
        frame_rate_denominator=rate.denominator if rate else None,
        bit_depth=max((part.bits for part in pixels.components), default=None) if pixels else None,
        pixel_format=context.pix_fmt,
        sample_aspect=_ratio_text(sample),
        display_aspect=_ratio_text(sample * context.width / context.height) if context.height else None,
        color_transfer=TRANSFERS.get(context.color_trc),
        color_primaries=PRIMARIES.get(context.color_primaries),
        color_space=SPACES.get(context.colorspace),
        hdr_kind=hdr_kind,
        field_order=order,
        is_interlaced=order not in (FieldOrder.UNKNOWN, FieldOrder.PROGRESSIVE),
        bit_rate=bit_rate_of(stream),
        language=normalise_language(stream.language),
        title=clean_text(stream.metadata.get("title")),
        is_default=bool(stream.disposition & stream.disposition.default),
    )


def _frame_rate(stream: VideoStream) -> Fraction | None:
    """Frames per second: the average over the file, else FFmpeg's guess; None for a still or a nonsense value."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0 < rate <= _MAX_FRAME_RATE:
            return rate
    return None


def _ratio_text(ratio: Fraction) -> str | None:
    return f"{ratio.numerator}:{ratio.denominator}" if ratio > 0 else None
