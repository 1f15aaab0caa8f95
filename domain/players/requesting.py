"""Asking for players to be told: what people ask for, and what follows from a scan or a publication. Changes coalesce."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.jobs import service as jobs
from domain.jobs.enums import JobStatus, OnFailure
from domain.jobs.kinds import A_PERSON_ASKED, CLEAN_PLAYERS, NORMAL, SYNC_PLAYERS, CleanPlayers, SyncPlayers
from domain.jobs.service import Enqueued
from domain.jobs.tables import JOBS, Job
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.policy import Viewer
from domain.libraries import paths
from domain.libraries.tables import LibraryPath
from domain.libraries.visibility import require_library, visible_item_ids, visible_library_ids
from domain.players.tables import Player, PlayerGroup, PlayerGroupLibrary

MOST_ITEMS: Final = 2_000
"""Items that one job names; of more it is the whole library."""
MOST_NAMED: Final = 100
"""Items that one request names."""
_WAITS: Final = (JobStatus.PENDING, JobStatus.WAITING)
_RUNS: Final = (JobStatus.RUNNING, JobStatus.CANCELLING)


def request(
    uow: UnitOfWork, payload: SyncPlayers, *, priority: int = NORMAL, user_id: int | None = None, chain: str | None = None
) -> Enqueued:
    """The job that will do it, a new one in that chain.

    What waits already takes the items up; while such a job runs (it may have passed them by) the next one waits for it.
    """
    keys = payload.keys()
    serialize(uow.session, keys[0])
    live = _live(uow, keys)
    for job in live:
        if job.status in _WAITS and _take_up(uow, job, payload, priority):
            return Enqueued(job, is_new=False)
    taken = {job.dedupe_key for job in live}
    free = next((key for key in keys if key not in taken), keys[1])
    return jobs.enqueue(
        uow, SYNC_PLAYERS, _bounded(payload), priority=priority, dedupe_key=free,
        subject=_subject(payload), requested_by_user_id=user_id, depends_on=[job.id for job in live if job.status in _RUNS],
        on_failure=OnFailure.CONTINUE, chain=chain,
    )  # fmt: skip


def follow(uow: UnitOfWork, library_id: int, items: Sequence[int], *, chain: str | None = None) -> Enqueued | None:
    """What follows when files of items came, went or were written: nothing if no group would hear of it.

    To be called with more than `MOST_ITEMS` where it is not known which they all are.
    """
    if not items or not shown_by(uow.session, library_id):
        return None
    return request(uow, SyncPlayers(library_id, tuple(items)), chain=chain)


def shown_by(session: Session, library_id: int) -> list[int]:
    """The enabled groups with an enabled player that show a library."""
    has_player = sa.exists().where(col(Player.group_id) == col(PlayerGroup.id), col(Player.is_enabled))
    query = (
        sa.select(col(PlayerGroup.id))
        .join(PlayerGroupLibrary, col(PlayerGroupLibrary.group_id) == col(PlayerGroup.id))
        .where(col(PlayerGroupLibrary.library_id) == library_id, col(PlayerGroup.is_enabled), has_player)
        .order_by(col(PlayerGroup.id))
    )  # unguarded: what follows from a change follows for every group
    return list(session.execute(query).scalars())


def groups_of(session: Session, library_id: int) -> list[int]:
    """Every group that shows a library, those that are switched off too: the job of such a one says so."""
    shows = col(PlayerGroupLibrary.library_id) == library_id
    query = (
        sa.select(col(PlayerGroupLibrary.group_id)).where(shows).order_by(col(PlayerGroupLibrary.group_id))
    )  # unguarded: what follows from a change follows for every group
    return list(session.execute(query).scalars())


def request_library(
    uow: UnitOfWork, viewer: Viewer, library_id: int, *, folder: str | None = None, user_id: int | None
) -> list[Enqueued]:
    """Ask for a library, or what is below a folder of it, to be read. Raises NotFound, Invalid."""
    require_library(uow.session, viewer, library_id)
    if folder is not None:
        roots = [row.path for row in rows_of(uow.session, LibraryPath.library_id, [library_id])]
        if not folder.startswith("/") or not any(paths.is_within(paths.normal(folder), root) for root in roots):
            raise Invalid("That is no folder of the library.", path=("folder",))
        folder = paths.normal(folder)
    return [request(uow, SyncPlayers(library_id, folder=folder), priority=A_PERSON_ASKED, user_id=user_id)]


def request_items(uow: UnitOfWork, viewer: Viewer, items: Sequence[int], *, user_id: int | None) -> list[Enqueued]:
    """Ask for items to be read: a job for each library. Raises NotFound, Invalid."""
    if not 1 <= len(items) <= MOST_NAMED:
        raise Invalid(f"Name 1 to {MOST_NAMED} items.", path=("items",))
    seen = visible_item_ids(uow.session, viewer, list(items))
    if hidden := [key for key in items if key not in seen]:
        raise NotFound(f"There is no item {global_id('media_items', hidden[0])}.", path=("items",))
    libraries: dict[int, list[int]] = {}
    for row in rows_of(uow.session, MediaItem.id, items):
        if row.library_id is None:
            raise Invalid(f"{global_id('media_items', row.id)} is in no library.", path=("items",))
        libraries.setdefault(row.library_id, []).append(row.id)
    return [
        request(uow, SyncPlayers(key, tuple(mine)), priority=A_PERSON_ASKED, user_id=user_id)
        for key, mine in sorted(libraries.items())
    ]


def request_group(uow: UnitOfWork, viewer: Viewer, group_id: int, *, user_id: int | None) -> list[Enqueued]:
    """Ask for a group to read the libraries that it shows, of them those that the viewer may see. Raises NotFound, Invalid."""
    if uow.session.get(PlayerGroup, group_id) is None:  # unguarded: whoever is signed in sees groups
        raise NotFound("There is no such group.", path=("playerGroup",))
    shows = rows_of(uow.session, PlayerGroupLibrary.group_id, [group_id])
    libraries = sorted(visible_library_ids(uow.session, viewer) & {row.library_id for row in shows})
    if not libraries:
        raise Invalid("It shows no library.", path=("playerGroup",))
    return [request(uow, SyncPlayers(key, group_id=group_id), priority=A_PERSON_ASKED, user_id=user_id) for key in libraries]


def request_cleaning(uow: UnitOfWork, group_id: int, *, user_id: int | None) -> Enqueued:
    """Ask for a group's library to be rid of what is not there any more. Raises NotFound."""
    if uow.session.get(PlayerGroup, group_id) is None:  # unguarded: whoever is signed in sees groups
        raise NotFound("There is no such group.", path=("playerGroup",))
    return jobs.enqueue(
        uow, CLEAN_PLAYERS, CleanPlayers(group_id), priority=A_PERSON_ASKED, dedupe_key=f"players.clean:{group_id}",
        subject=global_id("player_groups", group_id), requested_by_user_id=user_id,
    )  # fmt: skip


