"""The streams of a clip: encoders set up as asked, and the pictures, tones and lines that go into them."""

from collections.abc import Iterator
from fractions import Fraction

import av.error
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.filter import Graph
from av.packet import Packet
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageOps

from workers.libraries.demo.clip_specs import Clip, Lines, Sound
from workers.libraries.demo.scenery import radiance

_SAMPLE_RATE = 48000
# SMPTE ST 2086: primaries of DCI-P3, white point D65, 1000 nit, in the units of the x265 option.
_HDR10 = (
    "hdr10=1:repeat-headers=1:max-cll=1000,400:"
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
)
# Threads are ours to give: x265 takes as many as the host has processors, whatever FFmpeg is told.
_QUICK_X265 = "log-level=none:bframes=0:rc-lookahead=0:scenecut=0:pools=none:frame-threads=1:wpp=0"
_OPTIONS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "crf": "27", "x264-params": "cabac=1:8x8dct=1"},
    "libx265": {"preset": "ultrafast", "crf": "26", "x265-params": _QUICK_X265},
    "libsvtav1": {"preset": "12", "crf": "38", "svtav1-params": "lp=1"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "36", "b": "0"},
    "mpeg2video": {"b": "2500000"},
    "mpeg4": {"b": "1500000"},
}
TURNS = {"libx264": 24, "libx265": 6}
"""Frames that the light takes to come back to where it was. They are encoded once, without B-frames, and then repeated."""
# ITU-T H.273: BT.2020 primaries, PQ curve, BT.2020 non-constant matrix.
_BT2020, _PQ, _BT2020_NCL = 9, 16, 9


def add_video(container: OutputContainer, clip: Clip) -> VideoStream:
    """Add the picture's encoder to a container."""
    options = dict(_OPTIONS[clip.codec])
    if clip.is_hdr:
        options["x265-params"] = f"{_QUICK_X265}:{_HDR10}"
    if clip.is_interlaced:
        options["flags"] = "+ilme+ildct"
    stream = container.add_stream(clip.codec, rate=clip.rate, options=options)
    assert isinstance(stream, VideoStream)
    context = stream.codec_context
    context.thread_count = 1
    context.width, context.height = clip.width, clip.height
    context.pix_fmt = _pixel_format(clip)
    context.sample_aspect_ratio = clip.sample_aspect
    if clip.is_hdr:
        context.color_primaries, context.color_trc, context.colorspace = _BT2020, _PQ, _BT2020_NCL
    return stream


def add_sound(container: OutputContainer, sound: Sound) -> AudioStream:
    """Add an audio track's encoder to a container."""
    stream = container.add_stream(sound.codec, rate=_SAMPLE_RATE, layout=sound.layout)
    assert isinstance(stream, AudioStream)
    _label(stream, sound)
    return stream


def add_lines(container: OutputContainer, lines: Lines) -> SubtitleStream:
    """Add a subtitle track: mov_text in MP4, SubRip elsewhere."""
    stream = container.add_stream("mov_text" if "mp4" in container.format.name else "srt")
    assert isinstance(stream, SubtitleStream)
    stream.codec_context.subtitle_header = b"[Script Info]\nScriptType: v4.00+\n"
    _label(stream, lines)
    return stream


def pictures(clip: Clip, still: Image.Image, count: int) -> Iterator[VideoFrame]:
    """Yield `count` frames of the clip: the still with a soft light that goes round once."""
    graph = Graph()
    graph.threads = 1
    base = Fraction(clip.rate.denominator, clip.rate.numerator)
    shown = ImageOps.fit(still, (round(clip.width * clip.sample_aspect), clip.height))
    background = _frame(shown.resize((clip.width, clip.height))).reformat(format="yuv420p")  # once, not for every frame
    light = _frame(_light(clip.height))
    scene = graph.add_buffer(width=clip.width, height=clip.height, format=background.format, time_base=base)
    glow = graph.add_buffer(width=light.width, height=light.height, format=light.format, time_base=base)
    turn = f"2*PI*n/{count}"
    overlay = graph.add("overlay", f"x=W*0.5-w/2+W*0.05*cos({turn}):y=H*0.3-h/2+H*0.05*sin({turn}):eval=frame")
    scene.link_to(overlay, 0, 0)
    glow.link_to(overlay, 0, 1)
    last = overlay
    for name, arguments in _chain(clip):
        following = graph.add(name, arguments)
        last.link_to(following)
        last = following
    last.link_to(graph.add("buffersink"))
    graph.configure()
    light.pts, light.time_base = 0, base
    glow.push(light)
    glow.push(None)
    for place in range(count):
        background.pts, background.time_base = place, base
        scene.push(background)
        yield from _pulled(graph)
    scene.push(None)
    yield from _pulled(graph)


def tone(sound: Sound, seconds: float) -> Iterator[AudioFrame]:
    """Yield a quiet tone that fades in and out."""
    graph = Graph()
    graph.threads = 1
    source = graph.add("sine", f"frequency={sound.hertz}:sample_rate={_SAMPLE_RATE}:duration={seconds}")
    fade = graph.add("afade", f"t=out:st={seconds - 0.5}:d=0.5")
    sink = graph.add("abuffersink")
    source.link_to(fade)
    fade.link_to(sink)
    graph.configure()
    while True:
        try:
            samples = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(samples, AudioFrame)
        yield samples


def subtitle_packet(stream: SubtitleStream, text: str, *, start_ms: int, length_ms: int) -> "Packet[SubtitleStream]":
    """Encode one line of text as a packet of its stream."""
    line = SubtitleSet.create(f"0,0,Default,,0,0,0,,{text}".encode(), 0, length_ms, pts=start_ms)
    packet = stream.codec_context.encode_subtitle(line)
    packet.stream = stream
    packet.time_base = Fraction(1, 1000)
    return packet


def _chain(clip: Clip) -> list[tuple[str, str]]:
    chain = [("format", f"pix_fmts={_pixel_format(clip)}")]
    if clip.is_hdr:
        chain.append(("setparams", "color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv"))
    if clip.is_interlaced:
        chain.append(("setfield", "tff"))
    return chain


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _frame(picture: Image.Image) -> VideoFrame:
    return VideoFrame.from_bytes(picture.convert("RGBA").tobytes(), picture.width, picture.height, "rgba")


def _light(height: int) -> Image.Image:
    size = max(16, height // 3 * 2)
    glow = Image.new("RGBA", (256, 256), (255, 244, 220, 0))
    glow.putalpha(radiance(95, 1.8))
    return glow.resize((size, size), Image.Resampling.BICUBIC)


def _pixel_format(clip: Clip) -> str:
    return "yuv420p10le" if clip.is_hdr else "yuv420p"


def _label(stream: AudioStream | SubtitleStream, track: Sound | Lines) -> None:
    stream.metadata["language"] = track.language
    if track.title:
        stream.metadata["title"] = track.title
    if track.role:
        stream.disposition = track.role
