"""What people do with what plays: hold it, go on, seek, stop, and play something. Asked of the player itself, within seconds.

Whoever sees a playback may control it. What somebody else watches is neither seen nor touched: it is as if it were not there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from domain.kit.database import Database
from domain.kit.errors import Conflict, Forbidden, Invalid, NotFound
from domain.kit.http import Lan, ends_after
from domain.kit.policy import Viewer, visible
from domain.libraries.visibility import visible_item_ids
from domain.players import capturing
from domain.players.enums import PlaybackStatus, PlayerType
from domain.players.leases import PLAYERS, STATES
from domain.players.model import Ability, Adapter, Media
from domain.players.playing import MOST_MS
from domain.players.speaking import line_to
from domain.players.tables import PlaybackCapture, PlayerUser
from domain.players.wanting import missing_since, playable, wanted_many

ANSWERS_S: Final = 5.0
"""A player that has not answered by then does not."""
MOST_ITEMS: Final = 100
"""Of one list to be played."""
_USERS: Final[Any] = PlayerUser.__table__  # type: ignore[attr-defined]
_CAPTURES: Final[Any] = PlaybackCapture.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Screen:
    """Where something plays or is to play: a session of a player, by the player's own name for it."""

    player_id: int
    session: str


def pause(database: Database, lan: Lan, *, key: bytes, viewer: Viewer, playback: int) -> Screen:
    """Hold what plays. Raises NotFound, Conflict, Upstream; as do the others."""
    return _control(database, lan, key=key, viewer=viewer, playback=playback, act=lambda adapter, at: adapter.pause(at))


def resume(database: Database, lan: Lan, *, key: bytes, viewer: Viewer, playback: int) -> Screen:
    """Go on with it."""
    return _control(database, lan, key=key, viewer=viewer, playback=playback, act=lambda adapter, at: adapter.resume(at))


def stop(database: Database, lan: Lan, *, key: bytes, viewer: Viewer, playback: int) -> Screen:
    """End it; nor is it taken up again by a job that was about to."""
    screen = _control(database, lan, key=key, viewer=viewer, playback=playback, act=lambda adapter, at: adapter.stop(at))
    database.perform(lambda uow: capturing.given_up(uow, screen.player_id, screen.session))
    return screen


def seek(database: Database, lan: Lan, *, key: bytes, viewer: Viewer, playback: int, position_ms: int) -> Screen:
    """Go to a position in milliseconds. Raises Invalid for one that no film has."""
    _check_position(position_ms)
    with database.read() as session:
        total = seen(session, viewer, playback).total_ms
    if total is not None and position_ms > total:
        raise Invalid("It is not that long: `totalMs` says how long it is.", path=("positionMs",))

    def act(adapter: Adapter, at: str) -> None:
        _able(adapter, Ability.SEEK, "This player cannot be sent to a position.")
        adapter.seek(position_ms, at)

    return _control(database, lan, key=key, viewer=viewer, playback=playback, act=act)


def play(
    database: Database, lan: Lan, *, key: bytes, viewer: Viewer, items: Sequence[int], player: int | None = None,
    playback: int | None = None, position_ms: int = 0,
) -> Screen:  # fmt: skip
    """Play items, one after the other, on a player or where something plays already; a season, series or album is what is
    below it. Raises NotFound, Forbidden, Invalid, Conflict, Upstream."""
    _check_position(position_ms)
    with database.read() as session:
        if playback is not None:
            row = seen(session, viewer, playback)
            screen = Screen(row.player_id, row.session)
        else:
            assert player is not None
            screen = Screen(player, "")
        _may_begin(session, viewer, screen)
        keys = _to_play(session, viewer, items)
    if position_ms and len(keys) > 1:
        raise Invalid("A position goes with one item: several begin at the beginning.", path=("positionMs",))
    line = line_to(database, lan, screen.player_id, key=key)
    with database.read() as session:
        media = wanted_many(session, line.group_id, keys)
    with ends_after(ANSWERS_S):
        if len(media) == 1:
            _able(line.adapter, Ability.OPEN, "This player cannot be told to play something.")
            line.adapter.open(_known(line.adapter, media[0]), position_ms=position_ms, session=screen.session)
        else:
            _able(line.adapter, Ability.PLAYLIST, "This player takes no lists.")
            line.adapter.queue([_known(line.adapter, each) for each in media], session=screen.session)
    return screen


def seen(session: Session, viewer: Viewer, playback: int) -> Any:
    """The row of a playback that the viewer may see. Raises NotFound."""
    return _seen(session, viewer, STATES, playback, "There is no such playback. `playbacks` lists them.")


def seen_capture(session: Session, viewer: Viewer, capture: int) -> Any:
    """The row of a capture that the viewer may see. Raises NotFound."""
    return _seen(session, viewer, _CAPTURES, capture, "There is no such capture. `playbackCaptures` lists them.")


def visible_playbacks(session: Session, viewer: Viewer, keys: Sequence[int]) -> frozenset[int]:
    """Those of these playbacks that the viewer may see."""
    alias = STATES.alias()
    statement = _visible(sa.select(alias.c.id).where(alias.c.id.in_(keys)), alias, viewer)
    return frozenset(_run(session, statement, viewer).scalars())


