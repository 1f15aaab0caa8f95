"""What people ask for: items with their parts, or a whole library, to be published."""

from collections.abc import Sequence

from sqlmodel import Session

from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs import service as jobs
from domain.jobs.kinds import A_PERSON_ASKED, PUBLISH, Publish
from domain.jobs.service import Enqueued
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.policy import Viewer
from domain.libraries.visibility import visible_item_ids, visible_library_ids
from domain.publish.gathering import is_published

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
    if library_id not in visible_library_ids(uow.session, viewer):
        raise NotFound("There is no such library. `libraries` lists those you may see.", path=("library",))
    payload = Publish(library_id=library_id, replace_changed=replace_changed)
    return jobs.enqueue(
        uow, PUBLISH, payload, priority=A_PERSON_ASKED, dedupe_key=f"publish:{user_id}:{replace_changed}:library:{library_id}",
        subject=global_id("libraries", library_id), requested_by_user_id=user_id,
    )  # fmt: skip
