"""A person says what a film or series is in the catalogues, or that it is in none: for good, whatever automation finds."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import episode_orders
from domain.catalog.changing import close_items
from domain.catalog.edits.applying import standing
from domain.catalog.edits.holding import lock_rows
from domain.catalog.facts import CatalogueId
from domain.catalog.identity import KINDS, choose_ids
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.catalog.told import external_ids
from domain.identify import orders
from domain.identify.tables import IdentificationAttempt
from domain.kit.database import UnitOfWork
from domain.kit.errors import DomainError, Invalid
from domain.libraries.reviewing import lock_questions, settle_item


def choose(
    uow: UnitOfWork, item_id: int, ids: Sequence[CatalogueId] | None, *, user_id: int | None, expected_version: int | None = None
) -> bool:
    """Let an item be what has these ids; () = in no catalogue, and automation does not try again; None = automation may.

    What providers told of the thing that it is not goes, in its whole tree; what people, NFO files and names say stays.
    Returns whether it is another work now. Raises NotFound, VersionConflict, Invalid for what is neither film nor series.
    """
    lock_questions(uow, [item_id])
    row = lock_rows(uow, [item_id]).get(item_id)
    problem = standing(None if row is None or row.deleted_at is not None else row, item_id, expected_version)
    if isinstance(problem, DomainError):
        raise problem
    assert row is not None
    if row.kind not in KINDS:
        raise Invalid("Films and series are identified: name the series of an episode.", path=("id",))
    changed, is_other = choose_ids(uow, row, ids, user_id=user_id)
    if is_other and episode_orders.forget(uow, item_id):
        orders.request(uow, item_id, user_id=user_id)  # its files go by the aired order again
    uow.session.execute(sa.delete(IdentificationAttempt).where(col(IdentificationAttempt.item_id) == item_id))
    settle_item(uow, item_id)
    act = "item.identified" if ids else "item.unidentified"
    rows: list[Any] = rows_of(uow.session, MediaItem.id, [key for key, fields in changed.items() if fields])
    close_items(uow, rows, act, changed=changed, details={item_id: {"ids": external_ids(ids or ())}})
    return is_other
