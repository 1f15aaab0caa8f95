"""What people decide about pictures: which are shown, which are kept, which are never wanted. It wins over automation."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.enums import AssetSource
from domain.artwork.keeping import release
from domain.artwork.rules import require_rule
from domain.artwork.showing import bytes_of, lock_of, lock_uses, offers_of, set_ranks, show_best
from domain.artwork.tables import Asset, ImageCandidate
from domain.artwork.telling import kind_of, tell_act
from domain.catalog.enums import LockState
from domain.catalog.queries import rows_of
from domain.catalog.tables import FieldLock
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.ids import global_id


def choose(uow: UnitOfWork, *, entity_id: int, asset_type: str, candidate_ids: Sequence[int], user_id: int | None) -> list[int]:
    """Show exactly these pictures, in this order, and lock the type against automation. Keys of the uses that are shown.

    Raises Invalid for a type that the entity has not, for candidates of others and for too many; Conflict for a blocked
    candidate and for one whose bytes are not here.
    """
    rule = require_rule(uow.session, asset_type, kind_of(uow.session, entity_id))
    wanted = list(dict.fromkeys(candidate_ids))
    if len(wanted) > rule.max_limit:
        raise Invalid(f"At most {rule.max_limit} pictures of type {asset_type} can be shown.", path=("candidates",))
    serialize(uow.session, f"artwork of {entity_id}")
    lock_uses(uow, [entity_id])
    rows = _uses(uow, entity_id, asset_type)
    offers = {row.id: row for row in rows_of(uow.session, ImageCandidate.entity_id, [entity_id])}
    by_candidate = {row.candidate_id: row for row in rows if row.candidate_id is not None}
    for key in wanted:
        name = global_id("image_candidates", key)
        if key not in offers or offers[key].asset_type != asset_type:
            raise Invalid(f"{name} is no {asset_type} of this. `imageCandidates` lists them.", path=("candidates",))
        if offers[key].is_blocked:
            raise Conflict(f"{name} is blocked. Unblock it first.", path=("candidates",))
        if key not in by_candidate:
            raise Conflict(f"The picture behind {name} is not here.", path=("candidates",))
    chosen = [by_candidate[key] for key in wanted]
    ranks: dict[int, int | None] = dict.fromkeys([row.id for row in rows])
    ranks |= {row.id: rank for rank, row in enumerate(chosen)}
    set_ranks(uow, rows, ranks)
    _mark(uow, rows, {row.id for row in chosen}, user_id)
    _lock(uow, entity_id, lock_of(asset_type), user_id)
    details = {"type": asset_type, "images": [global_id("assets", row.id) for row in chosen]}
    tell_act(uow, entity_id, "artwork_chosen", details)
    return [row.id for row in chosen]


def give_back(uow: UnitOfWork, *, entity_id: int, asset_type: str) -> None:
    """Leave a type to automation again: no choice, no lock of its own; pinned pictures stay pinned. Raises Invalid."""
    require_rule(uow.session, asset_type, kind_of(uow.session, entity_id))
    serialize(uow.session, f"artwork of {entity_id}")
    lock_uses(uow, [entity_id])
    rows = _uses(uow, entity_id, asset_type)
    _mark(uow, rows, set(), None)
    is_lock = sa.and_(col(FieldLock.entity_id) == entity_id, col(FieldLock.field) == lock_of(asset_type))
    uow.session.execute(sa.delete(FieldLock).where(is_lock))
    brought = [row.id for row in rows if row.source_type is not AssetSource.LOCAL and not row.is_pinned]
    if any(row.source_type is AssetSource.LOCAL for row in rows):
        set_ranks(uow, rows, dict.fromkeys(brought))
    show_best(uow, [entity_id])
    tell_act(uow, entity_id, "artwork_given_back", {"type": asset_type})


def pin(uow: UnitOfWork, *, candidate_id: int, is_pinned: bool) -> tuple[int, str]:
    """Keep a picture as it is whatever comes, or no longer. Its entity and type. Raises NotFound, Conflict without bytes."""
    offer, use = _offer(uow, candidate_id)
    if use is None:
        raise Conflict("The picture is not here.", path=("candidate",))
    if use.is_pinned != is_pinned:
        uow.session.execute(sa.update(Asset).where(col(Asset.id) == use.id).values(is_pinned=is_pinned))
        act = "artwork_pinned" if is_pinned else "artwork_unpinned"
        tell_act(uow, offer.entity_id, act, {"type": offer.asset_type, "image": global_id("assets", use.id)})
    return offer.entity_id, offer.asset_type


def block(uow: UnitOfWork, *, candidate_id: int, is_blocked: bool) -> tuple[int, str]:
    """Never show a picture, or let it be shown again. Its entity and type. Raises NotFound, Conflict for a pinned one."""
    offer, use = _offer(uow, candidate_id)
    if is_blocked and use is not None and use.is_pinned:
        raise Conflict("The picture is pinned. Unpin it first.", path=("candidate",))
    if offer.is_blocked != is_blocked:
        is_offer = col(ImageCandidate.id) == offer.id
        uow.session.execute(sa.update(ImageCandidate).where(is_offer).values(is_blocked=is_blocked))
        if is_blocked and use is not None:
            _take_off(uow, offer, use)
        show_best(uow, [offer.entity_id])
        act = "artwork_blocked" if is_blocked else "artwork_unblocked"
        tell_act(uow, offer.entity_id, act, {"type": offer.asset_type, "candidate": global_id("image_candidates", offer.id)})
    return offer.entity_id, offer.asset_type


def remove(uow: UnitOfWork, *, candidate_id: int) -> tuple[int, str]:
    """Forget a picture that a person brought. Its entity and type. Raises NotFound; Conflict for a pinned or a local one."""
    offer, use = _offer(uow, candidate_id)
    if use is None or use.source_type not in (AssetSource.UPLOAD, AssetSource.USER):
        raise Conflict("Only pictures that people brought can be removed; block this one.", path=("candidate",))
    if use.is_pinned:
        raise Conflict("The picture is pinned. Unpin it first.", path=("candidate",))
    _take_off(uow, offer, use)
    file_id = bytes_of(use, {offer.id: offer})
    uow.session.execute(sa.delete(Asset).where(col(Asset.id) == use.id))
    uow.session.execute(sa.delete(ImageCandidate).where(col(ImageCandidate.id) == offer.id))
    release(uow, [file_id])
    show_best(uow, [offer.entity_id])
    tell_act(uow, offer.entity_id, "artwork_removed", {"type": offer.asset_type, "image": global_id("assets", use.id)})
    return offer.entity_id, offer.asset_type


def _offer(uow: UnitOfWork, candidate_id: int) -> tuple[Any, Any]:
    """A candidate and its use, if there is one; nobody else decides about this entity's pictures meanwhile."""
    for is_safe in (False, True):
        found = rows_of(uow.session, ImageCandidate.id, [candidate_id])
        if not found:
            raise NotFound("There is no such picture, or none that you may see.", path=("candidate",))
        if not is_safe:
            serialize(uow.session, f"artwork of {found[0].entity_id}")
            lock_uses(uow, [found[0].entity_id])
    uses = rows_of(uow.session, Asset.candidate_id, [candidate_id])
    return found[0], uses[0] if uses else None


