"""Mutations of providers."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import EXPECTED_VERSION, attempt, client_id, errors_field, sent
from api.kit.planner import ref
from api.kit.problems import ConflictError, InvalidError, NotFoundError, UpstreamError, VersionConflictError
from api.kit.scalars import Locale
from api.providers.types import Provider
from domain.kit.ids import key_of
from domain.providers import service
from domain.providers.finding import try_out

What = strawberry.argument(description="What to do.")


@strawberry.input(description="Changes of a provider. Fields that are absent stay.")
class UpdateProviderInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    is_enabled: strawberry.Maybe[bool] = strawberry.field(description="Whether it may be asked.")
    key: strawberry.Maybe[str | None] = strawberry.field(
        description="Its key; null takes it away. It is stored encrypted and never shown. Another key closes the breaker."
    )
    language: strawberry.Maybe[Locale] = strawberry.field(description="In which texts are asked for: pl, pt-BR.")
    region: strawberry.Maybe[str | None] = strawberry.field(
        description="Country (ISO 3166-1: PL) whose releases and certificates come first."
    )
    priority: strawberry.Maybe[int] = strawberry.field(description="1 to 1,000; the lowest comes first.")
    rate_limit: strawberry.Maybe[float | None] = strawberry.field(
        description="Requests a second at most, 0.001 to 1,000; null = what is known to be polite."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A provider to test.")
class TestProviderInput:
    __test__ = False  # pytest takes every name like this for a test

    id: strawberry.ID = strawberry.field(description="Which.")
    key: str | None = strawberry.field(
        default=None,
        description="A key to try before it is given, in place of the stored one; it is not stored, nor is the outcome.",
    )
    client_mutation_id: str | None = client_id()


UpdateProviderError = Annotated[
    NotFoundError | InvalidError | VersionConflictError,
    strawberry.union("UpdateProviderError", description="Why nothing was changed."),
]
TestProviderError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError,
    strawberry.union("TestProviderError", description="Why the test failed: `code` tells a refused key from a silent server."),
]


@strawberry.type(description="The changed provider.")
class UpdateProviderPayload:
    errors: list[UpdateProviderError] = errors_field()
    provider: Provider | None = strawberry.field(default=None, description="As it stands now; null when nothing was done.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="What came of the test; the provider remembers it.")
class TestProviderPayload:
    __test__ = False

    errors: list[TestProviderError] = errors_field()
    provider: Provider | None = strawberry.field(default=None, description="As it stands now; null when it does not work.")
    response_ms: int | None = strawberry.field(default=None, description="How long it took to answer, in milliseconds.")
    client_mutation_id: str | None = client_id()


@strawberry.type
class ProviderMutations:
    """What administrators decide about providers."""

    @mutation(Permission.ADMIN, "Change a provider's settings, and give it a key.")
    async def update_provider(self, info: Info, input: Annotated[UpdateProviderInput, What]) -> UpdateProviderPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("provider_configs", input.id)
            changes = sent(
                is_enabled=input.is_enabled, key=input.key, language=input.language, region=input.region,
                priority=input.priority, rate_limit=input.rate_limit,
            )  # fmt: skip
            await context.change(
                service.update, provider_id=key, changes=changes, secret=context.services.key,
                expected_version=input.expected_version,
            )  # fmt: skip
            return {"provider": ref(Provider, key)}

        allowed = (NotFoundError, InvalidError, VersionConflictError)
        return await attempt(UpdateProviderPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Ask a provider for something small, now. Waits up to 10 seconds.")
    async def test_provider(self, info: Info, input: Annotated[TestProviderInput, What]) -> TestProviderPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("provider_configs", input.id)
            took_ms = await context.ask(try_out, context.services.desk, key, input.key)
            return {"provider": ref(Provider, key), "response_ms": took_ms}

        allowed = (NotFoundError, InvalidError, ConflictError, UpstreamError)
        return await attempt(TestProviderPayload, allowed, work, client_mutation_id=input.client_mutation_id)
