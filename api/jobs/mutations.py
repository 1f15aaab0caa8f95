"""Mutations of jobs."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.planner import ref
from api.kit.problems import ConflictError, InvalidError, NotFoundError
from domain.jobs import service
from domain.jobs.queries import is_visible
from domain.kit.errors import NotFound
from domain.kit.ids import key_of

What = strawberry.argument(description="What to do.")


@strawberry.input(description="A job to stop.")
class CancelJobInput:
    id: strawberry.ID = strawberry.field(description="The job.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A failed or cancelled job to run again.")
class RetryJobInput:
    id: strawberry.ID = strawberry.field(description="The job.")
    client_mutation_id: str | None = client_id()


CancelJobError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("CancelJobError", description="Why it was not stopped."),
]
RetryJobError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("RetryJobError", description="Why it does not run again."),
]


@strawberry.type(description="The job that was told to stop.")
class CancelJobPayload:
    errors: list[CancelJobError] = errors_field()
    job: Job | None = strawberry.field(default=None, description="The job as it stands now.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The job that runs again.")
class RetryJobPayload:
    errors: list[RetryJobError] = errors_field()
    job: Job | None = strawberry.field(default=None, description="The job as it stands now.")
    client_mutation_id: str | None = client_id()


_ALLOWED = (NotFoundError, InvalidError, ConflictError)


@strawberry.type
class JobMutations:
    """Stopping and repeating jobs."""

    @mutation(Permission.JOBS, "Stop a job and the jobs it started: within two seconds; what is done stays done.")
    async def cancel_job(self, info: Info, input: Annotated[CancelJobInput, What]) -> CancelJobPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            job_id = key_of("jobs", input.id)
            if not await context.read(is_visible, context.viewer, job_id):
                raise NotFound("There is no such job. `jobs` lists them.", path=("id",))
            await context.change(service.cancel, job_id)
            return {"job": ref(Job, job_id)}

        return await attempt(CancelJobPayload, _ALLOWED, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.JOBS, "Run a failed or cancelled job again, from where it stopped.")
    async def retry_job(self, info: Info, input: Annotated[RetryJobInput, What]) -> RetryJobPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            job_id = key_of("jobs", input.id)
            if not await context.read(is_visible, context.viewer, job_id):
                raise NotFound("There is no such job. `jobs` lists them.", path=("id",))
            await context.change(service.retry, job_id)
            return {"job": ref(Job, job_id)}

        return await attempt(RetryJobPayload, _ALLOWED, work, client_mutation_id=input.client_mutation_id)
