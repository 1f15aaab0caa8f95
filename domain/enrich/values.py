"""What a provider says of a thing, as field values: the same forms as an NFO's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from domain.catalog import told
from domain.catalog.certificates import Certificate
from domain.catalog.enums import Department, EntityKind, StudioRole
from domain.catalog.facts import CatalogueId, Score
from domain.catalog.people import PersonId, PersonName
from domain.catalog.sorting import normal_name
from domain.enrich.keys import KEYS
from domain.enrich.languages import localized, translations
from domain.providers.model import Details, Participation, Picture

MOST_CREDITS: Final = 100
"""Of one field: billing order; what comes behind is left out."""
MOST_RECOMMENDATIONS: Final = 40
"""Of one provider."""
_DIRECTORS: Final = frozenset({"Director", "Series Director", "Co-Director"})
"""Jobs of the directing department that are a director's; its assistants are crew."""
_YEARLY: Final = (EntityKind.MOVIE, EntityKind.SERIES)


def item_values(details: Details) -> dict[str, Any]:
    """Field -> value as JSON holds it, of a film, series, season or episode; None where the provider says nothing."""
    day = details.release_date
    values: dict[str, Any] = {
        "title": details.title,
        "original_title": details.original_title,
        "tagline": details.tagline,
        "plot": details.plot,
        "year": day.year if day is not None and details.kind in _YEARLY else None,
        "release_date": _text(day),
        "end_date": _text(details.end_date) if details.kind is EntityKind.SERIES else None,
        "runtime_ms": details.runtime_ms,
        "production_status": None if details.production_status is None else details.production_status.value,
        "original_language": details.original_language,
        "homepage": details.homepage,
        "popularity": details.popularity,
        "budget": details.budget,
        "revenue": details.revenue,
        "genres": list(details.genres),
        "keywords": list(details.keywords),
        "countries": list(details.countries),
        "studios": _names(details, StudioRole.STUDIO),
        "networks": _names(details, StudioRole.NETWORK),
        told.CERTIFICATIONS: told.certifications(Certificate(one.code, one.country) for one in details.certificates),
        told.RATINGS: _ratings(details),
        told.EXTERNAL_IDS: told.external_ids(CatalogueId(one.provider, one.namespace, one.value) for one in details.ids),
        told.COLLECTIONS: _collections(details),
        told.RELEASE_DATES: _releases(details),
        told.RECOMMENDATIONS: _recommendations(details),
        told.DISPLAY_ORDER: _display_order(details),
        **_credits(details.provider, details.participations),
    }
    return {name: None if value == [] else value for name, value in values.items()}


def person_values(details: Details) -> dict[str, Any]:
    """The same of a person."""
    return {
        "biography": details.plot,
        "birth_date": _text(details.birth_date),
        "death_date": _text(details.death_date),
        "birthplace": details.birthplace,
    }


def collection_values(details: Details) -> dict[str, Any]:
    """The same of a film series."""
    return {"name": details.title, "plot": details.plot}


def values_of(details: Details, languages: Sequence[str] = ()) -> dict[str, Any]:
    """What is said of a thing of any kind, its texts in the first of these languages that has them, and in all of them."""
    if not languages:
        return {**_values_of(details), told.TRANSLATIONS: None}
    return {**_values_of(localized(details, languages)), told.TRANSLATIONS: translations(details, languages) or None}


def _values_of(details: Details) -> dict[str, Any]:
    if details.kind is EntityKind.PERSON:
        return person_values(details)
    return collection_values(details) if details.kind is EntityKind.COLLECTION else item_values(details)


def _text(moment: date | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _names(details: Details, role: StudioRole) -> list[str]:
    return list(dict.fromkeys(one.name for one in details.studios if one.role is role))


def _ratings(details: Details) -> list[dict[str, Any]]:
    return [] if details.score is None else told.ratings([Score(details.provider, details.score, details.votes)])


def _collections(details: Details) -> list[dict[str, Any]]:
    one = details.collection
    if one is None:
        return []
    return [{"name": one.title, "overview": one.plot, "tmdb_id": one.external_id if one.provider == "tmdb" else None}]


def _display_order(details: Details) -> list[dict[str, Any]]:
    if details.display_season is None:
        return []
    return [{"season": details.display_season, "episode": details.display_episode}]


def _releases(details: Details) -> list[dict[str, Any]]:
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in details.releases:
        row = {"country": one.country, "type": one.type.value, "date": one.date.isoformat(), "note": one.note}
        found.setdefault((one.country, row["type"], row["date"]), row)  # type: ignore[arg-type]
    return list(found.values())


def _recommendations(details: Details) -> list[dict[str, Any]]:
    """By ids alone: what it is called is known where the household has it."""
    found: dict[str, dict[str, Any]] = {}
    for one in details.related:
        spaces = KEYS.get(one.provider, {}).get(one.kind, ())
        if spaces and len(found) < MOST_RECOMMENDATIONS:
            found.setdefault(one.external_id, {"provider": spaces[0][0], "namespace": spaces[0][1], "id": one.external_id})
    return list(found.values())


def _credits(provider: str, given: Sequence[Participation]) -> Mapping[str, list[dict[str, Any]]]:
    """By the fields that they belong to, in the provider's order; the same part twice is one."""
    found: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {name: {} for name in told.CREDITS}
    for one in sorted(given, key=lambda one: one.position):
        department = one.department
        if department is Department.DIRECTING and one.job not in _DIRECTORS:
            department = Department.OTHER
        mine = found[told.field_of(department)]
        if len(mine) < MOST_CREDITS:
            name = PersonName(one.name, (PersonId(provider, one.person_id),))
            mine.setdefault(
                (one.person_id, department.value, one.job, one.role), told.credit(name, department, one.job, one.role)
            )
    return {name: list(credits.values()) for name, credits in found.items()}


def logos(details: Details) -> dict[str, Picture]:
    """The logos of studios and networks that stand in an answer, by normalized name. Who offers it knows them by an id:
    it stands before the name of the picture."""
    found: dict[str, Picture] = {}
    for one in details.studios:
        if one.logo_url is not None:
            image = f"{one.external_id}:{one.logo_url.rpartition('/')[2]}"
            found.setdefault(normal_name(one.name), Picture("logo", one.logo_url, image))
    return found


def pictured(answers: Iterable[Details]) -> dict[tuple[str, str], str]:
    """The pictures of people that stand in their credits: (provider, its id of the person) -> address."""
    return {
        (details.provider, one.person_id): one.picture_url
        for details in answers
        for one in details.participations
        if one.picture_url is not None
    }
