"""TMDB's people and companies: who took part in what, and who made or sent it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from domain.catalog.enums import Department, StudioRole
from domain.providers.model import Organisation, Participation
from domain.providers.reading import Row, country, identifier, positive, row, rows, text, whole

Url = Callable[[Any], str | None]
_DEPARTMENTS: Final = {
    "Directing": Department.DIRECTING, "Writing": Department.WRITING, "Production": Department.PRODUCTION,
    "Camera": Department.CAMERA, "Editing": Department.EDITING, "Art": Department.ART, "Sound": Department.SOUND,
}  # fmt: skip
_MUSIC: Final = frozenset(
    {"Original Music Composer", "Music", "Composer", "Conductor", "Songs", "Theme Song Performance", "Main Title Theme Composer"}
)


def participations(one: Row, url: Url) -> tuple[Participation, ...]:
    """Cast first, then crew, each once per department, job and role; positions count within the department."""
    said = row(one.get("aggregate_credits")) or row(one.get("credits"))
    crew = [*rows(one.get("created_by")), *rows(said.get("crew") or one.get("crew"))]
    cast = [*rows(said.get("cast")), *rows(said.get("guest_stars") or one.get("guest_stars"))]
    found: dict[tuple[str, Department, str, str], Participation] = {}
    places: dict[Department, int] = {}
    creators = sum(1 for _ in rows(one.get("created_by")))
    for each in sorted(cast, key=lambda each: _place(each)):
        for role, count in _roles(each):
            _add(found, places, each, url, Department.CAST, "", role, count)
    for number, each in enumerate(crew):
        for job, count in [("Creator", None)] if number < creators else _jobs(each):
            department = _DEPARTMENTS.get(text(each.get("department")) or "", Department.OTHER)
            if number < creators:
                department = Department.WRITING
            elif job in _MUSIC:
                department = Department.MUSIC
            _add(found, places, each, url, department, job, "", count)
    return tuple(found.values())


def _add(
    found: dict[tuple[str, Department, str, str], Participation], places: dict[Department, int], each: Row, url: Url,
    department: Department, job: str, role: str, count: int | None,
) -> None:  # fmt: skip
    person, name = identifier(each.get("id")), text(each.get("name"))
    if person is None or name is None or (person, department, job, role) in found:
        return
    position = places.get(department, 0)
    places[department] = position + 1
    found[person, department, job, role] = Participation(
        person, name, department, job, role, position, count, url(each.get("profile_path"))
    )


def _place(each: Row) -> int:
    place = whole(each.get("order"))
    return 10_000 if place is None else place


def _roles(each: Row) -> Iterator[tuple[str, int | None]]:
    """One role in a film or episode; in a series each with the number of its episodes."""
    if "roles" not in each:
        yield text(each.get("character")) or "", None
    for role in rows(each.get("roles")):
        yield text(role.get("character")) or "", positive(role.get("episode_count"))


def _jobs(each: Row) -> Iterator[tuple[str, int | None]]:
    if "jobs" not in each:
        yield text(each.get("job")) or "", None
    for job in rows(each.get("jobs")):
        yield text(job.get("job")) or "", positive(job.get("episode_count"))


def organisations(one: Row, url: Url) -> tuple[Organisation, ...]:
    """Who made it, and which networks sent it."""
    found = []
    for role, name in ((StudioRole.STUDIO, "production_companies"), (StudioRole.NETWORK, "networks")):
        for each in rows(one.get(name)):
            key, title = identifier(each.get("id")), text(each.get("name"))
            if key is not None and title is not None:
                place, logo = country(each.get("origin_country")), url(each.get("logo_path"))
                found.append(Organisation(key, title, role, place, logo))
    return tuple(found)
