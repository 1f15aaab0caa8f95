"""`providerChanged`: what happens to a provider is heard by administrators, in order, and nobody else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.kit.errors import RateLimited, Unreachable
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk, Patience
from domain.providers.known import provider_named
from domain.providers.model import Request
from domain.providers.queries import setups
from tests.api.conftest import House, Live, live
from tests.api.sockets import caught_up, signed_in, subscribed
from tests.factories.accounts import KEY
from tests.peers import tmdb, web
from tests.peers.web import Peer

__all__ = ["live"]
FOLLOW = """subscription Follow($id: ID, $after: String) { providerChanged(id: $id, after: $after) { __typename
  ... on ProviderChanged { type retryAt node { name hasKey state { breaker } } } ... on Subscribed { cursor } } }"""
ONCE = Patience(3_600, 1)


@pytest.fixture
def peer(house: House) -> Iterator[Peer]:
    with house.database.transaction() as uow:
        install_builtins(uow)
    with tmdb.tmdb() as running:
        yield running


@pytest.mark.both
async def test_what_happens_to_a_provider_is_heard(live: Live, peer: Peer) -> None:
    database = live.house.database
    desk = Desk(database, peer.egress(), key=KEY, pause=lambda _: None, addresses={"tmdb": f"{peer.url}/3"})
    async with signed_in(live, "admin") as socket:
        stream, _ = await subscribed(socket, FOLLOW, {"id": "prv_1"})
        with database.transaction() as uow:
            for provider_id in (2, 1):
                service.update(uow, provider_id=provider_id, changes={"priority": 7}, secret=KEY)
            service.update(uow, provider_id=1, changes={"key": tmdb.KEY}, secret=KEY)
        with database.read() as session:
            (setup,) = [each for each in setups(session) if each.name == "tmdb"]
        ask = desk.asking(provider_named("tmdb"), setup, ONCE)
        peer.faults = [web.broken()] * 5
        for _ in range(5):
            with pytest.raises(Unreachable):
                ask(Request("/configuration"))
        await caught_up(live)
        heard = [await socket.following(stream) for _ in range(3)]
        told = [each["providerChanged"] for each in heard]
        assert [(each["type"], each["node"]["state"]["breaker"]) for each in told[-1:]] == [("provider.breaker_opened", "OPEN")]
        assert [each["type"] for each in told[:2]] == ["provider.updated", "provider.updated"]
        assert told[-1]["retryAt"] is not None
        with database.transaction() as uow:
            service.update(uow, provider_id=1, changes={"key": tmdb.KEY}, secret=KEY)
        peer.faults = [web.enough("900")]
        with pytest.raises(RateLimited):
            ask(Request("/configuration"))
        assert (await socket.following(stream))["providerChanged"]["type"] == "provider.updated"
        limited = (await socket.following(stream))["providerChanged"]
        assert (limited["type"], limited["node"]["state"]) == ("provider.rate_limited", {"breaker": "CLOSED"})


async def test_the_page_follows_all(live: Live, peer: Peer) -> None:
    page = Path(__file__).parents[2] / "docs" / "providers.md"
    (document,) = re.findall(r"```graphql\n(subscription.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    async with signed_in(live, "admin") as socket:
        stream = await socket.subscribe(document)
        assert set((await socket.following(stream))["providerChanged"]) == {"cursor"}


async def test_members_hear_nothing_of_providers(live: Live, peer: Peer) -> None:
    async with signed_in(live, "editor") as socket:
        await socket.subscribe(FOLLOW, {})
        assert "FORBIDDEN" in json.dumps(await socket.receive())
