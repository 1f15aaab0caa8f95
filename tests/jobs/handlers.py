"""Handlers of the tests' kinds: what they do is said by the test."""

from collections.abc import Callable
from typing import Any

from tests.jobs.kinds import SCRIPTED, Note
from workers.runtime import JobContext, job

Behaviour = Callable[[JobContext[Note]], Any]

behaviours: dict[str, Behaviour] = {}
"""By kind; or by the payload's text, which goes first."""


def play(context: JobContext[Note]) -> Any:
    behaviour = behaviours.get(context.payload.text) or behaviours.get(context.lease.kind)
    return None if behaviour is None else behaviour(context)


for kind in SCRIPTED:
    job(kind)(play)
