"""What plays, controlled and begun through the API by those who may; a dead player keeps nobody waiting."""

import asyncio
import socket
import time
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from domain.kit.errors import Unreachable
from domain.libraries.enums import FileKind
from domain.libraries.tables import ItemFile, MediaFile
from domain.players.enums import PlaybackStatus, PlayerType
from domain.players.known import MAKERS
from domain.players.kodi import adapter as kodi
from domain.players.model import Profile
from tests.api.conftest import Client
from tests.factories import catalog
from tests.players.living_room import Puppet, add_group, add_player, add_profile, facts
from tests.players.playback.asking import PAUSE, PLAY, code
from tests.players.playback.conftest import Stage

SEEK = """mutation ($id: ID!, $to: BigInt!) { seekPlayback(input: { id: $id, positionMs: $to }) {
  playback { id } errors { ... on UserError { code message path } } } }"""
OTHERS = ("resumePlayback", "stopPlayback", "capturePlayback")


async def test_control_of_what_one_sees(client: Client, stage: Stage) -> None:
    id_ = stage.plays("Alien", 100)
    assert await code(client, PAUSE, {"id": id_}) is None
    assert await code(client, SEEK, {"id": id_, "to": 60_000}) is None
    assert stage.puppet.done == [("pause", ""), ("seek", 60_000, "")]
    assert await code(client, SEEK, {"id": id_, "to": -1}) == "INVALID"
    assert await code(client, SEEK, {"id": id_, "to": 7_020_001}) == "INVALID"
    assert await code(client, SEEK, {"id": id_, "to": 2**52}) == "INVALID"
    (problem,) = (await client.data(PAUSE, {"id": "7"}, who="member"))["pausePlayback"]["errors"]
    assert problem["message"] == "'7' is not an id: those of playbacks look like pls_1 and stand in answers as `id`."
    stage.plays("Alien", 100, status=PlaybackStatus.STOPPED)
    assert await code(client, PAUSE, {"id": id_}) == "CONFLICT"


async def test_what_others_watch_is_not_there(client: Client, stage: Stage) -> None:
    house = stage.house
    add_profile(house.database, stage.player, house.users["member"].id, "m")
    theirs = stage.plays("Alien", session="a", profile=Profile("m", "Member"))
    closed = stage.plays("Brazil", session="b")
    for who, id_ in (("neighbour", theirs), ("limited", theirs), ("limited", closed), ("member", "pls_999")):
        assert await code(client, PAUSE, {"id": id_}, who) == "NOT_FOUND"
        assert await code(client, SEEK, {"id": id_, "to": 0}, who) == "NOT_FOUND"
        for field in OTHERS:
            query = f"mutation ($id: ID!) {{ {field}(input: {{ id: $id }}) {{ errors {{ ... on UserError {{ code }} }} }} }}"
            assert await code(client, query, {"id": id_}, who) == "NOT_FOUND"
        play = {"input": {"playback": id_, "item": f"itm_{house.child_film}"}}
        assert await code(client, PLAY, play, who) == "NOT_FOUND"
    assert stage.puppet.done == []
    assert await code(client, PAUSE, {"id": theirs}, "admin") is None


async def test_playing_an_item(client: Client, stage: Stage) -> None:
    house = stage.house
    alien, closed = f"itm_{house.adult_film}", f"itm_{house.closed_film}"
    assert await code(client, PLAY, {"input": {"player": stage.id, "item": alien, "positionMs": 60_000}}) is None
    assert stage.puppet.done == [("open", "/films/Alien.mkv", 60_000)]
    for who, item, expected in (
        ("limited", alien, "NOT_FOUND"), ("limited", closed, "NOT_FOUND"), ("member", "itm_999", "NOT_FOUND"),
        ("member", "lib_1", "INVALID"),
    ):  # fmt: skip
        assert await code(client, PLAY, {"input": {"player": stage.id, "item": item}}, who) == expected
    items = [alien, closed]
    assert await code(client, PLAY, {"input": {"player": stage.id, "items": items}}) is None
    assert stage.puppet.done[1:] == [("queue", ["/films/Alien.mkv", "/films/Brazil.mkv"])]
    for wrong in (
        {"player": stage.id}, {"item": alien}, {"player": stage.id, "item": alien, "items": items},
        {"player": stage.id, "items": []}, {"player": stage.id, "items": [alien] * 101},
        {"player": stage.id, "items": items, "positionMs": 5}, {"player": stage.id, "item": alien, "positionMs": -5},
    ):  # fmt: skip
        assert await code(client, PLAY, {"input": wrong}) == "INVALID"
    assert await code(client, PLAY, {"input": {"player": "plr_999", "item": alien}}) == "NOT_FOUND"


async def test_what_is_missing_is_not_played(client: Client, stage: Stage) -> None:
    house = stage.house
    with house.database.transaction() as uow:
        keys = catalog.series(uow, library_id=house.open_library)
        for key, name, since in ((keys[2], "e1", "2026-01-02 03:04:05"), (keys[3], "e2", None)):
            file = MediaFile(library_id=house.open_library, uri=f"/tv/{name}.mkv", file_kind=FileKind.VIDEO, size_bytes=1)
            uow.session.add(file)
            uow.session.flush()
            uow.session.add(ItemFile(item_id=key, file_id=file.id, is_default=True))
            if since is not None:
                file.missing_since = datetime.fromisoformat(f"{since}+00:00")

    async def played(*items: int) -> Any:
        given = {"input": {"player": stage.id, "items": [f"itm_{key}" for key in items]}}
        return [
            (each["code"], each["message"], each["path"])
            for each in (await client.data(PLAY, given, who="member"))["playMedia"]["errors"]
        ]

    gone = "It cannot be played: its files are missing since 2026-01-02 03:04 UTC."
    assert await played(house.adult_film, keys[2]) == [("CONFLICT", gone, ["items", "1"])]
    assert stage.puppet.done == []
    assert await played(keys[0]) == []  # of a series what is there
    assert stage.puppet.done == [("open", "/tv/e2.mkv", 0)]
    with house.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE media_files SET missing_since = (SELECT max(missing_since) FROM media_files)"))
    assert await played(keys[0]) == [("CONFLICT", gone, ["items", "0"])]


