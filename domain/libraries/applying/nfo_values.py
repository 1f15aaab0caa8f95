"""What an NFO says of an item, as field values."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from domain.catalog.enums import EntityKind, ProductionStatus
from domain.libraries.applying.nfo_choice import year_of
from domain.libraries.nfo import NfoItem

_STATUSES: Final = {
    "continuing": ProductionStatus.RETURNING,
    "returning": ProductionStatus.RETURNING,
    "returning series": ProductionStatus.RETURNING,
    "cancelled": ProductionStatus.CANCELED,
    "in production": ProductionStatus.IN_PRODUCTION,
    "post production": ProductionStatus.POST_PRODUCTION,
}
_MINUTE_MS: Final = 60_000


def field_values(item: NfoItem, kind: EntityKind) -> Mapping[str, Any]:
    """Field -> value as JSON holds it; None where the NFO says nothing."""
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
    }
    if kind is EntityKind.SERIES:
        values["end_date"] = _text(item.end_date)
    return values


def _text(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _status(written: str | None) -> str | None:
    """The status in our words; an unknown one is left out."""
    word = (written or "").strip().casefold()
    if word in _STATUSES:
        return _STATUSES[word].value
    return word if word in set(ProductionStatus) else None
