"""Identification through the API: candidates with reasons, a person's choice, the queue; the operations of the documentation."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.catalog.resolving import store_values
from domain.catalog.sources import NAME
from domain.libraries.tables import ReviewItem
from domain.providers import service
from domain.providers.builtin import install_builtins
from domain.providers.desk import Desk
from tests.api.conftest import Client, House
from tests.factories import catalog
from tests.factories.accounts import KEY
from tests.peers.tmdb import KEY as TMDB_KEY
from tests.peers.tmdb_catalogue import tmdb_catalogue
from tests.peers.web import Peer, broken

PAGE = Path(__file__).parents[2] / "docs" / "identification.md"
OPERATIONS = re.findall(r"```graphql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
CANDIDATES, IDENTIFY, UNIDENTIFY, IDENTIFY_ITEMS = OPERATIONS


@pytest.fixture
def peer(house: House) -> Iterator[Peer]:
    """The server's desk asks a loopback TMDB."""
    with tmdb_catalogue() as running:
        with house.database.transaction() as uow:
            install_builtins(uow)
            ((key,),) = uow.session.connection().execute(sa.text("SELECT id FROM provider_configs WHERE name = 'tmdb'")).all()
            service.update(uow, provider_id=key, changes={"key": TMDB_KEY, "rate_limit": 1000.0}, secret=KEY)
        house.services.desk = Desk(
            house.database, running.egress(), key=KEY, pause=lambda _: None, addresses={"tmdb": f"{running.url}/3"}
        )
        yield running


def film(house: House, title: str, year: int) -> int:
    with house.database.transaction() as uow:
        key = catalog.movie(uow, title, library_id=house.open_library, year=year)
        store_values(uow, NAME, {key: {"title": title, "year": year}})
    return key


async def test_candidates_come_with_confidence_and_reasons_and_one_is_chosen(client: Client, peer: Peer) -> None:
    item = f"itm_{film(client.house, 'Leo', 2023)}"
    found = (await client.data(CANDIDATES, {"item": item}, who="editor"))["identificationCandidates"]
    assert found["failures"] == []
    first, second = found["candidates"]
    assert (first["externalId"], first["title"], first["year"], first["confidence"]) == ("1075794", "Leo", 2023, 0.88)
    assert first["reasons"] == [
        {"kind": "TITLE", "points": 0.55, "text": "the same title"}, {"kind": "YEAR", "points": 0.25, "text": "the same year"},
        {"kind": "RUNTIME", "points": 0.08, "text": "no length to compare"},
    ]  # fmt: skip
    assert first["posterUrl"] == "https://image.tmdb.org/t/p/w342/p1075794.jpg"
    chosen = {"item": item, "provider": "tmdb", "externalId": second["externalId"]}
    done = (await client.data(IDENTIFY, chosen, who="editor"))["identifyItem"]
    ids = {(one["provider"], one["value"]) for one in done["mediaItem"]["externalIds"]}
    assert (done["errors"], ("tmdb", "949229") in ids, len(ids)) == ([], True, 2)
    told = [row for row in client.house.rows(ReviewItem) if row.status == "pending"]
    assert told == []
    done = (await client.data(UNIDENTIFY, {"item": item}, who="editor"))["unidentifyItem"]
    assert done["errors"] == []
    again = (await client.data(IDENTIFY_ITEMS, {"items": [item]}, who="editor"))["identifyItems"]
    assert (again["errors"], again["job"]["status"]) == ([], "PENDING")


async def test_what_cannot_be_is_said(client: Client, peer: Peer) -> None:
    item = f"itm_{film(client.house, 'Leo', 2023)}"

    async def said(who: str = "editor", **variables: Any) -> Any:
        chosen = {"item": item, "provider": "tmdb", "externalId": "603", **variables}
        return [(one["code"], one["message"]) for one in (await client.data(IDENTIFY, chosen, who=who))["identifyItem"]["errors"]]

    assert await said(externalId="1") == [("NOT_FOUND", "tmdb has no movie '1', or cannot be asked.")]
    assert await said(externalId="tt5") == [("NOT_FOUND", "tmdb has no movie 'tt5', or cannot be asked.")]
    assert await said(provider="imdb") == [("INVALID", "Items are identified by tmdb or tvdb.")]
    assert (await said(item=f"itm_{client.house.adult_film + 5000}"))[0][0] == "NOT_FOUND"
    peer.faults += [broken()] * 20
    assert (await said(externalId="604"))[0][0] == "UNREACHABLE"
    found = (await client.data(CANDIDATES, {"item": item}, who="editor"))["identificationCandidates"]
    assert [one["provider"] for one in found["failures"]] == ["tmdb"]
    answer = (await client.send(CANDIDATES, {"item": item}, who="member")).json()
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_without_a_key_nobody_can_be_asked(client: Client) -> None:
    item = f"itm_{film(client.house, 'Leo', 2023)}"
    found = (await client.data(CANDIDATES, {"item": item}, who="editor"))["identificationCandidates"]
    assert [one["code"] for one in found["failures"]] == ["CONFLICT"]
    again = (await client.data(IDENTIFY_ITEMS, {"items": [item]}, who="editor"))["identifyItems"]
    assert [one["code"] for one in again["errors"]] == ["CONFLICT"]
