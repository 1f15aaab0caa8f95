"""GraphQL over server-sent events."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import structlog

from domain.accounts.tables import ApiToken
from domain.system import events
from tests.api.conftest import Live
from tests.api.sockets import caught_up, end_job, start_job, tell

EVENTS = "subscription { events { __typename ... on EventHappened { type payload } } }"
ACCEPT = {"accept": "text/event-stream"}


class Stream:
    """The events of one open answer."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def block(self) -> str:
        """The next block, comments among them."""
        lines = []
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line == "":
                    return "\n".join(lines)
                lines.append(line)
        return "END"

    async def following(self) -> Any:
        """The next `next`; heartbeats skipped."""
        while (text := await self.block()) == ":":
            pass
        first, _, data = text.partition("\n")
        assert first == "event: next", text
        return json.loads(data.removeprefix("data: "))


@contextlib.asynccontextmanager
async def opened(live: Live, query: str, who: str = "member", **headers: str) -> AsyncIterator[Stream]:
    await caught_up(live)
    async with (
        httpx.AsyncClient(base_url=live.url) as http,
        http.stream(
            "POST", "/graphql", json={"query": query}, headers={**live.house.headers(who), **ACCEPT, **headers}
        ) as response,
    ):
        yield Stream(response)


async def test_a_stream_from_first_to_last(live: Live) -> None:
    lease = start_job(live.house, "member")
    job = f'jobProgressed(id: "job_{lease.job_id}")'
    query = f"subscription {{ {job} {{ __typename ... on JobProgressed {{ node {{ status }} }} }} }}"
    async with opened(live, query) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert len(stream.response.headers["x-request-id"]) == 16
        assert await stream.following() == {"data": {"jobProgressed": {"__typename": "Subscribed"}}}
        running = {"__typename": "JobProgressed", "node": {"status": "RUNNING"}}
        assert await stream.following() == {"data": {"jobProgressed": running}}
        end_job(live.house, lease)
        completed = {"__typename": "JobProgressed", "node": {"status": "COMPLETED"}}
        assert await stream.following() == {"data": {"jobProgressed": completed}}


async def test_a_query_is_one_result(live: Live) -> None:
    async with opened(live, "{ viewer { username } }") as stream:
        assert (await stream.following())["data"] == {"viewer": {"username": "member"}}
        assert await stream.block() == "event: complete\ndata:"
        assert await stream.block() == "END"


async def test_signs_of_life(live: Live) -> None:
    async with opened(live, EVENTS) as stream:
        await stream.following()
        assert await stream.block() == ":"
        assert await stream.block() == ":"


@pytest.mark.parametrize(
    ("query", "who", "code"),
    [
        ("{", "member", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "member", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "member", "BAD_REQUEST"),
        (EVENTS, "anonymous", "UNAUTHENTICATED"),
        (EVENTS, "scrobbler", "FORBIDDEN"),
        ('subscription { events(after: "x") { __typename } }', "member", "INVALID_CURSOR"),
    ],
)
async def test_refusals(live: Live, query: str, who: str, code: str) -> None:
    async with opened(live, query, who) as stream:
        message = await stream.following()
        assert message["errors"][0]["extensions"]["code"] == code
        assert message["errors"][0]["extensions"]["requestId"] == stream.response.headers["x-request-id"]
        assert await stream.block() == "event: complete\ndata:"


async def test_a_foreign_page_gets_no_stream(live: Live) -> None:
    async with opened(live, EVENTS, "anonymous", origin="https://evil.example", **live.house.cookie("member")) as stream:
        assert stream.response.status_code == 403
        assert stream.response.headers["content-type"] == "application/json"


async def test_by_get_with_the_cookie_as_event_source_does(live: Live) -> None:
    headers = {**ACCEPT, **live.house.cookie("member"), "sec-fetch-site": "same-origin"}
    async with (
        httpx.AsyncClient(base_url=live.url) as http,
        http.stream("GET", "/graphql", params={"query": EVENTS}, headers=headers) as response,
    ):
        assert await Stream(response).following() == {"data": {"events": {"__typename": "Subscribed"}}}


async def test_a_revoked_token_ends_the_stream(live: Live) -> None:
    async with opened(live, EVENTS) as stream:
        await stream.following()
        with live.house.database.transaction() as uow:
            for token in uow.session.query(ApiToken).filter_by(user_id=live.house.users["member"].id):
                token.revoked_at = uow.now()
        live.house.services.identities.clear()
        assert (await stream.following())["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await stream.block() == "event: complete\ndata:"


async def test_a_client_that_vanishes_leaves_nothing_behind(live: Live, eventually: Callable[..., Any]) -> None:
    async with opened(live, EVENTS) as stream:
        await stream.following()
        await eventually(lambda: live.house.services.events.listeners == 1)
    await eventually(lambda: live.house.services.events.listeners == 0)


async def test_a_client_that_does_not_read_is_cut_off(live: Live, eventually: Callable[..., Any]) -> None:
    body = json.dumps({"query": EVENTS})
    lines = [
        "POST /graphql HTTP/1.1", f"Host: 127.0.0.1:{live.port}", f"Authorization: Bearer {live.house.tokens['admin']}",
        "Accept: text/event-stream", "Content-Type: application/json", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", live.port)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        await eventually(lambda: live.house.services.events.listeners == 1)
        with structlog.testing.capture_logs() as logs:
            big = "x" * 60_000
            for _ in range(150):
                tell(live.house, "x.happened", "usr_1", topic="x", audience=events.ADMINS, big=big)
                await asyncio.sleep(0)
            await eventually(lambda: live.house.services.events.listeners == 0)
        assert [line["event"] for line in logs] == ["slow_reader_cut_off"]
