"""What is inside video files, as NFO files tell it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col

from domain.catalog.queries import rows_of
from domain.libraries.tables import AudioStream, SubtitleStream, VideoStream
from domain.publish.nfo import Sound, Streams, Words


def streams_of(session: Session, files: Iterable[Any]) -> dict[int, Streams]:
    """The streams of each file (rows of `media_files`) by its id; subtitles in files of their own are left out."""
    rows = {row.id: row for row in files}
    videos = _by_file(rows_of(session, VideoStream.file_id, rows))
    sounds = _by_file(rows_of(session, AudioStream.file_id, rows))
    words = _by_file(rows_of(session, SubtitleStream.file_id, rows, col(SubtitleStream.is_external).is_(False)))
    return {key: _streams(row, videos[key], sounds[key], words[key]) for key, row in rows.items()}


def _streams(file: Any, videos: list[Any], sounds: list[Any], words: list[Any]) -> Streams:
    video = videos[0] if videos else None
    return Streams(
        codec=video.codec if video else None,
        width=video.width if video else None,
        height=video.height if video else None,
        aspect_ratio=video.aspect_ratio if video else None,
        hdr_format=video.hdr_format if video else None,
        duration_ms=file.duration_ms,
        sounds=tuple(Sound(one.codec, one.profile, one.channels, one.language) for one in sounds),
        subtitles=tuple(Words(one.language) for one in words),
    )


def _by_file(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.stream_index):
        found[row.file_id].append(row)
    return found
