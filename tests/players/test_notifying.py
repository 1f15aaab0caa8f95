"""A message on the screens: who showed it, and why others did not."""

from typing import Any

import pytest

from domain.kit.errors import DomainError, Invalid, NotFound
from domain.players.notifying import Shown, notify
from tests.peers.servers import free_port
from tests.players.conftest import Home, player
from workers.outbound import lan

KEY = b"k" * 32


def test_every_member_of_a_group_shows_it_or_is_named(home: Home) -> None:
    group = home.group()
    one = home.kodi("One", of=group)
    off = home.kodi("Off", of=group, is_enabled=False)
    with home.database.transaction() as uow:
        player(uow, group, "Away", port=free_port())
    found = notify(home.database, lan(), key=KEY, group_id=group, title=" Marquee ", message="Dinner", display_ms=8_000)
    assert found[0] == Shown(1)
    assert [each.player_id for each in found] == [1, 3]
    assert found[1].problem is not None
    assert "127.0.0.1" in found[1].problem
    assert one.shown == [{"title": "Marquee", "message": "Dinner", "image": "info", "displaytime": 8000}]
    assert off.asked == []


def test_one_player_shows_it_alone(home: Home) -> None:
    group = home.group()
    one, two = home.kodi("One", of=group), home.kodi("Two", of=group)
    assert notify(home.database, lan(), key=KEY, player_id=2, title="T", message="M") == [Shown(2)]
    assert (len(one.shown), len(two.shown)) == (0, 1)


@pytest.mark.parametrize(
    ("asked", "error", "path"),
    [
        ({"group_id": 99}, NotFound, ("playerGroup",)), ({"player_id": 99}, NotFound, ("player",)),
        ({}, NotFound, ("playerGroup",)), ({"player_id": 1}, Invalid, ("player",)),
        ({"group_id": 1, "message": " "}, Invalid, ("message",)), ({"group_id": 1, "title": "t" * 501}, Invalid, ("title",)),
        ({"group_id": 1, "display_ms": 999}, Invalid, ("displayMs",)),
        ({"group_id": 1, "display_ms": 60_001}, Invalid, ("displayMs",)),
    ],
)  # fmt: skip
def test_what_is_refused(home: Home, asked: dict[str, Any], error: type[DomainError], path: tuple[str, ...]) -> None:
    home.kodi("Off", of=home.group(), is_enabled=False)
    with pytest.raises(error) as raised:
        notify(home.database, lan(), key=KEY, **{"title": "T", "message": "M", **asked})
    assert raised.value.path == path
