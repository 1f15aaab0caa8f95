"""Short playable clips: a still picture with a light that circles, tones as audio, subtitles and chapters, by PyAV."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream
from PIL import Image

from workers.libraries.demo.clip_specs import Clip
from workers.libraries.demo.clip_streams import TURNS, add_lines, add_sound, add_video, pictures, subtitle_packet, tone
from workers.libraries.demo.whole import whole_file


def write_clip(path: Path, clip: Clip, still: Image.Image) -> None:
    """Encode a clip of `still` (cropped to its size) into the container of the file's suffix; never leaves half a file.

    Raises av.error.FFmpegError or ValueError where the container does not take a codec.
    """
    os.environ.setdefault("SVT_LOG", "1")  # only errors: the AV1 encoder prints its configuration otherwise
    options = {"movflags": "+faststart"} if path.suffix in (".mp4", ".mov", ".m4v") else {}
    with whole_file(path) as part, av.open(str(part), mode="w", options=options) as container:
        _encode(container, clip, still)


def _encode(container: OutputContainer, clip: Clip, still: Image.Image) -> None:
    container.metadata.update(clip.tags)
    video = add_video(container, clip)
    sounds = [(add_sound(container, sound), sound) for sound in clip.sounds]
    lines = [(add_lines(container, track), track) for track in clip.lines]
    if clip.chapters:
        _set_chapters(container, clip)
    # One stream after the other: the muxer interleaves, and a clip of seconds fits its buffer.
    for packet in _shown(clip, still, video):
        container.mux_one(packet)
    for heard, sound in sounds:
        for samples in tone(sound, clip.seconds):
            container.mux(heard.encode(samples))
        container.mux(heard.encode(None))
    for shown, track in lines:
        step = int(clip.seconds * 1000 / len(track.texts))
        for place, text in enumerate(track.texts):
            container.mux_one(subtitle_packet(shown, text, start_ms=place * step, length_ms=step - 100))


def _shown(clip: Clip, still: Image.Image, stream: VideoStream) -> "Iterator[Packet[Any]]":
    """The packets of the picture. Where the codec's frames look back only, one turn is encoded and repeated as it is."""
    count = max(1, round(clip.seconds * clip.rate))
    turn = min(count, TURNS.get(clip.codec, count))
    encoded = [packet for picture in pictures(clip, still, turn) for packet in stream.encode(picture)]
    encoded += stream.encode(None)
    if turn == count:
        yield from encoded
        return
    base = 1 / clip.rate
    for place in range(count):
        known = encoded[place % turn]
        packet = Packet(bytes(known))
        packet.stream, packet.time_base, packet.is_keyframe = stream, base, known.is_keyframe
        packet.pts = packet.dts = place
        packet.duration = 1
        yield packet


def _set_chapters(container: OutputContainer, clip: Clip) -> None:
    step = clip.seconds * 1000 / len(clip.chapters)
    container.set_chapters(
        [
            {
                "id": place + 1,
                "start": int(place * step),
                "end": int((place + 1) * step),
                "time_base": Fraction(1, 1000),
                "metadata": {"title": title},
            }
            for place, title in enumerate(clip.chapters)
        ]
    )
