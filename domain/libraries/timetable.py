"""When a library is scanned by itself: its row among the job schedules."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.jobs import kinds, schedules
from domain.jobs.tables import SCHEDULES
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import global_id
from domain.libraries.tables import Library


@dataclass(frozen=True, slots=True)
class Timetable:
    """`cron` as crontab(5) with five fields, read in the IANA zone `zone`."""

    cron: str
    zone: str = "UTC"


def put(uow: UnitOfWork, library: Library, wanted: Timetable | None) -> None:
    """Give the library this timetable in place of the one it has. Raises Invalid."""
    if wanted is None:
        remove(uow, library)
        return
    try:
        if library.schedule_id is None:
            settings: dict[str, Any] = kinds.SCAN.encode(kinds.Scan(library.id))
            name = f"scan of {global_id('libraries', library.id)}"
            made = schedules.create(uow, name=name, kind=kinds.SCAN.name, cron=wanted.cron, zone=wanted.zone, settings=settings)
            library.schedule_id = made.id
            uow.session.flush()
        else:
            schedules.change(uow, library.schedule_id, cron=wanted.cron, zone=wanted.zone)
    except Invalid as error:
        raise Invalid(error.message, path=("schedule", *error.path)) from None
    follow(uow, library)


def follow(uow: UnitOfWork, library: Library) -> None:
    """A disabled library rests, and so does its timetable."""
    if library.schedule_id is not None:
        schedules.change(uow, library.schedule_id, is_enabled=library.is_enabled)


def remove(uow: UnitOfWork, library: Library) -> None:
    """Take the timetable away; jobs that it made stay."""
    if library.schedule_id is not None:
        key, library.schedule_id = library.schedule_id, None
        uow.session.flush()
        uow.session.execute(sa.delete(SCHEDULES).where(SCHEDULES.c.id == key))
