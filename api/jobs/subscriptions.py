"""`jobProgressed`: how jobs stand, then every step of theirs."""

from collections.abc import AsyncGenerator, Set
from dataclasses import dataclass
from typing import Annotated, Any, Final

import strawberry
from graphql import GraphQLError
from sqlmodel import Session

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import subscription
from api.kit.filtering import refuse, within
from api.kit.planner import ref
from api.system.stream import begins, common, facts, resumes
from api.system.tailer import Fact
from api.system.types import Event, Resync, Subscribed
from domain.jobs.queries import chain_has_ended, chain_jobs, chain_named, has_ended, is_visible, live_jobs
from domain.kit import clock
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of
from domain.system.events import subjects_after

JobId = Annotated[strawberry.ID | None, strawberry.argument(description="Only this job.")]
Chain = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only jobs of the chain that this job belongs to, or that deals with this webhook (`inb_1`):"
        " first all of them as they stand, then every step; complete when all have ended."
    ),
]
Kinds = Annotated[
    list[str] | None, strawberry.argument(description="Only jobs of one of these kinds, at most 100, such as libraries.scan.")
]
After = Annotated[str | None, strawberry.argument(description="Cursor to go on behind; else, first comes how things stand.")]


_ENDS: Final = ("job.completed", "job.failed", "job.cancelled")


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

    @subscription(
        Permission.READ,
        "Steps of jobs, at most two a second for each; the last one always comes. With `id` or `chain` it is complete then.",
    )
    async def job_progressed(
        self, info: Info, id: JobId = None, chain: Chain = None, kinds: Kinds = None, after: After = None
    ) -> AsyncGenerator[JobMessage, None]:
        context = info.context
        try:
            key = None if id is None else key_of("jobs", id)
        except Invalid as error:
            raise refuse(error.message) from None
        subject = None if key is None else global_id("jobs", key)
        wanted = None if kinds is None else frozenset(within(kinds))
        followed = None if chain is None else await _Followed.of(context, chain)

        def wants(fact: Fact) -> bool:
            if fact.topic != "jobs" or (subject is not None and fact.subject != subject):
                return False
            if followed is not None and not followed.has(fact):
                return False
            is_ours = followed is not None and (followed.moves(fact) or fact.type in _ENDS)  # the last may be of any kind
            return wanted is None or fact.payload.get("kind") in wanted or is_ours

        async def is_over() -> bool:
            if key is not None:
                return await context.read(has_ended, context.viewer, key)
            return followed is not None and await context.read(chain_has_ended, followed.job)

        async def is_last(fact: Fact) -> bool:
            """Whether it is told as the last: everything is over, and no other job's end is still to be told."""
            if fact.type not in _ENDS or not await is_over():
                return False
            if followed is None:
                return True
            mine = await context.read(chain_jobs, context.viewer, followed.chain, followed.job)
            return not await context.read(_told_after, fact, {global_id("jobs", each) for each in mine})

        async def standing() -> list[int]:
            if followed is not None and key is None:
                return await context.read(chain_jobs, context.viewer, followed.chain, followed.job, kinds=kinds)
            return await context.read(live_jobs, context.viewer, kinds=kinds, subject=subject)

        if key is not None and begins(context, after) and not await context.read(is_visible, context.viewer, key):
            # it would be waited for without end
            raise GraphQLError("There is no such job. `jobs` lists them.", extensions={"code": "NOT_FOUND"})

        has_missed_the_end = resumes(context, after) and await is_over()
        async for message in facts(context, after=after, wants=wants, to_present=has_missed_the_end):
            if isinstance(message, Subscribed):
                yield message
                ends = await is_over()  # before the node is read, so that the last one that is told is the last state
                for each in await standing():
                    yield _present(each, message.cursor)
                if ends:
                    return
            elif isinstance(message, Resync):
                yield message
                return
            else:
                moved = followed is not None and followed.moves(message)
                if followed is not None and moved:
                    followed.chain = str(message.payload["chain"])
                ends = await is_last(message)
                if wanted is None or message.payload.get("kind") in wanted:
                    yield _step(message)
                for each in await standing() if moved else ():
                    yield _present(each, message.cursor)
                if ends:
                    return
        if has_missed_the_end and (key is not None or followed is not None):
            for each in await standing():
                yield _present(each, await context.services.events.position())


@dataclass(slots=True)
class _Followed:
    """A chain, and the job by which it was named: when that joins another chain, that one is followed."""

    job: int
    chain: str

    @classmethod
    async def of(cls, context: Context, named: str) -> "_Followed":
        """Raises GraphQLError where there is none."""
        found = await context.read(chain_named, context.viewer, named)
        if found is None:
            raise GraphQLError("There is no such chain: name one of its jobs, or a webhook.", extensions={"code": "NOT_FOUND"})
        return cls(*found)

    def has(self, fact: Fact) -> bool:
        return fact.payload.get("chain") == self.chain or fact.subject == global_id("jobs", self.job)

    def moves(self, fact: Fact) -> bool:
        chain = fact.payload.get("chain")
        return fact.subject == global_id("jobs", self.job) and isinstance(chain, str) and chain != self.chain


def _told_after(session: Session, fact: Fact, jobs: Set[str]) -> bool:
    return not jobs.isdisjoint(subjects_after(session, fact.position, topic="jobs", types=_ENDS))


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
