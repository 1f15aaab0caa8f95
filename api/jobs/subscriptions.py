"""`jobProgressed`: how jobs stand, then every step of theirs."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import subscription
from api.kit.filtering import refuse
from api.kit.planner import ref
from api.system.stream import common, facts
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.jobs.queries import live_jobs
from domain.kit import clock
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of

JobId = Annotated[strawberry.ID | None, strawberry.argument(description="Only this job.")]
Kinds = Annotated[list[str] | None, strawberry.argument(description="Only jobs of one of these kinds, such as libraries.scan.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind; else, first comes how things stand.")]


@strawberry.type(description="A job came, moved on or ended. `present` comes first and tells how it stands.")
class JobProgressed(Event):
    node: Job | None = strawberry.field(description="The job as it stands now.")
    fact: strawberry.Private[Fact | None] = None


JobMessage = Annotated[
    JobProgressed | Subscribed | Resync, strawberry.union("JobProgressedMessage", description="What `jobProgressed` sends.")
]


@strawberry.type
class JobSubscriptions:
    """Streams of background work."""

    @subscription(Permission.READ, "Steps of jobs, at most two a second for each; the last one always comes.")
    async def job_progressed(
        self, info: Info, id: JobId = None, kinds: Kinds = None, after: After = None
    ) -> AsyncGenerator[JobMessage, None]:
        try:
            subject = None if id is None else global_id("jobs", key_of("jobs", id))
        except Invalid as error:
            raise refuse(error.message) from None

        def wants(fact: Fact) -> bool:
            if fact.topic != "jobs" or (subject is not None and fact.subject != subject):
                return False
            return kinds is None or fact.payload.get("kind") in kinds

        async for message in facts(info.context, after=after, wants=wants):
            if isinstance(message, Subscribed):
                yield message
                for key in await info.context.read(live_jobs, info.context.viewer, kinds=kinds, subject=subject):
                    yield _present(key, message.cursor)
            elif isinstance(message, Resync):
                yield message
            else:
                yield _step(message)


def _present(key: int, cursor: str) -> JobProgressed:
    return JobProgressed(
        cursor=cursor, occurred_at=clock.now(), type="present", actor=None, subject=strawberry.ID(global_id("jobs", key)),
        changed_fields=None, node=ref(Job, key),
    )  # fmt: skip


def _step(fact: Fact) -> JobProgressed:
    made: Any = fact.shared.get(JobProgressed)
    if made is None:
        made = fact.shared[JobProgressed] = JobProgressed(**common(fact), node=ref(Job, key_of("jobs", fact.subject)), fact=fact)
    step: JobProgressed = made
    return step
