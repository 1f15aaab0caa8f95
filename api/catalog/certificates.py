"""The household's country, whose age certificates decide first."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation, query
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.planner import ref
from api.kit.problems import InvalidError
from domain.catalog.certificate_region import region, set_region

What = strawberry.argument(description="What to do.")


@strawberry.input(description="The household's country.")
class SetCertificateRegionInput:
    country: str | None = strawberry.field(
        description="ISO 3166-1: DE, GB …; null = none: the American certificate decides, else the strictest."
    )
    client_mutation_id: str | None = client_id()


SetCertificateRegionError = Annotated[
    InvalidError, strawberry.union("SetCertificateRegionError", description="Why nothing was changed.")
]


@strawberry.type(description="The household's country, by which ages are worked out anew in the background.")
class SetCertificateRegionPayload:
    errors: list[SetCertificateRegionError] = errors_field()
    country: str | None = strawberry.field(default=None, description="The country now; null = none.")
    job: Job | None = strawberry.field(
        default=None, description="The job: its result counts the items that are for older people now (`raised`) or `lowered`."
    )
    client_mutation_id: str | None = client_id()


@strawberry.type
class CertificateQueries:
    """Whose certificates decide."""

    @query(Permission.ADMIN, "The country (ISO 3166-1) whose age certificates decide first; null = the United States.")
    async def certificate_region(self, info: Info) -> str | None:
        return await info.context.read(region)


@strawberry.type
class CertificateMutations:
    """Whose certificates decide."""

    @mutation(
        Permission.ADMIN,
        "Name the country whose age certificates decide first, before the American and the strictest: everybody's limits follow.",
    )
    async def set_certificate_region(
        self, info: Info, input: Annotated[SetCertificateRegionInput, What]
    ) -> SetCertificateRegionPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            made = await context.change(set_region, input.country, user_id=context.viewer.user_id)
            return {"country": await context.read(region), "job": ref(Job, made.job.id)}

        return await attempt(SetCertificateRegionPayload, (InvalidError,), work, client_mutation_id=input.client_mutation_id)
