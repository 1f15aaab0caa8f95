"""Writes what names and NFO files say of items: fields, ids, scores, certificates, credits, collections."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from domain.catalog.certificates import Certificate, set_certifications
from domain.catalog.enums import Department, EntityKind, EpisodeOrdering, Identification, ItemKind
from domain.catalog.facts import CatalogueId, CreditFact, Score, add_external_ids, set_credits, set_ratings
from domain.catalog.locks import locked_fields
from domain.catalog.people import PersonId, PersonName, people
from domain.catalog.queries import rows_of
from domain.catalog.resolving import NAME, NFO, forget_source, store_values
from domain.catalog.tables import Credit, EpisodeOrder, ExternalId, MediaItem
from domain.kit.database import UnitOfWork
from domain.libraries.applying import doubts
from domain.libraries.applying.collections import join_collections
from domain.libraries.applying.model import Batch, Doubt, ItemFacts
from domain.libraries.applying.nfo_values import field_values
from domain.libraries.applying.rows import insert_rows, update_rows
from domain.libraries.enums import ReviewStatus
from domain.libraries.nfo import NfoId, NfoItem, NfoKind
from domain.libraries.tables import ReviewItem

_LOCKED_DEPARTMENTS: Final = {"cast": Department.CAST, "directors": Department.DIRECTING, "writers": Department.WRITING}


def write_metadata(uow: UnitOfWork, batch: Batch) -> None:
    """Store what was learned of the batch's items. Locks and people's own words stand."""
    facts = list(batch.facts.values())
    _withhold_contradictions(uow, batch, facts)
    for source, wanted in (
        (NAME, {one.item_id: one.name_values for one in facts if one.name_values}),
        (NFO, {one.item_id: _nfo_values(one) for one in facts if one.nfo is not None}),
    ):
        _note(batch, store_values(uow, source, wanted))
    _note(batch, forget_source(uow, NFO, [one.item_id for one in facts if one.is_nfo_gone and one.nfo is None]))
    ids = {one.item_id: (one.kind, _catalogue_ids((*one.ids, *one.nfo_ids))) for one in facts if one.ids or one.nfo_ids}
    add_external_ids(uow, ids)
    told = {one.item_id: one.nfo for one in facts if one.nfo is not None}
    locked = locked_fields(uow.session, told)
    _write_lists(uow, told, locked)
    _write_credits(uow, told, locked)
    films = {key: item.collection for key, item in told.items() if item.collection is not None}
    join_collections(uow, {key: one for key, one in films.items() if "collections" not in locked.get(key, ())})
    _write_display_orders(uow, told)
    _write_states(uow, batch, facts)


def _nfo_values(facts: ItemFacts) -> Mapping[str, Any]:
    assert facts.nfo is not None
    return field_values(facts.nfo, facts.kind)


def _note(batch: Batch, changed: Mapping[int, Iterable[str]]) -> None:
    for item, fields in changed.items():
        batch.change(item, *fields)


def _withhold_contradictions(uow: UnitOfWork, batch: Batch, facts: Sequence[ItemFacts]) -> None:
    """An NFO that contradicts the name is not heard, unless a person has decided for it."""
    open_facts = [one for one in facts if one.contradiction is not None]
    decided = {
        row.item_id
        for row in rows_of(uow.session, ReviewItem.item_id, [one.item_id for one in open_facts])
        if row.reason == doubts.CONTRADICTION
        and row.status == ReviewStatus.RESOLVED
        and (row.resolution or {}).get("source") == "nfo"
    }
    for one in facts:
        if one.nfo is not None and one.contradiction is None:
            batch.settled.add((doubts.CONTRADICTION, one.item_id))
        if one.contradiction is not None and one.item_id not in decided:
            batch.doubts.append(Doubt(doubts.CONTRADICTION, 0.5, item_id=one.item_id, candidates=(one.contradiction,)))
            one.nfo, one.nfo_ids = None, ()


def _catalogue_ids(ids: Iterable[NfoId]) -> list[CatalogueId]:
    found = {(one.provider, one.namespace): one for one in reversed(list(ids))}
    return [CatalogueId(one.provider, one.namespace, one.id, is_default=one.is_default) for one in reversed(found.values())]


def _write_lists(uow: UnitOfWork, told: Mapping[int, NfoItem], locked: Mapping[int, frozenset[str]]) -> None:
    set_ratings(
        uow,
        {key: [Score(one.source, one.value, one.votes) for one in item.ratings] for key, item in told.items() if item.ratings},
    )
    certificates: dict[int, list[Certificate]] = {}
    for key, item in told.items():
        said = [Certificate(one.value, one.country or "") for one in item.certifications]
        if not said and item.mpaa:
            said = [Certificate(item.mpaa)]
        if said and "certifications" not in locked.get(key, ()):
            certificates[key] = said
    if certificates:
        set_certifications(uow, certificates)


def _write_credits(uow: UnitOfWork, told: Mapping[int, NfoItem], locked: Mapping[int, frozenset[str]]) -> None:
    named = {key: item.credits for key, item in told.items() if item.credits}
    if not named:
        return
    flat = [(key, one) for key, credits in named.items() for one in credits]
    found = people(uow, [PersonName(one.name, tuple(_person_ids(one.external_ids))) for _, one in flat])
    wanted: dict[int, list[tuple[int, CreditFact]]] = {key: [] for key in named}
    for (key, one), person in zip(flat, found, strict=True):
        fact = CreditFact(person, Department(one.department.value), one.job, one.role or "")
        wanted[key].append((one.order if one.order is not None else len(wanted[key]), fact))
    kept: dict[int, list[CreditFact]] = {}
    for row in rows_of(uow.session, Credit.item_id, [key for key in named if locked.get(key)]):
        kept.setdefault(row.item_id, []).append(CreditFact(row.person_id, row.department, row.job, row.role))
    set_credits(uow, {key: _merged(credits, kept.get(key, []), locked.get(key, frozenset())) for key, credits in wanted.items()})


def _merged(said: Sequence[tuple[int, CreditFact]], kept: Sequence[CreditFact], locked: frozenset[str]) -> list[CreditFact]:
    """The NFO's credits in billing order; departments that a person locked stay as they are."""

    def is_locked(department: Department) -> bool:
        name = next((name for name, one in _LOCKED_DEPARTMENTS.items() if one is department), "crew")
        return name in locked or (name == "cast" and "cast_order" in locked)

    ordered = [fact for _, fact in sorted(said, key=lambda one: one[0])]
    return [*(one for one in kept if is_locked(one.department)), *(one for one in ordered if not is_locked(one.department))]


