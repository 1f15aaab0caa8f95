"""The page and its files over HTTP: what is sent, what may be kept, and what the page may not do."""

import gzip
import re
from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
from graphql import FieldNode, OperationDefinitionNode, build_schema, parse, validate
from starlette.applications import Starlette

from api.playground.assets import FOLDER, assets, digest
from api.playground.examples import examples
from api.playground.routes import ROUTES, policy
from api.schema import build_schema as served_schema
from domain.settings import Settings


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=ROUTES)
    app.state.services = SimpleNamespace(settings=Settings(documents="open"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://192.0.2.7:8686") as client:
        yield client


def addresses(page: httpx.Response) -> list[str]:
    return re.findall(r'(?:src|href)="(/[^"]+)"', page.text)


async def test_the_page_names_only_files_that_are_there(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    found = addresses(page)
    assert f"/playground/{digest()}/main.js" in found
    for address in found:
        assert (await client.get(address)).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_every_module_imports_only_files_that_are_there() -> None:
    for path in (FOLDER / "static").glob("*.js"):
        if path.name != "vendor.js":
            named = re.findall(r'(?:from|import\()\s*"([^"]+)"', path.read_text(encoding="utf-8"))
            assert [name for name in named if name.removeprefix("./") not in assets()] == []


async def test_the_policy_lets_in_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    rules = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    nonce = re.findall(r'nonce="([^"]+)"', page.text)[0]
    assert rules == {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "connect-src": "'self' ws://192.0.2.7:8686 wss://192.0.2.7:8686",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert nonce not in (await client.get("/")).text


@pytest.mark.parametrize("host", ["", "a b", "evil; script-src *", "x'", "a,b"])
def test_a_strange_host_adds_nothing_to_the_policy(host: str) -> None:
    assert policy(host, "n") == policy("", "n")


async def test_the_page_needs_no_other_server(client: httpx.AsyncClient) -> None:
    """Addresses may stand in comments and licences, but nothing of ours loads from one, and nothing stands inline."""
    page = (await client.get("/")).text
    assert re.findall(r"https?://[^\s\"']+", page) == []
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", page) == []
    for name in ("page.css", "graphiql.css", "vendor.css"):
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", assets()[name].content.decode()) == []


async def test_a_file_comes_compressed_where_that_is_understood(client: httpx.AsyncClient) -> None:
    address = f"/playground/{digest()}/main.js"
    plain = await client.get(address, headers={"Accept-Encoding": "identity"})
    packed = await client.get(address, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == (FOLDER / "static" / "main.js").read_bytes()
    assert gzip.decompress(assets()["main.js"].compressed) == plain.content


async def test_a_file_the_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    address = f"/playground/{digest()}/vendor.js"
    for encoding in ("identity", "gzip"):
        etag = (await client.get(address, headers={"Accept-Encoding": encoding})).headers["etag"]
        again = await client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
    assert (await client.get(address, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_an_open_page_of_an_older_version_gets_the_files_but_keeps_none(client: httpx.AsyncClient) -> None:
    answer = await client.get("/playground/0123456789abcdef/main.js")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["routes.py", "page.html", "..%2Froutes.py", "%2e%2e/page.html", "vendor"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/playground/{digest()}/{name}")).status_code == 404


def test_the_page_is_small_enough_for_a_slow_network() -> None:
    """Compressed bytes up to signing in, and in all."""
    before = sum(len(assets()[name].compressed) for name in ("main.js", "forms.js", "server.js", "page.css", "icon.svg"))
    assert before < 10_000
    assert sum(len(asset.compressed) for name, asset in assets().items() if name != "vendor-licences.txt") < 500_000


async def test_licences_of_what_we_ship_come_along(client: httpx.AsyncClient) -> None:
    text = (await client.get(f"/playground/{digest()}/vendor-licences.txt")).text
    named = dict(re.findall(r"^=+\n(\S+) \S+: (\S+)$", text, re.MULTILINE))
    assert {"graphiql", "react", "react-dom", "codemirror", "graphql", "graphql-ws", "@graphiql/plugin-explorer"} <= set(named)
    assert set(named.values()) <= {"MIT", "BSD-2-Clause", "0BSD"}


async def test_examples_are_documents_with_a_title_and_their_variables(client: httpx.AsyncClient) -> None:
    sent = (await client.get(f"/playground/{digest()}/examples.json")).json()
    assert [each["query"] for each in sent] == [each.document for each in examples()]
    for example in examples():
        operations = [each for each in parse(example.document).definitions if isinstance(each, OperationDefinitionNode)]
        asked = {each.variable.name.value for operation in operations for each in operation.variable_definitions or ()}
        assert example.title
        assert not example.title.endswith(".")
        assert set(example.variables) <= asked, example.name


def test_examples_stand_in_groups_and_go_by_different_names() -> None:
    groups = list(dict.fromkeys(example.group for example in examples()))
    assert groups == ["Begin", "Look around", "Change", "Keep house", "Build on it"]
    for names in ([each.name for each in examples()], [each.title for each in examples()]):
        assert len(set(names)) == len(names)


def test_every_root_field_has_an_example() -> None:
    """Those that have none are the page's own, or the like of one that has: a new capability comes with its example."""
    schema = build_schema(served_schema().as_str())
    roots = [schema.query_type, schema.mutation_type, schema.subscription_type]
    known = {name for root in roots if root is not None for name in root.fields}
    shown = {
        field.name.value
        for example in examples()
        for operation in parse(example.document).definitions
        if isinstance(operation, OperationDefinitionNode)
        for field in operation.selection_set.selections
        if isinstance(field, FieldNode)
    }
    assert known - shown == {
        *("setUp", "login", "logout", "resetPassword", "changePassword", "revokeSession"),
        *("node", "nodes", "library", "upload", "mediaTypes", "studios", "libraryScanned"),
        *("bulkDeleteMediaItems", "bulkRestoreMediaItems"),
    }


def test_examples_are_valid_against_the_schema() -> None:
    schema = build_schema(served_schema().as_str())
    found = {example.name: [error.message for error in validate(schema, parse(example.document))] for example in examples()}
    assert found == {example.name: [] for example in examples()}