def _live(uow: UnitOfWork, keys: Collection[str]) -> list[Job]:
    """Those of these keys that have not ended, the oldest first."""
    named = col(Job.dedupe_key).in_(keys)
    live = col(Job.status).in_((*_WAITS, *_RUNS))
    query = sa.select(Job).where(named, live).order_by(col(Job.id))  # unguarded: the same work, whoever asked for it
    return list(uow.session.execute(query.execution_options(populate_existing=True)).scalars())


def _take_up(uow: UnitOfWork, job: Job, payload: SyncPlayers, priority: int) -> bool:
    """Let a job that waits do this as well; whether it still waited. What it did already it does again."""
    before = SYNC_PLAYERS.decode(job.payload)
    together = _bounded(SyncPlayers(before.library_id, tuple({*before.items, *payload.items}), before.folder, before.group_id))
    values: dict[str, Any] = {"payload": SYNC_PLAYERS.encode(together), "checkpoint": None, "updated_at": uow.now()}
    values["priority"] = min(priority, job.priority)
    still = sa.and_(JOBS.c.id == job.id, JOBS.c.status.in_(_WAITS))
    return bool(uow.session.connection().execute(sa.update(JOBS).where(still).values(values)).rowcount)


def _bounded(payload: SyncPlayers) -> SyncPlayers:
    if len(payload.items) <= MOST_ITEMS:
        return SyncPlayers(payload.library_id, tuple(sorted(set(payload.items))), payload.folder, payload.group_id)
    return SyncPlayers(payload.library_id, (), None, payload.group_id)


def _subject(payload: SyncPlayers) -> str:
    if len(payload.items) == 1:
        return global_id("media_items", payload.items[0])
    return global_id("libraries", payload.library_id)
