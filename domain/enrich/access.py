"""Row policy of enrichment: orders are administrators' as providers are, what came of asking is seen with the thing."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from domain.catalog.access import of_entity
from domain.enrich.tables import EnrichmentResult, ProviderPriority
from domain.kit.policy import Shape, guard


def _admins(alias: Any, shape: Shape) -> ColumnElement[bool] | None:
    return None if shape.is_admin else sa.false()


guard(ProviderPriority, _admins)
guard(EnrichmentResult, of_entity("entity_id"))
