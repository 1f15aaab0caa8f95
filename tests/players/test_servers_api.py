"""What administrators ask over GraphQL: who is in the network, and tokens for webhooks."""

import pytest

from domain.players.discovery import asking
from domain.players.enums import PlayerType
from domain.players.tables import Player
from domain.system.audit_tables import AuditEntry
from domain.system.tables import Event
from tests.api.conftest import Client, House, client, empty_house, house, settings
from tests.peers import neighbours
from tests.peers.neighbours import neighbourhood
from tests.players.living_room import add_group, add_player
from tests.players.test_webhook_door import Door, send

__all__ = ["client", "empty_house", "house", "settings"]

FIND = """query ($types: [PlayerType!]) {
  discoverPlayers(types: $types) { type name host port isSecure basePath serverId isKnown } }"""
ROTATE = """mutation ($id: ID!) { rotatePlayerWebhookToken(input: {id: $id}) {
  webhookToken webhookUrl player { id } errors { ... on UserError { code message } } } }"""
REVOKE = """mutation ($id: ID!) { revokePlayerWebhookToken(input: {id: $id}) {
  player { id } errors { ... on UserError { code message } } } }"""


async def test_the_network_is_asked(client: Client, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_FOUND", 2)
    with house.database.transaction() as uow:
        player = add_player(uow, add_group(uow, "Attic", type=PlayerType.PLEX), "Attic", port=32_401)
        uow.session.get_one(Player, player).host = "127.0.0.1"
    with neighbourhood(jellyfin=[neighbours.jellyfin()], plex=[neighbours.PLEX.encode()]) as (places, running):
        house.services.neighbourhood = places
        found = (await client.data(FIND))["discoverPlayers"]
        assert found == [
            {"type": "JELLYFIN", "name": "den", "host": "127.0.0.1", "port": 8097, "isSecure": False, "basePath": "/media",
             "serverId": "0a" * 16, "isKnown": False},
            {"type": "PLEX", "name": "Attic", "host": "127.0.0.1", "port": 32401, "isSecure": False, "basePath": "",
             "serverId": "0123456789abcdef0123456789abcdef01234567", "isKnown": True},
        ]  # fmt: skip
        asked = len(running["jellyfin"].heard)
        monkeypatch.setattr(asking, "MOST_FOUND", 1)
        found = (await client.data(FIND, {"types": ["PLEX"]}))["discoverPlayers"]
        assert [each["type"] for each in found] == ["PLEX"]
        assert len(running["jellyfin"].heard) == asked


async def test_only_administrators_ask_and_nobody_is_asked_unless_the_server_is_told_where(client: Client, house: House) -> None:
    assert (await client.data(FIND))["discoverPlayers"] == []
    for who in ("anonymous", "member", "editor"):
        (error,) = (await client.send(FIND, who=who)).json()["errors"]
        assert error["extensions"]["code"] in ("FORBIDDEN", "UNAUTHENTICATED")


async def test_a_token_is_given_works_and_is_taken_away(client: Client, house: House) -> None:
    door = Door(house, PlayerType.JELLYFIN)
    id_ = f"plr_{door.player}"
    given = (await client.data(ROTATE, {"id": id_}))["rotatePlayerWebhookToken"]
    assert (given["player"], given["errors"]) == ({"id": id_}, [])
    assert given["webhookUrl"].endswith(f"/webhooks/players/{id_}")
    assert (await send(client, door)).status_code == 401  # the one before
    door.token = given["webhookToken"]
    assert (await send(client, door)).status_code == 202
    assert (await client.data(REVOKE, {"id": id_}))["revokePlayerWebhookToken"] == {"player": {"id": id_}, "errors": []}
    assert (await send(client, door)).status_code == 401
    stored = "".join(repr(row) for table in (AuditEntry, Event, Player) for row in house.rows(table))
    assert "webhook_token_rotated" in stored
    assert given["webhookToken"] not in stored


async def test_a_kodi_has_no_webhooks(client: Client, house: House) -> None:
    with house.database.transaction() as uow:
        kodi = add_player(uow, add_group(uow))
    refused = (await client.data(ROTATE, {"id": f"plr_{kodi}"}))["rotatePlayerWebhookToken"]
    assert refused["errors"] == [{"code": "CONFLICT", "message": "Kodi sends no webhooks: it is listened to."}]
    for mutation in (ROTATE, REVOKE):
        (refused,) = (await client.data(mutation, {"id": "plr_999"})).values()
        assert [each["code"] for each in refused["errors"]] == ["NOT_FOUND"]
