"""Pictures that people bring: asked for by an upload or address, made an entity's by a job that looked at the bytes."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork import choosing
from domain.artwork.enums import AssetSource
from domain.artwork.keeping import Kept, keep
from domain.artwork.rules import require_format, require_rule, require_shape
from domain.artwork.scoring import score
from domain.artwork.tables import Asset, ImageCandidate
from domain.artwork.telling import id_of, kind_of, tell_act
from domain.artwork.tokens import new_token
from domain.catalog.queries import rows_of
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.ids import global_id
from domain.uploads.enums import UploadKind, UploadState
from domain.uploads.tables import Upload

UPLOAD: Final = "upload"
ADDRESS: Final = "user"
"""Where what people bring comes from, as candidates name it."""
_FORMATS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/avif": "avif"}
_LANGUAGE_LENGTH: Final = (2, 3)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an uploaded picture: its use, the shown ones of its type if it is among them, whether it is new."""

    asset_id: int
    candidate_id: int
    is_new: bool


def request(uow: UnitOfWork, asked: kinds.AddArtwork) -> Job:
    """The job that takes a picture that was uploaded or is at an address, looks at it and makes it an entity's.

    Raises Invalid for a type that the entity has not and for a format that the type does not take, NotFound for an
    upload that is not this user's, Conflict for one that has not come.
    """
    kind = kind_of(uow.session, asked.entity_id)
    rule = require_rule(uow.session, asked.asset_type, kind)
    language = asked.language
    if language is not None and not (len(language) in _LANGUAGE_LENGTH and language.isascii() and language.islower()):
        raise Invalid("A language is two or three small letters (ISO 639), such as de.", path=("language",))
    key = None  # an address asked twice is one picture all the same
    if asked.upload_id is not None:
        upload = own_upload(uow, asked.upload_id, asked.user_id)
        if upload.kind is not UploadKind.IMAGE:
            raise Invalid("This upload is no picture. Announce it with kind IMAGE.", path=("upload",))
        if upload.state is not UploadState.COMPLETE:
            raise Conflict("The file has not come yet. PUT it to the upload's address first.", path=("upload",))
        require_format(rule, _FORMATS.get(upload.media_type or "", "unknown"))
        key = f"artwork:upload:{asked.upload_id}"
    return enqueue(
        uow, kinds.ADD_ARTWORK, asked, dedupe_key=key,
        subject=id_of(kind, asked.entity_id), requested_by_user_id=asked.user_id,
    ).job  # fmt: skip


def own_upload(uow: UnitOfWork, upload_id: int, user_id: int) -> Any:
    """An upload of this user that is still kept. Raises NotFound."""
    found = rows_of(uow.session, Upload.id, [upload_id], col(Upload.user_id) == user_id, col(Upload.expires_at) > uow.now())
    if not found:
        raise NotFound("There is no such upload of yours, or its time is over.", path=("upload",))
    return found[0]


def add(uow: UnitOfWork, payload: kinds.AddArtwork, kept: Kept) -> Added:
    """Make bytes that were looked at one of an entity's pictures, and use up the upload. Raises Invalid, NotFound.

    The same bytes twice are one picture: the one that is there already is the one that is shown.
    """
    if payload.upload_id is not None:
        own_upload(uow, payload.upload_id, payload.user_id)
    entity_id, name = payload.entity_id, payload.asset_type
    rule = require_rule(uow.session, name, kind_of(uow.session, entity_id))
    require_format(rule, kept.format)
    require_shape(rule, width=kept.width, height=kept.height)
    serialize(uow.session, f"artwork of {entity_id}")
    file_id = keep(uow, kept)
    same = rows_of(uow.session, Asset.entity_id, [entity_id], col(Asset.asset_type) == name, col(Asset.cached_file_id) == file_id)
    if same and same[0].candidate_id is not None:
        asset_id, candidate_id = same[0].id, same[0].candidate_id
    else:
        candidate_id = _candidate(uow, rule, payload, kept, file_id)
        asset_id = same[0].id if same else _asset(uow, rule, payload, kept, file_id, candidate_id)
        uow.session.execute(sa.update(Asset).where(col(Asset.id) == asset_id).values(candidate_id=candidate_id))
    if payload.upload_id is not None:
        uow.session.execute(sa.delete(Upload).where(col(Upload.id) == payload.upload_id))
    if payload.is_shown:
        behind = [key for key in choosing.candidates_shown(uow, entity_id=entity_id, asset_type=name) if key != candidate_id]
        shown = [candidate_id, *behind][: max(1, rule.default_limit)]
        uow.session.execute(sa.update(ImageCandidate).where(col(ImageCandidate.id) == candidate_id).values(is_blocked=False))
        choosing.choose(uow, entity_id=entity_id, asset_type=name, candidate_ids=shown, user_id=payload.user_id)
    else:
        tell_act(uow, entity_id, "artwork_added", {"type": name, "image": global_id("assets", asset_id)})
    return Added(asset_id, candidate_id, is_new=not same)


def _candidate(uow: UnitOfWork, rule: Any, payload: kinds.AddArtwork, kept: Kept, file_id: int) -> int:
    """The row of what was brought; that of a provider which offers the same address is it, too."""
    url = payload.url or f"{UPLOAD}:{kept.sha256}"
    place = col(ImageCandidate.asset_type) == payload.asset_type, col(ImageCandidate.url) == url
    there = rows_of(uow.session, ImageCandidate.entity_id, [payload.entity_id], *place)
    provider = there[0].provider if there else _source(payload)
    language = payload.language or (there[0].language if there else None)
    found = score(rule, width=kept.width, height=kept.height, language=language, provider=provider)
    values = {
        "width": kept.width, "height": kept.height, "language": language, "score": found.total,
        "score_breakdown": found.as_json(), "cached_file_id": file_id, "last_refreshed_at": uow.now(),
    }  # fmt: skip
    if there:
        uow.session.execute(sa.update(ImageCandidate).where(col(ImageCandidate.id) == there[0].id).values(values))
        return int(there[0].id)
    row = {
        "entity_id": payload.entity_id, "asset_type": payload.asset_type, "provider": provider, "url": url, **values
    }  # fmt: skip
    statement = sa.insert(ImageCandidate).values(row).returning(col(ImageCandidate.id))
    return int(uow.session.execute(statement).scalar_one())


def _asset(uow: UnitOfWork, rule: Any, payload: kinds.AddArtwork, kept: Kept, file_id: int, candidate_id: int) -> int:
    source = AssetSource.UPLOAD if payload.url is None else AssetSource.USER
    found = score(rule, width=kept.width, height=kept.height, language=payload.language, provider=_source(payload))
    row = {
        "entity_id": payload.entity_id, "asset_type": payload.asset_type, "cached_file_id": file_id, "token": new_token(),
        "language": payload.language, "source_type": source, "source_url": payload.url, "provider": _source(payload),
        "candidate_id": candidate_id, "score": found.total,
    }  # fmt: skip
    return int(uow.session.execute(sa.insert(Asset).values(row).returning(col(Asset.id))).scalar_one())


def _source(payload: kinds.AddArtwork) -> str:
    return UPLOAD if payload.url is None else ADDRESS
