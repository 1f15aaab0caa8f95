"""GET with ETags, compressed answers, and bodies that do not come."""

import asyncio
import json
from pathlib import Path

import pytest

from domain.settings import Settings
from tests.api.conftest import Client, Live

TITLES = "{ movies(first: 5) { nodes { title } } }"
LARGE = "query { __schema { types { name description fields { name description } } } }"


async def get(client: Client, query: str, who: str = "member", **headers: str):  # type: ignore[no-untyped-def]
    return await client.http.get("/graphql", params={"query": query}, headers={**client.house.headers(who), **headers})


@pytest.mark.both
async def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    first = await get(client, TITLES)
    etag = first.headers["etag"]
    assert (first.status_code, first.headers["cache-control"]) == (200, "private, no-cache")
    assert {"Authorization", "Cookie", "Accept"} <= {part.strip() for part in first.headers["vary"].split(",")}
    for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await get(client, TITLES, **{"if-none-match": given})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert again.headers["cache-control"] == "private, no-cache"
    assert (await get(client, TITLES, **{"if-none-match": '"other"'})).status_code == 200
    assert (await get(client, "{ movies(first: 5) { nodes { id } } }", **{"if-none-match": etag})).status_code == 200
    await client.data('mutation { updateProfile(input: {displayName: "New"}) { errors { __typename } } }', who="member")
    me = await get(client, "{ viewer { displayName } }")
    await client.data('mutation { updateProfile(input: {displayName: "Newer"}) { errors { __typename } } }', who="member")
    changed = await get(client, "{ viewer { displayName } }", **{"if-none-match": me.headers["etag"]})
    assert (changed.status_code, changed.json()["data"]["viewer"]["displayName"]) == (200, "Newer")


async def test_an_etag_is_good_for_one_person(client: Client) -> None:
    etags = {(await get(client, TITLES, who)).headers["etag"] for who in ("member", "neighbour", "admin")}
    assert len(etags) == 3
    etag = (await get(client, TITLES, "neighbour")).headers["etag"]
    assert (await get(client, TITLES, "member", **{"if-none-match": etag})).status_code == 200


async def test_errors_and_posts_are_not_kept(client: Client) -> None:
    for response in (
        await get(client, "{ nothing }"),
        await get(client, "{ viewer { username } users { totalCount } }"),
        await client.send(TITLES, who="member"),
        await client.send(TITLES, who="member", **{"if-none-match": "*"}),
    ):
        assert response.status_code != 304
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers


async def test_large_answers_are_compressed_for_who_takes_it(client: Client) -> None:
    plain = await client.send(LARGE, who="member", **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for accepted in ("gzip", "br;q=1, gzip;q=0.5", "*", "deflate, GZIP"):
        packed = await client.send(LARGE, who="member", **{"accept-encoding": accepted})
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content) / 3
        assert packed.json() == plain.json()
        assert "Accept-Encoding" in packed.headers["vary"]
    for accepted in ("", "br", "gzip;q=0", "*;q=0", "gzip;q=x"):
        assert "content-encoding" not in (await client.send(LARGE, who="member", **{"accept-encoding": accepted})).headers


async def test_small_answers_and_those_of_mutations_are_not(client: Client) -> None:
    accept = {"accept-encoding": "gzip"}
    assert "content-encoding" not in (await client.send("{ viewer { id } }", who="member", **accept)).headers
    field = "user { " + " ".join(f"a{n}: displayName" for n in range(50)) + " }"
    change = f'mutation {{ updateProfile(input: {{displayName: "{"x" * 90}"}}) {{ {field} }} }}'
    answered = await client.send(change, who="member", **accept)
    assert len(answered.content) > 4000
    assert "content-encoding" not in answered.headers


async def test_a_compressed_answer_has_a_weak_etag_and_both_forms_are_known(client: Client) -> None:
    packed = await get(client, LARGE, **{"accept-encoding": "gzip"})
    plain = await get(client, LARGE, **{"accept-encoding": "identity"})
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    for etag in (packed.headers["etag"], plain.headers["etag"]):
        assert (await get(client, LARGE, **{"accept-encoding": "gzip", "if-none-match": etag})).status_code == 304


async def test_an_event_stream_is_not_compressed(live: Live) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
    body = json.dumps({"query": "{ __schema { types { name description } } }"}).encode()
    token = live.house.tokens["member"]
    writer.write(
        f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: text/event-stream\r\n"
        f"Accept-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert b"content-encoding" not in head.lower()


class TestSlowBodies:
    """A body that dawdles holds its connection only so long."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return Settings(data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30, body_deadline_s=0.2)

    async def test_it_is_cut_off(self, live: Live) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", live.port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        )
        async with asyncio.timeout(5):
            answer = await reader.read()  # until the server closes
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408")
        error = json.loads(body)["errors"][0]
        assert (error["extensions"]["code"], error["message"]) == (
            "REQUEST_TIMEOUT", "The request's body did not come within 0.2 s.",
        )  # fmt: skip
        writer.close()
