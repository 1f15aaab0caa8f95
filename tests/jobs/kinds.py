"""Kinds of jobs that only tests have."""

from dataclasses import dataclass

from domain.jobs.declaring import kind


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell one job from another."""

    text: str = ""


PLAIN = kind("tests.plain", Note)
LOW = kind("tests.low", Note, priority=10)
OTHER_QUEUE = kind("tests.other_queue", Note, queue="other")
THRICE = kind("tests.thrice", Note, max_attempts=3)
ONCE_ONLY = kind("tests.once_only", Note, is_restartable=False)
BRIEF = kind("tests.brief", Note, time_limit_s=0.05, max_attempts=1)
LONG = kind("tests.long", Note, queue="long", time_limit_s=None)
SCRIPTED = (LONG, PLAIN, LOW, OTHER_QUEUE, THRICE, ONCE_ONLY, BRIEF)
KINDS = tuple(each.name for each in SCRIPTED)
