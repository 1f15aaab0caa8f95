"""Hostile documents and bodies: refused with the right status, in little time, telling nothing of the inside."""

import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpx
import pytest
import websockets

from tests.api.conftest import Client, Live
from tests.api.sockets import signed_in
from tests.attacks.hostile import ANSWERED, BODIES, DOCUMENTS, MIB, body, chosen
from tests.factories.work import counted

MOST_CALLS = 600_000
"""Of functions, for one document or body: the dearest takes 410,000, some 40 ms (`python -m benchmarks.hostile`)."""
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|object at 0x|sqlite|psycopg|strawberry|SELECT [a-z_]+[.,]|Exception|NoneType", re.I
)
CODES = {
    "METHOD_NOT_ALLOWED",
    "LIMIT_EXCEEDED",
    "GRAPHQL_VALIDATION_FAILED",
    "GRAPHQL_PARSE_FAILED",
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "REQUEST_TOO_LARGE",
}


async def quick(asked: Awaitable[httpx.Response]) -> httpx.Response:
    """The answer; fails when too much was done for it."""
    with counted() as work:
        response = await asked
    assert work.calls < MOST_CALLS, f"took {work.calls:,} calls"
    return response


async def all_of(cases: Iterable[str], judge: Callable[[str], Awaitable[None]]) -> None:
    """Judge every case over one server; fails with those that were not as they should be."""
    wrong = {}
    for name in cases:
        try:
            await judge(name)
        except AssertionError as error:
            wrong[name] = str(error)[:300]
    assert wrong == {}, "\n".join(f"{name}: {why}" for name, why in wrong.items())


def refused(response: httpx.Response, status: int = 400) -> None:
    """The answer is a refusal of the client's making, in bounds."""
    answer = response.json()
    assert (response.status_code, "data" in answer) == (status, status == 200), response.text[:300]
    proper(answer.get("errors", []))
    assert len(response.content) < 20_000


def proper(errors: list[dict[str, Any]]) -> None:
    """Codes of the client's mistakes, and messages that tell nothing of the inside."""
    assert {error["extensions"]["code"] for error in errors} <= CODES
    for error in errors:
        assert not INSIDE.search(error["message"]), error["message"][:300]


def asking(text: str) -> bytes:
    """The body of a request for a document."""
    return body(text, operationName=chosen(text))


async def test_hostile_documents_are_refused_at_once(client: Client) -> None:
    headers = {**client.house.headers("member"), "content-type": "application/json"}

    async def judge(name: str) -> None:
        text = DOCUMENTS[name]
        size = len(body(text, variables=None))
        status = 200 if name in ANSWERED else 413 if size > MIB else 400
        refused(await quick(client.http.post("/graphql", content=asking(text), headers=headers)), status)

    await all_of(DOCUMENTS, judge)


async def test_also_by_get_and_by_strangers(client: Client) -> None:
    async def judge(name: str) -> None:
        text = DOCUMENTS[name]
        named = {"operationName": chosen(text) or ""}
        response = await quick(client.http.get("/graphql", params={"query": text, **named}))
        answer = response.json()
        if name in ANSWERED:
            assert not any((answer["data"] or {}).values()), response.text[:300]
        else:
            assert (response.status_code in (400, 401, 405), "data" in answer) == (True, False), response.text[:300]
        assert {error["extensions"]["code"] for error in answer["errors"]} <= CODES | {"UNAUTHENTICATED"}
        assert not any(INSIDE.search(error["message"]) or "Did you mean" in error["message"] for error in answer["errors"])

    await all_of([name for name, text in DOCUMENTS.items() if len(text) < 12_000], judge)


async def test_hostile_bodies_are_refused_at_once(client: Client) -> None:
    headers = {**client.house.headers("member"), "content-type": "application/json"}

    async def judge(name: str) -> None:
        content, status = BODIES[name]
        refused(await quick(client.http.post("/graphql", content=content, headers=headers)), status)

    await all_of(BODIES, judge)


@pytest.mark.parametrize("query", ["%ff%fe", "%00", "%ED%A0%80", "query=%7B__typename%7D&query=x", "variables=%5B%5B%5B", "%"])
async def test_hostile_addresses_are_refused(client: Client, query: str) -> None:
    address = f"/graphql?{query}" if "=" in query else f"/graphql?query={query}"
    refused(await client.http.get(address, headers=client.house.headers("member")))


async def test_a_websocket_survives_every_hostile_document(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        for name, text in DOCUMENTS.items():
            if len(text) > 500_000:
                continue
            id_ = await socket.subscribe(text, operationName=chosen(text))
            message = await socket.receive()
            kind = "next" if name in ANSWERED else "error"
            assert (message["type"], message["id"]) == (kind, id_), (name, message)
            proper(message["payload"].get("errors", []) if name in ANSWERED else message["payload"])
            if name in ANSWERED:
                assert (await socket.receive())["type"] == "complete"
        id_ = await socket.subscribe("{ viewer { username } }")
        assert await socket.following(id_) == {"viewer": {"username": "member"}}


async def test_a_hostile_message_ends_one_websocket_and_nothing_else(live: Live) -> None:
    async def judge(name: str) -> None:
        async with signed_in(live, "member") as socket:
            await socket.connection.send(_message(BODIES[name][0]))
            told = [json.loads(message) async for message in _until_end(socket)]
            for message in told:
                proper(message["payload"] if message["type"] == "error" else message["payload"].get("errors", []))
            assert told or socket.connection.close_code in (4400, 1007, 1009), socket.connection.close_code

    await all_of([name for name, (content, _) in BODIES.items() if 0 < len(content) < 1_000_000], judge)
    async with signed_in(live, "member") as socket:
        id_ = await socket.subscribe("{ viewer { username } }")
        assert await socket.following(id_) == {"viewer": {"username": "member"}}


def _message(content: bytes) -> str:
    try:
        return json.dumps({"type": "subscribe", "id": "a", "payload": json.loads(content)})
    except (ValueError, RecursionError):
        return content.decode(errors="replace")


async def _until_end(socket: Any) -> Any:
    """What comes of the one operation, until it or the connection has ended."""
    with contextlib.suppress(websockets.ConnectionClosed):
        async for message in socket.connection:
            kind = json.loads(message)["type"]
            if kind in ("next", "error"):
                yield message
            if kind in ("error", "complete"):
                return


async def test_a_flood_leaves_the_server_as_it_was(client: Client) -> None:
    """Refused documents are not remembered: they would push out those that are used."""
    for number in range(50):
        await client.send(f"{{ nothing{number} }}", who="member")
    text = body("{ movies { totalCount } }")
    headers = {**client.house.headers("member"), "content-type": "application/json"}
    assert (await client.http.post("/graphql", content=text, headers=headers)).json()["data"] == {"movies": {"totalCount": 3}}