def _take_off(uow: UnitOfWork, offer: Any, use: Any) -> None:
    """Show it no more; those behind it move up."""
    rows = _uses(uow, offer.entity_id, offer.asset_type)
    shown = sorted((row for row in rows if row.rank is not None and row.id != use.id), key=lambda row: row.rank)
    set_ranks(uow, rows, {use.id: None, **{row.id: rank for rank, row in enumerate(shown)}})
    uow.session.execute(sa.update(Asset).where(col(Asset.id) == use.id).values(selected_by_user_id=None, selected_at=None))


def _uses(uow: UnitOfWork, entity_id: int, asset_type: str) -> list[Any]:
    return rows_of(uow.session, Asset.entity_id, [entity_id], col(Asset.asset_type) == asset_type)


def _mark(uow: UnitOfWork, rows: Sequence[Any], chosen: set[int], user_id: int | None) -> None:
    """Write down who chose which; what was chosen before is not any more."""
    old = [row.id for row in rows if row.selected_at is not None and row.id not in chosen]
    for keys, values in (
        (old, {"selected_by_user_id": None, "selected_at": None}),
        (sorted(chosen), {"selected_by_user_id": user_id, "selected_at": uow.now()}),
    ):
        if keys:
            uow.session.execute(sa.update(Asset).where(col(Asset.id).in_(keys)).values(values))


def _lock(uow: UnitOfWork, entity_id: int, field: str, user_id: int | None) -> None:
    is_lock = sa.and_(col(FieldLock.entity_id) == entity_id, col(FieldLock.field) == field)
    present = uow.session.execute(sa.select(col(FieldLock.state)).where(is_lock)).scalar()  # unguarded: written on below
    if present is LockState.LOCKED:
        return
    uow.session.execute(sa.delete(FieldLock).where(is_lock))
    uow.session.execute(
        sa.insert(FieldLock).values(
            entity_id=entity_id, field=field, state=LockState.LOCKED, locked_by_user_id=user_id, locked_at=uow.now()
        )
    )


def shown(uow: UnitOfWork, *, entity_id: int, asset_type: str) -> list[int]:
    """Keys of the uses that are shown, in order."""
    rows = [row for row in _uses(uow, entity_id, asset_type) if row.rank is not None]
    return [row.id for row in sorted(rows, key=lambda row: row.rank)]


def candidates_shown(uow: UnitOfWork, *, entity_id: int, asset_type: str) -> list[int]:
    """Keys of the candidates that are shown, in order."""
    rows = [row for row in _uses(uow, entity_id, asset_type) if row.rank is not None and row.candidate_id is not None]
    usable = {key for key, offer in offers_of(uow, rows).items() if not offer.is_blocked}
    return [row.candidate_id for row in sorted(rows, key=lambda row: row.rank) if row.candidate_id in usable]
