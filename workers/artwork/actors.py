"""The jobs of artwork."""

from collections.abc import Mapping
from typing import Any

from domain.artwork import adding
from domain.jobs.kinds import ADD_ARTWORK, PREPARE_ARTWORK, AddArtwork, PrepareArtwork
from domain.kit.errors import Invalid
from domain.kit.ids import global_id
from domain.uploads import service as uploads
from domain.uploads import sweeping
from workers.artwork.pool import LookPool
from workers.artwork.preparing import look_at, prepare
from workers.confined.refusals import Refusal
from workers.runtime import JobContext, job


@job(PREPARE_ARTWORK)
def prepare_artwork(context: JobContext[PrepareArtwork]) -> Mapping[str, Any]:
    """Look at the pictures of a library or of one entity that nobody looked at."""
    payload = context.payload
    with LookPool.of(context.settings) as pool:
        return prepare(context, pool, library_id=payload.library_id, entity_id=payload.entity_id)


@job(ADD_ARTWORK)
def add_artwork(context: JobContext[AddArtwork]) -> Mapping[str, Any]:
    """Look at an uploaded picture and make it an entity's. Raises Invalid with the reason for one that cannot be."""
    payload, data_dir = context.payload, context.settings.data_dir
    with context.database.transaction() as uow:
        adding.own_upload(uow, payload.upload_id, payload.user_id)
    context.report(None, "looking at the picture")
    with LookPool.of(context.settings) as pool:
        kept = look_at(pool, data_dir, uploads.folder(data_dir) / str(payload.upload_id))
    if isinstance(kept, Refusal):
        raise Invalid(f"The picture cannot be used: {kept.message} ({kept.code.value}).", path=("upload",))
    with context.transaction() as uow:
        added = adding.add(uow, payload, kept)
        result = {
            "image": global_id("assets", added.asset_id),
            "candidate": global_id("image_candidates", added.candidate_id),
            "is_new": added.is_new,
        }
        context.complete(uow, result)
    sweeping.remove(data_dir, payload.upload_id)
    return result
