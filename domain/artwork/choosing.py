"""What people decide about pictures: which are shown, which are kept, which are never wanted. It wins over automation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.artwork.enums import AssetSource
from domain.artwork.keeping import release
from domain.artwork.rules import require_rule
from domain.artwork.showing import bytes_of, lock_of, lock_uses, offers_of, set_ranks, show_best
from domain.artwork.tables import Asset, ImageCandidate, ImageChoice
from domain.artwork.telling import kind_of, tell_act
from domain.catalog.enums import LockState
from domain.catalog.queries import rows_of
from domain.catalog.tables import FieldLock
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound
from domain.kit.ids import global_id

_ADDRESSES: Final = ("https://", "http://")
"""What can be downloaded."""


def choose(uow: UnitOfWork, *, entity_id: int, asset_type: str, candidate_ids: Sequence[int], user_id: int | None) -> list[int]:
    """Show exactly these pictures, in this order, and lock the type against automation. Keys of the uses that are shown.

    Raises Invalid for a type that the entity has not, for candidates of others and for too many; Conflict for a blocked
    candidate and for a local one whose file is gone. One of a provider that is not here yet waits to be downloaded: it
    is shown at its place as soon as it is; until then the others are, or what was shown before if there are none.
    """
    rule = require_rule(uow.session, asset_type, kind_of(uow.session, entity_id))
    wanted = list(dict.fromkeys(candidate_ids))
    if len(wanted) > rule.max_limit:
        raise Invalid(f"At most {rule.max_limit} pictures of type {asset_type} can be shown.", path=("candidates",))
    serialize(uow.session, f"artwork of {entity_id}")
    lock_uses(uow, [entity_id])
    rows = _uses(uow, entity_id, asset_type)
    offers = {row.id: row for row in rows_of(uow.session, ImageCandidate.entity_id, [entity_id])}
    here = _here(rows, offers)
    for key in wanted:
        name = global_id("image_candidates", key)
        if key not in offers or offers[key].asset_type != asset_type:
            raise Invalid(f"{name} is no {asset_type} of this. `imageCandidates` lists them.", path=("candidates",))
        if offers[key].is_blocked:
            raise Conflict(f"{name} is blocked. Unblock it first.", path=("candidates",))
        if key not in here and not offers[key].url.startswith(_ADDRESSES):
            raise Conflict(f"The picture behind {name} is not here.", path=("candidates",))
    chosen = list(dict.fromkeys(here[key] for key in wanted if key in here))
    _drop_choice(uow, entity_id, asset_type)
    if any(key not in here for key in wanted):
        _wait(uow, entity_id, asset_type, wanted, user_id)
    if chosen or not wanted:
        _show(uow, rows, chosen, user_id)
    _lock(uow, entity_id, lock_of(asset_type), user_id)
    names = [global_id("image_candidates", key) for key in wanted]
    tell_act(uow, entity_id, "artwork_chosen", {"type": asset_type, "candidates": names})
    return shown(uow, entity_id=entity_id, asset_type=asset_type)


def settle_choices(uow: UnitOfWork, entities: Iterable[int]) -> frozenset[int]:
    """Show what people chose of these entities as far as it is here by now. Those that show others now."""
    waiting: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows_of(uow.session, ImageChoice.entity_id, entities):
        waiting[row.entity_id, row.asset_type].append(row)
    changed = frozenset[int]()
    for (entity_id, asset_type), choice in waiting.items():
        order = sorted(choice, key=lambda row: row.position)
        rows = _uses(uow, entity_id, asset_type)
        offers = {row.id: row for row in rows_of(uow.session, ImageCandidate.id, [row.candidate_id for row in order])}
        here = _here(rows, offers)
        chosen = list(dict.fromkeys(here[row.candidate_id] for row in order if row.candidate_id in here))
        if chosen:
            changed |= _show(uow, rows, chosen, order[0].user_id)
        if all(row.candidate_id in here for row in order):
            _drop_choice(uow, entity_id, asset_type)
    return changed


def _here(rows: Sequence[Any], offers: Mapping[int, Any]) -> dict[int, int]:
    """The use behind each candidate whose bytes are here: its own, or another's with the same bytes."""
    by_file = {row.cached_file_id: row.id for row in rows if row.cached_file_id is not None}
    found = {key: by_file[offer.cached_file_id] for key, offer in offers.items() if offer.cached_file_id in by_file}
    return found | {row.candidate_id: row.id for row in rows if row.candidate_id is not None}


