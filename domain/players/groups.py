"""Groups of players: made, changed and deleted by administrators. What kind of players a group holds is for ever."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import col, select

from domain.catalog.sorting import sort_key
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Conflict, Invalid, NotFound, VersionConflict
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.libraries import mappings
from domain.libraries.mappings import NewRule, Owner, OwnerKind
from domain.libraries.tables import Library
from domain.players.enums import PlaybackPolicy, PlayerType
from domain.players.tables import Player, PlayerGroup, PlayerGroupLibrary
from domain.system import audit, events

FIELDS: Final = frozenset({"description", "is_enabled", "playback_policy"})
MOST_LIBRARIES: Final = 500
LENGTH: Final = 100
_DESCRIPTION: Final = 1_000
ONE: Final = {PlayerType.KODI: None, PlayerType.JELLYFIN: 1, PlayerType.PLEX: 1}
"""How many players a group of a type holds: Kodis share a database, servers share nothing. None = any number."""
LABELS: Final = {PlayerType.KODI: "Kodi", PlayerType.JELLYFIN: "Jellyfin", PlayerType.PLEX: "Plex"}


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went with a group, or would go."""

    players: int
    mappings: int


def create(
    uow: UnitOfWork, *, name: str, type: PlayerType, library_ids: Iterable[int] = (), rules: Sequence[NewRule] = (),
    description: str | None = None, is_enabled: bool = True, playback_policy: PlaybackPolicy = PlaybackPolicy.DEFER,
) -> PlayerGroup:  # fmt: skip
    """A new group without players. Raises Invalid, Conflict when the name is taken, NotFound for a library."""
    serialize(uow.session, "players")
    cleaned = free_name(uow, PlayerGroup, name, None)
    group = PlayerGroup(
        name=cleaned, sort_key=sort_key(cleaned), type=type, max_members=ONE[type], description=_said(description),
        is_enabled=is_enabled, playback_policy=playback_policy,
    )  # fmt: skip
    uow.session.add(group)
    uow.session.flush()
    _set_libraries(uow, group.id, library_ids)
    mappings.put(uow, owner=Owner(OwnerKind.GROUP, group.id), rules=rules)
    subject = global_id("player_groups", group.id)
    audit.record(uow, "player_group.created", subject=subject, details={"name": cleaned, "type": type.value})
    _tell(uow, "player_group.created", group.id)
    return group


def update(uow: UnitOfWork, *, group_id: int, changes: Mapping[str, Any], expected_version: int | None = None) -> PlayerGroup:
    """Change what `changes` holds: name, description, is_enabled, playback_policy, library_ids (in place of those before).

    Raises NotFound, Invalid, Conflict, VersionConflict.
    """
    serialize(uow.session, "players")
    group = get_group(uow, group_id)
    check_version(group, "player_groups", "group", expected_version)
    if "name" in changes:
        group.name = free_name(uow, PlayerGroup, changes["name"], group_id)
        group.sort_key = sort_key(group.name)
    if "description" in changes:
        changes = {**changes, "description": _said(changes["description"])}
    for field in FIELDS & changes.keys():
        setattr(group, field, changes[field])
    if "library_ids" in changes:
        _set_libraries(uow, group_id, changes["library_ids"])
    group.version += 1
    uow.session.flush()
    fields = sorted("libraries" if name == "library_ids" else name for name in changes)
    audit.record(uow, "player_group.updated", subject=global_id("player_groups", group_id), details={"fields": fields})
    _tell(uow, "player_group.updated", group_id, fields)
    return group


def set_mappings(uow: UnitOfWork, *, group_id: int, rules: Sequence[NewRule], expected_version: int | None = None) -> PlayerGroup:
    """Let these be the path mappings of a group. Raises NotFound, Invalid, VersionConflict."""
    group = get_group(uow, group_id, field="owner")
    check_version(group, "player_groups", "group", expected_version)
    if mappings.put(uow, owner=Owner(OwnerKind.GROUP, group_id), rules=rules):
        group.version += 1
        uow.session.flush()
        details = {"fields": ["path_mappings"], "count": len(rules)}  # the paths may hold names and passwords of shares
        audit.record(uow, "player_group.updated", subject=global_id("player_groups", group_id), details=details)
        _tell(uow, "player_group.updated", group_id, ["path_mappings"])
    return group


