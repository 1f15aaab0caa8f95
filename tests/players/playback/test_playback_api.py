"""What plays, through the API: seen and followed by those who may."""

from typing import Any

import pytest

from domain.players.enums import PlaybackStatus
from domain.players.model import Profile
from tests.api.conftest import Client, Live
from tests.api.sockets import signed_in
from tests.players.living_room import add_player, add_profile
from tests.players.playback.asking import PAUSE, PLAY, PLAYBACKS
from tests.players.playback.conftest import Stage

LIVE = """subscription ($player: ID, $user: ID, $after: String) { playbackChanged(player: $player, user: $user, after: $after) {
  __typename ... on Subscribed { cursor } ... on Resync { reason }
  ... on PlaybackChanged { cursor type subject status positionMs speed node { id status positionMs item { title } } } } }"""


async def titles(client: Client, who: str, **where: Any) -> list[str]:
    found = await client.data(PLAYBACKS, {"where": where or None}, who=who)
    return sorted(each["title"] for each in found["playbacks"]["nodes"])


async def test_what_plays(client: Client, stage: Stage) -> None:
    streams = {
        "video": {"codec": "hevc", "width": 3840}, "audio": {"language": "de", "channels": 6}, "subtitle": {"index": True},
    }  # fmt: skip
    id_ = stage.plays("Alien", 61.5, streams=streams)
    (found,) = (await client.data(PLAYBACKS))["playbacks"]["nodes"]
    assert found == {
        "id": id_, "status": "PLAYING", "title": "Alien", "positionMs": 61_500, "totalMs": 7_020_000, "speed": 1.0,
        "isFinished": False, "endedAt": None, "item": {"id": f"itm_{stage.house.adult_film}"}, "file": {"id": "fil_2"},
        "user": None, "player": {"id": stage.id, "name": "Living room"},
        "video": {"codec": "hevc", "width": 3840}, "audio": {"language": "de", "channels": 6},
        "subtitle": {"index": None, "language": None},
    }  # fmt: skip


async def test_who_sees_what(client: Client, stage: Stage) -> None:
    house = stage.house
    add_profile(house.database, stage.player, house.users["member"].id, "m")
    stage.plays("Paddington", session="a")
    stage.plays("Alien", session="b")
    stage.plays("Brazil", session="c")
    stage.plays("holiday", session="d")
    stage.plays("Alien", session="e", profile=Profile("m", "Member"))
    assert await titles(client, "admin") == ["Alien", "Alien", "Brazil", "Paddington", "holiday"]
    assert await titles(client, "member") == ["Alien", "Alien", "Brazil", "Paddington"]
    assert await titles(client, "neighbour") == ["Alien", "Brazil", "Paddington"]
    assert await titles(client, "limited") == ["Paddington"]


async def test_filters(client: Client, stage: Stage) -> None:
    stage.plays("Paddington", session="a")
    stage.plays("Alien", session="b")
    stage.plays("Alien", 50, session="b", status=PlaybackStatus.STOPPED)
    assert await titles(client, "admin", isLive=True) == ["Paddington"]
    assert await titles(client, "admin", isLive=False) == ["Alien"]
    assert await titles(client, "admin", player={"eq": stage.id}) == ["Alien", "Paddington"]
    assert await titles(client, "admin", player={"eq": "plr_999"}) == []
    assert await titles(client, "admin", item={"in": [f"itm_{stage.house.adult_film}"]}) == ["Alien"]
    assert await titles(client, "admin", user={"eq": "usr_1"}) == []


