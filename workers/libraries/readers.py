"""The eyes of a scan: guessed names, probed streams and measured pictures, in the words of the domain."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from domain.libraries.understanding.model import Failure, MediaFacts, PictureSize, Readers
from workers.confined.refusals import Refusal
from workers.libraries.guessing import understand
from workers.libraries.pictures import PictureError, measure_picture
from workers.libraries.probing.languages import normalise_language
from workers.libraries.probing.pool import ProbePool
from workers.libraries.probing.results import AudioStreamFacts, HdrKind, ProbeResult, SubtitleStreamFacts, VideoStreamFacts

_WAIT_S: Final = 0.25
"""So often a waiting scan asks whether it should stop."""
_JOIN_S: Final = 1.0

Answer = tuple[str, ProbeResult | Refusal]


def make_readers(pool: ProbePool, check: Callable[[], None]) -> Readers:
    """Readers that probe with `pool`; while they wait for it, `check` is called and may raise to stop."""
    return Readers(
        lambda name, hint: understand(name, hint=hint), lambda paths: _probe(pool, paths, check), measure, normalise_language
    )


def measure(path: str) -> PictureSize | Failure:
    """The size of a picture, or why it has none."""
    try:
        facts = measure_picture(path)
    except PictureError as error:
        return Failure(error.code.value, str(error))
    return PictureSize(facts.format, facts.width, facts.height)


def media_facts(result: ProbeResult) -> MediaFacts:
    """A probe's answer as the columns of our tables."""
    return MediaFacts(
        result.container,
        result.duration_ms,
        result.bit_rate,
        tuple(_video(stream) for stream in result.video),
        tuple(_audio(stream) for stream in result.audio),
        tuple(_subtitle(stream) for stream in result.subtitles),
        tuple((chapter.start_ms, chapter.end_ms, chapter.title) for chapter in result.chapters),
        result.embedded_pictures,
    )


def _probe(pool: ProbePool, paths: Iterable[str], check: Callable[[], None]) -> Iterator[tuple[str, MediaFacts | Failure]]:
    """Probe in a thread of its own: a file that takes its time must not keep a cancelled scan alive."""
    wanted = list(paths)
    if not wanted:
        return
    answers: queue.SimpleQueue[Answer | BaseException | None] = queue.SimpleQueue()
    stopped = threading.Event()

    def run() -> None:
        try:
            for answer in pool.probe_many(path for path in wanted if not stopped.is_set()):
                answers.put(answer)
            answers.put(None)
        except BaseException as error:  # handed to the one who waits
            answers.put(error)

    thread = threading.Thread(target=run, name="probing", daemon=True)
    thread.start()
    is_done = False
    try:
        while True:
            check()
            try:
                answer = answers.get(timeout=_WAIT_S)
            except queue.Empty:
                continue
            if answer is None:
                is_done = True
                return
            if isinstance(answer, BaseException):
                raise answer
            path, said = answer
            yield path, Failure(said.code.value, said.message) if isinstance(said, Refusal) else media_facts(said)
    finally:
        stopped.set()
        if not is_done:
            pool.close()  # a child that hangs is killed, and the thread ends with it
        thread.join(timeout=_JOIN_S)


def _video(stream: VideoStreamFacts) -> Mapping[str, Any]:
    return {
        "stream_index": stream.index,
        "codec": stream.codec,
        "profile": stream.profile,
        "codec_level": stream.level,
        "width": stream.width or None,
        "height": stream.height or None,
        "aspect_ratio": stream.display_aspect,
        "frame_rate_numerator": stream.frame_rate_numerator,
        "frame_rate_denominator": stream.frame_rate_denominator,
        "bitrate": stream.bit_rate,
        "bit_depth": stream.bit_depth,
        "pixel_format": stream.pixel_format,
        "field_order": stream.field_order.value,
        "color_space": stream.color_space,
        "color_transfer": stream.color_transfer,
        "color_primaries": stream.color_primaries,
        "hdr_format": None if stream.hdr_kind is HdrKind.NONE else stream.hdr_kind.value,
        "language": stream.language,
        "title": stream.title,
        "is_default": stream.is_default,
    }


_RENAMED: Final = {"index": "stream_index", "bit_rate": "bitrate"}


def _audio(stream: AudioStreamFacts) -> Mapping[str, Any]:
    return {_RENAMED.get(name, name): value for name, value in asdict(stream).items()}


def _subtitle(stream: SubtitleStreamFacts) -> Mapping[str, Any]:
    row = {_RENAMED.get(name, name): value for name, value in asdict(stream).items()}
    return {**row, "is_external": False}
