"""The probe itself: one file in, its facts out; runs in a child process, since C code reads a stranger's bytes here."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from os import fsdecode
from pathlib import Path

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import AttachmentStream, Disposition
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from workers.confined.refusals import FailureCode, RefusedError
from workers.libraries.probing.hdr import read_hdr_kind
from workers.libraries.probing.results import AudioStreamFacts, ChapterFacts, ProbeResult, SubtitleStreamFacts, VideoStreamFacts
from workers.libraries.probing.texts import clean_tags, clean_text
from workers.libraries.probing.tracks import read_audio_stream, read_subtitle_stream
from workers.libraries.probing.video import read_video_stream

# Only real media containers: a playlist (hls, dash, concat, sdp) makes FFmpeg open other files and addresses.
CONTAINERS = (
    "aac,ac3,aiff,amr,ape,asf,au,av1,avi,caf,dsf,dts,dtshd,dv,eac3,flac,flv,gxf,h264,hevc,ivf,loas,m4v,matroska,mlp,mov,mp3,mpc,"
    "mpc8,mpeg,mpegts,mpegvideo,mxf,nut,obu,ogg,oma,rm,swf,tak,truehd,tta,vc1,vvc,w64,wav,wtv,wv"
)
# Enough to reach the first picture of any sane file; a bound on what one probe may read and decode.
OPTIONS = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file", "probesize": "8000000", "analyzeduration": "7000000"}
MAX_STREAMS = 200
MAX_CHAPTERS = 2000
_MAX_MS = 10**12


def probe_file(path: str) -> ProbeResult:
    """Read a media file's facts; raises RefusedError (unreadable, not_media, memory, vanished), never a library's own error.

    Opens no more than this one regular file. May hang or crash on hostile bytes, hence the child process around it.
    """
    with named_failures():
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise RefusedError(FailureCode.UNREADABLE, "not a regular file")
        # The scheme keeps a name like "concat:a|b" a name.
        with av.open(f"file:{fsdecode(path)}", mode="r", options=OPTIONS, metadata_errors="replace") as container:
            return _read(container, path)


@contextmanager
def named_failures() -> Iterator[None]:
    """Raises RefusedError in place of whatever FFmpeg and the system raise."""
    try:
        yield
    except MemoryError as error:
        raise RefusedError(FailureCode.MEMORY, "more memory needed than allowed") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RefusedError(FailureCode.VANISHED, "no such file") from error
    except (av.error.ArgumentError, av.error.OptionNotFoundError) as error:
        raise RefusedError(FailureCode.NOT_MEDIA, "not a media container") from error
    except (av.error.InvalidDataError, av.error.PatchWelcomeError, av.error.EOFError, av.error.LookupError) as error:
        raise RefusedError(FailureCode.NOT_MEDIA, error.strerror or "not media") from error
    except OSError as error:
        raise RefusedError(FailureCode.UNREADABLE, error.strerror or "unreadable") from error
    except (av.error.FFmpegError, ArithmeticError, ValueError) as error:
        raise RefusedError(FailureCode.NOT_MEDIA, clean_text(str(error)) or "not media") from error


def _read(container: InputContainer, path: str) -> ProbeResult:
    video: list[VideoStreamFacts] = []
    audio: list[AudioStreamFacts] = []
    subtitles: list[SubtitleStreamFacts] = []
    pictures = 0
    for stream in list(container.streams)[:MAX_STREAMS]:
        if isinstance(stream, AttachmentStream):
            pictures += (stream.mimetype or "").startswith("image/")
        elif isinstance(stream, VideoStream):
            if stream.disposition & Disposition.attached_pic:
                pictures += 1
            else:
                video.append(read_video_stream(stream, read_hdr_kind(container, stream)))
        elif isinstance(stream, AudioStream):
            audio.append(read_audio_stream(stream))
        elif isinstance(stream, SubtitleStream):
            subtitles.append(read_subtitle_stream(stream))
    if not video and not audio:
        raise RefusedError(FailureCode.NOT_MEDIA, "neither video nor audio inside")
    first = container.streams.best("audio") or container.streams[0]
    return ProbeResult(
        container=container_name(container, path),
        duration_ms=_milliseconds(container.duration, 1000),
        bit_rate=container.bit_rate if container.bit_rate and container.bit_rate > 0 else None,
        video=tuple(video),
        audio=tuple(audio),
        subtitles=tuple(subtitles),
        chapters=tuple(_chapters(container)),
        embedded_pictures=pictures,
        tags=clean_tags(container.metadata, first.metadata if not video else {}),
    )


def _chapters(container: InputContainer) -> Iterator[ChapterFacts]:
    for chapter in container.chapters()[:MAX_CHAPTERS]:
        base = chapter["time_base"]
        if base is None:
            continue
        start, end = int(chapter["start"] * base * 1000), int(chapter["end"] * base * 1000)
        if 0 <= start <= end <= _MAX_MS:
            yield ChapterFacts(start, end, clean_text(chapter["metadata"].get("title")))


def _milliseconds(value: int | None, per_ms: int) -> int | None:
    return value // per_ms if value is not None and 0 <= value // per_ms <= _MAX_MS else None


def container_name(container: InputContainer, path: str) -> str:
    """Return one word for the container where FFmpeg has a family: matroska or webm, mp4, mov or m4a by its brand."""
    family = container.format.name.split(",")
    suffix = Path(path).suffix.lower().removeprefix(".")
    if family[0] == "matroska":
        return "webm" if suffix in ("webm", "weba") else "matroska"
    if family[0] == "mov":
        return "mov" if container.metadata.get("major_brand", "qt").strip().lower() == "qt" else "mp4"
    return family[0]
