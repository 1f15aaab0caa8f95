"""What is known of a player's connection, and whose its profiles are: noted, told when it changes, set by two at once."""

import threading
from collections.abc import Callable

import pytest
from sqlmodel import select

from domain.kit.database import Database, UnitOfWork
from domain.kit.errors import Invalid, KeyRefused, NotFound, Unreachable
from domain.libraries.enums import ConnectionStatus
from domain.players import health, profiles, service
from domain.players.model import Health
from domain.players.tables import Player, PlayerUser
from domain.system.audit_tables import AuditEntry
from tests.factories import accounts
from tests.players.rows import change, count, group, player, refused, row, told

pytestmark = pytest.mark.both


def test_what_is_known_of_a_connection_is_told_when_it_changes(database: Database) -> None:
    key = player(database, group(database))
    said = Health("21.2", api_version="13.5.0", trouble="Its WebSocket is closed.")

    def note(act: Callable[[UnitOfWork], bool]) -> bool:
        return database.perform(act)

    assert note(lambda uow: health.connected(uow, key, said, version=1)) is True
    assert note(lambda uow: health.connected(uow, key, said)) is False
    stored = row(database, Player, key)
    assert (stored.connection_status, stored.software_version, stored.api_version) == (
        ConnectionStatus.CONNECTED,
        "21.2",
        "13.5.0",
    )
    assert stored.last_error == "Its WebSocket is closed."
    assert stored.last_connected_at is not None
    with database.transaction() as uow:
        service.get_player(uow, key).is_notifying = True
    assert note(lambda uow: health.failed(uow, key, Unreachable("den.lan does not answer."))) is True
    assert note(lambda uow: health.failed(uow, key, Unreachable("den.lan does not answer."))) is False
    stored = row(database, Player, key)
    assert (stored.connection_status, stored.is_notifying, stored.version) == (ConnectionStatus.DISCONNECTED, False, 1)
    assert note(lambda uow: health.failed(uow, key, KeyRefused("den.lan does not accept our credentials."))) is True
    assert row(database, Player, key).connection_status is ConnectionStatus.ERROR
    change(database, key, port=8081)
    stored = row(database, Player, key)
    assert (stored.connection_status, stored.last_error, stored.software_version) == (ConnectionStatus.UNKNOWN, None, None)
    assert note(lambda uow: health.failed(uow, key, Unreachable("x"), version=1)) is False, "that was the old address"
    assert note(lambda uow: health.connected(uow, 99, said)) is False
    assert told(database)[2:] == [
        ("player.connected", f"plr_{key}", ["apiVersion", "connectionStatus", "lastError", "softwareVersion"]),
        ("player.disconnected", f"plr_{key}", ["connectionStatus", "isNotifying", "lastError"]),
        ("player.disconnected", f"plr_{key}", ["connectionStatus", "lastError"]),
        ("player.updated", f"plr_{key}", ["port"]),
    ]


def test_a_profile_is_somebodys_or_nobodys(database: Database) -> None:
    key = player(database, group(database))
    anna = accounts.make_user(database, "anna").id
    with database.transaction() as uow:
        made = profiles.set_user(uow, player_id=key, profile_id="7", user_id=anna, profile_name="Anna")
        assert (made.id, made.user_id, made.profile_name) == (1, anna, "Anna")
        assert profiles.set_user(uow, player_id=key, profile_id="7", user_id=None).id == 1
    stored = row(database, PlayerUser, 1)
    assert (stored.user_id, stored.profile_name) == (None, "Anna")
    assert refused(database, NotFound, lambda uow: profiles.set_user(uow, player_id=9, profile_id="", user_id=None)) == (
        "player",
    )
    assert refused(database, NotFound, lambda uow: profiles.set_user(uow, player_id=key, profile_id="", user_id=99)) == ("user",)
    assert refused(database, Invalid, lambda uow: profiles.set_user(uow, player_id=key, profile_id="\n", user_id=None)) == (
        "profileId",
    )
    with database.read() as session:
        details = [each.details for each in session.exec(select(AuditEntry)) if each.action == "player.user_set"]
    assert details == [{"profile": "7", "user": f"usr_{anna}"}, {"profile": "7", "user": None}]


def test_two_who_set_one_profile_at_once_make_one_row(database: Database) -> None:
    key = player(database, group(database))
    start, failures = threading.Barrier(2), []

    def put(name: str) -> None:
        start.wait()
        try:
            database.perform(lambda uow: profiles.set_user(uow, player_id=key, profile_id="1", user_id=None, profile_name=name))
        except Exception as error:
            failures.append(error)

    acts = [threading.Thread(target=put, args=(name,)) for name in ("A", "B")]
    for act in acts:
        act.start()
    for act in acts:
        act.join()
    assert failures == []
    assert count(database, PlayerUser) == 1
