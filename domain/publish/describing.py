"""Reads what the catalog shows of items, in the words of NFO files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlmodel import Session, col

from domain.catalog.enums import EpisodeOrdering, ItemKind, ProductionStatus
from domain.catalog.queries import rows_of
from domain.catalog.tables import (
    Collection,
    CollectionMember,
    Country,
    Credit,
    EpisodeOrder,
    ExternalId,
    Genre,
    ItemCertification,
    ItemCountry,
    ItemGenre,
    ItemRating,
    ItemStudio,
    MediaItem,
    Person,
    Studio,
    Tag,
)
from domain.libraries.nfo import (
    NfoCertification,
    NfoCollection,
    NfoCredit,
    NfoDepartment,
    NfoId,
    NfoItem,
    NfoKind,
    NfoRating,
    NfoSeasonName,
)

_MINUTE_MS: Final = 60_000
_STATUSES: Final = {
    ProductionStatus.RETURNING: "Continuing",
    ProductionStatus.IN_PRODUCTION: "In Production",
    ProductionStatus.POST_PRODUCTION: "Post Production",
}
"""Kodi's and the catalogues' words; the others are ours with a capital."""
_DEPARTMENTS: Final = {one.value: one for one in NfoDepartment}
_TAGS: Final = "user"

Rows = Mapping[int, list[Any]]


def describe(session: Session, items: Sequence[Any]) -> dict[int, NfoItem]:
    """What is shown of the items (rows of `media_items`), by their ids."""
    keys = [row.id for row in items]
    lists = _Lists(session, keys)
    parents = {row.id: row for row in rows_of(session, MediaItem.id, {row.parent_id for row in items if row.parent_id})}
    tops = {row.id: row.title for row in rows_of(session, MediaItem.id, {row.root_id for row in items})}
    return {row.id: _item(row, lists, parents.get(row.parent_id), tops.get(row.root_id)) for row in items}


def _item(row: Any, lists: "_Lists", parent: Any, top: str | None) -> NfoItem:
    kind = NfoKind(row.kind.value)
    is_episode = kind is NfoKind.EPISODE
    order = next(iter(lists.orders[row.id]), None) if is_episode else None
    is_after = order is not None and order.display_episode is None  # behind a whole season
    return NfoItem(
        kind=kind,
        title=row.title,
        original_title=row.original_title,
        sort_title=row.sort_title,
        show_title=top if is_episode else None,
        edition=row.edition or None,
        year=row.year,
        premiered=None if is_episode else row.release_date,
        aired=row.release_date if is_episode else None,
        end_date=row.end_date,
        outline=row.outline,
        plot=row.plot,
        tagline=row.tagline,
        runtime_minutes=round(row.runtime_ms / _MINUTE_MS) if row.runtime_ms else None,
        certifications=lists.certifications(row.id),
        status=_status(row.production_status) if kind is not NfoKind.EPISODE else None,
        original_language=row.original_language,
        season=row.position if kind is NfoKind.SEASON else getattr(parent, "position", None),
        episode=row.position if is_episode else None,
        display_season=order.display_season if order is not None and not is_after else None,
        display_episode=order.display_episode if order is not None else None,
        display_after_season=order.display_season if order is not None and is_after else None,
        named_seasons=lists.season_names(row.id),
        genres=lists.names(row.id, lists.genres),
        countries=lists.names(row.id, lists.countries),
        studios=lists.names(row.id, lists.studios),
        tags=tuple(tag.key for tag in sorted(lists.tags[row.id], key=lambda tag: tag.sort_key)),
        credits=lists.credits(row.id),
        ratings=tuple(
            NfoRating(one.source, one.value, one.votes) for one in sorted(lists.ratings[row.id], key=lambda one: one.source)
        ),
        external_ids=lists.ids(row.id),
        collection=lists.collection(row.id),
    )


def _status(status: ProductionStatus | None) -> str | None:
    return None if status is None else _STATUSES.get(status, status.value.capitalize())


class _Lists:
    """Everything that hangs on some items, read in one statement a table."""

    def __init__(self, session: Session, items: Iterable[int]) -> None:
        keys = list(items)
        self.genres = _named(session, ItemGenre.item_id, keys, "genre_id", Genre.id)
        self.countries = _named(session, ItemCountry.item_id, keys, "country_id", Country.id)
        self.studios = _named(session, ItemStudio.item_id, keys, "studio_id", Studio.id)
        self.tags = _grouped(rows_of(session, Tag.item_id, keys, col(Tag.namespace) == _TAGS), "item_id")
        self.ratings = _grouped(rows_of(session, ItemRating.item_id, keys), "item_id")
        self.certificates = _grouped(rows_of(session, ItemCertification.item_id, keys), "item_id")
        shown = rows_of(session, Credit.item_id, keys, col(Credit.is_removed).is_(False))
        self.parts = _grouped(shown, "item_id")
        people = {row.person_id for row in shown}
        self.people = {row.id: row.name for row in rows_of(session, Person.id, people)}
        self.external = _grouped(rows_of(session, ExternalId.entity_id, {*keys, *people}), "entity_id")
        self.orders = _grouped(
            rows_of(session, EpisodeOrder.item_id, keys, col(EpisodeOrder.ordering) == EpisodeOrdering.AIRED), "item_id"
        )
        seasons = rows_of(session, MediaItem.parent_id, keys, col(MediaItem.kind) == ItemKind.SEASON)
        self.seasons = _grouped([row for row in seasons if row.deleted_at is None], "parent_id")
        members = rows_of(session, CollectionMember.item_id, keys)
        self.members = _grouped(members, "item_id")
        self.collections = {row.id: row for row in rows_of(session, Collection.id, {row.collection_id for row in members})}
        ids = rows_of(session, ExternalId.entity_id, self.collections)
        self.tmdb = {row.entity_id: row.external_id for row in ids if row.provider == "tmdb" and row.is_primary}

    def names(self, item: int, links: Mapping[int, list[str]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(links[item]))

    def certifications(self, item: int) -> tuple[NfoCertification, ...]:
        """The one that decides first."""
        rows = sorted(self.certificates[item], key=lambda row: (not row.is_primary, row.system, row.country))
        return tuple(NfoCertification(row.country or None, row.code) for row in rows)

    def credits(self, item: int) -> tuple[NfoCredit, ...]:
        found: list[NfoCredit] = []
        order = 0
        for row in sorted(self.parts[item], key=lambda row: (row.position, row.id)):
            department = _DEPARTMENTS.get(row.department.value, NfoDepartment.OTHER)
            is_cast = department is NfoDepartment.CAST
            place = order if is_cast else None
            order += is_cast
            ids = self.ids(row.person_id)
            found.append(NfoCredit(self.people[row.person_id], department, row.job, row.role or None, place, external_ids=ids))
        return tuple(found)

    def ids(self, entity: int) -> tuple[NfoId, ...]:
        rows = sorted(self.external[entity], key=lambda row: (row.provider, row.namespace, not row.is_primary, row.external_id))
        return tuple(NfoId(row.provider, row.namespace, row.external_id, row.is_default) for row in rows)

    def collection(self, item: int) -> NfoCollection | None:
        """Kodi knows one set of a film: the first."""
        rows = sorted(self.members[item], key=lambda row: (row.collection_id,))
        if not rows:
            return None
        row = self.collections[rows[0].collection_id]
        return NfoCollection(row.name, row.plot, self.tmdb.get(row.id))

    def season_names(self, item: int) -> tuple[NfoSeasonName, ...]:
        rows = [row for row in self.seasons[item] if row.position is not None]
        return tuple(NfoSeasonName(row.position, row.title) for row in sorted(rows, key=lambda row: (row.position, row.id)))


def _grouped(rows: Iterable[Any], column: str) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def _named(session: Session, link: Any, keys: Iterable[int], target: str, key: Any) -> defaultdict[int, list[str]]:
    """Names linked to items, in their order."""
    links = sorted(rows_of(session, link, keys), key=lambda row: (row.position, getattr(row, target)))
    names = {row.id: row.name for row in rows_of(session, key, {getattr(row, target) for row in links})}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in links:
        found[row.item_id].append(names[getattr(row, target)])
    return found