async def test_nobody_begins_where_somebody_else_watches(client: Client, stage: Stage) -> None:
    house = stage.house
    add_profile(house.database, stage.player, house.users["member"].id)
    play = {"input": {"player": stage.id, "item": f"itm_{house.child_film}"}}
    assert await code(client, PLAY, play, "neighbour") == "FORBIDDEN"
    assert await code(client, PLAY, play, "member") is None
    stage.plays("Paddington")
    assert await code(client, PLAY, play, "neighbour") == "CONFLICT"
    assert await code(client, PLAY, play, "member") is None
    assert await code(client, PLAY, play, "admin") is None


async def test_playing_a_container(client: Client, stage: Stage) -> None:
    with stage.house.database.transaction() as uow:
        keys = catalog.series(uow, library_id=stage.house.open_library)
    answer = await client.data(PLAY, {"input": {"player": stage.id, "item": f"itm_{keys[1]}"}}, who="member")
    (error,) = answer["playMedia"]["errors"]
    assert (error["code"], error["message"]) == ("NOT_FOUND", "Nothing below it has a file.")


async def test_what_a_player_refuses(client: Client, stage: Stage) -> None:
    id_ = stage.plays("Alien")
    stage.puppet.failure = Unreachable("It is away.")
    assert await code(client, PAUSE, {"id": id_}) == "UNREACHABLE"
    stage.puppet.failure, stage.puppet.abilities = None, frozenset()
    assert await code(client, PAUSE, {"id": id_}) == "CONFLICT"


async def test_a_dead_player_is_said_to_be_dead_within_five_seconds(client: Client, stage: Stage) -> None:
    """A real Kodi's adapter, and a port that takes connections and never answers."""
    with socket.socket() as silent, pytest.MonkeyPatch.context() as patch:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        id_ = stage.plays("Alien")
        patch.setitem(MAKERS, PlayerType.KODI, kodi.made)
        with stage.house.database.transaction() as uow:
            values = {"port": silent.getsockname()[1]}
            uow.session.execute(sa.text("UPDATE players SET host = '127.0.0.1', port = :port"), values)
        began = time.monotonic()
        assert await code(client, PAUSE, {"id": id_}) == "UNREACHABLE"
        assert time.monotonic() - began < 7


async def test_remembered_and_taken_up(client: Client, stage: Stage) -> None:
    id_ = stage.plays("Alien", 100)
    capture = await client.data(
        """mutation ($id: ID!) { capturePlayback(input: { id: $id }) {
          capture { id status reason positionMs isPaused item { id } player { id } } errors { ... on UserError { code } } } }""",
        {"id": id_}, who="member",
    )  # fmt: skip
    found = capture["capturePlayback"]["capture"]
    assert {key: found[key] for key in ("status", "reason", "isPaused", "item")} == {
        "status": "WAITING", "reason": "REQUEST", "isPaused": False, "item": {"id": f"itm_{stage.house.adult_film}"},
    }  # fmt: skip
    restore = """mutation ($id: ID!) { restorePlayback(input: { id: $id }) {
      capture { id job { id } } job { kind subject } errors { ... on UserError { code message } } } }"""
    assert await code(client, restore, {"id": found["id"]}, "limited") == "NOT_FOUND"
    made = (await client.data(restore, {"id": found["id"]}, who="member"))["restorePlayback"]
    assert made["job"] == {"kind": "players.playback_restore", "subject": found["id"]}
    listed = await client.data(
        "{ playbackCaptures(where: { status: [WAITING], reason: [REQUEST] }) { nodes { id job { kind } } } }", who="member"
    )
    assert listed["playbackCaptures"]["nodes"] == [{"id": found["id"], "job": {"kind": "players.playback_restore"}}]
    none = await client.data("{ playbackCaptures { nodes { id } } }", who="limited")
    assert none["playbackCaptures"]["nodes"] == []
    with stage.house.database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE playback_captures SET status = 'kept'"))
    assert await code(client, restore, {"id": found["id"]}, "member") == "CONFLICT"


async def test_players_of_jellyfin_play_what_they_know(client: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    puppet = Puppet(type=PlayerType.JELLYFIN)
    monkeypatch.setitem(MAKERS, PlayerType.JELLYFIN, lambda *_: puppet)
    with stage.house.database.transaction() as uow:
        group = add_group(uow, "Server", type=PlayerType.JELLYFIN, libraries=[stage.house.open_library])
        player = add_player(uow, group, "Jellyfin", port=8096)
    play = {"input": {"player": f"plr_{player}", "item": f"itm_{stage.house.child_film}"}}
    assert await code(client, PLAY, play) == "CONFLICT"
    assert puppet.done == [("find", "Paddington")]


async def test_many_at_once_wait_for_no_dead_player(client: Client, stage: Stage) -> None:
    id_ = stage.plays("Alien")
    answers = await asyncio.gather(*(code(client, PAUSE, {"id": id_}) for _ in range(20)))
    assert answers == [None] * 20
    assert len(facts(stage.house.database)) == 1
