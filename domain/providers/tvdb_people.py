"""TVDB's people and companies: who took part in what, and who made or sent it."""

from collections.abc import Iterator
from typing import Any, Final

from domain.catalog.enums import Department, StudioRole
from domain.providers.model import Organisation, Participation
from domain.providers.reading import Row, identifier, row, rows, text, whole
from domain.providers.tvdb_pictures import address
from domain.providers.tvdb_words import TRADES, country

_ROLES: Final = {
    "Network": StudioRole.NETWORK, "Studio": StudioRole.STUDIO, "Production Company": StudioRole.STUDIO,
    "network": StudioRole.NETWORK, "studio": StudioRole.STUDIO, "production": StudioRole.STUDIO,
}  # fmt: skip
"""Of a series each company names its own; a film's stand under them."""


def participations(one: Row) -> tuple[Participation, ...]:
    """Cast first, then crew, each once per department, job and role; positions count within the department."""
    found: dict[tuple[str, Department, str, str], Participation] = {}
    places: dict[Department, int] = {}
    for each in sorted(rows(one.get("characters")), key=_place):
        person, name = identifier(each.get("peopleId")), text(each.get("personName"))
        trade = text(each.get("peopleType")) or ""
        department = TRADES.get(trade, Department.OTHER)
        is_cast = department is Department.CAST
        job, role = ("", text(each.get("name")) or "") if is_cast else (trade, "")
        if person is None or name is None or (person, department, job, role) in found:
            continue
        position = places.get(department, 0)
        places[department] = position + 1
        picture = address(each.get("personImgURL"))
        found[person, department, job, role] = Participation(person, name, department, job, role, position, None, picture)
    return tuple(found.values())


def _place(each: Row) -> tuple[bool, bool, int]:
    """Cast before crew, regular before guest, then as it counts them."""
    trade, place = text(each.get("peopleType")) or "", whole(each.get("sort"))
    is_crew = TRADES.get(trade) is not Department.CAST
    return is_crew, trade != "Actor", 10_000 if place is None else place


def organisations(one: Row) -> tuple[Organisation, ...]:
    """Who made it, and which networks sent it."""
    found: dict[tuple[str, StudioRole], Organisation] = {}
    for kind, each in _companies(one.get("companies")):
        key, name, role = identifier(each.get("id")), text(each.get("name")), _ROLES.get(kind)
        if key is not None and name is not None and role is not None:
            found.setdefault((key, role), Organisation(key, name, role, country(each.get("country"))))
    for place in ("originalNetwork", "latestNetwork"):
        each = row(one.get(place))
        key, name = identifier(each.get("id")), text(each.get("name"))
        if key is not None and name is not None:
            network = StudioRole.NETWORK
            found.setdefault((key, network), Organisation(key, name, network, country(each.get("country"))))
    return tuple(sorted(found.values(), key=lambda each: each.role is StudioRole.NETWORK))


def _companies(said: Any) -> Iterator[tuple[str, Row]]:
    if isinstance(said, dict):
        for kind, several in said.items():
            yield from ((str(kind), each) for each in rows(several))
    for each in rows(said):
        yield text(row(each.get("companyType")).get("companyTypeName")) or "", each
