"""Asks for items to be identified: after scans, and when somebody wants it; and for what follows."""

from collections.abc import Sequence
from typing import Final

from domain.catalog.identity import KINDS
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.identify.asking import usable
from domain.jobs import kinds
from domain.jobs.service import Enqueued, enqueue
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.policy import Viewer
from domain.libraries.tables import Library
from domain.libraries.visibility import require_library, visible_item_ids
from domain.providers.queries import nobody_to_ask

MOST_ITEMS: Final = 100
"""Items that one request names."""
PEOPLE: Final = 100
"""People of a library that one run asks about."""


def request_after_scan(uow: UnitOfWork, library_id: int) -> None:
    """Identify what a scan left, where the library wants it and somebody can be asked."""
    (library,) = rows_of(uow.session, Library.id, [library_id])
    if library.auto_enrich and usable(uow.session):
        _for_library(uow, library_id, user_id=None)


def request_items(uow: UnitOfWork, viewer: Viewer, keys: Sequence[int]) -> Enqueued:
    """Identify these films and series, also those that were tried lately. Raises NotFound, Invalid, Conflict."""
    if not 1 <= len(keys) <= MOST_ITEMS:
        raise Invalid(f"Name 1 to {MOST_ITEMS} items.", path=("items",))
    seen = visible_item_ids(uow.session, viewer, list(keys))
    if hidden := [key for key in keys if key not in seen]:
        raise NotFound(f"There is no item {global_id('media_items', hidden[0])}.", path=("items",))
    for row in rows_of(uow.session, MediaItem.id, keys):
        if row.kind not in KINDS:
            name = global_id("media_items", row.id)
            raise Invalid(f"{name} is neither a film nor a series: name the series of an episode.", path=("items",))
    _check_usable(uow)
    wanted = tuple(sorted(set(keys)))
    subject = global_id("media_items", wanted[0]) if len(wanted) == 1 else None
    same = f"identify:{viewer.user_id}:{','.join(map(str, wanted))}"
    return enqueue(
        uow, kinds.IDENTIFY, kinds.Identify(items=wanted), priority=kinds.A_PERSON_ASKED, dedupe_key=same, subject=subject,
        requested_by_user_id=viewer.user_id,
    )  # fmt: skip


def request_library(uow: UnitOfWork, viewer: Viewer, library_id: int) -> Enqueued:
    """Identify what nobody knows in a library. Raises NotFound, Conflict."""
    require_library(uow.session, viewer, library_id)
    _check_usable(uow)
    return _for_library(uow, library_id, user_id=viewer.user_id)


def request_enrichment(
    uow: UnitOfWork, *, items: Sequence[int] = (), library_id: int | None = None, user_id: int | None = None
) -> None:
    """What follows when it is known what things are."""
    people = PEOPLE if library_id is not None else 0
    payload = kinds.Enrich(items=tuple(items), library_id=library_id, people=people)
    single = global_id("media_items", items[0]) if len(items) == 1 else None
    subject = global_id("libraries", library_id) if library_id is not None else single
    priority = kinds.A_PERSON_ASKED if user_id is not None else None
    enqueue(
        uow, kinds.ENRICH, payload, priority=priority, dedupe_key=payload.key(user_id), subject=subject,
        requested_by_user_id=user_id,
    )  # fmt: skip


def _for_library(uow: UnitOfWork, library_id: int, *, user_id: int | None) -> Enqueued:
    payload, subject = kinds.Identify(library_id=library_id), global_id("libraries", library_id)
    priority = kinds.A_PERSON_ASKED if user_id is not None else None
    return enqueue(
        uow, kinds.IDENTIFY, payload, priority=priority, dedupe_key=f"identify:{user_id}:library:{library_id}",
        subject=subject, requested_by_user_id=user_id,
    )  # fmt: skip


def _check_usable(uow: UnitOfWork) -> None:
    if not usable(uow.session):
        raise nobody_to_ask()