def live_playbacks(session: Session, viewer: Viewer, *, player: int | None, user: int | None) -> list[int]:
    """What plays at the moment, as far as the viewer may see it, the first first."""
    alias = STATES.alias()
    statement = sa.select(alias.c.id).where(alias.c.status != PlaybackStatus.STOPPED)
    if player is not None:
        statement = statement.where(alias.c.player_id == player)
    if user is not None:
        statement = statement.where(alias.c.user_id == user)
    return list(_run(session, _visible(statement, alias, viewer).order_by(alias.c.id).limit(1000), viewer).scalars())


def playback_at(session: Session, viewer: Viewer, screen: Screen) -> int | None:
    """The playback of a session of a player, if the viewer may see it."""
    alias = STATES.alias()
    statement = sa.select(alias.c.id).where(alias.c.player_id == screen.player_id, alias.c.session == screen.session)
    key: int | None = _run(session, _visible(statement, alias, viewer), viewer).scalar()
    return key


def _control(
    database: Database, lan: Lan, *, key: bytes, viewer: Viewer, playback: int, act: Callable[[Adapter, str], None]
) -> Screen:
    with database.read() as session:
        row = seen(session, viewer, playback)
    if row.status is PlaybackStatus.STOPPED:
        raise Conflict("It has ended.", path=("id",))
    line = line_to(database, lan, row.player_id, key=key)
    _able(line.adapter, Ability.CONTROL, "This player cannot be controlled.")
    with ends_after(ANSWERS_S):
        act(line.adapter, row.session)
    return Screen(row.player_id, row.session)


def _may_begin(session: Session, viewer: Viewer, screen: Screen) -> None:
    """Nobody begins where somebody else watches, or on somebody else's player. Raises NotFound, Conflict, Forbidden."""
    here = (STATES.c.player_id == screen.player_id, STATES.c.session == screen.session)
    player = session.connection().execute(
        sa.select(PLAYERS.c.is_enabled).where(PLAYERS.c.id == screen.player_id)
    ).first()  # fmt: skip
    if player is None:
        raise NotFound("There is no such player. `players` lists them.", path=("player",))
    if not player.is_enabled:
        raise Conflict("The player is switched off.", path=("player",))
    if viewer.is_admin:
        return
    live = session.connection().execute(sa.select(STATES.c.id).where(*here, STATES.c.status != PlaybackStatus.STOPPED)).scalar()
    if live is not None and live not in visible_playbacks(session, viewer, [live]):
        raise Conflict("The player is busy.", path=("player",))
    owners = set(
        session.connection().execute(
            sa.select(_USERS.c.user_id).where(_USERS.c.player_id == screen.player_id, _USERS.c.user_id.is_not(None))
        ).scalars()
    )  # fmt: skip
    if owners and viewer.user_id not in owners:
        raise Forbidden("This player is somebody else's.", path=("player",))


def _to_play(session: Session, viewer: Viewer, items: Sequence[int]) -> list[int]:
    """What is played for these, as far as the viewer may see it and its files are there. Raises NotFound, Invalid, Conflict."""
    if not 1 <= len(items) <= MOST_ITEMS:
        raise Invalid(f"A list has 1 to {MOST_ITEMS} items.", path=("items",))
    allowed = visible_item_ids(session, viewer, list(items))
    if set(items) - allowed:
        raise NotFound("There is no such item.", path=("items",))
    several = [playable(session, item, most=MOST_ITEMS) for item in items]
    inside = [key for each in several for key in each]
    allowed, away = visible_item_ids(session, viewer, inside), missing_since(session, inside)
    found: list[int] = []
    for index, keys in enumerate(several):
        seen_keys = [key for key in keys if key in allowed]
        there = [key for key in seen_keys if key not in away]
        if seen_keys and not there:  # what a player cannot open it is not told
            since = max(away[key] for key in seen_keys)
            raise Conflict(
                f"It cannot be played: its files are missing since {since:%Y-%m-%d %H:%M} UTC.", path=("items", str(index))
            )
        found += there
    found = found[:MOST_ITEMS]
    if not found:
        raise NotFound("Nothing below it has a file.", path=("items",))
    return found


def _known(adapter: Adapter, media: Media) -> Media:
    """What the player itself calls it; Kodi plays by path, too, and finds its own item by that."""
    if adapter.type is PlayerType.KODI and media.path is not None:
        return media
    found = adapter.find(media)
    if found is None:
        raise Conflict(f"The player does not know {media.title}: has its library been read since?", path=("items",))
    return found


def _able(adapter: Adapter, ability: Ability, why_not: str) -> None:
    if ability not in adapter.abilities:
        raise Conflict(why_not, path=("player",))


def _check_position(position_ms: int) -> None:
    if not 0 <= position_ms <= MOST_MS:
        raise Invalid(f"A position is 0 to {MOST_MS:,} milliseconds.", path=("positionMs",))


def _seen(session: Session, viewer: Viewer, table: Any, key: int, missing: str) -> Any:
    alias = table.alias()
    row = _run(session, _visible(sa.select(alias).where(alias.c.id == key), alias, viewer), viewer).first()
    if row is None:
        raise NotFound(missing, path=("id",))
    return row


def _visible(statement: sa.Select[Any], alias: Any, viewer: Viewer) -> sa.Select[Any]:
    condition = visible(alias, viewer.shape)
    return statement if condition is None else statement.where(condition)


def _run(session: Session, statement: sa.Select[Any], viewer: Viewer) -> sa.Result[Any]:
    needed = {name: value for name, value in viewer.binds.items() if f":{name}" in str(statement)}
    return session.connection().execute(statement, needed)
