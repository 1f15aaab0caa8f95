"""Puts genres, studios, countries and tags on many items at once, in few statements.

Each function takes what automation now knows of each item; items whose list is the same already are not written.
Whether a person's lock forbids it is asked before (`catalog.fields`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import queries, service
from domain.catalog.countries import ALIASES
from domain.catalog.enums import EntityKind, StudioRole, TagOrigin
from domain.catalog.sorting import normal_name, sort_key
from domain.catalog.tables import Country, Genre, ItemCountry, ItemGenre, ItemStudio, Studio, Tag
from domain.kit.database import UnitOfWork, serialize
from domain.kit.types import Key

Names = Mapping[int, Sequence[str]]
"""Item id -> names in the source's order."""


def genres(uow: UnitOfWork, names: Iterable[str]) -> dict[str, int]:
    """The genre of each normalized name, made where it is new."""
    return _named(uow, Genre, names, lambda _: {})


def studios(uow: UnitOfWork, names: Iterable[str]) -> dict[str, int]:
    """The organisation of each normalized name, made where it is new."""

    def new_ids(missing: Sequence[str]) -> dict[str, dict[str, Any]]:
        made = service.create_entities(uow, [EntityKind.STUDIO] * len(missing))
        return {name: {"id": key} for name, key in zip(missing, made, strict=True)}

    return _named(uow, Studio, names, new_ids)


def set_genres(uow: UnitOfWork, wanted: Names) -> None:
    """Exactly these genres on each item, in this order."""
    keys = genres(uow, (name for names in wanted.values() for name in names))
    _link(uow, ItemGenre, "genre_id", {item: [keys[name] for name in _unique(names)] for item, names in wanted.items()})


def set_countries(uow: UnitOfWork, wanted: Names) -> None:
    """Exactly these countries on each item, by ISO code or name; a name that nobody knows becomes a country without code."""
    keys = _countries(uow, {name.strip() for names in wanted.values() for name in names})
    lists = {item: [keys[name.strip().casefold()] for name in names if name.strip()] for item, names in wanted.items()}
    _link(uow, ItemCountry, "country_id", lists)


def set_studios(uow: UnitOfWork, wanted: Names, *, role: StudioRole = StudioRole.STUDIO) -> None:
    """Exactly these organisations in one role on each item; other roles are left alone."""
    keys = studios(uow, (name for names in wanted.values() for name in names))
    lists = {item: [keys[name] for name in _unique(names)] for item, names in wanted.items()}
    _link(uow, ItemStudio, "studio_id", lists, role=role)


def set_tags(uow: UnitOfWork, wanted: Names, *, origin: TagOrigin, namespace: str = "user") -> None:
    """Exactly these tags of one origin in a namespace; a tag that another origin has set already stays that one's."""
    mine: dict[int, set[str]] = {item: set() for item in wanted}
    others: dict[int, set[str]] = {item: set() for item in wanted}
    gone: list[int] = []
    for row in queries.rows_of(uow.session, Tag.item_id, wanted, col(Tag.namespace) == namespace):
        if row.origin != origin:
            others[row.item_id].add(row.key)
        elif row.key in wanted[row.item_id]:
            mine[row.item_id].add(row.key)
        else:
            gone.append(row.id)
    new = [
        {"item_id": item, "namespace": namespace, "key": key, "origin": origin, "sort_key": sort_key(key, language="")}
        for item, names in wanted.items()
        for key in dict.fromkeys(name.strip() for name in names)
        if key and key not in mine[item] | others[item]
    ]
    connection = uow.session.connection()
    for piece in queries.chunks(gone):
        connection.execute(sa.delete(Tag).where(col(Tag.id).in_(piece)))
    if new:
        connection.execute(sa.insert(Tag), new)


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(normal for name in names if (normal := normal_name(name))))


def _named(
    uow: UnitOfWork,
    model: Any,
    names: Iterable[str],
    more: Callable[[Sequence[str]], Mapping[str, Mapping[str, Any]]],
) -> dict[str, int]:
    spelled: dict[str, str] = {}
    for name in names:
        if normal := normal_name(name):
            spelled.setdefault(normal, name.strip())
    if not spelled:
        return {}
    serialize(uow.session, model.__tablename__)
    found = {row.name_normalized: row.id for row in queries.rows_of(uow.session, model.name_normalized, spelled)}
    missing = [normal for normal in spelled if normal not in found]
    if missing:
        extra = more(missing)
        rows = [
            {"name": spelled[n], "name_normalized": n, "sort_key": sort_key(spelled[n], language=""), **extra.get(n, {})}
            for n in missing
        ]
        uow.session.connection().execute(sa.insert(model), rows)
        found |= {row.name_normalized: row.id for row in queries.rows_of(uow.session, model.name_normalized, missing)}
    return found


def _countries(uow: UnitOfWork, names: set[str]) -> dict[str, int]:
    """The country of each name or code in lower case."""
    serialize(uow.session, "countries")
    found: dict[str, int] = {}
    everything = sa.select(Country.__table__)  # type: ignore[attr-defined]  # unguarded: services write what they read
    for row in uow.session.connection().execute(everything):
        found[row.name.casefold()] = row.id
        if row.code:
            found[row.code.casefold()] = row.id
    found |= {alias: found[code.casefold()] for alias, code in ALIASES.items() if code.casefold() in found}
    missing = {name.casefold(): name for name in names if name and name.casefold() not in found}
    if missing:
        made = sa.insert(Country).returning(sa.column("id", Key), sa.column("name", sa.String()))
        rows = uow.session.connection().execute(made, [{"name": name} for name in missing.values()])
        found |= {row.name.casefold(): row.id for row in rows}
    return found


def _link(uow: UnitOfWork, model: Any, column: str, wanted: Mapping[int, Sequence[int]], **same: Any) -> None:
    conditions = [getattr(model, name) == value for name, value in same.items()]
    present: dict[int, list[tuple[int, int]]] = {item: [] for item in wanted}
    for row in queries.rows_of(uow.session, model.item_id, wanted, *conditions):
        present[row.item_id].append((row.position, getattr(row, column)))
    changed = {
        item: distinct
        for item, keys in wanted.items()
        if (distinct := list(dict.fromkeys(keys))) != [key for _, key in sorted(present[item])]
    }
    connection = uow.session.connection()
    for piece in queries.chunks(item for item in changed if present[item]):
        connection.execute(sa.delete(model).where(model.item_id.in_(piece), *conditions))
    rows = [
        {"item_id": item, column: key, "position": position, **same}
        for item, keys in changed.items()
        for position, key in enumerate(keys)
    ]
    if rows:
        connection.execute(sa.insert(model), rows)
