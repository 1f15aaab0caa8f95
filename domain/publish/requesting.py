"""What people ask for: items with their parts, or a whole library, to be published."""

from collections.abc import Sequence

from sqlmodel import Session

from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs import service as jobs
from domain.jobs.kinds import (
    A_PERSON_ASKED,
    CLEAR_CACHE,
    PUBLISH,
    REPAIR_FILES,
    VERIFY,
    ClearCache,
    Publish,
    RepairFiles,
    Verify,
)
from domain.jobs.service import Enqueued
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.policy import Viewer
from domain.libraries.visibility import require_library, visible_item_ids
from domain.publish.enums import REPAIRS, FileRepair
from domain.publish.gathering import is_published
from domain.publish.tables import FileProblem

MOST_ITEMS = 100
"""Items that one request names."""
MOST_PREVIEWED = 200
"""Items of one preview, parts included."""


def expand(session: Session, viewer: Viewer, keys: Sequence[int], *, with_parts: bool) -> list[int]:
    """The named items that can be published, with the seasons and episodes below them, by id.

    Raises NotFound if one is not there or not the viewer's, Invalid for none, too many, and kinds without NFO files.
    """
    if not 1 <= len(keys) <= MOST_ITEMS:
        raise Invalid(f"Name 1 to {MOST_ITEMS} items.", path=("items",))
    seen = visible_item_ids(session, viewer, list(keys))
    if hidden := [key for key in keys if key not in seen]:
        raise NotFound(f"There is no item {global_id('media_items', hidden[0])}.", path=("items",))
    found = {row.id: row for row in rows_of(session, MediaItem.id, keys)}
    for row in found.values():
        if not is_published(row):
            name = global_id("media_items", row.id)
            raise Invalid(f"{name} is not published: films, series, seasons and episodes of a library are.", path=("items",))
    todo = list(found)
    while with_parts and todo:
        parts = [row for row in rows_of(session, MediaItem.parent_id, todo) if is_published(row)]
        todo = [row.id for row in parts if row.id not in found]
        found |= {row.id: row for row in parts}
    return sorted(found)


def check_preview(keys: Sequence[int]) -> None:
    """Raises Invalid for more items than a preview looks at."""
    if len(keys) > MOST_PREVIEWED:
        raise Invalid(f"These are {len(keys)} items with their parts; a preview shows {MOST_PREVIEWED}.", path=("items",))


def request_verifying(uow: UnitOfWork, payload: Verify, *, user_id: int | None) -> Enqueued:
    """Ask for files to be verified: those of items, of a library, or all with the cache."""
    named = ",".join(map(str, payload.items)) or f"library:{payload.library_id}"
    subject = global_id("libraries", payload.library_id) if payload.library_id is not None else None
    same = f"verify:{payload.is_deep}:{named}" if len(payload.items) <= MOST_ITEMS else None
    return jobs.enqueue(
        uow, VERIFY, payload, priority=A_PERSON_ASKED, dedupe_key=same,
        subject=subject, requested_by_user_id=user_id,
    )  # fmt: skip


def request_repair(uow: UnitOfWork, keys: Sequence[int], *, repair: FileRepair | None, user_id: int | None) -> Enqueued:
    """Ask for problems to be repaired. Raises Invalid for none, too many, and a repair that does not fit; NotFound."""
    if not 1 <= len(keys) <= MOST_ITEMS:
        raise Invalid(f"Name 1 to {MOST_ITEMS} problems.", path=("problems",))
    rows = {row.id: row for row in rows_of(uow.session, FileProblem.id, keys)}
    for key in keys:
        if key not in rows:
            raise NotFound(f"There is no problem {global_id('file_problems', key)} any more.", path=("problems",))
        if repair is not None and repair not in REPAIRS[rows[key].kind]:
            kind = rows[key].kind
            known = ", ".join(each.name for each in REPAIRS[kind]) or "none"
            message = f"{repair.name} is no repair of {kind.name}: {rows[key].path}. There is: {known}."
            raise Invalid(message, path=("repair",))
    payload = RepairFiles(tuple(dict.fromkeys(keys)), repair)
    return jobs.enqueue(uow, REPAIR_FILES, payload, requested_by_user_id=user_id)


def request_clearing(uow: UnitOfWork, *, is_dry_run: bool, is_restoring: bool, user_id: int | None) -> Enqueued:
    """Ask for the cache to be cleared up, for an account of what that would do, or for what is in quarantine."""
    payload = ClearCache(is_dry_run=is_dry_run, is_restoring=is_restoring)
    same = f"clear_cache:{is_dry_run}:{is_restoring}"
    return jobs.enqueue(uow, CLEAR_CACHE, payload, priority=A_PERSON_ASKED, dedupe_key=same, requested_by_user_id=user_id)


def request_items(uow: UnitOfWork, keys: Sequence[int], *, replace_changed: bool, user_id: int | None) -> Enqueued:
    """Ask for items to be published."""
    named = ",".join(map(str, keys)) if len(keys) <= MOST_ITEMS else None
    same = None if named is None else f"publish:{user_id}:{replace_changed}:{named}"
    subject = global_id("media_items", keys[0]) if len(keys) == 1 else None
    return jobs.enqueue(
        uow, PUBLISH, Publish(items=tuple(keys), replace_changed=replace_changed), priority=A_PERSON_ASKED, dedupe_key=same,
        subject=subject, requested_by_user_id=user_id,
    )  # fmt: skip


def request_library(uow: UnitOfWork, viewer: Viewer, library_id: int, *, replace_changed: bool, user_id: int | None) -> Enqueued:
    """Ask for everything in a library to be published. Raises NotFound."""
    require_library(uow.session, viewer, library_id)
    payload = Publish(library_id=library_id, replace_changed=replace_changed)
    return jobs.enqueue(
        uow, PUBLISH, payload, priority=A_PERSON_ASKED, dedupe_key=f"publish:{user_id}:{replace_changed}:library:{library_id}",
        subject=global_id("libraries", library_id), requested_by_user_id=user_id,
    )  # fmt: skip
