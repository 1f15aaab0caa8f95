"""Makes rows of what sources tell in lists: links to names, credits, certificates, scores, ids, collections."""

from collections.abc import Mapping
from typing import Any, Final

from domain.catalog import told as forms
from domain.catalog.certificate_region import preferred
from domain.catalog.certificates import Certificate, set_certifications
from domain.catalog.collections import set_collections
from domain.catalog.display_orders import set_display_orders
from domain.catalog.enums import Department, EntityKind, StudioRole, TagOrigin
from domain.catalog.facts import CreditFact, replace_external_ids, set_credits, set_ratings
from domain.catalog.linking import set_countries, set_genres, set_studios, set_tags
from domain.catalog.people import people
from domain.catalog.queries import rows_of
from domain.catalog.recommending import set_recommendations
from domain.catalog.releases import set_release_dates
from domain.catalog.sources import USER, Said, best, ordered
from domain.catalog.tables import MediaItem
from domain.catalog.translating import set_translations
from domain.kit.database import UnitOfWork

LISTS: Final = frozenset({"genres", "studios", "networks", "countries", "tags", "keywords"})
"""Fields that are lists of names, each in link tables of its own."""
KEYWORDS: Final = "keyword"
"""The namespace of the tags that are providers' keywords: people's own stay apart from them."""

Lists = Mapping[int, Mapping[str, Any]]
"""Item -> field -> the list that is shown."""


def show_names(uow: UnitOfWork, wanted: Lists) -> None:
    """Show lists of names: exactly these on each item."""

    def of(field: str) -> dict[int, list[str]]:
        return {item: list(fields[field] or ()) for item, fields in wanted.items() if field in fields}

    if genres := of("genres"):
        set_genres(uow, genres)
    if studios := of("studios"):
        set_studios(uow, studios)
    if networks := of("networks"):
        set_studios(uow, networks, role=StudioRole.NETWORK)
    if countries := of("countries"):
        set_countries(uow, countries)
    if tags := of("tags"):
        set_tags(uow, tags, origin=TagOrigin.SIDECAR)
    if keywords := of("keywords"):
        set_tags(uow, keywords, origin=TagOrigin.PROVIDER, namespace=KEYWORDS)


def show_told(uow: UnitOfWork, before: Mapping[int, Said], after: Mapping[int, Said]) -> None:
    """Show what sources tell in lists, for the fields of `after`; `before` holds what was said of them until now.

    Credits, certificates and collections are the best source's; scores and ids are merged, of each source or space the
    best's. Rows that no source ever told of stay, and so does what a person decided.
    """
    _show_credits(uow, after)
    certificates = {item: best(said[forms.CERTIFICATIONS]) or [] for item, said in after.items() if forms.CERTIFICATIONS in said}
    if certificates:
        given = {item: [Certificate(one["code"], one["country"]) for one in told] for item, told in certificates.items()}
        set_certifications(uow, given, preferred=preferred(uow.session))
    collections = {item: best(said[forms.COLLECTIONS]) or [] for item, said in after.items() if forms.COLLECTIONS in said}
    set_collections(uow, collections, {item: best(before[item].get(forms.COLLECTIONS, {})) or [] for item in collections})
    _show_ratings(uow, before, after)
    _show_ids(uow, before, after)
    places = {item: best(said[forms.DISPLAY_ORDER]) for item, said in after.items() if forms.DISPLAY_ORDER in said}
    if places:
        set_display_orders(
            uow, {item: (told[0]["season"], told[0]["episode"]) if told else None for item, told in places.items()}
        )
    releases = {item: best(said[forms.RELEASE_DATES]) or [] for item, said in after.items() if forms.RELEASE_DATES in said}
    if releases:
        set_release_dates(uow, releases)
    recommended = {item: best(said[forms.RECOMMENDATIONS]) or [] for item, said in after.items() if forms.RECOMMENDATIONS in said}
    if recommended:
        set_recommendations(uow, recommended)
    translated = {item: best(said[forms.TRANSLATIONS]) or [] for item, said in after.items() if forms.TRANSLATIONS in said}
    if translated:
        set_translations(uow, translated)


def _show_credits(uow: UnitOfWork, after: Mapping[int, Said]) -> None:
    shown = {item: {name: best(said[name]) or [] for name in said.keys() & forms.CREDITS.keys()} for item, said in after.items()}
    flat = [(item, one) for item, fields in shown.items() for name in sorted(fields) for one in fields[name]]
    keys = people(uow, [forms.person_of(one) for _, one in flat])
    credits: dict[int, list[CreditFact]] = {item: [] for item, fields in shown.items() if fields}
    for (item, one), person in zip(flat, keys, strict=True):
        credits[item].append(CreditFact(person, Department(one["department"]), one["job"], one["role"]))
    departments = {item: frozenset[Department]().union(*(forms.CREDITS[name] for name in shown[item])) for item in credits}
    if credits:
        set_credits(uow, credits, departments=departments)


def _show_ratings(uow: UnitOfWork, before: Mapping[int, Said], after: Mapping[int, Said]) -> None:
    mine = [item for item, said in after.items() if forms.RATINGS in said]
    if not mine:
        return
    now = {item: forms.merged(ordered(after[item][forms.RATINGS]), "source") for item in mine}
    was = {item: {one["source"] for told in before[item].get(forms.RATINGS, {}).values() for one in told} for item in mine}
    gone = {item: was[item] - {one["source"] for one in now[item]} for item in mine}
    set_ratings(uow, {item: [forms.score_of(one) for one in told] for item, told in now.items()}, gone=gone)


def _show_ids(uow: UnitOfWork, before: Mapping[int, Said], after: Mapping[int, Said]) -> None:
    mine = [item for item, said in after.items() if forms.EXTERNAL_IDS in said]
    if not mine:
        return
    now = {item: forms.merged(ordered(_of_one_thing(after[item][forms.EXTERNAL_IDS])), "provider", "namespace") for item in mine}
    said_before = {item: _of_one_thing(before[item].get(forms.EXTERNAL_IDS, {})) for item in mine}
    was = {item: forms.merged(ordered(said_before[item]), "provider", "namespace") for item in mine}
    kinds = {row.id: EntityKind(row.kind) for row in rows_of(uow.session, MediaItem.id, mine)}
    wanted = {item: (kinds[item], [forms.id_of(one) for one in now[item]]) for item in mine if item in kinds}
    replace_external_ids(
        uow, wanted, {item: [forms.id_of(one) for one in was[item]] for item in wanted if was[item] != now[item]}
    )


def _of_one_thing(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sources that speak of what a person says it is: who contradicts one of its ids tells of another thing altogether.
    Where a person says that it has none, nobody is heard."""
    word = said.get(USER)
    if word is None:
        return said
    mine = {(one["provider"], one["namespace"]): one["id"] for one in word}
    return {
        source: told
        for source, told in said.items()
        if mine and all(mine.get((one["provider"], one["namespace"]), one["id"]) == one["id"] for one in told)
    }