@pytest.mark.both
async def test_the_stream(live: Live, stage: Stage) -> None:
    id_ = stage.plays("Alien", 100)
    async with signed_in(live, "member") as socket:
        sub = await socket.subscribe(LIVE)
        assert (await socket.following(sub))["playbackChanged"]["__typename"] == "Subscribed"
        present = (await socket.following(sub))["playbackChanged"]
        assert (present["type"], present["status"], present["node"]["status"]) == ("present", None, "PLAYING")
        assert present["node"]["item"]["title"] == "Alien"
        stage.plays("Alien", 100, status=PlaybackStatus.PAUSED)
        step = (await socket.following(sub))["playbackChanged"]
        assert (step["type"], step["subject"], step["status"], step["positionMs"], step["speed"]) == (
            "playback.paused", id_, "PAUSED", 100_000, 0.0,
        )  # fmt: skip
        cursor = step["cursor"]
        stage.plays("Alien", 3000)
        stage.plays("Paddington", 0)
        types = [(await socket.following(sub))["playbackChanged"]["type"] for _ in range(3)]
        assert types == ["playback.resumed", "playback.stopped", "playback.started"]
    async with signed_in(live, "member") as socket:
        sub = await socket.subscribe(LIVE, {"after": cursor})
        missed = [(await socket.following(sub))["playbackChanged"] for _ in range(3)]
        assert [each["type"] for each in missed] == types
        assert [each["positionMs"] // 1000 for each in missed] == [3000, 3000, 0]


async def test_the_stream_tells_each_only_what_is_theirs(live: Live, stage: Stage) -> None:
    house = live.house
    add_profile(house.database, stage.player, house.users["member"].id, "m")
    async with (
        signed_in(live, "neighbour") as neighbour,
        signed_in(live, "limited") as limited,
        signed_in(live, "member") as member,
    ):
        subs = [await each.subscribe(LIVE) for each in (neighbour, limited, member)]
        for each, sub in zip((neighbour, limited, member), subs, strict=True):
            assert (await each.following(sub))["playbackChanged"]["__typename"] == "Subscribed"
        secret = stage.plays("Alien", session="m", profile=Profile("m", "Member"))
        adult = stage.plays("Alien", session="b")
        closed = stage.plays("Brazil", session="c")
        last = stage.plays("Paddington", session="d")

        async def heard(each: Any, sub: str) -> list[str]:
            found: list[str] = []
            while last not in found:
                message = (await each.following(sub))["playbackChanged"]
                if message["type"] != "present":  # what was told already may be present, too
                    found.append(message["subject"])
            return found

        assert await heard(neighbour, subs[0]) == [adult, closed, last]
        assert await heard(limited, subs[1]) == [last]
        assert await heard(member, subs[2]) == [secret, adult, closed, last]


async def test_the_stream_of_one_player_and_one_user(live: Live, stage: Stage) -> None:
    house = live.house
    member = house.users["member"].id
    add_profile(house.database, stage.player, member, "m")
    stage.plays("Paddington", session="d")
    async with signed_in(live, "admin") as socket:
        with house.database.transaction() as uow:
            idle = add_player(uow, stage.group, "Idle", port=8081)
        other = await socket.subscribe(LIVE, {"player": f"plr_{idle}"})
        assert (await socket.following(other))["playbackChanged"]["__typename"] == "Subscribed"
        mine = await socket.subscribe(LIVE, {"player": stage.id, "user": f"usr_{member}"})
        assert (await socket.following(mine))["playbackChanged"]["__typename"] == "Subscribed"
        stage.plays("Paddington", 500, session="d")
        id_ = stage.plays("Alien", session="m", profile=Profile("m", "Member"))
        assert (await socket.following(mine))["playbackChanged"]["subject"] == id_


async def test_rights(client: Client, stage: Stage) -> None:
    id_ = stage.plays("Alien")
    for who, expected in (("anonymous", "UNAUTHENTICATED"), ("scrobbler", "FORBIDDEN")):
        for query, variables in ((PAUSE, {"id": id_}), (PLAYBACKS, {}), (PLAY, {"input": {}})):
            answer = (await client.send(query, variables, who=who)).json()
            assert [each["extensions"]["code"] for each in answer["errors"]] == [expected], query
    assert stage.puppet.done == []
