"""What providers recommend with an item: by their ids, whether the household has it or not."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.queries import chunks, rows_of
from domain.catalog.tables import Recommendation
from domain.kit.database import UnitOfWork


def set_recommendations(uow: UnitOfWork, wanted: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Exactly these on each item ({provider, namespace, id}, the first the most); equal lists are not written."""
    present: dict[int, list[tuple[int, str, str, str]]] = {item: [] for item in wanted}
    for row in rows_of(uow.session, Recommendation.item_id, wanted):
        present[row.item_id].append((row.rank, row.provider, row.namespace, row.external_id))
    lists = {
        item: [(rank, one["provider"], one["namespace"], one["id"]) for rank, one in enumerate(told)]
        for item, told in wanted.items()
    }
    changed = {item: told for item, told in lists.items() if told != sorted(present[item])}
    connection = uow.session.connection()
    for piece in chunks(item for item in changed if present[item]):
        connection.execute(sa.delete(Recommendation).where(col(Recommendation.item_id).in_(piece)))
    rows = [
        {"item_id": item, "rank": rank, "provider": provider, "namespace": namespace, "external_id": key}
        for item, told in changed.items()
        for rank, provider, namespace, key in told
    ]
    if rows:
        connection.execute(sa.insert(Recommendation), rows)
