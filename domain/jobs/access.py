"""Row policy of jobs: administrators see all, others what they asked for."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.jobs.tables import Job, JobSchedule
from domain.kit.policy import VIEWER_USER_ID, Shape, guard


def _asked_for(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    if shape.is_admin:
        return None
    if not shape.is_signed_in:
        return sa.false()
    condition: ColumnElement[bool] = alias.c.requested_by_user_id == VIEWER_USER_ID
    return condition


def _admins(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    return None if shape.is_admin else sa.false()


guard(Job, _asked_for)
guard(JobSchedule, _admins)
