"""What is inside a media file, in Kodi's words: `<fileinfo><streamdetails>`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lxml import etree

from domain.publish.nfo.characters import line

_HDR: Final = {"dolby_vision": "dolbyvision", "hdr10": "hdr10", "hdr10plus": "hdr10plus", "hlg": "hlg"}
_DTS: Final = {"DTS-HD MA": "dtshd_ma", "DTS-HD HRA": "dtshd_hra"}
_UNKNOWN: Final = "und"


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio stream: codec and profile in FFmpeg's words, language as an ISO 639-2 code."""

    codec: str | None = None
    profile: str | None = None
    channels: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Subtitles in a language (ISO 639-2)."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class Streams:
    """The first video stream of a copy (sizes in pixels, `aspect_ratio` as `16:9`), its sounds and subtitles."""

    codec: str | None = None
    width: int | None = None
    height: int | None = None
    aspect_ratio: str | None = None
    hdr_format: str | None = None
    duration_ms: int | None = None
    sounds: tuple[Sound, ...] = ()
    subtitles: tuple[Words, ...] = ()


def file_info(streams: Streams) -> etree._Element | None:
    """The element; None if nothing is known of the file."""
    details = etree.Element("streamdetails")
    _add(details, "video", _video(streams))
    for sound in streams.sounds:
        _add(details, "audio", _sound(sound))
    for words in streams.subtitles:
        _add(details, "subtitle", [("language", words.language or _UNKNOWN)])
    if not len(details):
        return None
    info = etree.Element("fileinfo")
    info.append(details)
    return info


def _video(streams: Streams) -> Iterator[tuple[str, object]]:
    yield "codec", streams.codec
    yield "aspect", _aspect(streams)
    yield "width", streams.width
    yield "height", streams.height
    yield "durationinseconds", (streams.duration_ms or 0) // 1000 or None
    yield "hdrtype", _HDR.get(streams.hdr_format or "")


def _aspect(streams: Streams) -> str | None:
    """Width : height as Kodi's decimal number: that of the display, else that of the pixels."""
    width, _, height = (streams.aspect_ratio or "").partition(":")
    if width.isdecimal() and height.isdecimal() and int(width) and int(height):
        return f"{float(Fraction(int(width), int(height))):.6f}"
    return f"{float(Fraction(streams.width, streams.height)):.6f}" if streams.width and streams.height else None


def _sound(sound: Sound) -> Iterator[tuple[str, object]]:
    """FFmpeg's `dts` has three names in Kodi."""
    codec = _DTS.get(sound.profile or "", "dca") if sound.codec == "dts" else sound.codec
    yield "codec", codec
    yield "language", sound.language if sound.language != _UNKNOWN else None
    yield "channels", sound.channels


def _add(parent: etree._Element, name: str, values: Iterable[tuple[str, object]]) -> None:
    element = etree.Element(name)
    for tag, value in values:
        if value is not None and (said := line(str(value))):
            etree.SubElement(element, tag).text = said
    if len(element):
        parent.append(element)
