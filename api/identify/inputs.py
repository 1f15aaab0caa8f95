"""Inputs of the mutations of identification."""

import strawberry

from api.catalog.references import LIBRARY, MediaRef
from api.kit.mutations import EXPECTED_VERSION, IDEMPOTENCY_KEY, client_id
from domain.catalog.enums import EpisodeOrdering


@strawberry.input(one_of=True, description="What is to be identified: named items, or what nobody knows in a library.")
class IdentifyWhatInput:
    items: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="Films and series: at most 100. They are tried even if they were lately; what a person chose stays."
    )
    library: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="Every film and series in this library that is due: new, renamed, or tried long enough ago."
    )


@strawberry.input(description="Items to identify.")
class IdentifyItemsInput:
    what: IdentifyWhatInput = strawberry.field(description="Which.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="What an item is, for good.")
class IdentifyItemInput:
    item: MediaRef = strawberry.field(description="The film or series.")
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)
    provider: str = strawberry.field(description="Name of a provider that knows it: tmdb, tvdb.")
    external_id: str = strawberry.field(description="What that provider calls it.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="An item that is not what it was taken for.")
class UnidentifyItemInput:
    item: MediaRef = strawberry.field(description="The film or series.")
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)
    is_left_to_automation: bool = strawberry.field(
        default=False,
        description="true: NFO files, names and automation decide again; false: it has no identity until a person gives it one.",
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="By which order of episodes the names of a series' files count.")
class SetEpisodeOrderInput:
    item: MediaRef = strawberry.field(description="The series.")
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)
    ordering: EpisodeOrdering = strawberry.field(description="The order: one of the series' `episodeOrders`, or AIRED.")
    provider: str | None = strawberry.field(
        default=None, description="Name of the provider whose order it is; null = the first in priority that has it."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A series whose orders of episodes are to be asked for.")
class RefreshEpisodeOrdersInput:
    item: MediaRef = strawberry.field(description="The series.")
    library: strawberry.ID | None = strawberry.field(default=None, description=LIBRARY)
    client_mutation_id: str | None = client_id()
