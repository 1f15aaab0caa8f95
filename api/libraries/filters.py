"""Filters and orders of libraries, files and the review queue."""

from enum import Enum

import strawberry

from api.kit.enums import expose
from api.kit.filtering import (
    BigIntFilter,
    DateTimeFilter,
    Direction,
    DurationFilter,
    FloatFilter,
    IdFilter,
    LinkFilter,
    PathFilter,
    Rule,
    TextFilter,
    WordFilter,
    compiled,
    ids,
    links,
    members,
    number,
    path,
    some,
    sorted_by,
    text,
    words,
)
from api.kit.planner import And, Compare, Condition, Exists, IsNull, Narrowing, Or
from api.kit.scalars import MAX_BIG_INT
from domain.artwork.tables import Asset
from domain.libraries import tables as t
from domain.libraries.enums import FileKind

_READ_NFO = And([Compare(t.MediaFile.file_kind, "=", FileKind.NFO), IsNull(t.MediaFile.probed_at, is_null=False)])
PLACED = Or([Exists(t.ItemFile.file_id), Exists(Asset.media_file_id), _READ_NFO])
"""A file that an item uses, a picture that something shows, or an NFO file whose item was found."""
_GONE = IsNull(t.MediaFile.missing_since, is_null=False)
_UNREADABLE = IsNull(t.MediaFile.probe_error, is_null=False)


