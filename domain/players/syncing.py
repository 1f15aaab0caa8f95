"""A synchronization: of each group that shows a library one member reads what changed, another one where it cannot.

The members share one library (Kodi's database), so one is enough: the one with the lowest id that can be reached and that
nobody watches on. Where somebody watches on all of them, the group's policy decides.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.jobs.kinds import SyncPlayers
from domain.kit.database import UnitOfWork, database_time
from domain.kit.errors import Conflict, KeyRefused, NotFound, Paused, Unreachable, Upstream
from domain.kit.http import Lan
from domain.kit.ids import global_id
from domain.libraries.mapping import Rule, to_local
from domain.libraries.mappings import rules_of_group
from domain.players import places
from domain.players.enums import PlaybackPolicy, PlaybackStatus
from domain.players.known import adapter_of
from domain.players.model import Adapter
from domain.players.tables import Player, PlayerGroup, PlayerGroupLibrary
from domain.players.updating import Account, update

AGAIN: Final = timedelta(minutes=1)
"""So long it is put off while somebody watches on every member."""
BeforeSync = Callable[[int], Sequence[int]]
"""Remembers what plays on a player (its id) before its library is read; the keys of what it remembered."""
AfterSync = Callable[[Sequence[int]], None]
"""Takes these once the library was read, or could not be: to take up again what was interrupted."""
Act = Callable[[Adapter, Sequence[Rule]], Mapping[str, Any]]
_DONE: Final = "done"
_WATCHED: Final = "somebody watches on it"


class Watching(Paused):
    """Somebody watches on every member that could do it: to be tried again, as often as need be."""


class Work(Protocol):
    """The part of a job's context that a synchronization needs."""

    @property
    def saved(self) -> Mapping[str, Any] | None: ...
    def report(self, fraction: float | None, text: str = "", **counters: int | float) -> None: ...
    def checkpoint(self, state: Mapping[str, Any]) -> None: ...
    def transaction(self) -> AbstractContextManager[UnitOfWork]: ...
    def check_cancelled(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is done around the reading of a library on a player that somebody watches on."""

    before: BeforeSync
    after: AfterSync


@dataclass(frozen=True, slots=True)
class Member:
    """A player, and how to speak to it, or why nobody can."""

    id: int
    name: str
    adapter: Adapter | None
    trouble: str = ""


@dataclass(slots=True)
class _Turn:
    """How a group's members were tried."""

    group_id: int
    skipped: list[dict[str, str]] = field(default_factory=list)
    is_watched: bool = False
    """One was spared because somebody watches."""
    done: Mapping[str, Any] | None = None

    def skip(self, member: Member, why: str) -> None:
        self.skipped.append({"player": global_id("players", member.id), "name": member.name, "reason": why})


def sync(
    work: Work, reading: Callable[[], AbstractContextManager[Session]], lan: Lan, payload: SyncPlayers, *, key: bytes,
    hooks: Hooks | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Tell every group that shows the library; the result says who did it, and why others did not.

    Those that show it and are switched off stand under `untold`. Groups that have been told are not told again when the
    job comes back. Raises Watching while somebody watches on every member of a group, Unreachable where none can be reached.
    """
    with reading() as session:
        groups, untold = _groups(session, payload)
        found = places.places(session, payload)

    def act(adapter: Adapter, rules: Sequence[Rule]) -> Mapping[str, Any]:
        def is_gone(path: str) -> bool:
            with reading() as session:
                return places.is_gone(session, to_local(path, rules))

        account = Account()
        update(adapter, found, rules, account, is_gone=is_gone, check=work.check_cancelled)
        return account.as_json()

    return {**_each(work, reading, lan, groups, act, key=key, hooks=hooks, untold=untold), "untold": untold}


def clean(
    work: Work, reading: Callable[[], AbstractContextManager[Session]], lan: Lan, group_id: int, *, key: bytes,
    hooks: Hooks | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """Let a group's library forget what is not there any more. Raises as `sync` does, NotFound."""
    with reading() as session:
        groups = [row for row in _rows(session, [group_id]) if row.is_enabled]
    if not groups:
        raise NotFound("There is no such group, or it is switched off.")

    def act(adapter: Adapter, _: Sequence[Rule]) -> Mapping[str, Any]:
        adapter.clean()
        return {}

    return _each(work, reading, lan, groups, act, key=key, hooks=hooks)


def members_of(session: Session, group_id: int, lan: Lan, *, key: bytes) -> list[Member]:
    """The enabled players of a group by id."""
    of_group = (col(Player.group_id) == group_id, col(Player.is_enabled))
    query = sa.select(Player).where(*of_group).order_by(col(Player.id))  # unguarded: the work is done for the house
    found = []
    for row in session.execute(query).scalars():
        try:
            found.append(Member(row.id, row.name, adapter_of(row, lan, key=key)))
        except KeyRefused as error:
            found.append(Member(row.id, row.name, None, error.message))
    return found


def _each(
    work: Work, reading: Callable[[], AbstractContextManager[Session]], lan: Lan, groups: Sequence[Any], act: Act, *,
    key: bytes, hooks: Hooks | None, untold: Sequence[Mapping[str, str]] = (),
) -> Mapping[str, Any]:  # fmt: skip
    done: dict[str, Any] = dict((work.saved or {}).get(_DONE, {}))
    open_turns: list[_Turn] = []
    for number, group in enumerate(groups):
        name = global_id("player_groups", group.id)
        if name in done:
            continue
        work.check_cancelled()
        work.report(number / len(groups), group.name)
        with reading() as session:
            members, rules = members_of(session, group.id, lan, key=key), rules_of_group(session, group.id)
        turn = _take_turns(group, members, functools.partial(_with, act, rules), hooks)
        if turn.done is None:
            open_turns.append(turn)
            continue
        done[name] = {**turn.done, "skipped": turn.skipped}
        with work.transaction() as uow:
            _note(uow, turn)
            work.checkpoint({_DONE: done})
    _raise_for(reading, open_turns)
    work.report(1.0, _outcome(list(done.values()), untold))
    return {"groups": [{"group": name, **one} for name, one in done.items()]}


def _outcome(done: Sequence[Mapping[str, Any]], untold: Sequence[Mapping[str, str]]) -> str:
    """What came of it, for people: also that what was read lies where a player has nothing of its own, as without a mapping."""
    if not done:
        told = "; ".join(f"{one['name']}: {one['reason']}" for one in untold)
        return f"nobody was told: {told}" if told else "no group shows it"
    beside = []
    for one in done:
        if one.get("outside_count"):
            lie = "folder lies" if one["scanned_count"] == 1 else "folders lie"
            count = f"{one['outside_count']} of {one['scanned_count']} {lie}"
            beside.append(f"{one['name']}: {count} in none of its sources: a path mapping or a source is missing")
    return "; ".join(["1 group" if len(done) == 1 else f"{len(done)} groups", *beside])


def _with(act: Act, rules: Sequence[Rule], adapter: Adapter) -> Mapping[str, Any]:
    return act(adapter, rules)


def _take_turns(group: Any, members: Sequence[Member], act: Callable[[Adapter], Mapping[str, Any]], hooks: Hooks | None) -> _Turn:
    """Let the first member that can do it; those that somebody watches on last, if the policy lets them at all."""
    turn = _Turn(group.id)
    watched: list[Member] = []
    for member in members:
        if member.adapter is None:
            turn.skip(member, member.trouble)
            continue
        try:
            is_watched = any(one.status is not PlaybackStatus.STOPPED for one in member.adapter.sessions())
        except (Upstream, Conflict) as error:
            turn.skip(member, error.message)
            continue
        if is_watched and group.playback_policy is not PlaybackPolicy.IGNORE:
            watched.append(member)
        elif _did(turn, member, act, hooks, is_watched=False):
            for spared in watched:
                turn.skip(spared, _WATCHED)
            return turn
    for member in watched:
        if group.playback_policy is PlaybackPolicy.DEFER:
            turn.is_watched = True
            turn.skip(member, _WATCHED)
        elif _did(turn, member, act, hooks, is_watched=True):
            break
    return turn


def _did(
    turn: _Turn, member: Member, act: Callable[[Adapter], Mapping[str, Any]], hooks: Hooks | None, *, is_watched: bool
) -> bool:
    adapter = member.adapter
    assert adapter is not None
    remembered = hooks.before(member.id) if is_watched and hooks is not None else ()
    try:
        turn.done = {"player": global_id("players", member.id), "name": member.name, **act(adapter)}
    except (Upstream, Conflict) as error:
        turn.skip(member, error.message)
    finally:
        if remembered and hooks is not None:
            hooks.after(remembered)
    return turn.done is not None


def _raise_for(reading: Callable[[], AbstractContextManager[Session]], turns: Sequence[_Turn]) -> None:
    if not turns:
        return
    why = (
        "; ".join(f"{one['name']}: {one['reason']}" for turn in turns for one in turn.skipped)
        or "the group has no player that is switched on"
    )
    if any(turn.is_watched for turn in turns):
        with reading() as session:
            raise Watching(f"Put off: {why}", retry_at=database_time(session) + AGAIN)
    raise Unreachable(f"No player could do it: {why}")


def _note(uow: UnitOfWork, turn: _Turn) -> None:
    of = col(Player.group_id) == turn.group_id
    uow.session.connection().execute(sa.update(Player.__table__).where(of).values(last_synced_at=uow.now()))  # type: ignore[attr-defined]


def _groups(session: Session, payload: SyncPlayers) -> tuple[list[Any], list[dict[str, str]]]:
    """The groups that are to be told, by id, and of the others why not; one that was named is told whatever it shows."""
    if payload.group_id is not None:
        rows = _rows(session, [payload.group_id])
    else:
        shows = sa.select(col(PlayerGroupLibrary.group_id)).where(  # unguarded: the work is done for the house
            col(PlayerGroupLibrary.library_id) == payload.library_id
        )
        rows = _rows(session, list(session.execute(shows).scalars()))
    players = sa.select(col(Player.group_id), col(Player.is_enabled)).where(  # unguarded: the work is done for the house
        col(Player.group_id).in_([row.id for row in rows])
    )
    found = list(session.execute(players))
    with_players, with_enabled = {row.group_id for row in found}, {row.group_id for row in found if row.is_enabled}
    told, untold = [], []
    for row in rows:
        if row.is_enabled and row.id in with_enabled:
            told.append(row)
            continue
        why = "it has no players" if row.id not in with_players else "its players are switched off"
        why = why if row.is_enabled else "it is switched off"
        untold.append({"group": global_id("player_groups", row.id), "name": row.name, "reason": why})
    return told, untold


def _rows(session: Session, keys: Sequence[int]) -> list[Any]:
    of_keys = col(PlayerGroup.id).in_(keys)
    query = sa.select(PlayerGroup).where(of_keys).order_by(col(PlayerGroup.id))  # unguarded: the work is done for the house
    return list(session.execute(query).scalars())
