"""The door of webhooks: who comes in, what is kept of it, and what is answered."""

import asyncio
import base64
import json
import logging
from io import StringIO
from typing import Any

import pytest

from domain.downloaders import service
from domain.jobs.tables import Job
from domain.kit.logs import configure_logging
from domain.libraries.enums import SourceKind
from domain.system.enums import InboundStatus
from domain.system.tables import Event, InboundEvent
from tests.api.conftest import Client, House
from tests.downloaders.conftest import Hook, add, send
from tests.factories.accounts import KEY

GRAB = {"eventType": "Grab", "instanceName": "Radarr-4K", "applicationUrl": "", "movie": {"id": 1, "title": "Paper Lanterns"}}


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"marquee:{password}".encode("latin-1")).decode()


@pytest.mark.both
async def test_a_webhook_is_kept_as_it_came_and_answered(client: Client, hook: Hook) -> None:
    raw = b'{\r\n  "eventType" : "Grab", "n": 1.50, "movie": {"title": "Z\\u0000\\u00e9ro"}, "instanceName":"R"}\n'
    answer = await send(client, hook, raw)
    assert (answer.status_code, answer.json()) == (202, {"id": "inb_1", "job": "job_1", "isNew": True})
    (row,) = client.house.rows(InboundEvent)
    assert (row.body.encode(), row.source, row.source_id, row.type, row.instance) == (raw, "radarr", hook.source, "Grab", "R")
    assert (row.status, row.deliveries, row.job_id, row.chain) == (InboundStatus.RECEIVED, 1, 1, "job_1")
    (job,) = client.house.rows(Job)
    assert (job.kind, job.priority, job.payload, job.chain, job.subject) == (
        "downloaders.process", 1, {"inbound_event_id": 1}, "job_1", "inb_1",
    )  # fmt: skip
    told = [(each.type, each.subject, each.audience) for each in client.house.rows(Event) if each.topic != "accounts"]
    assert told[-2:] == [("job.created", "job_1", "admins"), ("inbound_event.received", "inb_1", "admins")]


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "carry",
    [
        lambda token: ({"x-api-key": token}, ""),
        lambda token: ({"x-marquee-token": token}, ""),
        lambda token: ({"authorization": f"Bearer {token}"}, ""),
        lambda token: ({"authorization": basic(token)}, ""),
        lambda token: ({}, f"/{token}"),
        # a header counts before Basic, and that before the address
        lambda token: ({"x-api-key": token, "authorization": basic("wrong")}, "/wrong"),
        lambda token: ({"authorization": basic(token)}, "/wrong"),
    ],
)
async def test_the_token_comes_in_many_ways(client: Client, hook: Hook, method: str, carry: Any) -> None:
    headers, end = carry(hook.token)
    answer = await client.http.request(method, hook.path + end, content=json.dumps(GRAB), headers=headers)
    assert answer.status_code == 202


@pytest.mark.parametrize(
    "carry",
    [
        lambda token: ({}, ""),
        lambda token: ({"x-api-key": ""}, ""),
        lambda token: ({"x-api-key": token[:-1]}, ""),
        lambda token: ({"x-api-key": token + "x"}, ""),
        lambda token: ({"x-api-key": "wrong"}, f"/{token}"),
        lambda token: ({"x-api-key": "wrong", "authorization": basic(token)}, ""),
        lambda token: ({"authorization": basic("wrong")}, f"/{token}"),
        lambda token: ({"authorization": "Basic %%%"}, ""),
        lambda token: ({"authorization": f"Basic {token}"}, ""),
        lambda token: ({"authorization": "Bearer"}, f"/{token}"),
        lambda token: ({}, "/" + "x" * 3000),
    ],
)
async def test_another_token_is_refused_before_the_body_is_looked_at(client: Client, hook: Hook, carry: Any) -> None:
    headers, end = carry(hook.token)
    for body in (json.dumps(GRAB), "no json"):
        answer = await client.http.post(hook.path + end, content=body, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"].startswith("Basic ")
    assert client.house.rows(InboundEvent) == client.house.rows(Job) == []


async def test_nobody_learns_which_sources_there_are(client: Client, hook: Hook) -> None:
    other = add(client.house, SourceKind.SONARR)
    texts = set()
    for path in (other.path, "/webhooks/src_999", "/webhooks/src_0", "/webhooks/itm_1", "/webhooks/%20", "/webhooks/src_9e9"):
        answer = await client.http.post(path, json=GRAB, headers={"x-api-key": hook.token})
        texts.add((answer.status_code, answer.json()["errors"][0]["message"]))
    assert texts == {(401, "This is not the token of this source's webhooks.")}
    api = client.house.tokens["admin"]  # the token of an administrator opens another door
    assert (await client.http.post(hook.path, json=GRAB, headers={"authorization": f"Bearer {api}"})).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"x-api-key": ""}, {"authorization": "Bearer "}])
async def test_who_brings_no_token_is_told_where_it_may_stand(client: Client, hook: Hook, headers: dict[str, str]) -> None:
    for path in (hook.path, "/webhooks/src_999"):
        answer = await client.http.post(path, json=GRAB, headers=headers)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["message"]) == (
            401,
            "No token came: header X-Api-Key or X-Marquee-Token, Bearer, password of Basic, or the end of the address.",
        )


async def test_a_source_that_is_switched_off_takes_nothing(client: Client, hook: Hook) -> None:
    with client.house.database.transaction() as uow:
        service.update(uow, source_id=hook.source, changes={"is_enabled": False}, secret=KEY)
    assert (await send(client, hook, GRAB)).status_code == 403
    assert (await send(client, Hook(hook.source, "wrong"), GRAB)).status_code == 401
    assert client.house.rows(InboundEvent) == []


