"""Which players of the network are players of ours already."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from domain.players.discovery.asking import Neighbour
from domain.players.tables import Player


@dataclass(frozen=True, slots=True)
class Familiar:
    """What we know where."""

    places: frozenset[tuple[str, int]]
    servers: frozenset[str]

    def knows(self, one: Neighbour) -> bool:
        """By its address, or by what it calls itself: we may know it by a name in place of its address."""
        return (one.host, one.port) in self.places or one.server_id in self.servers


def familiar(session: Session) -> Familiar:
    """Every player that was set up."""
    query = sa.select(col(Player.host), col(Player.port), col(Player.server_id))  # unguarded: administrators alone ask
    rows = session.execute(query).all()
    return Familiar(
        frozenset((host, port) for host, port, _ in rows), frozenset(server for *_, server in rows if server is not None)
    )
