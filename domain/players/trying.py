"""Asking a player something while a person waits: whether it works, its libraries, its profiles. None of it in a transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from domain.kit.database import Database
from domain.kit.errors import NotFound, Upstream
from domain.kit.http import Lan
from domain.players import health
from domain.players.enums import PlayerType
from domain.players.known import MAKERS, adapter_of, client_of
from domain.players.model import Adapter, Credentials, Health, Profile, Section
from domain.players.service import address, check_credentials
from domain.players.tables import Player, PlayerUser

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A profile of a player, and whose it is; None = nobody has said."""

    profile: Profile
    user_id: int | None
    is_known: bool
    """Somebody has said whose it is, or that it is nobody's."""


def try_saved(database: Database, lan: Lan, *, key: bytes, player_id: int, actor: str, request_id: str) -> Health:
    """What a player says of itself; the outcome is noted. Raises NotFound, Upstream."""
    return _asking(database, lan, lambda adapter: adapter.check(), key, player_id, actor, request_id)


def try_unsaved(lan: Lan, *, key: bytes, type_: PlayerType, values: Mapping[str, Any]) -> Health:
    """What says the player that `values` (those of `service.create`) lead to. Nothing is stored. Raises Invalid, Upstream."""
    check_credentials(type_, values)
    player = Player(
        group_id=0, group_type=type_, name="", sort_key="", **address(values), username=values.get("username"),
        use_websocket=values.get("use_websocket", True),
    )  # fmt: skip
    said = (values.get("username"), values.get("password"), values.get("api_key"))
    credentials = Credentials(*said, client=client_of(key))
    return MAKERS[type_](player, lan, credentials).check()


def sections_of(database: Database, lan: Lan, *, key: bytes, player_id: int, actor: str, request_id: str) -> Sequence[Section]:
    """The player's own libraries, asked now. Raises NotFound, Upstream."""
    return _asking(database, lan, lambda adapter: adapter.sections(), key, player_id, actor, request_id)


def profiles_of(database: Database, lan: Lan, *, key: bytes, player_id: int, actor: str, request_id: str) -> Sequence[Mapped]:
    """Whom the player knows, asked now, and who of us they are. Raises NotFound, Upstream."""
    found = _asking(database, lan, lambda adapter: adapter.profiles(), key, player_id, actor, request_id)
    query = select(PlayerUser.profile_id, PlayerUser.user_id).where(  # unguarded: only admins ask
        col(PlayerUser.player_id) == player_id
    )
    with database.read() as session:
        users = dict(session.exec(query).all())
    return [Mapped(each, users.get(each.id), each.id in users) for each in found]


def read_player(session: Session, player_id: int) -> Player:
    """A player, to speak to it. Raises NotFound."""
    player = session.exec(select(Player).where(col(Player.id) == player_id)).first()  # unguarded: the caller may ask it
    if player is None:
        raise NotFound("There is no such player. `players` lists them.", path=("player",))
    return player


def _asking(
    database: Database, lan: Lan, ask: Callable[[Adapter], R], key: bytes, player_id: int, actor: str, request_id: str
) -> R:
    with database.read() as session:
        player = read_player(session, player_id)
        version = player.version
    try:
        answer = ask(adapter_of(player, lan, key=key))
    except Upstream as error:
        failure = error
        database.perform(lambda uow: health.failed(uow, player_id, failure, version=version), actor=actor, request_id=request_id)
        raise
    if isinstance(answer, Health):
        said: Health = answer
        database.perform(lambda uow: health.connected(uow, player_id, said, version=version), actor=actor, request_id=request_id)
    return answer
