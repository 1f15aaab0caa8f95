"""Brings many items to what their targets say, in a number of statements that does not grow with the items."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from domain.catalog.changing import ITEMS
from domain.catalog.edit_values import OWN_COLUMNS
from domain.catalog.edits.holding import NAMESPACE, Held
from domain.catalog.edits.model import Target
from domain.catalog.enums import TagOrigin
from domain.catalog.linking import set_countries, set_genres, set_studios, set_tags
from domain.catalog.queries import chunks, rows_of
from domain.catalog.resolving import COLUMNS, store_values
from domain.catalog.sorting import sort_key
from domain.catalog.sources import NAME, USER, best, rank
from domain.catalog.tables import FieldLock, FieldValue, MediaItem, Tag
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict

Targets = Mapping[int, Target]
_DATES: Final = frozenset({"release_date", "end_date"})
_LISTS: Final[Mapping[str, Any]] = {
    "genres": set_genres, "studios": set_studios, "countries": set_countries,
    "tags": partial(set_tags, origin=TagOrigin.SIDECAR),
}  # fmt: skip


def write(uow: UnitOfWork, targets: Targets, held: Mapping[int, Held], *, user_id: int | None) -> dict[int, set[str]]:
    """Write words, tags, locks and monitoring, and show what follows; the resolved fields whose shown value changed.

    Raises Conflict when somebody took a place meanwhile.
    """
    _remember(uow, targets, held)
    _write_tags(uow, targets, held)
    said = {key: _said(target, held[key]) for key, target in targets.items()}
    shown = store_values(uow, USER, {key: values for key, values in said.items() if values}, by_user_id=user_id)
    _update(uow, {key: own_columns(held[key], target) for key, target in targets.items()})
    _force(uow, targets)
    _write_locks(uow, targets, user_id)
    monitored = {key: target.is_monitored for key, target in targets.items() if target.is_monitored is not None}
    _update(uow, {key: {"is_monitored": value} for key, value in monitored.items()})
    return shown


def own_columns(held: Held, target: Target) -> dict[str, Any]:
    """The columns beside the resolved ones, as they are shown once the target is reached; those that change."""
    found: dict[str, Any] = {}
    for name in target.said.keys() & OWN_COLUMNS.keys():
        said = {**_remembered(held, name), **held.sources.get(name, {}), USER: target.said[name]}
        known = {source: value for source, value in said.items() if source != USER or value is not None}
        best = min(known, key=lambda source: (rank(source), source), default=None)
        shown = OWN_COLUMNS[name] if best is None else known[best]
        if held.shown[name] != shown:
            found[name] = shown
    return found


def _remembered(held: Held, name: str) -> dict[str, Any]:
    """What the name of the file said of a field, which nothing has kept so far."""
    present = held.shown[name]
    return {} if held.sources.get(name) or present == OWN_COLUMNS[name] else {NAME: present}


def _remember(uow: UnitOfWork, targets: Targets, held: Mapping[int, Held]) -> None:
    rows = [
        {"entity_id": key, "field": name, "source": source, "value": value, "fetched_at": uow.now()}
        for key, target in targets.items()
        for name in target.said.keys() & OWN_COLUMNS.keys()
        for source, value in _remembered(held[key], name).items()
    ]
    if rows:
        uow.session.connection().execute(sa.insert(FieldValue), rows)


def _said(target: Target, held: Held) -> dict[str, Any]:
    values: dict[str, Any] = {**dict.fromkeys(target.show), **target.said}
    if target.tags and "tags" not in values and not held.will_be_locked("tags", {}):
        values["tags"] = held.word("tags")  # shows the files' tags again beside the person's
    return values


def _write_tags(uow: UnitOfWork, targets: Targets, held: Mapping[int, Held]) -> None:
    gone: list[tuple[int, str]] = []
    taken: list[tuple[int, str]] = []
    new: list[dict[str, Any]] = []
    back: list[tuple[int, str]] = []
    for item, target in targets.items():
        # under a lock nothing is shown anew: what the person takes back from a file's tag is the file's again
        given_back = set(_of_files(held[item])) if held[item].will_be_locked("tags", {}) else set[str]()
        for key, is_wanted in target.tags.items():
            origin = held[item].tags.get(key)
            if not is_wanted and key in given_back:
                back.append((item, key))
            elif not is_wanted:
                gone.append((item, key))
            elif origin is not None:
                taken.append((item, key))
            else:
                same = {"item_id": item, "namespace": NAMESPACE, "origin": TagOrigin.USER}
                new.append({**same, "key": key, "sort_key": sort_key(key, language="")})
    table: Any = Tag.__table__  # type: ignore[attr-defined]
    connection = uow.session.connection()
    for piece in chunks(gone):
        connection.execute(sa.delete(table).where(_are(piece), table.c.origin == TagOrigin.USER))
    for piece in chunks(taken):
        connection.execute(sa.update(table).where(_are(piece)).values(origin=TagOrigin.USER))
    for piece in chunks(back):
        connection.execute(sa.update(table).where(_are(piece)).values(origin=TagOrigin.SIDECAR))
    if new:
        connection.execute(sa.insert(Tag), new)


def _of_files(held: Held) -> Sequence[str]:
    """The tags that the best source but the person says."""
    said = {source: value for source, value in held.sources.get("tags", {}).items() if source != USER}
    return best(said) or ()


def _are(tags: Iterable[tuple[int, str]]) -> sa.ColumnElement[bool]:
    return sa.and_(col(Tag.namespace) == NAMESPACE, sa.tuple_(col(Tag.item_id), col(Tag.key)).in_(list(tags)))


def _update(uow: UnitOfWork, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Write columns; items with the same columns go together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, row in values.items():
        if row:
            alike.setdefault(tuple(sorted(row)), []).append({"key": key, **row})
    if not alike:
        return
    try:
        with uow.session.begin_nested():
            for rows in alike.values():
                uow.session.connection().execute(sa.update(ITEMS).where(ITEMS.c.id == sa.bindparam("key")), rows)
    except IntegrityError:
        raise Conflict("There is already one of this number and edition.", path=("edition",)) from None


def _force(uow: UnitOfWork, targets: Targets) -> None:
    """Show again what stood under a lock."""
    columns: dict[int, dict[str, Any]] = {}
    lists: dict[str, dict[int, list[str]]] = {}
    for key, target in targets.items():
        for name, value in target.forced.items():
            if name in COLUMNS:
                shown = date.fromisoformat(value) if name in _DATES and value is not None else value
                columns.setdefault(key, {})[name] = shown
            elif name in _LISTS:
                lists.setdefault(name, {})[key] = value
    titled = [key for key, values in columns.items() if values.keys() & {"title", "sort_title"}]
    for row in rows_of(uow.session, MediaItem.id, titled):  # the other of the two may just have been written, too
        values = columns[row.id]
        values["sort_key"] = sort_key(values.get("sort_title", row.sort_title) or values.get("title", row.title))
    for name, wanted in sorted(lists.items()):
        _LISTS[name](uow, wanted)
    _update(uow, columns)


def _write_locks(uow: UnitOfWork, targets: Targets, user_id: int | None) -> None:
    pairs = [(key, name) for key, target in targets.items() for name in target.locks]
    connection = uow.session.connection()
    for piece in chunks(pairs):
        of_fields = sa.tuple_(col(FieldLock.entity_id), col(FieldLock.field)).in_(piece)
        connection.execute(sa.delete(FieldLock).where(of_fields))
    rows = [
        {"entity_id": key, "field": name, "state": state, "locked_by_user_id": user_id, "locked_at": uow.now()}
        for key, target in targets.items()
        for name, state in target.locks.items()
        if state is not None
    ]
    if rows:
        connection.execute(sa.insert(FieldLock), rows)
