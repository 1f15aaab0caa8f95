"""Root fields that read libraries, files and the review queue."""

from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.paging import After, Before, First, First500, Last, Last500
from api.kit.planner import And, Compare, Condition, Exists, IsNull, Not, Or, page, ref
from api.libraries.types import Library, MediaFile, MediaType, ReviewItem
from domain.artwork.tables import Asset
from domain.catalog.tables import MediaType as MediaTypeRow
from domain.kit.errors import Invalid
from domain.kit.ids import key_of
from domain.libraries import tables as t
from domain.libraries.enums import FileKind, ReviewStatus

Id = Annotated[strawberry.ID, strawberry.argument(description="Id of the library.")]
LibraryId = Annotated[strawberry.ID | None, strawberry.argument(description="Only those of this library.")]
Unknown = Annotated[
    bool | None, strawberry.argument(description="true: only files that belong to no item; false: only those that do.")
]
Missing = Annotated[bool | None, strawberry.argument(description="true: only files that are gone; false: only those there.")]
Kind = Annotated[FileKind | None, strawberry.argument(description="Only files of this sort.")]
Status = Annotated[ReviewStatus | None, strawberry.argument(description="Only those in this state; null = all.")]

_READ_NFO = And([Compare(t.MediaFile.file_kind, "=", FileKind.NFO), IsNull(t.MediaFile.probed_at, is_null=False)])
_PLACED = Or([Exists(t.ItemFile.file_id), Exists(Asset.media_file_id), _READ_NFO])
"""A file that an item uses, a picture that something shows, or an NFO file whose item was found."""


def _library(id: strawberry.ID | None, attribute: object) -> list[Condition]:
    if id is None:
        return []
    try:
        return [Compare(attribute, "=", key_of("libraries", id))]
    except Invalid as error:
        raise refuse(error.message) from None


@strawberry.type
class LibraryQueries:
    """Reads of libraries and files."""

    @query(Permission.READ, "A library; null when it is not there or not yours.")
    def library(self, id: Id) -> Library | None:
        try:
            return ref(Library, key_of("libraries", id))
        except Invalid as error:
            raise refuse(error.message) from None

    @query(Permission.READ, "The libraries you may see, by name.")
    def libraries(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Library] | None:
        return page(Library, order_by=t.Library.sort_key, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "The sorts of media.")
    def media_types(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MediaType] | None:
        return page(MediaType, order_by=MediaTypeRow.id, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "Files that scans found, by path. With `unknown: true`, those that nobody can place.")
    def media_files(
        self, library: LibraryId = None, unknown: Unknown = None, missing: Missing = None, kind: Kind = None,
        first: First500 = None, after: After = None, last: Last500 = None, before: Before = None,
    ) -> Connection[MediaFile] | None:  # fmt: skip
        where = _library(library, t.MediaFile.library_id)
        if unknown is not None:
            where.append(Not(_PLACED) if unknown else _PLACED)
        if missing is not None:
            where.append(IsNull(t.MediaFile.missing_since, is_null=not missing))
        if kind is not None:
            where.append(Compare(t.MediaFile.file_kind, "=", kind))
        return page(
            MediaFile, where=where, order_by=t.MediaFile.uri, first=first, after=after, last=last, before=before, max_first=500
        )

    @query(Permission.READ, "What waits for a person's decision, oldest first.")
    def review_items(
        self, status: Status = ReviewStatus.PENDING, first: First = None, after: After = None, last: Last = None,
        before: Before = None,
    ) -> Connection[ReviewItem] | None:  # fmt: skip
        where = [] if status is None else [Compare(t.ReviewItem.status, "=", status)]
        return page(ReviewItem, where=where, order_by=t.ReviewItem.created_at, first=first, after=after, last=last, before=before)
