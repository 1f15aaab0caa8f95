"""The HDR kind of a video stream, which often only its first frame tells."""

from collections.abc import Iterable
from typing import cast

import av.error
from av.container import InputContainer
from av.sidedata.sidedata import SideData
from av.video.stream import VideoStream

from workers.libraries.probing.colours import DOLBY_VISION_TAGS, PQ, UNSPECIFIED, hdr_kind
from workers.libraries.probing.results import HdrKind
from workers.libraries.probing.texts import has_decoder

_PACKETS_TO_FIRST_FRAME = 200


def read_hdr_kind(container: InputContainer, stream: VideoStream) -> HdrKind:
    """Name the HDR kind of a stream; decodes one frame at most, and only where it could tell more."""
    if not has_decoder(stream):
        return HdrKind.NONE
    transfer, tag = stream.codec_context.color_trc, _codec_tag(stream)
    side_data = _first_frame_side_data(container, stream) if _may_hide_more(stream, transfer, tag) else ()
    return hdr_kind(transfer, tag, side_data)


def _may_hide_more(stream: VideoStream, transfer: int, tag: str) -> bool:
    """Say whether a frame must be decoded: HDR metadata is only there, and Dolby Vision profile 5 names no curve."""
    if tag in DOLBY_VISION_TAGS:
        return False
    pixels = stream.codec_context.format
    return transfer == PQ or (transfer == UNSPECIFIED and pixels is not None and pixels.components[0].bits > 8)


def _codec_tag(stream: VideoStream) -> str:
    """Return the container's four letters for the codec in lower case ("dvh1"), or "" where they are not letters."""
    try:
        return stream.codec_context.codec_tag.lower()
    except UnicodeDecodeError:
        return ""


def _first_frame_side_data(container: InputContainer, stream: VideoStream) -> tuple[str, ...]:
    """Decode one frame out of at most 200 packets and name its side data; () if none comes."""
    stream.codec_context.thread_count = 1  # a decoder thread for every core would burst the memory limit
    try:
        for count, packet in enumerate(container.demux(stream)):
            for frame in packet.decode():
                # Annotated as a dictionary of motion vectors, in truth a collection of all side data.
                return tuple(side.type.name for side in cast("Iterable[SideData]", frame.side_data))
            if count >= _PACKETS_TO_FIRST_FRAME:
                break
    except (av.error.FFmpegError, ValueError):
        return ()
    return ()
