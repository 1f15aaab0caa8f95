"""Staged uploads: announced, streamed to disk, looked at while they come, good for one use."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.kit.reading import Refused
from api.uploads.receiving import receive
from domain.kit import clock
from domain.settings import Settings
from domain.system.retention import prune_all
from domain.uploads.enums import UploadKind, UploadState
from domain.uploads.kinds import media_type_of
from domain.uploads.sweeping import RULES, sweep
from domain.uploads.tables import Upload
from tests.api.conftest import Client

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
CREATE = """mutation($input: CreateUploadInput!) { createUpload(input: $input) {
  url token expiresAt upload { id state } errors { ... on UserError { code path message } } } }"""
DELETE = "mutation($id: ID!) { deleteUpload(input: {id: $id}) { deletedId errors { ... on UserError { code } } } }"
READ = "query($id: ID!) { upload(id: $id) { kind state filename sizeBytes sha256 mediaType } }"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30, upload_quota_bytes=20_000)


async def create(client: Client, body: bytes = PNG, *, who: str = "member", **more: Any) -> Any:
    given = {"kind": "IMAGE", "filename": "poster.png", "sizeBytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return (await client.data(CREATE, {"input": {**given, **more}}, who=who))["createUpload"]


def files(client: Client) -> list[str]:
    place = client.house.services.settings.data_dir / "uploads"
    return sorted(path.name for path in place.iterdir()) if place.exists() else []


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


@pytest.mark.both
async def test_a_file_is_announced_sent_read_and_deleted(client: Client) -> None:
    made = await create(client)
    assert (made["errors"], made["url"], made["upload"]["state"]) == ([], f"/uploads/{made['token']}", "WAITING")
    sent = await client.http.put(made["url"], content=PNG)  # no other permission: the address is the permission
    assert (sent.status_code, sent.content) == (204, b"")
    key = made["upload"]["id"]
    assert await client.data(READ, {"id": key}, who="member") == {"upload": {
        "kind": "IMAGE", "state": "COMPLETE", "filename": "poster.png", "sizeBytes": len(PNG),
        "sha256": hashlib.sha256(PNG).hexdigest(), "mediaType": "image/png",
    }}  # fmt: skip
    assert await client.data(READ, {"id": key}, who="neighbour") == {"upload": None}
    mine = await client.data("{ viewer { uploads { nodes { id } } } }", who="member")
    assert mine == {"viewer": {"uploads": {"nodes": [{"id": key}]}}}
    (name,) = files(client)
    assert (client.house.services.settings.data_dir / "uploads" / name).read_bytes() == PNG
    assert told(await client.http.put(made["url"], content=PNG)) == (409, "CONFLICT")
    refused = await client.data(DELETE, {"id": key}, who="neighbour")
    assert refused == {"deleteUpload": {"deletedId": None, "errors": [{"code": "NOT_FOUND"}]}}
    assert (await client.data(DELETE, {"id": key}, who="member"))["deleteUpload"] == {"deletedId": key, "errors": []}
    assert files(client) == []


async def chunked(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (PNG + b"x", 413, "REQUEST_TOO_LARGE"),
        (PNG[:-1], 400, "UPLOAD_INCOMPLETE"),
        (b"", 400, "UPLOAD_INCOMPLETE"),
        (PNG[:-1] + b"x", 422, "UPLOAD_DIGEST_MISMATCH"),
        (b"<svg>" + PNG[5:], 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"GIF89a" + PNG[6:], 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"\x7fELF" + PNG[4:], 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
async def test_what_was_not_announced_is_refused_and_may_be_sent_again(
    client: Client, body: bytes, status: int, code: str
) -> None:
    made = await create(client)
    assert told(await client.http.put(made["url"], content=chunked(body))) == (status, code)
    response = await client.http.put(made["url"], content=body)
    assert told(response) == (status, code)
    assert response.headers["connection"] == "close"
    assert files(client) == []
    assert (await client.http.put(made["url"], content=chunked(PNG))).status_code == 204


async def test_too_much_is_noticed_while_it_comes(client: Client) -> None:
    made, sent = await create(client), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 65536
            yield PNG[:16] + b"x" * 65520

    assert told(await client.http.put(made["url"], content=endless())) == (413, "REQUEST_TOO_LARGE")
    assert sent < 200_000


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 200, "%00", "%C3%A9"])
async def test_an_unknown_address_is_404(client: Client, token: str) -> None:
    assert told(await client.http.put(f"/uploads/{token}", content=PNG)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_files_are_put_and_never_given_out(client: Client, method: str) -> None:
    made = await create(client)
    await client.http.put(made["url"], content=PNG)
    assert (await client.http.request(method, made["url"])).status_code == 405


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"filename": ""}, "filename"),
        ({"filename": "../poster.png"}, "filename"),
        ({"filename": ".."}, "filename"),
        ({"filename": "a\\b"}, "filename"),
        ({"filename": "a\0"}, "filename"),
        ({"filename": "x" * 256}, "filename"),
        ({"sizeBytes": 0}, "sizeBytes"),
        ({"sizeBytes": -1}, "sizeBytes"),
        ({"sizeBytes": 25 * 1024 * 1024 + 1}, "sizeBytes"),
        ({"sha256": "xyz"}, "sha256"),
    ],
)
async def test_nonsense_is_not_announced(client: Client, more: dict[str, Any], path: str) -> None:
    made = await create(client, **more)
    (error,) = made["errors"]
    assert (error["code"], error["path"], made["url"]) == ("INVALID", [path], None)


@pytest.mark.both
async def test_everybody_has_a_quota(client: Client) -> None:
    first = [await create(client) for _ in range(3)]
    (error,) = (await create(client))["errors"]
    assert (error["code"], "Delete one first" in error["message"]) == ("CONFLICT", True)
    assert (await create(client, who="neighbour"))["errors"] == []
    await client.data(DELETE, {"id": first[0]["upload"]["id"]}, who="member")
    assert (await create(client))["errors"] == []


@pytest.mark.both
async def test_an_upload_expires_and_its_bytes_go(client: Client) -> None:
    late, sent = await create(client), await create(client)
    await client.http.put(sent["url"], content=PNG)
    house = client.house
    start = datetime.now(UTC)
    try:
        clock.replace_clock(lambda: start + timedelta(hours=2))
        assert told(await client.http.put(late["url"], content=PNG)) == (404, "NOT_FOUND")
        assert prune_all(house.database, RULES, between=lambda: None) == {"uploads": 1}
        assert sweep(house.database, house.services.settings.data_dir) == 0
        clock.replace_clock(lambda: start + timedelta(hours=25))
        assert prune_all(house.database, RULES, between=lambda: None) == {"uploads": 1}
        assert sweep(house.database, house.services.settings.data_dir) == 1
    finally:
        clock.replace_clock(None)
    assert (files(client), house.rows(Upload)) == ([], [])


async def test_one_sender_at_a_time(client: Client) -> None:
    made = await create(client)
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield PNG[:100]
        begun.set()
        await go.wait()
        yield PNG[100:]

    first = asyncio.create_task(client.http.put(made["url"], content=slowly()))
    await asyncio.wait_for(begun.wait(), 5)
    assert told(await client.http.put(made["url"], content=PNG)) == (409, "CONFLICT")
    go.set()
    assert (await first).status_code == 204


async def test_a_silent_sender_is_left(tmp_path: Path) -> None:
    async def silent() -> AsyncIterator[bytes]:
        yield PNG[:100]
        await asyncio.Event().wait()

    async def still() -> None: ...

    upload = Upload(
        id=1, user_id=1, kind=UploadKind.IMAGE, state=UploadState.RECEIVING, filename="a", size_bytes=len(PNG), sha256="",
        token_hash="", expires_at=datetime.now(UTC),
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        await receive(silent(), upload, tmp_path, still=still, silence_s=0.05)
    assert (refused.value.status, list(tmp_path.iterdir())) == (408, [])


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"\0\0\0\x20ftypisom", None),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b'{"a": 1}', "text/plain"),
        ("Größe;Titel".encode(), "text/plain"),
        (b"MZ\x90\0", None),
        (b"", None),
    ],
)
def test_types_by_their_first_bytes(head: bytes, media_type: str | None) -> None:
    assert media_type_of(head) == media_type
