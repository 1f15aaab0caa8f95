"""A server that takes registered documents only: what is registered, our own page and command, and nothing else."""

import json
from pathlib import Path

import pytest
from graphql import parse, validate
from typer.testing import CliRunner

from api.cli.client import OPERATIONS
from api.cli.main import app
from api.playground.operations import operations
from api.schema import build_schema
from domain.kit.database import Database
from domain.settings import Settings
from tests.api.conftest import Client, Live
from tests.api.sockets import signed_in
from tests.documents.test_persisted import ME, REGISTER, apq, code, post, sha
from tests.factories import accounts


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, DATABASE_URL=database_url, event_poll_s=30, documents="registered")


async def test_only_registered_documents_are_answered(client: Client) -> None:
    for body in (
        {"query": ME},
        {"query": ME, "extensions": apq(ME)},
        {"query": "{ __schema { description } }"},
        {"query": REGISTER},
    ):
        assert code(await post(client, "admin", **body)) == (400, "DOCUMENT_NOT_REGISTERED")
    assert code(await post(client, extensions=apq(ME))) == (400, "PERSISTED_QUERY_NOT_FOUND")
    assert code(await client.http.get("/graphql", params={"query": ME})) == (400, "DOCUMENT_NOT_REGISTERED")


async def test_the_console_registers_them(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", str(client.house.services.settings.database_url))
    monkeypatch.setenv("MARQUEE_DATA_DIR", str(tmp_path))
    manifest = tmp_path / "kiosk.json"
    manifest.write_text(json.dumps({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
        {"id": sha(ME), "name": "Me", "type": "query", "body": ME}]}))  # fmt: skip
    done = CliRunner().invoke(app, ["documents", "register", str(manifest)])
    assert (done.exit_code, done.stdout) == (0, f"sha256:{sha(ME)}    Me\n")
    for body in ({"documentId": f"sha256:{sha(ME)}"}, {"extensions": apq(ME)}, {"query": ME}):
        assert (await post(client, **body)).json()["data"] == {"viewer": {"username": "member"}}
    manifest.write_text('{"0123": "{ nothing }"}')
    assert CliRunner().invoke(app, ["documents", "register", str(manifest)]).exit_code == 1
    for text in ("[]", "{", '{"a": 1}', '{"operations": [{}]}'):
        manifest.write_text(text)
        assert CliRunner().invoke(app, ["documents", "register", str(manifest)]).exit_code == 1
    assert CliRunner().invoke(app, ["documents", "remove", "kiosk"]).exit_code == 0
    assert CliRunner().invoke(app, ["documents", "remove", "kiosk"]).exit_code == 1


async def test_our_own_page_signs_in_and_has_no_playground(client: Client) -> None:
    page = await client.http.get("/")
    assert '<body data-documents="registered">' in page.text
    (start,) = [each for each in operations() if each.startswith("query Start")]
    (sign_in,) = [each for each in operations() if each.startswith("mutation SignIn")]
    assert (await post(client, "anonymous", query=start)).json()["data"]["serverInfo"]["isSetUp"] is True
    variables = {"input": {"username": "member", "password": accounts.PASSWORD}}
    answer = await post(client, "anonymous", query=sign_in, variables=variables)
    assert answer.json()["data"]["login"]["errors"] == []


async def test_websockets_and_event_streams_too(live: Live) -> None:
    async with signed_in(live, "member") as socket:
        id_ = await socket.subscribe(ME)
        message = await socket.receive()
        assert (message["type"], message["id"]) == ("error", id_)
        assert message["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_REGISTERED"


def test_the_documents_of_our_own_programs_are_valid() -> None:
    names = [text.split("(")[0].split("{")[0].strip() for text in operations()]
    assert names == [
        "query Viewer", "query Start", "mutation SetUp", "mutation SignIn", "mutation ResetPassword", "mutation SignOut",
        "mutation CreateToken",
    ]  # fmt: skip
    schema = build_schema()._schema
    for text in (*operations(), *OPERATIONS):
        assert validate(schema, parse(text)) == []


async def test_the_open_page_says_so(database: Database, tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).documents == "open"
    with pytest.raises(ValueError, match="documents"):
        Settings(data_dir=tmp_path, documents="closed")
