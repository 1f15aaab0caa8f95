"""Asks for pictures to be looked at: after scans, and when somebody wants to see them."""

from sqlmodel import Session

from domain.artwork.keeping import waiting
from domain.artwork.telling import id_of, kind_of
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id


def is_waiting(session: Session, *, library_id: int | None = None, entity_id: int | None = None) -> bool:
    """Whether pictures of a library or an entity wait to be looked at, or for their variants."""
    return bool(waiting(session, library_id=library_id, entity_id=entity_id, limit=1))


def request_for_library(uow: UnitOfWork, library_id: int) -> Job:
    """The job that looks at a library's new pictures, where `is_waiting` says that there are any."""
    payload, key = kinds.PrepareArtwork(library_id=library_id), f"artwork:library:{library_id}"
    return enqueue(uow, kinds.PREPARE_ARTWORK, payload, dedupe_key=key, subject=global_id("libraries", library_id)).job


def request_for_entity(uow: UnitOfWork, entity_id: int, *, user_id: int | None = None) -> Job | None:
    """The job that looks at an entity's new pictures; None where there is nothing to do."""
    if not is_waiting(uow.session, entity_id=entity_id):
        return None
    payload, key = kinds.PrepareArtwork(entity_id=entity_id), f"artwork:entity:{entity_id}"
    subject = id_of(kind_of(uow.session, entity_id), entity_id)
    priority = kinds.A_PERSON_ASKED if user_id is not None else None
    return enqueue(
        uow, kinds.PREPARE_ARTWORK, payload, dedupe_key=key, subject=subject, requested_by_user_id=user_id, priority=priority
    ).job
