"""Groups and players in the database: who fits where, what is refused, what is sealed, and what is told of it."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from domain.kit.database import Database
from domain.kit.errors import Conflict, Invalid, KeyRefused, NotFound, VersionConflict
from domain.kit.sealing import unseal
from domain.libraries.mapping import Rule
from domain.libraries.mappings import NewRule, rules_of_group
from domain.libraries.tables import Library, PathMapping
from domain.players import groups, profiles, service
from domain.players.enums import PlaybackPolicy, PlayerType
from domain.players.known import adapter_of, credentials_of
from domain.players.tables import Player, PlayerGroup, PlayerGroupLibrary, PlayerUser
from domain.system.audit_tables import AuditEntry
from tests.factories import catalog
from tests.players.rows import KEY, change, count, group, player, refused, row, told

pytestmark = pytest.mark.both
PASSWORD = "a lamp, unlit"


def test_a_group_of_kodis_takes_any_number_and_a_server_stands_alone(database: Database) -> None:
    kodis, jellyfin = group(database), group(database, PlayerType.JELLYFIN, "Jellyfin")
    assert [player(database, kodis, name) for name in ("One", "Two", "Three")] == [1, 2, 3]
    assert player(database, jellyfin, "Server", api_key="abc") == 4
    assert (row(database, PlayerGroup, kodis).max_members, row(database, PlayerGroup, jellyfin).max_members) == (None, 1)
    second = {"name": "Second", "host": "b.lan", "port": 8096}
    path = refused(database, Conflict, lambda uow: service.create(uow, group_id=jellyfin, values=second, secret=KEY))
    assert path == ("playerGroup",)
    assert count(database, Player) == 4


@pytest.mark.parametrize("type_", [PlayerType.JELLYFIN, PlayerType.PLEX])
def test_of_two_who_add_a_server_at_once_one_is_told_that_there_is_one(database: Database, type_: PlayerType) -> None:
    key = group(database, type_)
    start, failures = threading.Barrier(2), []

    def add(name: str) -> None:
        values = {"name": name, "host": f"{name}.lan", "port": 8096, "api_key": "abc"}
        start.wait()
        try:
            database.perform(lambda uow: service.create(uow, group_id=key, values=values, secret=KEY))
        except Exception as error:
            failures.append(error)

    acts = [threading.Thread(target=add, args=(name,)) for name in ("first", "second")]
    for act in acts:
        act.start()
    for act in acts:
        act.join()
    assert [(type(each), each.path) for each in failures] == [(Conflict, ("playerGroup",))]
    assert count(database, Player) == 1


def test_of_two_who_move_a_server_into_an_empty_group_at_once_one_stays(database: Database) -> None:
    homes = [group(database, PlayerType.PLEX, name) for name in ("A", "B", "C")]
    players = [player(database, home, f"P{home}") for home in homes[:2]]
    start, failures = threading.Barrier(2), []

    def move(key: int) -> None:
        start.wait()
        try:
            database.perform(lambda uow: service.update(uow, player_id=key, changes={"group_id": homes[2]}, secret=KEY))
        except Exception as error:
            failures.append(error)

    acts = [threading.Thread(target=move, args=(key,)) for key in players]
    for act in acts:
        act.start()
    for act in acts:
        act.join()
    assert [type(each) for each in failures] == [Conflict]
    assert sorted(row(database, Player, key).group_id == homes[2] for key in players) == [False, True]


def test_a_player_moves_only_among_its_kind(database: Database) -> None:
    kodis, more, plex = group(database), group(database, name="More"), group(database, PlayerType.PLEX, "Plex")
    key = player(database, kodis)
    assert refused(
        database, Conflict, lambda uow: service.update(uow, player_id=key, changes={"group_id": plex}, secret=KEY)
    ) == ("playerGroup",)
    assert refused(database, NotFound, lambda uow: service.update(uow, player_id=key, changes={"group_id": 99}, secret=KEY)) == (
        "playerGroup",
    )
    assert change(database, key, group_id=more).group_id == more
    assert change(database, key, group_id=more).version == 3


def test_a_jellyfin_is_given_a_key_or_a_user_and_a_password(database: Database) -> None:
    key = group(database, PlayerType.JELLYFIN)
    values = {"name": "Den", "host": "den.lan", "port": 8096}
    for given in ({}, {"username": "marquee"}, {"password": "x"}):
        with pytest.raises(Invalid, match="an API key, or a user and a password") as caught:
            database.perform(lambda uow, given=given: service.create(uow, group_id=key, values=values | given, secret=KEY))
        assert caught.value.path == ("apiKey",)
    both = values | {"username": "marquee", "password": "x"}
    assert database.perform(lambda uow: service.create(uow, group_id=key, values=both, secret=KEY).name) == "Den"


def test_credentials_are_sealed_and_stand_nowhere_else(database: Database) -> None:
    key = player(database, group(database), username="kodi", password=PASSWORD)
    stored = row(database, Player, key)
    assert stored.password.startswith("v1:")
    assert unseal(KEY, "player password", stored.password) == PASSWORD
    opened = credentials_of(stored, key=KEY)
    assert (opened.username, opened.password, opened.api_key) == ("kodi", PASSWORD, None)
    change(database, key, password="another", username=None)
    assert credentials_of(row(database, Player, key), key=KEY).password == "another"
    change(database, key, password=None)
    assert row(database, Player, key).password is None
    with database.read() as session:
        entries = session.exec(select(AuditEntry).order_by(sa.text("id"))).all()
        everything = str([(each.action, each.details) for each in entries]) + str(told(database))
    assert [(each.action, each.details) for each in entries[-2:]] == [
        ("player.updated", {"fields": ["password", "username"]}), ("player.updated", {"fields": ["password"]}),
    ]  # fmt: skip
    assert PASSWORD not in everything
    assert "another" not in everything


def test_what_another_installation_sealed_is_a_refused_key(database: Database) -> None:
    key = player(database, group(database), password=PASSWORD)
    with pytest.raises(KeyRefused, match="Den wants to see was stored by another installation"):
        adapter_of(row(database, Player, key), None, key=b"x" * 32)  # type: ignore[arg-type]


def test_a_stored_secret_is_not_sent_to_another_address_unasked(database: Database) -> None:
    key = player(database, group(database), username="kodi", password=PASSWORD, is_secure=True)

    def moved(**changes: Any) -> tuple[str, ...]:
        return refused(database, Invalid, lambda uow: service.update(uow, player_id=key, changes=changes, secret=KEY))

    assert moved(host="evil.lan") == ("password",)
    assert moved(port=9999) == ("password",)
    assert moved(is_secure=False) == ("password",)
    assert change(database, key, host="DEN.lan", base_path="/kodi/", name="Den 2").base_path == "/kodi"
    assert change(database, key, host="other.lan", password="new").host == "other.lan"
    assert change(database, key, host="third.lan", password=None).password is None
    assert change(database, key, host="fourth.lan").host == "fourth.lan"


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"host": "http://den.lan"}, ("host",)), ({"host": "den.lan/x"}, ("host",)), ({"host": ""}, ("host",)),
        ({"host": "den lan"}, ("host",)), ({"host": "user@den"}, ("host",)),
        ({"port": 0}, ("port",)), ({"port": 65_536}, ("port",)),
        ({"base_path": "kodi"}, ("basePath",)), ({"base_path": "/a?b"}, ("basePath",)), ({"base_path": "/../x y"}, ("basePath",)),
        ({"websocket_port": 0}, ("websocketPort",)), ({"name": " "}, ("name",)), ({"name": "x" * 101}, ("name",)),
        ({"username": "a:b"}, ("username",)), ({"username": "a\r\nb"}, ("username",)), ({"password": ""}, ("password",)),
        ({"password": "x" * 501}, ("password",)), ({"api_key": "abc"}, ("apiKey",)),
    ],
)  # fmt: skip
def test_what_is_no_address_and_no_name_is_refused(database: Database, values: dict[str, Any], path: tuple[str, ...]) -> None:
    key = group(database)
    given = {"name": "Den", "host": "den.lan", "port": 8080, **values}
    assert refused(database, Invalid, lambda uow: service.create(uow, group_id=key, values=given, secret=KEY)) == path
    assert count(database, Player) == 0


def test_servers_have_no_second_port_and_keys_no_blanks(database: Database) -> None:
    key = group(database, PlayerType.PLEX)
    for values, path in (
        ({"websocket_port": 9090}, ("websocketPort",)),
        ({"api_key": "a b"}, ("apiKey",)),
        ({"api_key": "ż"}, ("apiKey",)),
    ):
        given = {"name": "Den", "host": "den.lan", "port": 32400, **values}
        assert (
            refused(database, Invalid, lambda uow, given=given: service.create(uow, group_id=key, values=given, secret=KEY))
            == path
        )


def test_names_and_addresses_are_taken_once(database: Database) -> None:
    key = group(database)
    player(database, key, host="[FE80::1]")
    assert row(database, Player, 1).host == "fe80::1"
    for values, path in (({"name": "dEN ", "host": "x.lan"}, ("name",)), ({"name": "Two", "host": "fe80::1"}, ("host",))):
        given = {"port": 8080, **values}
        assert (
            refused(database, Conflict, lambda uow, given=given: service.create(uow, group_id=key, values=given, secret=KEY))
            == path
        )
    two = player(database, key, "Two")
    assert refused(
        database, Conflict, lambda uow: service.update(uow, player_id=two, changes={"host": "FE80::1"}, secret=KEY)
    ) == ("host",)
    assert refused(database, Conflict, lambda uow: groups.create(uow, name="SCREENS", type=PlayerType.PLEX)) == ("name",)
    assert change(database, two, name="TWO").name == "TWO"


def test_a_group_has_libraries_and_rules_of_its_own(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        films, series = catalog.library(uow, "Films"), catalog.library(uow, "Series")
    rules = [NewRule("smb://nas/films/", "/films")]
    key = group(
        database, library_ids=[films, films], rules=rules, description="In the house", playback_policy=PlaybackPolicy.RESTORE
    )
    with database.read() as session:
        assert rules_of_group(session, key) == [Rule("smb://nas/films", "/films")]
        assert [each.library_id for each in session.exec(select(PlayerGroupLibrary))] == [films]
    with database.transaction() as uow:
        changes = {"library_ids": [series], "is_enabled": False, "playback_policy": PlaybackPolicy.IGNORE, "description": ""}
        changed = groups.update(uow, group_id=key, changes=changes, expected_version=1)
        assert (changed.version, changed.is_enabled, changed.description) == (2, False, None)
        assert groups.set_mappings(uow, group_id=key, rules=rules).version == 2
        assert groups.set_mappings(uow, group_id=key, rules=[]).version == 3
    with database.read() as session:
        assert [each.library_id for each in session.exec(select(PlayerGroupLibrary))] == [series]
        assert rules_of_group(session, key) == []
    assert told(database) == [
        ("player_group.created", "plg_1", None),
        ("player_group.updated", "plg_1", ["description", "isEnabled", "libraries", "playbackPolicy"]),
        ("player_group.updated", "plg_1", ["pathMappings"]),
    ]
    assert refused(database, NotFound, lambda uow: groups.update(uow, group_id=key, changes={"library_ids": [99]})) == (
        "libraries",
    )
    stale = {"changes": {"name": "x"}, "expected_version": 2}
    assert refused(database, VersionConflict, lambda uow: groups.update(uow, group_id=key, **stale)) == ("expectedVersion",)
    assert refused(
        database, VersionConflict, lambda uow: groups.set_mappings(uow, group_id=key, rules=[], expected_version=2)
    ) == ("expectedVersion",)


def test_a_library_that_is_deleted_leaves_its_groups(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        films = catalog.library(uow, "Films")
    key = group(database, library_ids=[films])
    with database.transaction() as uow:
        uow.session.execute(sa.delete(Library))
    assert count(database, PlayerGroupLibrary) == 0
    with database.transaction() as uow:
        assert groups.update(uow, group_id=key, changes={"library_ids": []}).version == 2


def test_deleting_a_group_takes_what_hangs_on_it_and_tells_of_each(database: Database) -> None:
    key = group(database, rules=[NewRule("/a", "/b")])
    one, two = player(database, key, "One"), player(database, key, "Two")
    with database.transaction() as uow:
        profiles.set_user(uow, player_id=one, profile_id="", user_id=None)
        assert groups.delete(uow, group_id=key, dry_run=True) == groups.Deleted(2, 1)
    assert count(database, Player) == 2
    with database.transaction() as uow:
        assert groups.delete(uow, group_id=key) == groups.Deleted(2, 1)
    assert [count(database, each) for each in (PlayerGroup, Player, PathMapping, PlayerUser)] == [0, 0, 0, 0]
    assert [each[:2] for each in told(database)][-3:] == [
        ("player.deleted", f"plr_{one}"), ("player.deleted", f"plr_{two}"), ("player_group.deleted", f"plg_{key}"),
    ]  # fmt: skip
    assert refused(database, NotFound, lambda uow: groups.delete(uow, group_id=key)) == ("id",)


def test_a_player_is_deleted_once(database: Database) -> None:
    key = player(database, group(database))
    with database.transaction() as uow:
        service.delete(uow, player_id=key)
    assert refused(database, NotFound, lambda uow: service.delete(uow, player_id=key)) == ("id",)
    assert count(database, PlayerGroup) == 1
