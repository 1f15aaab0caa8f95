"""A household with films that play on a puppet, behind the application."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from domain.libraries.enums import FileKind
from domain.libraries.tables import ItemFile, MediaFile
from domain.players import leases
from domain.players.enums import MediaKind, PlaybackStatus, PlayerType
from domain.players.known import MAKERS
from domain.players.model import Media
from domain.players.observing import Observer
from tests.api.conftest import House, client, empty_house, eventually, house, live, settings
from tests.players.living_room import Puppet, add_group, add_player, playing

__all__ = ["client", "empty_house", "eventually", "house", "live", "settings"]


class Stage:
    """A Kodi on which films of the household play, and what its watcher writes."""

    def __init__(self, house: House, puppet: Puppet) -> None:
        self.house, self.puppet = house, puppet
        with house.database.transaction() as uow:
            for key, library, name in (
                (house.child_film, house.open_library, "Paddington"), (house.adult_film, house.open_library, "Alien"),
                (house.closed_film, house.closed_library, "Brazil"),
            ):  # fmt: skip
                file = MediaFile(library_id=library, uri=f"/films/{name}.mkv", file_kind=FileKind.VIDEO, size_bytes=1)
                uow.session.add(file)
                uow.session.flush()
                uow.session.add(ItemFile(item_id=key, file_id=file.id, is_default=True))
            self.group = add_group(uow, libraries=[house.open_library, house.closed_library])
            self.player = add_player(uow, self.group)
            leases.hold(uow, "me", [self.player])
            leases.found(uow, self.player, notifies=True)
        self.observer = Observer(house.database, player_id=self.player, group_id=self.group, watcher="me")
        self.observer.begin(confirmed_at=None)

    @property
    def id(self) -> str:
        return f"plr_{self.player}"

    def plays(self, name: str, position_s: float = 0, **more: Any) -> str:
        """Something plays; the id of the playback."""
        media = Media(MediaKind.MOVIE, name, key=name, path=f"/films/{name}.mkv")
        seen = playing(position_s, media=media, **more)
        if seen.status is PlaybackStatus.STOPPED:
            self.puppet.live.pop(seen.session, None)
        else:
            self.puppet.live[seen.session] = seen
        self.observer.take([seen])
        with self.house.database.read() as session:
            statement = sa.text("SELECT id FROM player_states WHERE session = :session")
            return f"pls_{session.connection().execute(statement, {'session': seen.session}).scalar_one()}"


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet()
    monkeypatch.setitem(MAKERS, PlayerType.KODI, lambda *_: made)
    return made


@pytest.fixture
def stage(house: House, puppet: Puppet) -> Iterator[Stage]:
    yield Stage(house, puppet)
    house.services.lan.close()