@pytest.mark.both
async def test_tokens_are_rotated_and_revoked(client: Client, hook: Hook) -> None:
    with client.house.database.transaction() as uow:
        _, other = service.rotate_token(uow, source_id=hook.source, secret=KEY)
    assert (await send(client, hook, GRAB)).status_code == 401
    assert (await send(client, Hook(hook.source, other), GRAB)).status_code == 202
    with client.house.database.transaction() as uow:
        service.revoke_token(uow, source_id=hook.source)
    assert (await send(client, Hook(hook.source, other), GRAB)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b'{"eventType": "Test"', b"{'eventType': 'Test'}", b"\xff\xfe{}", b'{"a": NaN}', b'{"a": "\\ud800"}',
     b"[" * 65 + b"]" * 65, b'{"a":' * 100 + b"1" + b"}" * 100, b"[" * 100_000],
)  # fmt: skip
async def test_what_is_no_json_is_refused(client: Client, hook: Hook, body: bytes) -> None:
    answer = await send(client, hook, body)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID")
    assert client.house.rows(InboundEvent) == []


@pytest.mark.both
@pytest.mark.parametrize(
    ("body", "type"),
    [
        ({"eventType": "Sing", "x": [1]}, "Sing"), ({}, ""), ([], ""), ("Test", ""), (None, ""), ({"eventType": 7}, ""),
        ({"eventType": "A\u0000B" + "c" * 200}, "AB" + "c" * 98), (json.loads("[" * 64 + "]" * 64), ""),
        ({"eventType": "Grab", "movie": {"folderPath": "/a\u0000/../../etc", "id": 2**70}}, "Grab"),
    ],
)  # fmt: skip
async def test_whatever_is_json_is_kept(client: Client, hook: Hook, body: Any, type: str) -> None:
    answer = await send(client, hook, body)
    assert answer.status_code == 202
    (row,) = client.house.rows(InboundEvent)
    assert (row.type, json.loads(row.body)) == (type, body)
    shown = await client.data("{ inboundEvents { nodes { type payload status jobs { nodes { kind } } } } }")
    (node,) = shown["inboundEvents"]["nodes"]
    assert (node["type"], node["jobs"]) == (type, {"nodes": [{"kind": "downloaders.process"}]})


async def test_a_body_has_its_limit(client: Client, hook: Hook) -> None:
    limit = client.house.services.settings.body_limit_bytes
    fits = json.dumps({"eventType": "Grab", "x": "y" * (limit - 100)}).encode()
    assert (await send(client, hook, fits)).status_code == 202
    answer = await send(client, hook, b'"' + b"x" * 10 * limit + b'"')
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")


async def test_only_posts_and_puts_come_in(client: Client, hook: Hook) -> None:
    for method in ("GET", "DELETE", "PATCH"):
        assert (await client.http.request(method, hook.path, headers={"x-api-key": hook.token})).status_code == 405


@pytest.mark.both
async def test_the_same_words_are_one_event(client: Client, hook: Hook) -> None:
    other = add(client.house, name="Radarr again")
    answers = await asyncio.gather(*(send(client, hook, GRAB) for _ in range(20)), send(client, other, GRAB))
    assert sorted(each.json()["isNew"] for each in answers) == [False] * 19 + [True] * 2
    rows = {row.source_id: row for row in client.house.rows(InboundEvent)}
    assert {key: row.deliveries for key, row in rows.items()} == {hook.source: 20, other.source: 1}
    again = (await send(client, hook, {**GRAB, "downloadId": "B"})).json()
    assert again["isNew"] is True
    assert len(client.house.rows(Job)) == 3


async def test_the_same_words_later_are_another_event(client: Client, hook: Hook, manual_clock: Any) -> None:
    assert (await send(client, hook, GRAB)).json() == {"id": "inb_1", "job": "job_1", "isNew": True}
    manual_clock.advance(119)
    assert (await send(client, hook, GRAB)).json() == {"id": "inb_1", "job": "job_1", "isNew": False}
    manual_clock.advance(2)
    assert (await send(client, hook, GRAB)).json() == {"id": "inb_2", "job": "job_2", "isNew": True}


@pytest.mark.both
async def test_a_storm_is_written_in_few_transactions(client: Client, hook: Hook) -> None:
    bodies = [{**GRAB, "downloadId": str(number)} for number in range(150)]
    answers = await asyncio.gather(*(send(client, hook, body) for body in bodies))
    assert {each.status_code for each in answers} == {202}
    assert sorted(row.id for row in client.house.rows(InboundEvent)) == list(range(1, 151))
    kept = {json.loads(row.body)["downloadId"]: (f"inb_{row.id}", f"job_{row.job_id}") for row in client.house.rows(InboundEvent)}
    told = {body["downloadId"]: (each.json()["id"], each.json()["job"]) for body, each in zip(bodies, answers, strict=True)}
    assert told == kept


async def test_a_token_stands_in_no_log(house: House, hook: Hook, client: Client) -> None:
    stream, root = StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("json", "DEBUG", stream=stream)
    try:
        await client.http.post(f"{hook.path}/{hook.token}x", json=GRAB)
        logging.getLogger("proxy").warning('"POST %s/%s HTTP/1.1" 202', hook.path, hook.token)
        logging.getLogger("proxy").warning("kept %s", hook.token)
    finally:
        root.handlers[:], root.level = handlers, level
    text = stream.getvalue()
    assert hook.token[:20] not in text
    assert f"POST {hook.path}/***" in text
    assert '"code": "UNAUTHENTICATED"' in text
