"""The facts that sources tell as lists of more than names: in what form `field_values` keeps them.

Every source keeps its whole list, so that one that falls silent, or is outranked, leaves the others as they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from domain.catalog.certificates import Certificate
from domain.catalog.enums import Department
from domain.catalog.facts import CatalogueId, Score
from domain.catalog.people import PersonId, PersonName

CREDITS: Final[Mapping[str, frozenset[Department]]] = {
    "cast": frozenset({Department.CAST}),
    "directors": frozenset({Department.DIRECTING}),
    "writers": frozenset({Department.WRITING}),
    "crew": frozenset(Department) - {Department.CAST, Department.DIRECTING, Department.WRITING},
}
"""Fields that hold credits, with their departments: {name, job, role, department, ids: [[provider, namespace, id]]}."""
CERTIFICATIONS: Final = "certifications"
"""{code, country}."""
COLLECTIONS: Final = "collections"
"""{name, overview, tmdb_id}; name or id may be missing."""
RATINGS: Final = "ratings"
"""{source, value (decimal text, 0 to 10), votes}."""
EXTERNAL_IDS: Final = "external_ids"
"""{provider, namespace, id, is_default}."""
RELEASE_DATES: Final = "release_dates"
"""{country, type, date, note}."""
RECOMMENDATIONS: Final = "recommendations"
"""{provider, namespace, id}, the first the most."""
TRANSLATIONS: Final = "translations"
"""{language, provider, title, tagline, plot}; of the languages that are wanted."""
DISPLAY_ORDER: Final = "display_order"
"""One {season, episode}: before which episode of a season a special is shown; episode None = after its last."""
_LISTS: Final = {CERTIFICATIONS, COLLECTIONS, RATINGS, EXTERNAL_IDS, RELEASE_DATES, RECOMMENDATIONS, TRANSLATIONS}
TOLD: Final = frozenset({*CREDITS, *_LISTS, DISPLAY_ORDER})

Told = list[dict[str, Any]]


def field_of(department: Department) -> str:
    """The field that a department's credits belong to."""
    return next(name for name, departments in CREDITS.items() if department in departments)


def credit(name: PersonName, department: Department, job: str, role: str) -> dict[str, Any]:
    """A credit as a source tells it: the person by name and ids, because our rows of people may merge."""
    ids = [[one.provider, one.namespace, one.external_id] for one in name.ids]
    return {"name": name.name, "ids": ids, "department": department.value, "job": job, "role": role}


def person_of(told: Mapping[str, Any]) -> PersonName:
    """Whom a told credit names."""
    return PersonName(told["name"], tuple(PersonId(provider, key, space) for provider, space, key in told["ids"]))


def certifications(given: Iterable[Certificate]) -> Told:
    """Certificates as `field_values` keeps them."""
    return [{"code": one.code, "country": one.country} for one in given]


def ratings(given: Iterable[Score]) -> Told:
    """Scores as `field_values` keeps them."""
    return [{"source": one.source, "value": str(one.value), "votes": one.votes} for one in given]


def score_of(told: Mapping[str, Any]) -> Score:
    """A told score."""
    return Score(told["source"], Decimal(told["value"]), told["votes"])


def external_ids(given: Iterable[CatalogueId]) -> Told:
    """Catalogue ids as `field_values` keeps them; the first of a provider's space counts."""
    first: dict[tuple[str, str], CatalogueId] = {}
    for one in given:
        first.setdefault((one.provider, one.namespace), one)
    return [
        {"provider": one.provider, "namespace": one.namespace, "id": one.external_id, "is_default": one.is_default}
        for one in first.values()
    ]


def id_of(told: Mapping[str, Any]) -> CatalogueId:
    """A told catalogue id."""
    return CatalogueId(told["provider"], told["namespace"], told["id"], is_default=told["is_default"])


def merged(said: Sequence[Sequence[Mapping[str, Any]]], *keys: str) -> Told:
    """The lists of several sources, best first, as one: for each value of `keys` what the best that names it says."""
    found: Told = []
    taken: set[tuple[Any, ...]] = set()
    for told in said:
        fresh = [dict(one) for one in told if tuple(one[key] for key in keys) not in taken]
        taken |= {tuple(one[key] for key in keys) for one in fresh}
        found += fresh
    return found