def delete(uow: UnitOfWork, *, group_id: int, dry_run: bool = False) -> Deleted:
    """Delete a group with its players and all that is known of them; the numbers of what goes. Raises NotFound."""
    serialize(uow.session, "players")
    group = get_group(uow, group_id)
    players = members(uow, group_id)
    rules = mappings.ids_of(uow.session, Owner(OwnerKind.GROUP, group_id))
    counted = Deleted(len(players), len(rules))
    if dry_run:
        return counted
    for player in players:
        subject = global_id("players", player.id)
        audit.record(uow, "player.deleted", subject=subject, details={"name": player.name})
        events.emit(uow, "player.deleted", subject, topic="players", audience=events.EVERYONE)
    audit.record(uow, "player_group.deleted", subject=global_id("player_groups", group_id), details={"name": group.name})
    _tell(uow, "player_group.deleted", group_id)
    uow.session.execute(sa.delete(PlayerGroup).where(col(PlayerGroup.id) == group_id))
    return counted


def get_group(uow: UnitOfWork, group_id: int, *, field: str = "id") -> PlayerGroup:
    """The group, locked for this transaction. Raises NotFound."""
    query = select(PlayerGroup).where(col(PlayerGroup.id) == group_id).with_for_update()  # unguarded: only admins change it
    group = uow.session.exec(query).first()
    if group is None:
        raise NotFound("There is no such group. `playerGroups` lists them.", path=(field,))
    return group


def members(uow: UnitOfWork, group_id: int) -> Sequence[Player]:
    """The players of a group, the oldest first."""
    query = select(Player).where(col(Player.group_id) == group_id).order_by(col(Player.id))  # unguarded: only admins change them
    return uow.session.exec(query).all()


def free_name(uow: UnitOfWork, model: type[PlayerGroup] | type[Player], name: str, own_id: int | None) -> str:
    """The tidied name, if nobody else of these has it in any case. Raises Invalid, Conflict."""
    cleaned = " ".join(name.split())
    if not 1 <= len(cleaned) <= LENGTH or not cleaned.isprintable():
        raise Invalid(f"A name has 1 to {LENGTH} characters.", path=("name",))
    others = select(model.name).where(col(model.id) != (own_id or 0))  # unguarded: names are unique over all of them
    if cleaned.casefold() in {other.casefold() for other in uow.session.exec(others)}:
        raise Conflict(f"Another one is called {cleaned!r} already.", path=("name",))
    return cleaned


def check_version(row: PlayerGroup | Player, table: str, what: str, expected: int | None) -> None:
    """Raises VersionConflict when somebody changed the row since."""
    if expected is not None and expected != row.version:
        message = f"Somebody changed this {what} since you read it."
        raise VersionConflict(message, current=row.version, entity_id=global_id(table, row.id))


def _set_libraries(uow: UnitOfWork, group_id: int, given: Iterable[int]) -> None:
    wanted = set(given)
    if len(wanted) > MOST_LIBRARIES:
        raise Invalid(f"A group shows at most {MOST_LIBRARIES} libraries.", path=("libraries",))
    query = select(Library.id).where(col(Library.id).in_(wanted))  # unguarded: only admins choose
    there = set(uow.session.exec(query.with_for_update(read=True)))  # none is deleted before we are done
    if missing := wanted - there:
        raise NotFound(f"There is no library {global_id('libraries', min(missing))}.", path=("libraries",))
    of_group = col(PlayerGroupLibrary.group_id) == group_id
    present = set(uow.session.exec(select(PlayerGroupLibrary.library_id).where(of_group)))  # unguarded: only admins choose
    gone = present - wanted
    if gone:
        uow.session.execute(sa.delete(PlayerGroupLibrary).where(of_group, col(PlayerGroupLibrary.library_id).in_(gone)))
    uow.session.add_all(PlayerGroupLibrary(group_id=group_id, library_id=each) for each in sorted(wanted - present))
    uow.session.flush()


def _said(description: str | None) -> str | None:
    if description is not None and len(description) > _DESCRIPTION:
        raise Invalid(f"A description has at most {_DESCRIPTION:,} characters.", path=("description",))
    return description or None


def _tell(uow: UnitOfWork, type_: str, group_id: int, fields: Iterable[str] | None = None) -> None:
    names = None if fields is None else [camel(field) for field in fields]
    subject = global_id("player_groups", group_id)
    events.emit(uow, type_, subject, topic="players", audience=events.EVERYONE, changed_fields=names)
