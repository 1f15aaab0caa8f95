"""A household with players as rows, and a player that is no program but an object: for tests of what plays."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.kit import clock
from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Unreachable
from domain.libraries.tables import PathMapping
from domain.players.enums import MediaKind, PlaybackPolicy, PlaybackStatus, PlayerType
from domain.players.model import Ability, Health, Media, Playing, Profile, Section
from domain.players.tables import PlaybackCapture, Player, PlayerGroup, PlayerGroupLibrary, PlayerState, PlayerUser
from domain.system.tables import Event
from tests.factories import catalog
from tests.factories.shelves import Shelf, shelf

REMOTE = "smb://nas/films"
LOCAL = "/media/films"
FILM = Media(MediaKind.MOVIE, "Alien", key="7", path=f"{REMOTE}/Alien (1979)/Alien.mkv", ids={"imdb": "tt0078748"})
OTHER = Media(MediaKind.MOVIE, "Heat", key="8", path=f"{REMOTE}/Heat (1995)/Heat.mkv")


@dataclass
class Room:
    """Keys of the household's rows."""

    group: int
    player: int
    library: int
    film: int
    film_file: int
    other: int


def add_group(
    uow: UnitOfWork, name: str = "Kodis", *, type: PlayerType = PlayerType.KODI, libraries: Sequence[int] = (),
    policy: PlaybackPolicy = PlaybackPolicy.RESTORE, rules: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    group = PlayerGroup(
        name=name, sort_key=name, type=type, playback_policy=policy, max_members=None if type is PlayerType.KODI else 1
    )
    uow.session.add(group)
    uow.session.flush()
    uow.session.add_all(PlayerGroupLibrary(group_id=group.id, library_id=each) for each in libraries)
    uow.session.add_all(
        PathMapping(player_group_id=group.id, remote_path=remote, local_path=local) for remote, local in (rules or {}).items()
    )
    uow.session.flush()
    return group.id


def add_player(uow: UnitOfWork, group: int, name: str = "Living room", *, port: int = 8080, **values: Any) -> int:
    kind = uow.session.execute(sa.select(col(PlayerGroup.type)).where(col(PlayerGroup.id) == group)).scalar_one()
    player = Player(group_id=group, group_type=kind, name=name, sort_key=name, host="kodi.lan", port=port, **values)
    uow.session.add(player)
    uow.session.flush()
    return player.id


def add_profile(database: Database, player: int, user: int | None, profile: str = "") -> None:
    with database.transaction() as uow:
        uow.session.add(PlayerUser(player_id=player, profile_id=profile, user_id=user))


def furnish(database: Database, **group: Any) -> Room:
    """One Kodi with two films, one of them with ids."""
    with database.transaction() as uow:
        films: Shelf = shelf(uow)
        film = films.film("Alien", "Alien (1979)/Alien.mkv", year=1979)
        other = films.film("Heat", "Heat (1995)/Heat.mkv", year=1995)
        identify(uow, film, imdb="tt0078748", tmdb="348")
        key = add_group(uow, libraries=[films.library], rules={REMOTE: LOCAL}, **group)
        player = add_player(uow, key)
        file = uow.session.execute(sa.text("SELECT id FROM media_files WHERE uri LIKE '%Alien.mkv'")).scalar_one()
        return Room(key, player, films.library, film, file, other)


def identify(uow: UnitOfWork, item: int, kind: EntityKind = EntityKind.MOVIE, **ids: str) -> None:
    wanted = [CatalogueId(provider, "title" if provider == "imdb" else "", value) for provider, value in ids.items()]
    add_external_ids(uow, {item: (kind, wanted)})


def playing(
    position_s: float = 0, *, media: Media | None = FILM, status: PlaybackStatus = PlaybackStatus.PLAYING,
    at: datetime | None = None, **more: Any,
) -> Playing:  # fmt: skip
    more.setdefault("total_ms", 7_020_000)
    more.setdefault("speed", 1.0 if status is PlaybackStatus.PLAYING else 0.0)
    return Playing(status, media, int(position_s * 1000), at or clock.now(), **more)


def paused(position_s: float, **more: Any) -> Playing:
    return playing(position_s, status=PlaybackStatus.PAUSED, **more)


def stopped(position_s: float = 0, **more: Any) -> Playing:
    return playing(position_s, status=PlaybackStatus.STOPPED, **more)


def states(database: Database) -> list[PlayerState]:
    with database.read() as session:
        return list(session.exec(select(PlayerState).order_by(col(PlayerState.id))))


def captures(database: Database) -> list[PlaybackCapture]:
    with database.read() as session:
        return list(session.exec(select(PlaybackCapture).order_by(col(PlaybackCapture.id))))


def told(database: Database, *, topic: str = "playback") -> list[str]:
    """Types of the events, in order."""
    return [one.type for one in facts(database, topic=topic)]


def facts(database: Database, *, topic: str = "playback") -> list[Event]:
    with database.read() as session:
        return list(session.exec(select(Event).where(Event.topic == topic).order_by(col(Event.xid), col(Event.sequence))))


def player_row(database: Database, key: int) -> Player:
    with database.read() as session:
        return session.exec(select(Player).where(col(Player.id) == key)).one()


@dataclass
class Puppet:
    """A player that does what it is told, at once. `watch` tells what `say` is given."""

    type: PlayerType = PlayerType.KODI
    abilities: frozenset[Ability] = frozenset(Ability)
    library: list[Media] = field(default_factory=list)
    live: dict[str, Playing] = field(default_factory=dict)
    done: list[tuple[Any, ...]] = field(default_factory=list)
    failure: Exception | None = None
    """Raised by everything that it is asked."""
    drops: int = 0
    """So many connections end as soon as they are made."""
    opens_at_ms: int | None = None
    """Where it begins whatever it was told; None = as told."""
    total_ms: int = 7_020_000
    """How long what it opens is."""
    connections: int = 0
    watching: threading.Event = field(default_factory=threading.Event)
    _told: Callable[[Sequence[Playing]], None] | None = None
    _is_up: Callable[[bool], None] | None = None
    _dropped: threading.Event = field(default_factory=threading.Event)

    def _asked(self, *what: Any) -> None:
        self.done.append(what)
        if self.failure is not None:
            raise self.failure

    def check(self) -> Health:
        self._asked("check")
        return Health("20.1", notifies=True)

    def sections(self) -> Sequence[Section]:
        return []

    def profiles(self) -> Sequence[Profile]:
        return [Profile("", None)]

    def sessions(self) -> Sequence[Playing]:
        self._asked("sessions")
        return list(self.live.values())

    def find(self, wanted: Media) -> Media | None:
        self._asked("find", wanted.title)
        by_ids = (each for each in self.library if set(each.ids.items()) & set(wanted.ids.items()))
        return next(by_ids, None) or next((each for each in self.library if each.path == wanted.path), None)

    def scan(self, folder: str | None, *, wait_s: float) -> None: ...
    def refresh(self, found: Media) -> None: ...
    def remove(self, found: Media) -> None: ...
    def clean(self) -> None: ...
    def notify(self, title: str, message: str, *, display_ms: int = 5_000) -> None: ...

    def open(self, media: Media, *, position_ms: int = 0, session: str = "") -> None:
        self._asked("open", media.key or media.path, position_ms)
        at = position_ms if self.opens_at_ms is None else self.opens_at_ms
        self.live[session] = playing(at / 1000, media=media, session=session, total_ms=self.total_ms)

    def queue(self, media: Sequence[Media], *, session: str = "") -> None:
        self._asked("queue", [each.key or each.path for each in media])

    def pause(self, session: str = "") -> None:
        self._asked("pause", session)
        self.live[session] = replace(self.live[session], status=PlaybackStatus.PAUSED, speed=0.0)

    def resume(self, session: str = "") -> None:
        self._asked("resume", session)

    def stop(self, session: str = "") -> None:
        self._asked("stop", session)
        self.live.pop(session, None)

    def seek(self, position_ms: int, session: str = "") -> None:
        self._asked("seek", position_ms, session)
        self.live[session] = replace(self.live[session], position_ms=position_ms)

    def watch(self, stop: threading.Event, told: Callable[[Sequence[Playing]], None], *, is_up: Callable[[bool], None]) -> None:
        self.connections += 1
        if self.failure is not None:
            raise self.failure
        if self.drops:
            self.drops -= 1
            raise Unreachable("It hung up.")
        self._dropped.clear()
        self._told, self._is_up = told, is_up
        is_up(True)
        told(list(self.live.values()))
        self.watching.set()
        while not stop.wait(0.01):
            if self._dropped.is_set():
                self.watching.clear()
                raise Unreachable("It hung up.")
        self.watching.clear()

    def say(self, *seen: Playing) -> None:
        """Tell of it, as a notification does."""
        for one in seen:
            if one.status is PlaybackStatus.STOPPED:
                self.live.pop(one.session, None)
            else:
                self.live[one.session] = one
        assert self._told is not None
        self._told(seen)

    def there(self) -> None:
        """Say that it is there."""
        assert self._is_up is not None
        self._is_up(True)

    def hang_up(self) -> None:
        self._dropped.set()


def until(condition: Callable[[], bool], *, seconds: float = 15.0) -> None:
    """Wait for what another thread does; it is looked at often, and the time is only for when it fails."""
    ended = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        ended.wait(0.01)
    raise AssertionError("It did not come to that.")


def seconds(amount: float) -> timedelta:
    return timedelta(seconds=amount)


def series(database: Database, room: Room) -> Iterator[int]:
    """A series in the room's library: series, season, episodes."""
    with database.transaction() as uow:
        yield from catalog.series(uow, episodes=3, library_id=room.library)