def _person_ids(ids: Iterable[NfoId]) -> Iterable[PersonId]:
    return (PersonId(one.provider, one.id, one.namespace) for one in ids)


def _write_display_orders(uow: UnitOfWork, told: Mapping[int, NfoItem]) -> None:
    """Where specials are shown: the aired numbers with the season and episode before which they stand."""
    shown = {
        key: item
        for key, item in told.items()
        if item.kind is NfoKind.EPISODE and item.display_season is not None and item.season is not None and item.episode
    }
    if not shown:
        return
    roots = {row.id: row.root_id for row in rows_of(uow.session, MediaItem.id, shown)}
    is_aired = EpisodeOrder.ordering == EpisodeOrdering.AIRED
    known = rows_of(uow.session, EpisodeOrder.root_id, set(roots.values()), is_aired)
    taken = {(row.root_id, row.season_number, row.episode_number) for row in known} | {row.item_id for row in known}
    rows = []
    for key, item in shown.items():
        numbers = (roots[key], item.season, item.episode)
        if key in taken or numbers in taken:
            continue
        taken |= {key, numbers}
        rows.append(
            {
                "item_id": key,
                "ordering": EpisodeOrdering.AIRED,
                "root_id": roots[key],
                "season_number": item.season,
                "episode_number": item.episode,
                "display_season": item.display_season,
                "display_episode": item.display_episode,
            }
        )
    insert_rows(uow, EpisodeOrder, rows)


def _write_states(uow: UnitOfWork, batch: Batch, facts: Sequence[ItemFacts]) -> None:
    """Identified is what a catalogue has an id for; ambiguous what a person is asked about."""
    keys = [one.item_id for one in facts]
    with_ids = {row.entity_id for row in rows_of(uow.session, ExternalId.entity_id, keys)}
    asked = {doubt.item_id for doubt in batch.doubts if doubt.item_id is not None}
    pending = ReviewItem.status == ReviewStatus.PENDING
    asked |= {
        row.item_id
        for row in rows_of(uow.session, ReviewItem.item_id, keys, pending)
        if (row.reason, row.item_id) not in batch.settled
    }
    editions = {one.item_id: one.edition for one in facts if one.edition is not None}
    rows: list[dict[str, Any]] = []
    for row in rows_of(uow.session, MediaItem.id, keys):
        state = Identification.IDENTIFIED if row.id in with_ids else Identification.UNIDENTIFIED
        if row.id in asked and row.id not in with_ids:
            state = Identification.AMBIGUOUS
        elif row.identification is Identification.IDENTIFIED:
            state = Identification.IDENTIFIED
        edition = editions.get(row.id, row.edition)
        if (state, edition) != (row.identification, row.edition):
            rows.append({"key": row.id, "identification": state, "edition": edition})
            batch.change(row.id, *(["identification"] if state != row.identification else []))
            batch.change(row.id, *(["edition"] if edition != row.edition else []))
    update_rows(uow, MediaItem, rows)
    update_rows(uow, MediaItem, [{"key": key, "last_scanned_at": uow.now()} for key in keys])


def write_season_names(uow: UnitOfWork, batch: Batch) -> None:
    """Give seasons the names that their series' NFO has for them."""
    named = {
        one.item_id: {season.number: season.title for season in one.nfo.named_seasons}
        for one in batch.facts.values()
        if one.kind is EntityKind.SERIES and one.nfo is not None and one.nfo.named_seasons
    }
    is_season = MediaItem.kind == ItemKind.SEASON
    seasons = [row for row in rows_of(uow.session, MediaItem.parent_id, named, is_season) if row.position in named[row.parent_id]]
    _note(batch, store_values(uow, NFO, {row.id: {"title": named[row.parent_id][row.position]} for row in seasons}))
