"""Row policy of providers: for administrators, because keys are concerned. Automation asks on everybody's behalf."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.kit.policy import Shape, follows, guard
from domain.providers.tables import ProviderConfig, ProviderResponse, ProviderStatistic


def _admins(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    return None if shape.is_admin else sa.false()


guard(ProviderConfig, _admins)
guard(ProviderResponse, _admins)
follows(ProviderStatistic, ProviderStatistic.provider_id)
