"""Takes the pictures out of a media file: Matroska's covers, MP4's `covr`, ID3's and ASF's; runs in a confined child process.

Matroska calls a cover `cover`, `small_cover`, `cover_land` or `small_cover_land`; attachments with other names are none
(https://www.matroska.org/technical/attachments.html). Elsewhere pictures have no names.
"""

import json
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from os import fsdecode
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.stream import AttachmentStream, Disposition
from av.video.stream import VideoStream

from workers.confined.refusals import FailureCode, RefusedError
from workers.libraries.probing.probe import MAX_STREAMS, OPTIONS, named_failures

COVERS: Final = frozenset({"cover", "small_cover", "cover_land", "small_cover_land"})
MOST: Final = 10
"""Pictures that are taken out of one file."""
MAX_BYTES: Final = 32 * 2**20
"""Of one picture, as of a download."""
_MOST_PACKETS: Final = 2 * MAX_STREAMS
"""FFmpeg hands out embedded pictures before all else; what has not come by then does not come."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture that was taken out: one of `COVERS` or '', and the name of its file in the folder."""

    name: str
    file: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of one file, in its order. Nobody looked at the bytes yet."""

    pictures: tuple[Found, ...]


def question(path: str, into: str) -> str:
    """The question of a child: take the pictures out of `path` and write them into a folder."""
    return json.dumps([path, into], ensure_ascii=False)


def take(asked: str) -> Taken:
    """Answer a `question`; raises RefusedError as the probe does. Pictures of more than 32 MiB are left out."""
    path, into = json.loads(asked)
    with named_failures():
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise RefusedError(FailureCode.UNREADABLE, "not a regular file")
        with av.open(f"file:{fsdecode(path)}", mode="r", options=OPTIONS, metadata_errors="replace") as container:
            written: list[Found] = []
            for name, data in _pictures(container):
                file = Path(into) / str(len(written))
                file.write_bytes(data)
                written.append(Found(name, file.name))
                if len(written) == MOST:
                    break
    return Taken(tuple(written))


def _pictures(container: InputContainer) -> Iterator[tuple[str, bytes]]:
    wanted: dict[int, str] = {}
    for stream in list(container.streams)[:MAX_STREAMS]:
        name = _name(stream.metadata.get("filename"))
        if name is None:
            continue
        if isinstance(stream, AttachmentStream):  # formats that FFmpeg does not know as pictures: WebP, AVIF
            data = stream.data if (stream.mimetype or "").startswith("image/") else None
            if data is not None and 0 < len(data) <= MAX_BYTES:
                yield name, bytes(data)
        elif isinstance(stream, VideoStream) and stream.disposition & Disposition.attached_pic:
            wanted[stream.index] = name
    if not wanted:
        return
    for number, packet in enumerate(container.demux()):
        found = wanted.pop(packet.stream_index, None)
        if found is not None and 0 < packet.size <= MAX_BYTES:
            yield found, bytes(packet)
        if not wanted or number >= _MOST_PACKETS:
            return


def _name(filename: str | None) -> str | None:
    """Which cover it is; '' where the container names none; None for another attachment."""
    if not filename:
        return ""
    stem = filename.rpartition(".")[0].casefold()
    return stem if stem in COVERS else None
