"""Path mappings of other programs: the rules that a source, one of its sections or a group of players has, and setting them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid, NotFound, VersionConflict
from domain.kit.ids import global_id
from domain.libraries.mapping import Rule
from domain.libraries.paths import is_refused
from domain.libraries.spellings import local_place, rule_place, written
from domain.libraries.tables import PathMapping, Source, SourceCollection
from domain.system import audit, events

MOST: Final = 100
"""Rules of one owner."""
_LENGTH: Final = 1_000


class OwnerKind(StrEnum):
    """Whose paths are mapped; each is a column of `path_mappings`."""

    SOURCE = "source_id"
    COLLECTION = "source_collection_id"
    GROUP = "player_group_id"


@dataclass(frozen=True, slots=True)
class Owner:
    """A source, a section of one, or a group of players."""

    kind: OwnerKind
    id: int


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as a person gives it."""

    remote: str
    local: str
    description: str | None = None


def rules_of(session: Session, owner: Owner) -> list[Rule]:
    """The rules of an owner, the oldest first. A section's own come before those of its source."""
    rows = _rows(session, owner)
    if owner.kind is OwnerKind.COLLECTION:
        source = session.exec(
            select(SourceCollection.source_id).where(col(SourceCollection.id) == owner.id)  # unguarded: of its rules
        ).first()
        rows += [] if source is None else _rows(session, Owner(OwnerKind.SOURCE, source))
    return [Rule(row.remote_path, row.local_path) for row in rows]


def require_owner(session: Session, owner: Owner) -> None:
    """Raises NotFound where there is no such owner."""
    tables = {OwnerKind.SOURCE: "sources", OwnerKind.COLLECTION: "source_collections", OwnerKind.GROUP: "player_groups"}
    found = sa.select(sa.literal(1)).select_from(sa.table(tables[owner.kind], sa.column("id"))).where(sa.column("id") == owner.id)
    if session.execute(found).first() is None:  # unguarded: only administrators see path mappings
        raise NotFound(f"There is no {global_id(tables[owner.kind], owner.id)}.", path=("owner",))


def ids_of(session: Session, owner: Owner) -> list[int]:
    """The keys of an owner's own mappings, the oldest first."""
    return [row.id for row in _rows(session, owner)]


def rules_of_group(session: Session, group_id: int) -> list[Rule]:
    """The rules of a group of players."""
    return rules_of(session, Owner(OwnerKind.GROUP, group_id))


def rules_of_source(session: Session, source_id: int) -> list[Rule]:
    """The rules of a source."""
    return rules_of(session, Owner(OwnerKind.SOURCE, source_id))


def checked(rules: Sequence[NewRule], *, field: str = "mappings") -> list[NewRule]:
    """The rules as they are stored: tidied, none twice. Raises Invalid with the place of the rule that is wrong."""
    if len(rules) > MOST:
        raise Invalid(f"There are at most {MOST} path mappings.", path=(field,))
    found: list[NewRule] = []
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for index, rule in enumerate(rules):
        at = (field, str(index))
        for name, text in (("remotePath", rule.remote), ("localPath", rule.local)):
            if not text.strip() or len(text) > _LENGTH or is_refused(text):
                raise Invalid(f"A path is 1 to {_LENGTH:,} characters, none of them a control character.", path=(*at, name))
        if rule.description is not None and len(rule.description) > _LENGTH:
            raise Invalid(f"A description has at most {_LENGTH:,} characters.", path=(*at, "description"))
        if not rule.local.startswith("/"):
            raise Invalid("Our side of a mapping is an absolute path of this server: /films.", path=(*at, "localPath"))
        place = rule_place(rule.remote)
        if place.home.startswith("relative"):
            message = "The other side is an absolute path: /data/films, D:\\films, \\\\nas\\films, smb://nas/films."
            raise Invalid(message, path=(*at, "remotePath"))
        folder = (place.home, place.parts)  # letter for letter: a share may well hold both films and Films
        if folder in seen:
            raise Invalid(f"{rule.remote} is mapped twice: {seen[folder]} is the same folder.", path=(*at, "remotePath"))
        seen[folder] = rule.remote
        found.append(NewRule(written(place), written(local_place(rule.local)), rule.description or None))
    return found


def put(uow: UnitOfWork, *, owner: Owner, rules: Sequence[NewRule]) -> bool:
    """Let these be the rules of an owner, in place of those before; whether that changed anything. Those that stay keep
    their ids. The owner's own service tells of it. Raises Invalid."""
    wanted = {rule.remote: rule for rule in checked(rules)}
    rows = {row.remote_path: row for row in _rows(uow.session, owner)}
    changed = False
    for remote, row in rows.items():
        if remote not in wanted:
            uow.session.delete(row)
            changed = True
    uow.session.flush()
    for remote, rule in wanted.items():
        old = rows.get(remote)
        if old is None:
            values: dict[str, Any] = {owner.kind.value: owner.id}
            uow.session.add(PathMapping(remote_path=remote, local_path=rule.local, description=rule.description, **values))
            uow.session.flush()  # one after the other: the order given is the order kept
            changed = True
        elif (old.local_path, old.description) != (rule.local, rule.description):
            old.local_path, old.description, old.version = rule.local, rule.description, old.version + 1
            changed = True
    uow.session.flush()
    return changed


def put_of_source(uow: UnitOfWork, *, source_id: int, rules: Sequence[NewRule], expected_version: int | None = None) -> Source:
    """Let these be the rules of a source. Raises Invalid, NotFound, VersionConflict."""
    row_is = col(Source.id) == source_id
    source = uow.session.exec(select(Source).where(row_is).with_for_update()).first()  # unguarded: only admins change it
    if source is None:
        raise NotFound("There is no such source.", path=("owner",))
    if expected_version is not None and expected_version != source.version:
        message = "Somebody changed this source since you read it."
        raise VersionConflict(message, current=source.version, entity_id=global_id("sources", source_id))
    if put(uow, owner=Owner(OwnerKind.SOURCE, source_id), rules=rules):
        source.version += 1
        uow.session.flush()
        subject = global_id("sources", source_id)
        audit.record(uow, "source.updated", subject=subject, details={"fields": ["path_mappings"], "count": len(rules)})
        events.emit(uow, "source.updated", subject, topic="sources", changed_fields=("pathMappings",))
    return source


def _rows(session: Session, owner: Owner) -> list[PathMapping]:
    column = getattr(PathMapping, owner.kind.value)
    query = select(PathMapping).where(column == owner.id).order_by(col(PathMapping.id))  # unguarded: of one owner, for its work
    return list(session.exec(query))
