"""Inputs of the mutations of enrichment."""

import strawberry

from api.kit.mutations import IDEMPOTENCY_KEY, client_id
from domain.catalog.enums import Fallback


@strawberry.input(one_of=True, description="What is enriched: named things, or a whole library.")
class EnrichWhatInput:
    items: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="Films, series (with all below them), seasons, episodes, people and film series: at most 100 ids."
    )
    library: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="Everything in this library, with its film series and some of its people."
    )


@strawberry.input(description="Things of which the providers are to be asked.")
class EnrichItemsInput:
    what: EnrichWhatInput = strawberry.field(description="Which.")
    renew: bool = strawberry.field(
        default=False, description="Ask even where an answer is still fresh (details of films are for a week)."
    )
    people: int = strawberry.field(
        default=100,
        description="Of a library: so many people in it that nobody asked about yet, leading roles and directors first; at most "
        "1000, 0 = none.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A provider's place in an order.")
class ProviderPlaceInput:
    provider: strawberry.ID = strawberry.field(description="Which.")
    fallback: Fallback = strawberry.field(default=Fallback.CONTINUE, description="What follows after it.")
    is_enabled: bool = strawberry.field(default=True, description="Whether it is heard for this field at all.")


@strawberry.input(description="The order of providers for a field.")
class SetProviderPrioritiesInput:
    media_type: strawberry.ID | None = strawberry.field(default=None, description="For this type of media; null = for all.")
    field: str = strawberry.field(
        default="*", description="For this field: title, cast, artwork.poster …; * = for all that have no order of their own."
    )
    order: list[ProviderPlaceInput] = strawberry.field(
        description="At most 20, the first first; those not named come last. Empty: as Marquee began."
    )
    client_mutation_id: str | None = client_id()
