"""Who is who: people by a provider's id where there is one, else by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from domain.catalog import queries, service
from domain.catalog.enums import EntityKind
from domain.catalog.sorting import normal_name, sort_key
from domain.catalog.tables import ExternalId, Person
from domain.kit.database import UnitOfWork, serialize


@dataclass(frozen=True, slots=True)
class PersonId:
    """What a catalogue calls a person."""

    provider: str
    external_id: str
    namespace: str = "person"

    @property
    def identity_key(self) -> str:
        return f"{self.provider}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person as a source names them; the id that identifies best comes first."""

    name: str
    ids: tuple[PersonId, ...] = ()


@dataclass(slots=True)
class _Index:
    """The people that a call can mean. People still to be made have negative keys."""

    by_id: dict[PersonId, int] = field(default_factory=dict)
    by_identity: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, int] = field(default_factory=dict)
    held: dict[int, dict[tuple[str, str], str]] = field(default_factory=dict)
    new: list[tuple[PersonName, bool]] = field(default_factory=list)
    new_ids: list[tuple[int, PersonId]] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)


def people(uow: UnitOfWork, wanted: Sequence[PersonName]) -> list[int]:
    """The person for each name, made where nobody fits; ids that were not known are added.

    A provider's id decides. A bare name is the first person of that name. A name with an id that contradicts the known
    person of that name is a namesake, told apart by the id.
    """
    if not wanted:
        return []
    serialize(uow.session, "people")
    index = _load(uow, wanted)
    found = [_find(index, one) for one in wanted]
    made = service.create_entities(uow, [EntityKind.PERSON] * len(index.new))
    keys = {-position: key for position, key in enumerate(made, start=1)}
    _write(uow, index, keys)
    return [keys.get(key, key) for key in found]


def person(uow: UnitOfWork, name: str, ids: Iterable[PersonId] = ()) -> int:
    """One person; see `people`."""
    return people(uow, [PersonName(name, tuple(ids))])[0]


def _load(uow: UnitOfWork, wanted: Sequence[PersonName]) -> _Index:
    index = _Index()
    ids = [one for name in wanted for one in name.ids]
    is_person = col(ExternalId.entity_kind) == EntityKind.PERSON
    for row in queries.rows_of(uow.session, ExternalId.external_id, [one.external_id for one in ids], is_person):
        index.by_id[PersonId(row.provider, row.external_id, row.namespace)] = row.entity_id
    for row in queries.rows_of(uow.session, Person.identity_key, [one.identity_key for one in ids]):
        index.by_identity[row.identity_key] = row.id
    names = [normal_name(one.name) for one in wanted]
    for row in queries.rows_of(uow.session, Person.name_normalized, names, col(Person.disambiguation) == ""):
        index.by_name[row.name_normalized] = row.id
    candidates = {*index.by_id.values(), *index.by_identity.values(), *index.by_name.values()}
    for row in queries.rows_of(uow.session, ExternalId.entity_id, candidates):
        index.held.setdefault(row.entity_id, {})[row.provider, row.namespace] = row.external_id
    return index


def _find(index: _Index, one: PersonName) -> int:
    for known in one.ids:
        key = index.by_id.get(known) or index.by_identity.get(known.identity_key)
        if key is not None:
            return _with_ids(index, key, one)
    normalized = normal_name(one.name)
    namesake = index.by_name.get(normalized)
    if namesake is not None and not _contradicts(index.held.get(namesake, {}), one):
        return _with_ids(index, namesake, one)
    index.new.append((one, namesake is None))
    key = -len(index.new)
    if namesake is None:
        index.by_name[normalized] = key
    return _with_ids(index, key, one)


def _contradicts(held: dict[tuple[str, str], str], one: PersonName) -> bool:
    return any(held.get((new.provider, new.namespace), new.external_id) != new.external_id for new in one.ids)


def _with_ids(index: _Index, key: int, one: PersonName) -> int:
    held = index.held.setdefault(key, {})
    for new in one.ids:
        if new in index.by_id or (new.provider, new.namespace) in held:
            continue
        if not held and key > 0:
            index.renamed[key] = new.identity_key
        held[new.provider, new.namespace] = new.external_id
        index.by_id[new] = key
        index.new_ids.append((key, new))
    return key


def _write(uow: UnitOfWork, index: _Index, keys: dict[int, int]) -> None:
    connection = uow.session.connection()
    rows = []
    for position, (one, is_first) in enumerate(index.new, start=1):
        normalized = normal_name(one.name)
        identity = one.ids[0].identity_key if one.ids else f"name:{normalized}"
        rows.append(
            {
                "id": keys[-position],
                "identity_key": identity,
                "name": one.name,
                "name_normalized": normalized,
                "disambiguation": "" if is_first else identity,
                "sort_key": sort_key(one.name, language=""),
            }
        )
    if rows:
        connection.execute(sa.insert(Person), rows)
    for key, identity in index.renamed.items():
        connection.execute(sa.update(Person).where(col(Person.id) == key).values(identity_key=identity))
    if index.new_ids:
        connection.execute(
            sa.insert(ExternalId),
            [
                {
                    "entity_id": keys.get(key, key),
                    "entity_kind": EntityKind.PERSON,
                    "provider": new.provider,
                    "namespace": new.namespace,
                    "external_id": new.external_id,
                    "is_primary": True,
                }
                for key, new in index.new_ids
            ],
        )
