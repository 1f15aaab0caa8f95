"""What every kind of player is to the rest of the house: one protocol, in our terms. Adapters speak each player's own.

An adapter is stateless: it holds an address and credentials, opens connections through the egress, and may be made anew
for every call. Paths in here are always the player's; `domain.libraries.mapping` turns them into ours.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from domain.players.enums import MediaKind, PlaybackStatus, PlayerType


class Credentials:
    """What a player wants to see, in clear text; made for one use and never shown."""

    __slots__ = ("api_key", "client", "password", "username")

    def __init__(
        self, username: str | None = None, password: str | None = None, api_key: str | None = None, *, client: str = "marquee"
    ) -> None:
        self.username = username
        self.password = password
        self.api_key = api_key
        self.client = client
        """What servers tell this installation from others by."""


@dataclass(frozen=True, slots=True)
class Media:
    """Something that a player knows or plays. `ids` are catalogues' (imdb, tmdb, tvdb), in lower case."""

    kind: MediaKind
    title: str
    key: str | None = None
    """What the player calls it: Kodi's movieid, Jellyfin's Id, Plex's ratingKey."""
    path: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    show_title: str | None = None
    show_ids: Mapping[str, str] = field(default_factory=dict)
    season: int | None = None
    episode: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody whom the player knows; Kodi has one, without an id."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Playing:
    """What one session of a player does, at an instant."""

    status: PlaybackStatus
    media: Media | None
    position_ms: int
    observed_at: datetime
    session: str = ""
    """What the player calls the session; '' where it has but one (Kodi)."""
    total_ms: int | None = None
    speed: float = 1.0
    profile: Profile | None = None
    device: str | None = None
    streams: Mapping[str, Any] = field(default_factory=dict)
    """`video`, `audio`, `subtitle`: the chosen ones, each with index, language, codec and title where the player tells."""
    is_finished: bool = False
    """Of a stopped one: it ran to its end."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a player said of itself when it was asked whether it works."""

    software_version: str
    api_version: str | None = None
    server_id: str | None = None
    name: str | None = None
    took_ms: int = 0
    notifies: bool = False
    """Its notifications were heard, or can be."""
    trouble: str | None = None
    """What does not work though it answers: its WebSocket is closed, the user is no administrator."""


@dataclass(frozen=True, slots=True)
class Section:
    """A library of the player's own: a source of Kodi, a virtual folder of Jellyfin, a section of Plex."""

    key: str
    title: str
    kind: str | None
    paths: Sequence[str]


class Ability(StrEnum):
    """What not every kind of player can do."""

    SCAN_FOLDER = "scan_folder"
    REFRESH = "refresh"
    REMOVE = "remove"
    CLEAN = "clean"
    NOTIFY = "notify"
    CONTROL = "control"
    SEEK = "seek"
    OPEN = "open"
    PLAYLIST = "playlist"
    SCREENS = "screens"
    """Sessions of several devices at once."""


Told = Callable[[Sequence[Playing]], None]
"""Takes what plays in every session that changed; a session that ended comes once more, as stopped."""


class Adapter(Protocol):
    """One player. Everything raises `domain.kit.errors.Upstream` (Unreachable, KeyRefused, Unexpected …) when it fails, and
    Conflict for what this kind of player, or this session at the moment, cannot do."""

    type: PlayerType
    abilities: frozenset[Ability]

    def check(self) -> Health:
        """Whether it works, at most 10 seconds."""

    def sections(self) -> Sequence[Section]:
        """Its libraries."""

    def profiles(self) -> Sequence[Profile]:
        """Whom it knows."""

    def sessions(self) -> Sequence[Playing]:
        """What plays at the moment; empty if nothing does."""

    def find(self, wanted: Media) -> Media | None:
        """The item in the player's library that `wanted` is: by ids, then by path; None if it has none."""

    def scan(self, folder: str | None, *, wait_s: float) -> None:
        """Read a folder, or everything (None), and come back when it is done, at most after `wait_s`."""

    def refresh(self, found: Media) -> None:
        """Read an item's NFO and pictures anew."""

    def remove(self, found: Media) -> None:
        """Take an item out of the player's library, not off the disk."""

    def clean(self) -> None:
        """Let it forget what is not there any more."""

    def notify(self, title: str, message: str, *, display_ms: int = 5_000) -> None:
        """Show a message on its screen, or on all of them."""

    def open(self, media: Media, *, position_ms: int = 0, session: str = "") -> None:
        """Play something."""

    def queue(self, media: Sequence[Media], *, session: str = "") -> None:
        """Play these, one after the other."""

    def pause(self, session: str = "") -> None:
        """Hold what plays."""

    def resume(self, session: str = "") -> None:
        """Go on with it."""

    def stop(self, session: str = "") -> None:
        """End it."""

    def seek(self, position_ms: int, session: str = "") -> None:
        """Go to a position."""

    def watch(self, stop: threading.Event, told: Told, *, is_up: Callable[[bool], None]) -> None:
        """Tell what plays, as it changes, until `stop` is set; raises Upstream when the connection ends.

        First comes what plays now, then every change, at once when playback starts, is paused, sought or stopped. `is_up` is
        called with whether the player tells by itself once that is known, and at least every 5 seconds while the player is
        known to be there.
        """
