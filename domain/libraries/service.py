"""Libraries: made, changed, and scanned on request."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col, select

from domain.catalog import queries
from domain.catalog.sorting import sort_key
from domain.jobs import kinds
from domain.jobs.service import enqueue
from domain.jobs.tables import Job
from domain.kit.database import Database, UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound, PathUnusable, VersionConflict
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.libraries import detaching, roots, timetable
from domain.libraries.languages import languages
from domain.libraries.paths import is_within
from domain.libraries.queries import roots_of_others
from domain.libraries.tables import Library, LibraryPath
from domain.libraries.timetable import Timetable
from domain.system import audit, events

MEDIA_TYPES: Final = ("movie", "tv")
"""Names of the media types whose folders a scan understands."""
MOST_PATTERNS: Final = 100
_NAME_LENGTH: Final = 100
_PATTERN_LENGTH: Final = 200
_FLAGS: Final = frozenset({"is_enabled", "auto_enrich", "auto_publish"})


def check_paths(paths: Sequence[str], *, data_dir: Path) -> list[str]:
    """The folders as they are stored, if each can be read and none touches `data_dir`. Looks at the disk: call it outside
    of a transaction. Raises PathUnusable, and Invalid for none or too many."""
    return roots.check(paths, data_dir=data_dir)


def check_apart(database: Database, paths: Sequence[str], *, library_id: int | None = None) -> None:
    """Refuse folders that links lead into those of another library than this. Looks at the disk, outside of a transaction.

    Raises PathUnusable.
    """
    with database.read() as session:
        others = roots_of_others(session, library_id)
    roots.check_apart(paths, others)


def create_library(
    uow: UnitOfWork,
    *,
    name: str,
    media_type: str,
    paths: Sequence[str],
    ignore_patterns: Sequence[str] = (),
    auto_enrich: bool = True,
    auto_publish: bool = False,
    is_enabled: bool = True,
    schedule: Timetable | None = None,
    metadata_languages: Sequence[str] | None = None,
) -> Library:
    """A new library over folders that `check_paths` has seen.

    Raises Invalid, Conflict when the name is taken, PathUnusable when a folder overlaps another library's.
    """
    serialize(uow.session, "libraries")
    if media_type not in MEDIA_TYPES:
        raise Invalid(f"A library holds one of: {', '.join(MEDIA_TYPES)}.", path=("mediaType",))
    cleaned = _free_name(uow, name, None)
    library = Library(
        name=cleaned,
        sort_key=sort_key(cleaned),
        media_type_id=queries.media_type_id(uow.session, media_type),
        is_enabled=is_enabled,
        auto_enrich=auto_enrich,
        auto_publish=auto_publish,
        ignore_patterns=_patterns(ignore_patterns),
        metadata_languages=languages(metadata_languages),
    )
    uow.session.add(library)
    uow.session.flush()
    _set_paths(uow, library.id, paths)
    timetable.put(uow, library, schedule)
    subject = global_id("libraries", library.id)
    audit.record(uow, "library.created", subject=subject, details={"name": cleaned, "paths": list(paths)})
    events.emit(uow, "library.created", subject, topic="libraries", audience=events.for_library(library.id))
    return library


def update_library(
    uow: UnitOfWork, *, library_id: int, changes: Mapping[str, Any], expected_version: int | None = None
) -> Library:
    """Change what `changes` holds: name, is_enabled, auto_enrich, auto_publish, ignore_patterns, paths (in place of those
    before, seen by `check_paths`), schedule (a Timetable, or None for none), metadata_languages (None = the providers').

    Other languages have the library enriched anew, from the answers that are kept as far as they are fresh. What lay in a
    folder that is left out counts as missing from now on. Raises NotFound, Invalid, Conflict, PathUnusable,
    VersionConflict.
    """
    serialize(uow.session, "libraries")
    library = get_library(uow, library_id)
    subject = global_id("libraries", library_id)
    if expected_version is not None and expected_version != library.version:
        message = "Somebody changed this library since you read it."
        raise VersionConflict(message, current=library.version, entity_id=subject)
    for flag in _FLAGS & changes.keys():
        setattr(library, flag, changes[flag])
    if "name" in changes:
        library.name = _free_name(uow, changes["name"], library_id)
        library.sort_key = sort_key(library.name)
    if "ignore_patterns" in changes:
        library.ignore_patterns = _patterns(changes["ignore_patterns"])
    if "metadata_languages" in changes:
        _set_languages(uow, library, changes["metadata_languages"])
    if "paths" in changes:
        _set_paths(uow, library_id, changes["paths"])
    if "schedule" in changes:
        timetable.put(uow, library, changes["schedule"])
    elif "is_enabled" in changes:
        timetable.follow(uow, library)
    library.version += 1
    uow.session.flush()
    audit.record(uow, "library.updated", subject=subject, details={"fields": sorted(changes)})
    names = [camel(name) for name in changes]
    audience = events.for_library(library_id)
    events.emit(uow, "library.updated", subject, topic="libraries", audience=audience, changed_fields=names)
    return library


def _set_languages(uow: UnitOfWork, library: Library, given: Sequence[str] | None) -> None:
    wanted = languages(given)
    if wanted == library.metadata_languages:
        return
    library.metadata_languages = wanted
    payload = kinds.Enrich(library_id=library.id)
    enqueue(uow, kinds.ENRICH, payload, subject=global_id("libraries", library.id), dedupe_key=payload.key(None))


def request_scan(
    uow: UnitOfWork,
    *,
    library_id: int,
    path: str | None = None,
    requested_by_user_id: int | None = None,
    priority: int = kinds.A_PERSON_ASKED,
) -> Job:
    """The job that scans a library, or one folder or file in it; the one that is under way already, if there is one.

    Raises NotFound, Conflict for a disabled library, PathUnusable for a path in none of its folders.
    """
    library = get_library(uow, library_id)
    if not library.is_enabled:
        raise Conflict("The library is disabled. Enable it first.", path=("library",))
    place = None if path is None else _inside(uow, library_id, path)
    key = f"scan:{library_id}"
    if place is not None:
        key += ":" + hashlib.sha256(place.encode()).hexdigest()  # short: one digest of a path, which may be too long to index
    return enqueue(
        uow,
        kinds.SCAN,
        kinds.Scan(library_id, place),
        priority=priority,
        dedupe_key=key,
        subject=global_id("libraries", library_id),
        requested_by_user_id=requested_by_user_id,
    ).job


def get_library(uow: UnitOfWork, library_id: int) -> Library:
    """The library, locked for this transaction. Raises NotFound."""
    query = select(Library).where(Library.id == library_id)  # unguarded: the caller has asked whether this user may
    found = uow.session.exec(query.with_for_update()).first()
    if found is None:
        raise NotFound("There is no such library. `libraries` lists those you may see.", path=("id",))
    return found


def _free_name(uow: UnitOfWork, name: str, library_id: int | None) -> str:
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= _NAME_LENGTH or not cleaned.isprintable():
        raise Invalid(f"A name has 1 to {_NAME_LENGTH} characters.", path=("name",))
    others = select(Library.name).where(col(Library.id) != (library_id or 0))  # unguarded: names are unique over all libraries
    if cleaned.casefold() in {other.casefold() for other in uow.session.exec(others)}:
        raise Conflict(f"There is already a library called {cleaned!r}.", path=("name",))
    return cleaned


def _patterns(given: Sequence[str]) -> list[str]:
    patterns = list(dict.fromkeys(pattern.strip() for pattern in given))
    if len(patterns) > MOST_PATTERNS:
        raise Invalid(f"At most {MOST_PATTERNS} patterns.", path=("ignorePatterns",))
    for pattern in patterns:
        if not 1 <= len(pattern.removeprefix("!")) <= _PATTERN_LENGTH or not pattern.isprintable():
            raise Invalid(f"A pattern has 1 to {_PATTERN_LENGTH} characters.", path=("ignorePatterns",))
    return patterns


def _set_paths(uow: UnitOfWork, library_id: int, given: Sequence[str]) -> None:
    """Make these the library's folders, in this order."""
    wanted = roots.as_text(given)
    mine: dict[str, LibraryPath] = {}
    for row in uow.session.exec(select(LibraryPath)):  # unguarded: folders of all libraries must not overlap
        if row.library_id == library_id:
            mine[row.path] = row
            continue
        for path in wanted:
            if is_within(path, row.path) or is_within(row.path, path):
                raise PathUnusable(f"{path} overlaps {row.path}, a folder of another library.", path=("paths",))
    for path in mine.keys() - set(wanted):
        detaching.detach_root(uow, mine[path].id)
        uow.session.expunge(mine[path])
    for position, path in enumerate(wanted):
        if path in mine:
            mine[path].position = position
        else:
            uow.session.add(LibraryPath(library_id=library_id, path=path, position=position))
    uow.session.flush()


def _inside(uow: UnitOfWork, library_id: int, path: str) -> str:
    (place,) = roots.as_text([path], field="path")
    known = sa.select(col(LibraryPath.path)).where(  # unguarded: the caller has asked whether this user may
        col(LibraryPath.library_id) == library_id
    )
    if not any(is_within(place, root) for root in uow.session.execute(known).scalars()):
        raise PathUnusable(f"{place} lies in none of the library's folders.", path=("path",))
    return place
