"""What an NFO says of an item, as field values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.catalog import told
from domain.catalog.certificates import Certificate
from domain.catalog.enums import Department, EntityKind, ProductionStatus
from domain.catalog.facts import CatalogueId, Score
from domain.catalog.people import PersonId, PersonName
from domain.libraries.applying.nfo_choice import year_of
from domain.libraries.nfo import NfoCredit, NfoId, NfoItem, NfoKind

_STATUSES: Final = {
    "continuing": ProductionStatus.RETURNING,
    "returning": ProductionStatus.RETURNING,
    "returning series": ProductionStatus.RETURNING,
    "cancelled": ProductionStatus.CANCELED,
    "in production": ProductionStatus.IN_PRODUCTION,
    "post production": ProductionStatus.POST_PRODUCTION,
}
_MINUTE_MS: Final = 60_000


def field_values(item: NfoItem, kind: EntityKind, ids: Sequence[NfoId]) -> Mapping[str, Any]:
    """Field -> value as JSON holds it, None where the NFO says nothing; `ids` are all that the file gives for the item."""
    moment = item.aired or item.premiered if kind is EntityKind.EPISODE else item.premiered or item.aired
    values: dict[str, Any] = {
        "title": item.title,
        "sort_title": item.sort_title,
        "original_title": item.original_title,
        "tagline": item.tagline,
        "plot": item.plot,
        "outline": item.outline,
        "year": year_of(item),
        "release_date": _text(moment),
        "runtime_ms": item.runtime_minutes * _MINUTE_MS if item.runtime_minutes else None,
        "production_status": _status(item.status),
        "original_language": item.original_language,
        "genres": list(item.genres) or None,
        "studios": list(item.studios) or None,
        "countries": list(item.countries) or None,
        "tags": list(item.tags) or None,
        told.CERTIFICATIONS: told.certifications(_certificates(item)) or None,
        told.RATINGS: told.ratings(Score(one.source, one.value, one.votes) for one in item.ratings) or None,
        told.EXTERNAL_IDS: id_values(ids),
        told.COLLECTIONS: _collections(item),
        told.DISPLAY_ORDER: _display_order(item),
        **_credits(item.credits),
    }
    if kind is EntityKind.SERIES:
        values["end_date"] = _text(item.end_date)
    return values


def id_values(ids: Iterable[NfoId]) -> list[dict[str, Any]] | None:
    """Catalogue ids as a source tells them; None if there is none."""
    return told.external_ids(CatalogueId(one.provider, one.namespace, one.id, is_default=one.is_default) for one in ids) or None


def _certificates(item: NfoItem) -> list[Certificate]:
    said = [Certificate(one.value, one.country or "") for one in item.certifications]
    return said or ([Certificate(item.mpaa)] if item.mpaa else [])


def _display_order(item: NfoItem) -> list[dict[str, Any]] | None:
    """`displayafterseason` wins, as in Kodi: after the last episode of that season."""
    after = item.display_after_season
    if item.kind is not NfoKind.EPISODE or (item.display_season is None and not after):
        return None
    return [{"season": after or item.display_season, "episode": None if after else item.display_episode}]


def _collections(item: NfoItem) -> list[dict[str, Any]] | None:
    one = item.collection
    return None if one is None else [{"name": one.name, "overview": one.overview, "tmdb_id": one.tmdb_id}]


def _credits(credits: Sequence[NfoCredit]) -> dict[str, list[dict[str, Any]] | None]:
    """The credits in billing order, by the fields that they belong to; who has no number follows, as in Kodi."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in told.CREDITS}
    for one in sorted(credits, key=lambda one: (one.order is None, one.order or 0)):
        person = PersonName(one.name, tuple(PersonId(id.provider, id.id, id.namespace) for id in one.external_ids))
        department = Department(one.department.value)
        found[told.field_of(department)].append(told.credit(person, department, one.job, one.role or ""))
    return {name: credits or None for name, credits in found.items()}


def _text(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _status(written: str | None) -> str | None:
    """The status in our words; an unknown one is left out."""
    word = (written or "").strip().casefold()
    if word in _STATUSES:
        return _STATUSES[word].value
    return word if word in set(ProductionStatus) else None
