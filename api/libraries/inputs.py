"""Inputs of the mutations of libraries and of the review queue."""

import strawberry

from api.kit.mutations import EXPECTED_VERSION, IDEMPOTENCY_KEY, client_id
from api.kit.scalars import Cron, TimeZone
from domain.catalog.enums import ItemKind

_LANGUAGES = "Languages of titles, taglines and plots (BCP 47: de, pt-BR), the most wanted first, at most 10"


@strawberry.input(description="When a library is scanned by itself.")
class LibraryScheduleInput:
    cron: Cron = strawberry.field(description="When, as crontab(5).")
    zone: TimeZone = strawberry.field(default=TimeZone("UTC"), description="The zone in which `cron` is read.")


@strawberry.input(description="A new library.")
class CreateLibraryInput:
    name: str = strawberry.field(description="1 to 100 characters; no two libraries share a name.")
    media_type: str = strawberry.field(description="Name of what lies in it: movie or tv.")
    paths: list[str] = strawberry.field(
        description="Its 1 to 20 folders, as this server sees them; none inside another or inside another library's."
    )
    ignore_patterns: list[str] = strawberry.field(
        default_factory=list,
        description="File names that a scan passes over: at most 100 globs; `!pattern` takes back a built-in one.",
    )
    auto_enrich: bool = strawberry.field(default=True, description="Ask the providers about what a scan finds.")
    auto_publish: bool = strawberry.field(default=False, description="Write NFO files and artwork beside the media.")
    is_enabled: bool = strawberry.field(default=True, description="A disabled library is not scanned.")
    schedule: LibraryScheduleInput | None = strawberry.field(
        default=None, description="When it is scanned by itself; null = only when asked."
    )
    metadata_languages: list[str] | None = strawberry.field(default=None, description=f"{_LANGUAGES}; null = the providers'.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Changes of a library. Fields that are absent stay.")
class UpdateLibraryInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    name: strawberry.Maybe[str] = strawberry.field(description="1 to 100 characters; no two libraries share a name.")
    paths: strawberry.Maybe[list[str]] = strawberry.field(
        description="Its 1 to 20 folders, in place of those before. What lay in one that is left out counts as missing."
    )
    ignore_patterns: strawberry.Maybe[list[str]] = strawberry.field(
        description="File names that a scan passes over, at most 100 globs, in place of those before."
    )
    auto_enrich: strawberry.Maybe[bool] = strawberry.field(description="Ask the providers about what a scan finds.")
    auto_publish: strawberry.Maybe[bool] = strawberry.field(description="Write NFO files and artwork beside the media.")
    is_enabled: strawberry.Maybe[bool] = strawberry.field(description="A disabled library is not scanned.")
    schedule: strawberry.Maybe[LibraryScheduleInput | None] = strawberry.field(
        description="When it is scanned by itself; null = only when asked."
    )
    metadata_languages: strawberry.Maybe[list[str] | None] = strawberry.field(
        description=f"{_LANGUAGES}; null = the providers'. The library is enriched anew."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A library to delete. Its folders and files stay on the disk.")
class DeleteLibraryInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    dry_run: bool = strawberry.field(default=False, description="Only count what would go.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A scan to begin.")
class ScanLibraryInput:
    library: strawberry.ID = strawberry.field(description="Which library.")
    path: str | None = strawberry.field(
        default=None, description="Only this folder or file in it, as this server sees it; null = all."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="What a person says a file or item is.")
class IdentityInput:
    kind: ItemKind = strawberry.field(description="MOVIE, SERIES, or EPISODE for one file with one or more episodes.")
    title: str = strawberry.field(description="The title; for episodes that of their series.")
    year: int | None = strawberry.field(default=None, description="Year of the first release; for episodes of their series.")
    season: int | None = strawberry.field(default=None, description="Season of episodes: 0 = specials, null = not known.")
    episodes: list[int] = strawberry.field(default_factory=list, description="Numbers of the episodes, in order; at most 50.")
    edition: str = strawberry.field(default="", description="The cut of a film: Director's Cut …; empty = the usual one.")


@strawberry.input(one_of=True, description="A decision: one of the candidates, or an identity of your own.")
class ReviewChoiceInput:
    candidate: strawberry.Maybe[int] = strawberry.field(description="Its place among the candidates; 0 = first.")
    identity: strawberry.Maybe[IdentityInput] = strawberry.field(description="What it is.")


@strawberry.input(description="A question of the review queue, and its answer.")
class ResolveReviewInput:
    id: strawberry.ID = strawberry.field(description="The question.")
    choice: ReviewChoiceInput = strawberry.field(description="The answer. No scan undoes it.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A question of the review queue that needs no answer.")
class RejectReviewInput:
    id: strawberry.ID = strawberry.field(description="The question.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A question of the review queue to ask again.")
class ReopenReviewInput:
    id: strawberry.ID = strawberry.field(description="The question.")
    client_mutation_id: str | None = client_id()
