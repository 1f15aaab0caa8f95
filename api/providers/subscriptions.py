"""`providerChanged`: settings, tests, limits and the breaker of a provider, and changes that were read there."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.providers.types import Provider
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of

ProviderId = Annotated[strawberry.ID | None, strawberry.argument(description="Only this provider.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind.")]


@strawberry.type(
    description=(
        "Something happened to a provider. `type` is provider.updated, provider.tested, provider.rate_limited,"
        " provider.breaker_opened, provider.breaker_half_opened, provider.breaker_closed or provider.changes_read."
    )
)
class ProviderChanged(Event):
    retry_at: datetime | None = strawberry.field(
        description="When it is asked again, after it had enough or its breaker opened; null for everything else."
    )
    node: Provider | None = strawberry.field(description="The provider as it stands now.")
    fact: strawberry.Private[Fact | None] = None


ProviderMessage = Annotated[
    ProviderChanged | Subscribed | Resync, strawberry.union("ProviderChangedMessage", description="What `providerChanged` sends.")
]


@strawberry.type
class ProviderSubscriptions:
    """Streams of providers."""

    @subscription(Permission.ADMIN, "What happens to providers: settings, tests, limits, the breaker, changes that were read.")
    async def provider_changed(
        self, info: Info, id: ProviderId = None, after: After = None
    ) -> AsyncGenerator[ProviderMessage, None]:
        try:
            subject = None if id is None else global_id("provider_configs", key_of("provider_configs", id))
        except Invalid as error:
            raise refuse(error.message) from None

        def wants(fact: Fact) -> bool:
            return fact.topic == "providers" and subject in (None, fact.subject)

        async for message in facts(info.context, after=after, wants=wants):
            yield _changed(message) if isinstance(message, Fact) else message


def _changed(fact: Fact) -> ProviderChanged:
    made: ProviderChanged | None = fact.shared.get(ProviderChanged)
    if made is None:
        said: Any = fact.payload.get("retryAt")
        retry_at = datetime.fromisoformat(said) if isinstance(said, str) else None
        node = ref(Provider, key_of("provider_configs", fact.subject))
        made = fact.shared[ProviderChanged] = ProviderChanged(**common(fact), retry_at=retry_at, node=node, fact=fact)
    return made
