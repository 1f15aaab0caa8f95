"""Asks for pictures to be looked at or downloaded: after scans, and when somebody wants to see them."""

from sqlmodel import Session

from domain.artwork import embedding, wanting
from domain.artwork.keeping import waiting
from domain.artwork.telling import id_of, kind_of
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.database import UnitOfWork
from domain.kit.ids import global_id


def is_waiting(session: Session, *, library_id: int | None = None, entity_id: int | None = None) -> bool:
    """Whether pictures of a library or an entity wait to be looked at, or for their variants; those inside files, too."""
    if waiting(session, library_id=library_id, entity_id=entity_id, limit=1):
        return True
    return bool(embedding.waiting(session, library_id=library_id, entity_id=entity_id, limit=1))


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


def request_fetch(uow: UnitOfWork, entity_id: int, *, user_id: int | None, only_chosen: bool = False) -> Job:
    """The job that downloads what an entity lacks; at a person's request what could not be had is tried anew."""
    subject = id_of(kind_of(uow.session, entity_id), entity_id)
    payload = kinds.FetchArtwork((entity_id,), only_chosen=only_chosen)
    key = f"artwork:{'choice' if only_chosen else 'fetch'}:{entity_id}"
    return enqueue(uow, kinds.REFRESH_ARTWORK, payload, dedupe_key=key, subject=subject, requested_by_user_id=user_id).job


def request_fetch_for_library(uow: UnitOfWork, library_id: int, *, user_id: int | None) -> Job:
    """The job that downloads what everything in a library lacks, at a person's request."""
    payload, key = kinds.FetchArtwork(library_id=library_id), f"artwork:fetch:library:{library_id}"
    subject = global_id("libraries", library_id)
    return enqueue(uow, kinds.FETCH_ARTWORK, payload, dedupe_key=key, subject=subject, requested_by_user_id=user_id).job


def request_what_lacks(uow: UnitOfWork, entity_id: int, *, user_id: int | None) -> Job | None:
    """The job that downloads or looks at what is to be shown of an entity now; None where all is here.

    A person's choice is downloaded at once and alone: it is no request for pictures of other types.
    """
    found = wanting.known(uow.session, [entity_id])
    if any(want.is_chosen for want in wanting.wanted(found, by_person=True, is_avoided=lambda _: False)):
        return request_fetch(uow, entity_id, user_id=user_id, only_chosen=True)
    if next(wanting.wanted(found, by_person=False, is_avoided=lambda _: False), None) is not None:
        return request_fetch(uow, entity_id, user_id=None)
    return request_for_entity(uow, entity_id, user_id=user_id)