@strawberry.input(description="Which libraries. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class LibraryWhere:
    and_: "list[LibraryWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[LibraryWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "LibraryWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    name: TextFilter | None = strawberry.field(default=None, description="Its name.")
    is_enabled: bool | None = strawberry.field(default=None, description="Whether it is scanned.")
    last_scanned_at: DateTimeFilter | None = strawberry.field(default=None, description="When the last complete scan ended.")


@strawberry.input(description="Which files. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class MediaFileWhere:
    and_: "list[MediaFileWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[MediaFileWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "MediaFileWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    library: IdFilter | None = strawberry.field(default=None, description="The library it lies in.")
    item: LinkFilter | None = strawberry.field(default=None, description="Items that use it.")
    path: PathFilter | None = strawberry.field(default=None, description="Its path or address.")
    kind: list[FileKind] | None = strawberry.field(default=None, description="One of these sorts.")
    size_bytes: BigIntFilter | None = strawberry.field(default=None, description="Size in bytes.")
    container: WordFilter | None = strawberry.field(default=None, description="Container in FFmpeg's words.")
    duration: DurationFilter | None = strawberry.field(default=None, description="Length.")
    discovered_at: DateTimeFilter | None = strawberry.field(default=None, description="When a scan first saw it.")
    is_unknown: bool | None = strawberry.field(default=None, description="Whether it belongs to no item.")
    is_missing: bool | None = strawberry.field(default=None, description="Whether it is gone.")
    has_probe_error: bool | None = strawberry.field(default=None, description="Whether its streams could not be read.")


@strawberry.input(description="Which questions. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class ReviewItemWhere:
    and_: "list[ReviewItemWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[ReviewItemWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "ReviewItemWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    reason: WordFilter | None = strawberry.field(default=None, description="Why it is here: uncertain_name, ambiguous …")
    confidence: FloatFilter | None = strawberry.field(default=None, description="How sure automation is, 0 to 1.")
    item: IdFilter | None = strawberry.field(default=None, description="The item it is about.")
    file: IdFilter | None = strawberry.field(default=None, description="The file it is about.")
    created_at: DateTimeFilter | None = strawberry.field(default=None, description="When it came up.")


class LibraryOrderField(Enum):
    """What libraries can be sorted by."""

    NAME = "sort_key"
    CREATED_AT = "created_at"
    LAST_SCANNED_AT = "last_scanned_at"


expose(
    LibraryOrderField,
    "What libraries can be sorted by.",
    {"NAME": "Its name.", "CREATED_AT": "When it was made.", "LAST_SCANNED_AT": "When the last complete scan ended."},
)


@strawberry.input(description="One key to sort libraries by.")
class LibraryOrder:
    field: LibraryOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def library_order(given: list[LibraryOrder] | None) -> object:
    """The sort keys, or the usual ones. Raises GraphQLError for more than three."""
    return sorted_by(t.Library, given, t.Library.sort_key)


class MediaFileOrderField(Enum):
    """What files can be sorted by."""

    PATH = "uri"
    SIZE = "size_bytes"
    DISCOVERED_AT = "discovered_at"
    DURATION = "duration_ms"


expose(
    MediaFileOrderField,
    "What files can be sorted by.",
    {
        "PATH": "Its path or address, byte by byte.",
        "SIZE": "Size in bytes.",
        "DISCOVERED_AT": "When a scan first saw it.",
        "DURATION": "Length.",
    },
)


@strawberry.input(description="One key to sort files by.")
class MediaFileOrder:
    field: MediaFileOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def file_order(given: list[MediaFileOrder] | None) -> object:
    """The sort keys, or the usual ones. Raises GraphQLError for more than three."""
    return sorted_by(t.MediaFile, given, t.MediaFile.uri)


class ReviewItemOrderField(Enum):
    """What questions can be sorted by."""

    CREATED_AT = "created_at"
    CONFIDENCE = "confidence"


expose(
    ReviewItemOrderField,
    "What questions can be sorted by.",
    {"CREATED_AT": "When it came up.", "CONFIDENCE": "How sure automation is."},
)


@strawberry.input(description="One key to sort questions by.")
class ReviewItemOrder:
    field: ReviewItemOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Which end comes first.")


def review_order(given: list[ReviewItemOrder] | None) -> object:
    """The sort keys, or the usual ones. Raises GraphQLError for more than three."""
    return sorted_by(t.ReviewItem, given, t.ReviewItem.created_at)


def _milliseconds(value: int) -> int:
    return max(-MAX_BIG_INT, min(value, MAX_BIG_INT))


_LIBRARIES: dict[str, Rule] = {
    "id": ids(t.Library.id, "libraries"),
    "name": text(t.Library.sort_key),
    "is_enabled": some(Compare(t.Library.is_enabled, "=", True)),
    "last_scanned_at": number(t.Library.last_scanned_at),
}
_FILES: dict[str, Rule] = {
    "id": ids(t.MediaFile.id, "media_files"),
    "library": ids(t.MediaFile.library_id, "libraries"),
    "item": links(t.ItemFile.file_id, t.ItemFile.item_id, "media_items"),
    "path": path(t.MediaFile.uri),
    "kind": members(t.MediaFile.file_kind),
    "size_bytes": number(t.MediaFile.size_bytes),
    "container": words(t.MediaFile.container),
    "duration": number(t.MediaFile.duration_ms, as_=_milliseconds),
    "discovered_at": number(t.MediaFile.discovered_at),
    "is_unknown": lambda given: some(PLACED)(not given),
    "is_missing": some(_GONE),
    "has_probe_error": some(_UNREADABLE),
}
_REVIEWS: dict[str, Rule] = {
    "id": ids(t.ReviewItem.id, "review_queue"),
    "reason": words(t.ReviewItem.reason),
    "confidence": number(t.ReviewItem.confidence),
    "item": ids(t.ReviewItem.item_id, "media_items"),
    "file": ids(t.ReviewItem.file_id, "media_files"),
    "created_at": number(t.ReviewItem.created_at),
}


def library_conditions(where: LibraryWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError."""
    return compiled(where, _LIBRARIES)


def file_conditions(where: MediaFileWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError."""
    return compiled(where, _FILES)


def review_conditions(where: ReviewItemWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError."""
    return compiled(where, _REVIEWS)


FILES = Narrowing(MediaFileWhere, file_conditions, MediaFileOrder, file_order)
"""What files below something take."""
