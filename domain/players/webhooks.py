"""What webhooks of players mean, in our terms; each kind of player has a module that reads its own."""

from dataclasses import dataclass
from enum import StrEnum

from domain.players.model import Media, Playing


class Happening(StrEnum):
    """What happened in a player's library."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LibraryEvent:
    """Something changed in a player's own library."""

    happening: Happening
    media: Media


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook that was understood as far as it concerns us."""

    type: str
    """What the sender calls the event; "" where it does not say."""
    server_id: str | None
    news: Playing | LibraryEvent | None = None
    """None for what happened to users, tasks, plugins, backups."""
