"""Libraries, files, what is in them, and what waits for a decision."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.jobs.types import JobSchedule
from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import Compare, column, connection, embedded, entity, global_id, many, narrowing_in, one, part
from api.kit.scalars import JSON, BigInt
from api.libraries.filters import FILES
from domain.catalog.tables import MediaItem as ItemRow
from domain.catalog.tables import MediaType as MediaTypeRow
from domain.libraries import tables as t
from domain.libraries.enums import ConnectionStatus, FileKind, FileRole, MarkerKind, MarkerSource, ReviewStatus

if TYPE_CHECKING:
    from api.catalog.filters.items import MediaItemWhere
    from api.catalog.filters.orders import MediaItemOrder
    from api.catalog.types.items import MediaItem

Item = Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")]
ITEMS = narrowing_in(
    "api.catalog.filters.nested", "ITEMS",
    where=Annotated["MediaItemWhere", strawberry.lazy("api.catalog.filters.items")],
    order_by=Annotated["MediaItemOrder", strawberry.lazy("api.catalog.filters.orders")],
)  # fmt: skip

expose(
    ConnectionStatus,
    "How the last contact with another server went.",
    {
        "UNKNOWN": "There was none yet, or something was changed since.",
        "CONNECTED": "It answered.",
        "DISCONNECTED": "It does not answer, or the connection ended.",
        "ERROR": "It answered, but not as it should: credentials refused, another program. `lastError` says why.",
    },
)
expose(
    FileKind,
    "What sort of file it is.",
    {
        "VIDEO": "Moving pictures.",
        "AUDIO": "Sound.",
        "IMAGE": "A picture.",
        "SUBTITLE": "Subtitles.",
        "NFO": "Metadata in Kodi's form.",
        "TEXT": "Text.",
        "ARCHIVE": "A packed archive.",
        "OTHER": "Anything else.",
    },
)
expose(
    FileRole,
    "What a file is to an item.",
    {
        "MAIN": "The work itself.",
        "EXTRA": "A piece about it: making-of, deleted scene, interview …",
        "TRAILER": "Its trailer.",
        "SAMPLE": "A sample of it.",
        "THEME": "Its theme music or video.",
        "SUBTITLE": "Subtitles for it.",
    },
)
expose(
    MarkerKind,
    "What begins or lies at a marker.",
    {
        "CHAPTER": "A chapter.",
        "AD_BREAK": "A place for a break.",
        "CUE": "A cue point.",
        "AVAIL": "A slot for local insertion.",
        "BUMPER": "A bumper.",
        "INTRO": "The opening titles.",
        "OUTRO": "The end.",
        "CREDITS": "The closing credits.",
    },
)
expose(
    MarkerSource,
    "Who set a marker.",
    {"FILE": "It is in the file.", "MANUAL": "A person.", "DETECTED": "Our own detection."},
)
expose(
    ReviewStatus,
    "Whether a person has decided.",
    {"PENDING": "It waits.", "RESOLVED": "Decided.", "REJECTED": "Refused; it does not come back by itself."},
)


@part(t.VideoStream, description="The colours of a video stream, in FFmpeg's words.")
class VideoColor:
    space: str | None = column(t.VideoStream.color_space, description="Matrix, such as bt709 or bt2020nc.")
    transfer: str | None = column(t.VideoStream.color_transfer, description="Transfer: bt709, smpte2084 (PQ), arib-std-b67 …")
    primaries: str | None = column(t.VideoStream.color_primaries, description="Primaries, such as bt709 or bt2020.")


@entity(t.VideoStream, description="A video stream of a file.")
class VideoStream(Node):
    id: strawberry.ID = global_id()
    index: int = column(t.VideoStream.stream_index, description="Its number in the file, from 0.")
    codec: str | None = column(t.VideoStream.codec, description="Codec in FFmpeg's words: h264, hevc, av1 …")
    profile: str | None = column(t.VideoStream.profile, description="Profile, such as High or Main 10.")
    width: int | None = column(t.VideoStream.width, description="Coded width in pixels.")
    height: int | None = column(t.VideoStream.height, description="Coded height in pixels.")
    aspect_ratio: str | None = column(t.VideoStream.aspect_ratio, description="Display aspect ratio, such as 16:9.")
    frame_rate_numerator: int | None = column(t.VideoStream.frame_rate_numerator, description="Frames a second: numerator.")
    frame_rate_denominator: int | None = column(t.VideoStream.frame_rate_denominator, description="Frames a second: denominator.")
    bitrate: BigInt | None = column(t.VideoStream.bitrate, as_=BigInt, description="Bits a second, where the file says so.")
    bit_depth: int | None = column(t.VideoStream.bit_depth, description="Bits of a colour sample: 8, 10, 12.")
    pixel_format: str | None = column(t.VideoStream.pixel_format, description="Pixel format, such as yuv420p10le.")
    field_order: str | None = column(
        t.VideoStream.field_order, description="progressive, or the first field of interlaced video."
    )
    hdr_format: str | None = column(t.VideoStream.hdr_format, description="hdr10, hdr10plus, dolby_vision, hlg; null = none.")
    color: VideoColor = embedded(description="Its colours.")
    language: str | None = column(t.VideoStream.language, description="ISO 639-2 code; null = unknown.")
    title: str | None = column(t.VideoStream.title, description="Its title in the file.")
    is_default: bool = column(t.VideoStream.is_default, description="Played when nobody chooses.")


@entity(t.AudioStream, description="An audio stream of a file.")
class AudioStream(Node):
    id: strawberry.ID = global_id()
    index: int = column(t.AudioStream.stream_index, description="Its number in the file, from 0.")
    codec: str | None = column(t.AudioStream.codec, description="Codec in FFmpeg's words: aac, ac3, eac3, dts, truehd …")
    profile: str | None = column(t.AudioStream.profile, description="Profile, such as LC or DTS-HD MA.")
    channels: int | None = column(t.AudioStream.channels, description="Number of channels.")
    channel_layout: str | None = column(t.AudioStream.channel_layout, description="Layout, such as stereo or 5.1.")
    sample_rate: int | None = column(t.AudioStream.sample_rate, description="Samples a second.")
    bitrate: BigInt | None = column(t.AudioStream.bitrate, as_=BigInt, description="Bits a second, where the file says so.")
    language: str | None = column(t.AudioStream.language, description="ISO 639-2 code; null = unknown.")
    title: str | None = column(t.AudioStream.title, description="Its title in the file.")
    is_default: bool = column(t.AudioStream.is_default, description="Played when nobody chooses.")
    is_forced: bool = column(t.AudioStream.is_forced, description="Marked as forced.")
    is_commentary: bool = column(t.AudioStream.is_commentary, description="A commentary.")
    is_hearing_impaired: bool = column(t.AudioStream.is_hearing_impaired, description="For the hard of hearing.")
    is_visual_impaired: bool = column(t.AudioStream.is_visual_impaired, description="With audio description.")
    is_original: bool = column(t.AudioStream.is_original, description="In the original language.")
    is_dub: bool = column(t.AudioStream.is_dub, description="Dubbed.")


@entity(t.SubtitleStream, description="Subtitles, in a file of their own or inside a video file.")
class SubtitleStream(Node):
    id: strawberry.ID = global_id()
    index: int = column(t.SubtitleStream.stream_index, description="Its number in the file, from 0.")
    codec: str | None = column(t.SubtitleStream.codec, description="Format: subrip, ass, webvtt, hdmv_pgs_subtitle …")
    language: str = column(t.SubtitleStream.language, description="ISO 639-2 code; und = unknown.")
    title: str | None = column(t.SubtitleStream.title, description="Its title.")
    is_default: bool = column(t.SubtitleStream.is_default, description="Shown when nobody chooses.")
    is_forced: bool = column(t.SubtitleStream.is_forced, description="Only for foreign-language parts.")
    is_hearing_impaired: bool = column(t.SubtitleStream.is_hearing_impaired, description="Also describes sounds.")
    is_commentary: bool = column(t.SubtitleStream.is_commentary, description="Of a commentary.")
    is_external: bool = column(t.SubtitleStream.is_external, description="A file of its own.")


@entity(t.Marker, description="A point or stretch of a file's time.")
class Marker(Node):
    id: strawberry.ID = global_id()
    kind: MarkerKind = column(t.Marker.kind, description="What begins or lies there.")
    start_ms: BigInt = column(t.Marker.start_ms, as_=BigInt, description="Start in milliseconds of the file's time.")
    end_ms: BigInt | None = column(t.Marker.end_ms, as_=BigInt, description="End in milliseconds; null = a point.")
    label: str | None = column(t.Marker.label, description="Its name, such as a chapter's title.")
    source: MarkerSource = column(t.Marker.source, description="Who set it.")
    confidence: float | None = column(t.Marker.confidence, description="0 to 1, where it was detected.")


@entity(t.LibraryPath, description="A root folder of a library.")
class LibraryPath(Node):
    id: strawberry.ID = global_id()
    path: str = column(t.LibraryPath.path, description="The folder, as this server sees it.")
    missing_since: datetime | None = column(
        t.LibraryPath.missing_since, description="Since when it cannot be read; nothing below it counts as deleted."
    )


@entity(MediaTypeRow, description="A sort of media, with the words for it.")
class MediaType(Node):
    id: strawberry.ID = global_id()
    name: str = column(MediaTypeRow.name, description="Its name for programs: movie, tv, music …")
    display_name: str = column(MediaTypeRow.display_name, description="Its name for people.")
    icon: str | None = column(MediaTypeRow.icon, description="Name of its icon.")
    color: str | None = column(MediaTypeRow.color, description="Its colour, #rrggbb.")
    interaction_verb: str = column(MediaTypeRow.interaction_verb, description="What one does with it: watch, listen, read, play.")
    is_trackable: bool = column(MediaTypeRow.is_trackable, description="Whether a history is kept of it.")
    is_enabled: bool = column(MediaTypeRow.is_enabled, description="A disabled type hides its items and keeps them.")
    is_system: bool = column(MediaTypeRow.is_system, description="Built in.")


@entity(t.MediaFile, description="A file that a scan found.")
class MediaFile(Node):
    id: strawberry.ID = global_id()
    uri: str = column(t.MediaFile.uri, description="Its path, as this server sees it.")
    kind: FileKind = column(t.MediaFile.file_kind, description="What sort of file it is.")
    size_bytes: BigInt = column(t.MediaFile.size_bytes, as_=BigInt, description="Size in bytes.")
    modified_at: datetime | None = column(t.MediaFile.modified_at, description="When it was last written.")
    container: str | None = column(t.MediaFile.container, description="Container in FFmpeg's words.")
    duration_ms: BigInt | None = column(t.MediaFile.duration_ms, as_=BigInt, description="Length in milliseconds.")
    bitrate: BigInt | None = column(t.MediaFile.bitrate, as_=BigInt, description="Bits a second over all streams.")
    discovered_at: datetime = column(t.MediaFile.discovered_at, description="When a scan first saw it.")
    probed_at: datetime | None = column(t.MediaFile.probed_at, description="When its streams were last read.")
    probe_error: str | None = column(t.MediaFile.probe_error, description="Why its streams could not be read.")
    missing_since: datetime | None = column(t.MediaFile.missing_since, description="Since when it is gone; null = it is there.")
    library: Annotated["Library", strawberry.lazy("api.libraries.types")] | None = one(
        t.MediaFile.library_id, description="The library it lies in."
    )
    uses: list[Annotated["ItemFile", strawberry.lazy("api.libraries.types")]] = many(
        t.ItemFile.file_id,
        order_by=t.ItemFile.id,
        limit=100,
        description="What it is to which items; none = an unknown file.",
    )
    video_streams: list[VideoStream] = many(
        t.VideoStream.file_id, order_by=t.VideoStream.stream_index, limit=100, description="Its video streams."
    )
    audio_streams: list[AudioStream] = many(
        t.AudioStream.file_id, order_by=t.AudioStream.stream_index, limit=100, description="Its audio streams."
    )
    subtitle_streams: list[SubtitleStream] = many(
        t.SubtitleStream.file_id, order_by=t.SubtitleStream.stream_index, limit=100, description="Its subtitle streams."
    )
    markers: list[Marker] = many(
        t.Marker.file_id, order_by=(t.Marker.start_ms, t.Marker.id), limit=500, description="Chapters and other marks."
    )


@entity(t.ItemFile, description="What a file is to an item.")
class ItemFile(Node):
    id: strawberry.ID = global_id()
    role: FileRole = column(t.ItemFile.role, description="The work itself, a trailer, an extra …")
    copy_number: int = column(t.ItemFile.copy_number, description="Another quality of the same cut is another copy.")
    part_number: int = column(t.ItemFile.part_number, description="Part of a copy in several files (CD1, CD2).")
    start_ms: BigInt | None = column(t.ItemFile.start_ms, as_=BigInt, description="Where the item begins in the file.")
    end_ms: BigInt | None = column(t.ItemFile.end_ms, as_=BigInt, description="Where it ends in the file.")
    is_default: bool = column(t.ItemFile.is_default, description="The copy that is played when nobody chooses.")
    title: str | None = column(t.ItemFile.title, description="Title of an extra.")
    file: MediaFile | None = one(t.ItemFile.file_id, description="The file.")
    item: Item | None = one(t.ItemFile.item_id, description="The item; null when you may not see it.")


@entity(t.Library, description="Folders of one sort of media.")
class Library(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Library.name, description="Its name.")
    media_type: MediaType = one(t.Library.media_type_id, description="What lies in it.")
    is_enabled: bool = column(t.Library.is_enabled, description="A disabled library is not scanned.")
    auto_enrich: bool = column(t.Library.auto_enrich, description="Ask the providers about what a scan finds.")
    auto_publish: bool = column(t.Library.auto_publish, description="Write NFO files and artwork beside the media.")
    ignore_patterns: JSON = column(t.Library.ignore_patterns, as_=JSON, description="File names that a scan passes over (globs).")
    metadata_languages: JSON | None = column(
        t.Library.metadata_languages,
        as_=JSON,
        description="Languages of its texts, the first the most; null = the providers'.",
    )
    schedule: JobSchedule | None = one(t.Library.schedule_id, description="When it is scanned by itself (for administrators).")
    last_scanned_at: datetime | None = column(t.Library.last_scanned_at, description="When the last complete scan ended.")
    version: int = column(t.Library.version, description="Grows with each edit; for `expectedVersion`.")
    created_at: datetime = column(t.Library.created_at, description="When it was made.")
    paths: list[LibraryPath] | None = many(
        t.LibraryPath.library_id, order_by=t.LibraryPath.position, limit=100, needs="jobs",
        description="Its root folders (for those who may start scans).",
    )  # fmt: skip
    items: Connection[Item] = connection(
        ItemRow.library_id,
        where=(Compare(ItemRow.level, "=", 0),),
        order_by=ItemRow.sort_key,
        narrowing=ITEMS,
        max_first=500,
        description="Films, series and other tops of trees in it, by title.",
    )
    files: Connection[MediaFile] = connection(
        t.MediaFile.library_id, order_by=t.MediaFile.uri, max_first=500, narrowing=FILES, description="Its files, by path."
    )


@entity(t.ReviewItem, description="Something that automation is not sure about and a person decides.")
class ReviewItem(Node):
    id: strawberry.ID = global_id()
    reason: str = column(t.ReviewItem.reason, description="Why it is here: uncertain_name, unidentified, nfo_refused …")
    confidence: float = column(t.ReviewItem.confidence, description="How sure automation is of its best guess, 0 to 1.")
    candidates: JSON = column(t.ReviewItem.candidates, as_=JSON, description="What it could be, best first, with reasons.")
    status: ReviewStatus = column(t.ReviewItem.status, description="Whether a person has decided.")
    resolution: JSON | None = column(t.ReviewItem.resolution, as_=JSON, description="What was decided.")
    created_at: datetime = column(t.ReviewItem.created_at, description="When it came up.")
    resolved_at: datetime | None = column(t.ReviewItem.resolved_at, description="When it was decided.")
    file: MediaFile | None = one(t.ReviewItem.file_id, description="The file it is about.")
    item: Item | None = one(t.ReviewItem.item_id, description="The item it is about.")
