"""A message on the screens of the house: shown now, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from domain.kit.database import Database
from domain.kit.errors import Conflict, Invalid, NotFound, Upstream
from domain.kit.http import Lan
from domain.players.model import Ability
from domain.players.syncing import Member, members_of
from domain.players.tables import Player, PlayerGroup

MOST_CHARACTERS: Final = 500
LONGEST_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a message on one player; `problem` says why it is not shown."""

    player_id: int
    problem: str | None = None


def notify(
    database: Database, lan: Lan, *, key: bytes, group_id: int | None = None, player_id: int | None = None, title: str,
    message: str, display_ms: int = 5_000,
) -> list[Shown]:  # fmt: skip
    """Show a message on a player, or on every enabled one of a group. Raises Invalid, NotFound."""
    for name, text in (("title", title), ("message", message)):
        if not 1 <= len(text.strip()) <= MOST_CHARACTERS:
            raise Invalid(f"It has 1 to {MOST_CHARACTERS} characters.", path=(name,))
    if not 1_000 <= display_ms <= LONGEST_MS:
        raise Invalid("It is shown 1 to 60 seconds.", path=("displayMs",))
    with database.read() as session:
        members = _named(session, lan, key=key, group_id=group_id, player_id=player_id)
    return [Shown(one.id, _shown(one, title, message, display_ms)) for one in members]


def _named(session: Session, lan: Lan, *, key: bytes, group_id: int | None, player_id: int | None) -> Sequence[Member]:
    if player_id is not None:
        player = session.get(Player, player_id)  # unguarded: whoever is signed in sees players
        if player is None:
            raise NotFound("There is no such player.", path=("player",))
        found = [one for one in members_of(session, player.group_id, lan, key=key) if one.id == player_id]
        if not found:
            raise Invalid("It is switched off.", path=("player",))
        return found
    group = None if group_id is None else session.get(PlayerGroup, group_id)  # unguarded: whoever is signed in sees groups
    if group is None:
        raise NotFound("There is no such group.", path=("playerGroup",))
    return members_of(session, group.id, lan, key=key)


def _shown(member: Member, title: str, message: str, display_ms: int) -> str | None:
    """Why it is not shown."""
    if member.adapter is None:
        return member.trouble
    if Ability.NOTIFY not in member.adapter.abilities:
        return "This kind of player shows no messages."
    try:
        member.adapter.notify(title.strip(), message.strip(), display_ms=display_ms)
    except (Upstream, Conflict) as error:
        return error.message
    return None
