"""A worker process for tests: the real one, with a handler that takes its time and leaves a trace."""

import time

from domain.kit.ids import global_id
from domain.kit.logs import configure_logging
from domain.settings import Settings
from domain.system import events
from tests.jobs import handlers
from tests.jobs.handlers import behaviours
from tests.jobs.kinds import PLAIN, Note
from workers.context import JobContext
from workers.main import run_worker

STEPS = 5


def steps(context: JobContext[Note]) -> None:
    """Five steps with a checkpoint after each; the last one leaves one event together with the job's completion."""
    for n in range((context.saved or {"next": 0})["next"], STEPS):
        context.check_cancelled()
        time.sleep(0.04)
        with context.transaction():
            context.checkpoint({"next": n + 1})
    with context.transaction() as uow:
        events.emit(uow, "test.effect", global_id("jobs", context.lease.job_id), topic="tests")
        context.complete(uow, {"by": context.lease.attempt})


if __name__ == "__main__":
    assert handlers
    configure_logging("json", "INFO")
    behaviours[PLAIN.name] = steps
    run_worker(Settings())
