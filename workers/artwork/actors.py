"""The jobs of artwork."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.artwork import adding, fetching
from domain.jobs.kinds import (
    ADD_ARTWORK,
    FETCH_ARTWORK,
    PREPARE_ARTWORK,
    REFRESH_ARTWORK,
    AddArtwork,
    FetchArtwork,
    PrepareArtwork,
)
from domain.kit.errors import Invalid, Unreachable
from domain.kit.ids import global_id
from domain.uploads import service as uploads
from domain.uploads import sweeping
from workers import outbound
from workers.artwork import cache
from workers.artwork.downloads import Downloads
from workers.artwork.embedded import look_inside
from workers.artwork.fetching import Fetch
from workers.artwork.pool import LookPool
from workers.artwork.preparing import look_at, prepare
from workers.confined.refusals import Refusal
from workers.runtime import JobContext, job


@job(PREPARE_ARTWORK)
def prepare_artwork(context: JobContext[PrepareArtwork]) -> Mapping[str, Any]:
    """Look at the pictures of a library or of one entity that nobody looked at, beside media files and inside them."""
    payload = context.payload
    with LookPool.of(context.settings) as pool:
        counts = prepare(context, pool, library_id=payload.library_id, entity_id=payload.entity_id)
        look_inside(context, pool, counts, library_id=payload.library_id, entity_id=payload.entity_id)
    return counts


@job(FETCH_ARTWORK)
def fetch_artwork(context: JobContext[FetchArtwork]) -> Mapping[str, Any]:
    """Download what is to be shown and is not here yet, and show it."""
    return _fetch(context)


@job(REFRESH_ARTWORK)
def refresh_artwork(context: JobContext[FetchArtwork]) -> Mapping[str, Any]:
    """The same at a person's request for one thing."""
    return _fetch(context)


def _fetch(context: JobContext[FetchArtwork]) -> Mapping[str, Any]:
    scratch = cache.make_scratch(context.settings.data_dir)
    try:
        with LookPool.of(context.settings) as pool:
            return Fetch(context, pool, outbound.egress(), scratch).run()
    finally:
        cache.drop_scratch(scratch)


@job(ADD_ARTWORK)
def add_artwork(context: JobContext[AddArtwork]) -> Mapping[str, Any]:
    """Look at a picture that somebody brought and make it an entity's. Raises Invalid with the reason for one that cannot be."""
    payload, data_dir = context.payload, context.settings.data_dir
    if payload.upload_id is not None:
        with context.database.transaction() as uow:
            adding.own_upload(uow, payload.upload_id, payload.user_id)
    scratch = cache.make_scratch(data_dir)
    try:
        path = _brought(context, scratch)
        context.report(None, "looking at the picture")
        with LookPool.of(context.settings) as pool:
            kept = look_at(pool, data_dir, path)
    finally:
        cache.drop_scratch(scratch)
    field = "upload" if payload.url is None else "url"
    if isinstance(kept, Refusal):
        raise Invalid(f"The picture cannot be used: {kept.message} ({kept.code.value}).", path=(field,))
    with context.transaction() as uow:
        added = adding.add(uow, payload, kept)
        result = {
            "image": global_id("assets", added.asset_id),
            "candidate": global_id("image_candidates", added.candidate_id),
            "is_new": added.is_new,
        }
        context.complete(uow, result)
    if payload.upload_id is not None:
        sweeping.remove(data_dir, payload.upload_id)
    return result


def _brought(context: JobContext[AddArtwork], scratch: Path) -> Path:
    """The file that was uploaded, or what is at the address. Raises Invalid; Unreachable where trying again may help."""
    payload = context.payload
    if payload.url is None:
        return uploads.folder(context.settings.data_dir) / str(payload.upload_id)
    context.report(None, "downloading the picture")
    got = next((got for _, got in Downloads(outbound.egress(), scratch, context.interrupted).run([payload.url])), None)
    context.check_cancelled()
    if isinstance(got, Path):
        return got
    assert got is not None
    if got.failure in fetching.LASTING:
        raise Invalid(f"The picture cannot be used: {got.message} ({got.failure.value}).", path=("url",))
    raise Unreachable(got.message, retry_at=got.retry_at)
