"""Finds the items that many references mean, in as many statements as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.catalog.changing import ITEMS
from domain.catalog.queries import chunks, living_of, rows_of
from domain.catalog.tables import ExternalId, MediaItem
from domain.catalog.telling import NO_ITEM
from domain.kit.errors import AmbiguousReference, DomainError, Invalid, NotFound
from domain.kit.ids import global_id, key_of
from domain.kit.policy import Viewer
from domain.libraries.enums import FileRole
from domain.libraries.paths import is_refused, normal, stored
from domain.libraries.references import ITEM_KINDS, MOST_CANDIDATES, PATH, ByExternal, ById, ByPath, Reference
from domain.libraries.scanning.known import FILES
from domain.libraries.tables import ItemFile
from domain.libraries.visibility import visible_item_ids


@dataclass(frozen=True, slots=True)
class Named:
    """An item as a row of a request names it."""

    reference: Reference
    library_id: int | None = None


def find_items(session: Session, viewer: Viewer, named: Sequence[Named]) -> list[int | DomainError]:
    """For each the key of the one visible item that is meant, else why there is none: NotFound, Invalid, AmbiguousReference."""
    errors: dict[int, DomainError] = {}
    meant: list[set[int]] = [set() for _ in named]
    ids: dict[int, int] = {}
    for place, each in enumerate(named):
        if isinstance(each.reference, ById):
            try:
                ids[place] = key_of("media_items", each.reference.id, path=(*PATH, "id"))
            except Invalid as error:
                errors[place] = error
    living = living_of(session, ids.values())
    for place, key in ids.items():
        meant[place] = {living[key]}
    _add_externals(session, named, meant)
    _add_paths(session, named, meant)
    every = sorted(set[int]().union(*meant))
    visible = {key for piece in chunks(every) for key in visible_item_ids(session, viewer, piece)}
    libraries = {row.id: row.library_id for row in rows_of(session, MediaItem.id, visible)}
    found: list[int | DomainError] = []
    for place, each in enumerate(named):
        keys = [key for key in sorted(meant[place] & visible) if each.library_id in (None, libraries[key])]
        found.append(errors[place] if place in errors else _one(keys))
    return found


def _one(keys: Sequence[int]) -> int | DomainError:
    if not keys:
        return NotFound(NO_ITEM, path=PATH)
    if len(keys) == 1:
        return keys[0]
    candidates = [global_id("media_items", key) for key in keys[:MOST_CANDIDATES]]
    return AmbiguousReference("That means several items: name one by its id.", candidates=candidates, path=PATH)


def _add_externals(session: Session, named: Sequence[Named], meant: Sequence[set[int]]) -> None:
    wanted: dict[str, list[tuple[int, ByExternal]]] = {}
    for place, each in enumerate(named):
        reference = each.reference
        if (
            isinstance(reference, ByExternal)
            and (reference.provider + reference.value + (reference.namespace or "")).isprintable()
        ):
            wanted.setdefault(reference.value.strip(), []).append((place, reference))
    rows: list[Any] = rows_of(session, ExternalId.external_id, wanted, col(ExternalId.entity_kind).in_(ITEM_KINDS))
    for row in rows:
        for place, reference in wanted[row.external_id]:
            space = None if reference.namespace is None else reference.namespace.strip().lower()
            if row.provider == reference.provider.strip().lower() and space in (None, row.namespace):
                meant[place].add(row.entity_id)


def _add_paths(session: Session, named: Sequence[Named], meant: Sequence[set[int]]) -> None:
    wanted: dict[str, list[int]] = {}
    for place, each in enumerate(named):
        if isinstance(each.reference, ByPath) and not is_refused(each.reference.path):
            wanted.setdefault(stored(normal(each.reference.path)), []).append(place)
    links: Any = ItemFile.__table__  # type: ignore[attr-defined]
    for piece in chunks(wanted):
        of_files = (
            sa.select(FILES.c.uri, links.c.item_id)
            .select_from(links.join(FILES, FILES.c.id == links.c.file_id))
            .where(FILES.c.uri.in_(piece), links.c.role == FileRole.MAIN)
        )
        of_folders = sa.select(ITEMS.c.directory_path, ITEMS.c.id).where(ITEMS.c.directory_path.in_(piece))
        for path, item in session.connection().execute(of_files.union(of_folders)):
            for place in wanted[path]:
                meant[place].add(item)
