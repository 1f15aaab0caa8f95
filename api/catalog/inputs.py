"""Inputs of the mutations of items."""

from datetime import date

import strawberry

from api.catalog.references import LIBRARY, MediaRef
from api.kit.mutations import EXPECTED_VERSION, client_id
from api.kit.scalars import BigInt
from domain.catalog.enums import AlbumType

_ITEM = "Which item."
_FIELDS = "1 to 100 fields as `fieldLocks` names them (sort_title) or as the schema does (sortTitle); artwork.poster, trailer …"


@strawberry.input(description=_ITEM)
class ItemTarget:
    item: MediaRef = strawberry.field(description=_ITEM)
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)


@strawberry.input(description="Fields of one value. Absent ones stay; null takes your word back.")
class ItemWords:
    title: strawberry.Maybe[str | None] = strawberry.field(description="Its title, not empty.")
    sort_title: strawberry.Maybe[str | None] = strawberry.field(description="The title it is sorted by.")
    original_title: strawberry.Maybe[str | None] = strawberry.field(description="Its title in the original language.")
    edition: strawberry.Maybe[str | None] = strawberry.field(description="The cut: Director's Cut …; empty = the usual one.")
    tagline: strawberry.Maybe[str | None] = strawberry.field(description="One line that advertises it.")
    plot: strawberry.Maybe[str | None] = strawberry.field(description="What it is about; at most 20,000 characters.")
    outline: strawberry.Maybe[str | None] = strawberry.field(description="The plot in short.")
    year: strawberry.Maybe[int | None] = strawberry.field(description="Year of its first release.")
    release_date: strawberry.Maybe[date | None] = strawberry.field(description="Day of its first release or broadcast.")
    end_date: strawberry.Maybe[date | None] = strawberry.field(description="Day a series ended or an artist stopped.")
    runtime_ms: strawberry.Maybe[BigInt | None] = strawberry.field(description="Length in milliseconds.")
    album_type: strawberry.Maybe[AlbumType | None] = strawberry.field(description="What sort of release an album is.")
    is_kids_friendly: strawberry.Maybe[bool | None] = strawberry.field(description="Marked as good for children.")


@strawberry.input(
    description="Your own words about an item, which win over every source. Fields that are absent stay; null takes your "
    "word back, so that what the sources say is shown again."
)
class UpdateMediaItemInput(ItemTarget, ItemWords):
    genres: strawberry.Maybe[list[str] | None] = strawberry.field(description="All its genres by name, in order; at most 100.")
    studios: strawberry.Maybe[list[str] | None] = strawberry.field(description="All its studios by name, in order; at most 100.")
    countries: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All its countries, at most 100, in order: ISO 3166-1 codes or names."
    )
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(description="At most 100 tags, in place of those from files.")
    is_monitored: strawberry.Maybe[bool] = strawberry.field(description="Whether automation looks after its artwork.")
    lock: bool = strawberry.field(
        default=True, description="Lock the fields that are set against automation, and unlock those that are taken back."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Fields to lock against automation.")
class LockFieldsInput(ItemTarget):
    fields: list[str] = strawberry.field(description=_FIELDS)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Fields to give back to automation.")
class UnlockFieldsInput(ItemTarget):
    fields: list[str] = strawberry.field(description=_FIELDS)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="An item to delete, with its parts. Files stay on the disk.")
class DeleteMediaItemInput(ItemTarget):
    dry_run: bool = strawberry.field(default=False, description="Only count what would go.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A deleted item to bring back, with the parts that went with it.")
class RestoreMediaItemInput:
    id: strawberry.ID = strawberry.field(description="Its id.")
    client_mutation_id: str | None = client_id()
