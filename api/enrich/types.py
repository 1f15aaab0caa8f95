"""Orders of providers, and what came of asking them."""

from datetime import datetime

import strawberry

from api.kit.connections import Node
from api.kit.enums import expose
from api.kit.planner import column, entity, global_id, one
from api.kit.problems import ErrorCode
from api.kit.scalars import JSON
from api.libraries.types import MediaType
from api.providers.types import Provider
from domain.catalog.enums import Fallback
from domain.enrich import tables as t
from domain.enrich.enums import DiffOutcome, LookupOutcome

expose(
    Fallback,
    "What follows after a provider, in the order of them.",
    {
        "CONTINUE": "Where it says nothing, the next is heard.",
        "STOP": "Whatever it says, none after it is heard.",
        "MERGE": "A list of the next is added to its own; else as CONTINUE.",
    },
)
expose(
    LookupOutcome,
    "What came of asking a provider for a thing.",
    {
        "ANSWERED": "It answered.",
        "NOT_THERE": "It does not have the thing.",
        "FAILED": "It could not be asked, or did not answer; it is tried again.",
    },
)


expose(
    DiffOutcome,
    "What enriching would do to a field.",
    {
        "CHANGES": "It would show what the provider says.",
        "EQUAL": "It shows that already.",
        "LOCKED": "It is locked, here or above.",
        "EDITED": "A person said something else.",
        "OUTRANKED": "An NFO file, or another source that counts more, says something else.",
    },
)


@entity(t.ProviderPriority, description="A provider's place in the order for a field.")
class ProviderPriority(Node):
    id: strawberry.ID = global_id()
    media_type: MediaType | None = one(t.ProviderPriority.media_type_id, description="For which type of media; null = for all.")
    field: str = column(t.ProviderPriority.field, description="For which field: original_title, artwork.poster …; * = for all.")
    provider: Provider | None = one(t.ProviderPriority.provider_id, description="The provider.")
    priority: int = column(t.ProviderPriority.priority, description="1 comes first.")
    is_enabled: bool = column(t.ProviderPriority.is_enabled, description="Whether it is heard for this field at all.")
    fallback: Fallback = column(t.ProviderPriority.fallback_behavior, description="What follows after it.")


@entity(t.EnrichmentResult, description="What came of asking a provider for an item, a person or a film series.")
class EnrichmentResult(Node):
    id: strawberry.ID = global_id()
    provider: str = column(t.EnrichmentResult.provider, description="Its name.")
    outcome: LookupOutcome = column(t.EnrichmentResult.outcome, description="What came of it.")
    external_id: str | None = column(t.EnrichmentResult.external_id, description="What the provider calls the thing.")
    error: str | None = column(t.EnrichmentResult.error, description="Why it failed.")
    error_code: str | None = column(t.EnrichmentResult.code, description="The kind of failure: RATE_LIMITED, KEY_REFUSED …")
    retry_at: datetime | None = column(t.EnrichmentResult.retry_at, description="When it may be asked again, if it said so.")
    asked_at: datetime = column(t.EnrichmentResult.asked_at, description="When it was asked; equal answers do not move it.")


@strawberry.type(description="What enriching would do to one field.")
class EnrichmentDiff:
    field: str = strawberry.field(description="The field: plot, genres, cast …")
    outcome: DiffOutcome = strawberry.field(description="What would happen, or why nothing.")
    now: JSON | None = strawberry.field(description="What is shown.")
    would_be: JSON | None = strawberry.field(description="What would be shown.")
    offered: JSON | None = strawberry.field(description="What the providers say, in their order.")
    provider: str | None = strawberry.field(description="The first provider whose word that is.")
    held_by: str | None = strawberry.field(description="The source that counts more: user, nfo …; null if none does.")


@strawberry.type(description="How a provider did when it was asked.")
class EnrichmentAnswer:
    provider: str = strawberry.field(description="Its name.")
    outcome: LookupOutcome = strawberry.field(description="What came of it.")
    external_id: str | None = strawberry.field(description="What it calls the thing.")
    code: ErrorCode | None = strawberry.field(description="The kind of failure.")
    message: str | None = strawberry.field(description="Why it failed.")
    retry_at: datetime | None = strawberry.field(description="When it may be asked again, if it said so.")


@strawberry.type(description="What enriching a thing would change. Nothing is.")
class EnrichmentPreview:
    fields: list[EnrichmentDiff] = strawberry.field(description="Fields of which providers say something, by name.")
    providers: list[EnrichmentAnswer] = strawberry.field(
        description="The providers that know the thing; none where none has a key."
    )


@strawberry.type(description="What a source says of a field.")
class SourceWord:
    source: str = strawberry.field(description="Who: user, nfo, tmdb, file, name …")
    value: JSON = strawberry.field(description="What it says.")
    fetched_at: datetime = strawberry.field(description="Since when.")


@strawberry.type(description="Where the value of a field comes from.")
class FieldProvenance:
    field: str = strawberry.field(description="The field: plot, genres, cast …")
    is_locked: bool = strawberry.field(description="Whether automation leaves it alone, by a lock here or above.")
    shown_from: str | None = strawberry.field(
        description="Whose word counts most; what a locked field shows may be older. Of several providers the first."
    )
    words: list[SourceWord] = strawberry.field(description="What each source says, the one that counts most first.")
