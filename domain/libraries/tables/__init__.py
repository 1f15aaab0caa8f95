"""The tables of libraries and their files."""

from domain.libraries.tables.care import RecycledFile, ReviewItem
from domain.libraries.tables.files import ItemFile, MediaFile
from domain.libraries.tables.libraries import Library, LibraryAccess, LibraryDirectory, LibraryPath
from domain.libraries.tables.sources import PathMapping, Source, SourceCollection, SourceRef
from domain.libraries.tables.streams import AudioStream, Marker, SubtitleStream, VideoStream

__all__ = [
    "AudioStream",
    "ItemFile",
    "Library",
    "LibraryAccess",
    "LibraryDirectory",
    "LibraryPath",
    "Marker",
    "MediaFile",
    "PathMapping",
    "RecycledFile",
    "ReviewItem",
    "Source",
    "SourceCollection",
    "SourceRef",
    "SubtitleStream",
    "VideoStream",
]