def _show(uow: UnitOfWork, rows: Sequence[Any], chosen: Sequence[int], user_id: int | None) -> frozenset[int]:
    """Exactly these uses, in this order, as a person's choice."""
    ranks: dict[int, int | None] = dict.fromkeys([row.id for row in rows])
    changed = set_ranks(uow, rows, ranks | {key: rank for rank, key in enumerate(chosen)})
    _mark(uow, rows, set(chosen), user_id)
    return changed


def _wait(uow: UnitOfWork, entity_id: int, asset_type: str, wanted: Sequence[int], user_id: int | None) -> None:
    rows = [
        {"entity_id": entity_id, "asset_type": asset_type, "position": place, "candidate_id": key, "user_id": user_id}
        for place, key in enumerate(wanted)
    ]
    uow.session.connection().execute(sa.insert(ImageChoice), rows)


def _drop_choice(uow: UnitOfWork, entity_id: int, asset_type: str) -> None:
    is_it = sa.and_(col(ImageChoice.entity_id) == entity_id, col(ImageChoice.asset_type) == asset_type)
    uow.session.execute(sa.delete(ImageChoice).where(is_it))


def give_back(uow: UnitOfWork, *, entity_id: int, asset_type: str) -> None:
    """Leave a type to automation again: no choice, no lock of its own; pinned pictures stay pinned. Raises Invalid."""
    require_rule(uow.session, asset_type, kind_of(uow.session, entity_id))
    serialize(uow.session, f"artwork of {entity_id}")
    lock_uses(uow, [entity_id])
    rows = _uses(uow, entity_id, asset_type)
    _mark(uow, rows, set(), None)
    _drop_choice(uow, entity_id, asset_type)
    is_lock = sa.and_(col(FieldLock.entity_id) == entity_id, col(FieldLock.field) == lock_of(asset_type))
    uow.session.execute(sa.delete(FieldLock).where(is_lock))
    automatic = (AssetSource.LOCAL, AssetSource.PROVIDER)
    brought = [row.id for row in rows if row.source_type not in automatic and not row.is_pinned]
    if any(row.source_type in automatic for row in rows):
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
        if is_blocked:
            uow.session.execute(sa.delete(ImageChoice).where(col(ImageChoice.candidate_id) == offer.id))
        if is_blocked and use is not None:
            _take_off(uow, offer, use)
        show_best(uow, [offer.entity_id])
        act = "artwork_blocked" if is_blocked else "artwork_unblocked"
        tell_act(uow, offer.entity_id, act, {"type": offer.asset_type, "candidate": global_id("image_candidates", offer.id)})
    return offer.entity_id, offer.asset_type


def remove(uow: UnitOfWork, *, candidate_id: int) -> tuple[int, str]:
    """Forget a picture that a person brought. Its entity and type. Raises NotFound; Conflict for a pinned or a local one."""
    offer, use = _offer(uow, candidate_id)
    if use is None or use.candidate_id != offer.id or use.source_type not in (AssetSource.UPLOAD, AssetSource.USER):
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
    """A candidate and its use (or that of the same bytes), if there is one.

    Nobody else decides about this entity's pictures meanwhile.
    """
    for is_safe in (False, True):
        found = rows_of(uow.session, ImageCandidate.id, [candidate_id])
        if not found:
            raise NotFound("There is no such picture, or none that you may see.", path=("candidate",))
        if not is_safe:
            serialize(uow.session, f"artwork of {found[0].entity_id}")
            lock_uses(uow, [found[0].entity_id])
    offer = found[0]
    uses = rows_of(uow.session, Asset.candidate_id, [candidate_id])
    if not uses and offer.cached_file_id is not None:
        uses = [row for row in _uses(uow, offer.entity_id, offer.asset_type) if row.cached_file_id == offer.cached_file_id]
    return offer, uses[0] if uses else None


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
    usable = {key for key, offer in offers_of(uow.session, rows).items() if not offer.is_blocked}
    return [row.candidate_id for row in sorted(rows, key=lambda row: row.rank) if row.candidate_id in usable]
