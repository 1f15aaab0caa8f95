"""Makes a candidate of the review queue true: another item, what an NFO says, or what a name may mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog.enums import ItemKind
from domain.catalog.facts import CatalogueId
from domain.catalog.identity import choose_ids
from domain.catalog.queries import rows_of
from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from domain.catalog.tables import ExternalId, MediaItem
from domain.catalog.told import EXTERNAL_IDS, external_ids
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import key_of
from domain.libraries import identifying, regrouping
from domain.libraries.applying.model import Batch
from domain.libraries.identifying import Identity
from domain.libraries.series_merging import merge_series
from domain.libraries.tables import ReviewItem

PATH: Final = ("choice", "candidate")
PROVIDER: Final = "provider"
"""The `source` of a candidate that a provider knows: identification found it."""


@dataclass(slots=True)
class Case:
    """A question with what it is about, as rows: an item, or a file of which no item is known."""

    row: ReviewItem
    batch: Batch
    file: Any | None
    item: Any | None
    is_other_work: bool = False
    """The item is another work than it was, in the catalogues."""


def ids_told(candidate: Mapping[str, Any]) -> list[CatalogueId]:
    """The catalogue ids of a candidate."""
    spaces = ((space.partition(":"), key) for space, key in candidate.get("ids", {}).items())
    return [CatalogueId(provider, namespace, key) for (provider, _, namespace), key in spaces]


def candidate_at(row: ReviewItem, index: int) -> dict[str, Any]:
    """The candidate of that index (0 = first). Raises Invalid."""
    if not 0 <= index < len(row.candidates):
        known = f"`candidate` goes from 0 to {len(row.candidates) - 1}" if row.candidates else "There are no candidates"
        raise Invalid(f"{known}; `identity` says what else it is.", path=PATH)
    return row.candidates[index]


def take(uow: UnitOfWork, case: Case, candidate: dict[str, Any], *, user_id: int | None = None) -> list[int]:
    """Make a candidate true: another item, what a provider knows, what an NFO says, or what a name may mean. Returns what it
    is now.

    Raises Invalid for one that says too little or is not there any more, and as `identifying.identify_file`.
    """
    if "item" in candidate:
        return [_same_as(uow, case, key_of("media_items", candidate["item"], path=PATH))]
    if "code" in candidate or (case.item is None and case.file is None):
        raise Invalid("This candidate tells of a failure. Give an identity, or reject the question.", path=PATH)
    if case.item is not None and candidate.get("source") == PROVIDER:
        changed, case.is_other_work = choose_ids(uow, case.item, ids_told(candidate), user_id=user_id)
        for key, fields in changed.items():
            case.batch.change(key, *fields)
        return [case.item.id]
    if case.item is not None and candidate.get("source") == "nfo":
        return _believe_nfo(uow, case, case.item, candidate)
    return identify(uow, case, identifying.checked(_said(case, candidate)))


def _said(case: Case, candidate: dict[str, Any]) -> Identity:
    if case.item is not None:
        kind = ItemKind(case.item.kind)
    else:
        kind = ItemKind.MOVIE if case.batch.library.media_type == "movie" else ItemKind.EPISODE
    is_episode = kind is ItemKind.EPISODE
    numbers = candidate.get("episodes") or ()
    if not candidate.get("title") or (is_episode and not numbers):
        raise Invalid("This candidate does not say enough. Give an identity.", path=PATH)
    return Identity(
        kind,
        candidate["title"],
        candidate.get("year"),
        candidate.get("season") if is_episode else None,
        tuple(numbers) if is_episode else (),
        candidate.get("edition", "") if kind is ItemKind.MOVIE else "",
    )


def identify(uow: UnitOfWork, case: Case, identity: Identity) -> list[int]:
    """Make a person's word true. Raises as `identifying.identify_file`."""
    if case.item is not None:
        return identifying.identify_item(uow, case.batch, case.item, identity)
    assert case.file is not None
    return identifying.identify_file(uow, case.batch, case.file.id, identity)


def _same_as(uow: UnitOfWork, case: Case, other_id: int) -> int:
    """The item is another one that is known already: its files go there."""
    item = case.item
    other = next(iter(rows_of(uow.session, MediaItem.id, [other_id])), None)
    is_alike = item is not None and other is not None and (item.kind, item.library_id) == (other.kind, other.library_id)
    if item is None or other is None or other.deleted_at is not None or not is_alike or other_id == item.id:
        raise Invalid("This candidate is not there any more.", path=PATH)
    if item.kind == ItemKind.SERIES:
        merge_series(uow, case.batch, item.id, other_id)
    else:
        case.batch.touched.add(item.id)
        regrouping.give_files(uow, case.batch, {item.id: other_id})
    return other_id


def _believe_nfo(uow: UnitOfWork, case: Case, item: Any, candidate: dict[str, Any]) -> list[int]:
    """The NFO is right, not the name: its title, year and ids now, the rest with the scan that reads it again."""
    if item.kind == ItemKind.EPISODE:
        season = next(iter(rows_of(uow.session, MediaItem.id, [item.parent_id])))
        series = next(iter(rows_of(uow.session, MediaItem.id, [item.root_id])))
        number = candidate.get("episode") if candidate.get("episode") is not None else item.position
        place = candidate.get("season") if candidate.get("season") is not None else season.position
        said = Identity(ItemKind.EPISODE, series.title, series.year, place, (number,) if number is not None else ())
        return identifying.identify_item(uow, case.batch, item, identifying.checked(said), series_id=series.id)
    ids = ids_told(candidate)
    for row in rows_of(uow.session, ExternalId.entity_id, [item.id]):
        if any((row.provider, row.namespace) == (one.provider, one.namespace) for one in ids):
            uow.session.execute(sa.delete(ExternalId).where(col(ExternalId.id) == row.id))
    values = {name: candidate[name] for name in ("title", "year") if candidate.get(name)}
    told = {**values, EXTERNAL_IDS: external_ids(ids)} if ids else values
    case.batch.change(item.id, *store_values(uow, NFO, {item.id: told}).get(item.id, ()))
    return [item.id]
