"""Root fields that read libraries, files and the review queue."""

from typing import Annotated

import strawberry

from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.fields import query
from api.kit.filtering import bounded, refuse
from api.kit.paging import After, Before, First, First500, Last, Last500
from api.kit.planner import Compare, Condition, IsNull, Not, page, ref
from api.libraries.filters import (
    PLACED,
    LibraryOrder,
    LibraryWhere,
    MediaFileOrder,
    MediaFileWhere,
    ReviewItemOrder,
    ReviewItemWhere,
    file_conditions,
    file_order,
    library_conditions,
    library_order,
    review_conditions,
    review_order,
)
from api.libraries.types import Library, MediaFile, MediaType, ReviewItem
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

_KEYS = "At most three keys. The id breaks ties."
LibraryWhereArgument = Annotated[LibraryWhere | None, strawberry.argument(description="Which libraries; all if not given.")]
LibraryOrderArgument = Annotated[list[LibraryOrder] | None, strawberry.argument(description=_KEYS)]
FileWhereArgument = Annotated[MediaFileWhere | None, strawberry.argument(description="Which files; all if not given.")]
FileOrderArgument = Annotated[list[MediaFileOrder] | None, strawberry.argument(description=_KEYS)]
ReviewWhereArgument = Annotated[ReviewItemWhere | None, strawberry.argument(description="Which questions; all if not given.")]
ReviewOrderArgument = Annotated[list[ReviewItemOrder] | None, strawberry.argument(description=_KEYS)]


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
        self, where: LibraryWhereArgument = None, order_by: LibraryOrderArgument = None, first: First = None,
        after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[Library] | None:  # fmt: skip
        return page(
            Library, where=library_conditions(where), order_by=library_order(order_by), first=first, after=after, last=last,
            before=before,
        )  # fmt: skip

    @query(Permission.READ, "The sorts of media.")
    def media_types(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[MediaType] | None:
        return page(MediaType, order_by=MediaTypeRow.id, first=first, after=after, last=last, before=before)

    @query(
        Permission.READ,
        "Files that scans found, by path if not told otherwise.",
    )
    def media_files(
        self, library: LibraryId = None, unknown: Unknown = None, missing: Missing = None, kind: Kind = None,
        where: FileWhereArgument = None, order_by: FileOrderArgument = None, first: First500 = None,
        after: After = None, last: Last500 = None, before: Before = None,
    ) -> Connection[MediaFile] | None:  # fmt: skip
        asked = [*file_conditions(where), *_library(library, t.MediaFile.library_id)]
        if unknown is not None:
            asked.append(Not(PLACED) if unknown else PLACED)
        if missing is not None:
            asked.append(IsNull(t.MediaFile.missing_since, is_null=not missing))
        if kind is not None:
            asked.append(Compare(t.MediaFile.file_kind, "=", kind))
        return page(
            MediaFile, where=bounded(asked), order_by=file_order(order_by), first=first, after=after, last=last, before=before,
            max_first=500,
        )  # fmt: skip

    @query(Permission.READ, "What waits for a person's decision, oldest first.")
    def review_items(
        self, status: Status = ReviewStatus.PENDING, where: ReviewWhereArgument = None, order_by: ReviewOrderArgument = None,
        first: First = None, after: After = None, last: Last = None, before: Before = None,
    ) -> Connection[ReviewItem] | None:  # fmt: skip
        asked = review_conditions(where)
        if status is not None:
            asked.append(Compare(t.ReviewItem.status, "=", status))
        return page(ReviewItem, where=asked, order_by=review_order(order_by), first=first, after=after, last=last, before=before)
