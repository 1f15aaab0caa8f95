"""Documents that are named, not sent: automatic persisted queries and registered documents, over every transport."""

import hashlib
import json
from typing import Any

import httpx
import pytest

from api.kit.persisted import Texts
from api.kit.reading import JSON
from tests.api.conftest import Client, Live
from tests.api.sockets import signed_in

ME = "query Me { viewer { username } }"
LARGE = "{ mediaItems(first: 500) { nodes { children(first: 500) { nodes { id } } } } }"
REGISTER = """mutation($input: RegisterDocumentsInput!) {
  registerDocuments(input: $input) { registeredCount errors { ... on UserError { code path message } } }
}"""
REMOVE = """mutation($manifest: String!) {
  removeDocuments(input: {manifest: $manifest}) { removedCount errors { __typename } }
}"""


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apq(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}


async def post(client: Client, who: str = "member", accept: str = "", **body: Any) -> httpx.Response:
    headers = {**client.house.headers(who), **({"accept": accept} if accept else {})}
    return await client.http.post("/graphql", json=body, headers=headers)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


async def register(client: Client, *documents: dict[str, str], manifest: str = "app 1") -> Any:
    answer = await client.data(REGISTER, {"input": {"manifest": manifest, "documents": list(documents)}})
    return answer["registerDocuments"]


class TestAutomatic:
    """Apollo's automatic persisted queries."""

    async def test_a_hash_is_unknown_until_its_text_came_along(self, client: Client) -> None:
        unknown = await post(client, extensions=apq(ME))
        assert code(unknown) == (400, "PERSISTED_QUERY_NOT_FOUND")
        assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
        assert code(await post(client, accept=JSON, extensions=apq(ME))) == (200, "PERSISTED_QUERY_NOT_FOUND")
        for body in ({"query": ME, "extensions": apq(ME)}, {"extensions": apq(ME)}, {"query": "", "extensions": apq(ME)}):
            assert (await post(client, **body)).json()["data"] == {"viewer": {"username": "member"}}
        assert (await post(client, "neighbour", extensions=apq(ME))).json()["data"] == {"viewer": {"username": "neighbour"}}

    async def test_get_takes_the_hash_alone(self, client: Client) -> None:
        await post(client, query=ME, extensions=apq(ME))
        response = await client.http.get(
            "/graphql", params={"extensions": json.dumps(apq(ME))}, headers=client.house.headers("member")
        )
        assert response.json()["data"] == {"viewer": {"username": "member"}}
        assert response.headers["cache-control"] == "private, no-cache"

    async def test_a_hash_of_another_text_is_refused(self, client: Client) -> None:
        assert code(await post(client, query=ME, extensions=apq("{ other }"))) == (400, "PERSISTED_QUERY_MISMATCH")
        assert code(await post(client, extensions=apq("{ other }"))) == (400, "PERSISTED_QUERY_NOT_FOUND")

    @pytest.mark.parametrize(
        "given",
        [1, "x", [], {}, {"version": 2, "sha256Hash": "0" * 64}, {"version": 1}, {"version": 1, "sha256Hash": 5},
         {"version": 1, "sha256Hash": "xyz"}, {"version": 1, "sha256Hash": "0" * 63}],
    )  # fmt: skip
    async def test_a_wrong_extension_is_refused(self, client: Client, given: Any) -> None:
        assert code(await post(client, query=ME, extensions={"persistedQuery": given})) == (400, "BAD_REQUEST")

    async def test_strangers_fill_no_memory(self, client: Client) -> None:
        info = "{ serverInfo { isSetUp } }"
        assert (await post(client, "anonymous", query=info, extensions=apq(info))).status_code == 200
        assert code(await post(client, extensions=apq(info))) == (400, "PERSISTED_QUERY_NOT_FOUND")

    async def test_a_mutation_by_hash_is_not_got(self, client: Client) -> None:
        logout = "mutation { logout(input: {}) { errors { __typename } } }"
        await post(client, query=logout, extensions=apq(logout))
        response = await client.http.get(
            "/graphql", params={"extensions": json.dumps(apq(logout))}, headers=client.house.headers("member")
        )
        assert response.status_code == 405

    def test_the_memory_is_bounded(self) -> None:
        texts = Texts(max_documents=2, max_bytes=10)
        for number in range(4):
            texts.put(str(number), "xxx")
        assert [texts.get(str(number)) for number in range(4)] == [None, None, "xxx", "xxx"]
        texts.put("large", "x" * 11)
        assert len(texts) == 0


class TestRegistered:
    """Manifests that an administrator registers."""

    async def test_a_registered_document_is_answered_by_its_digest_and_by_its_own_id(self, client: Client) -> None:
        assert await register(client, {"text": ME, "id": "me-1"}) == {"registeredCount": 1, "errors": []}
        for name in (f"sha256:{sha(ME)}", "me-1", sha(ME)):
            assert (await post(client, documentId=name)).json()["data"] == {"viewer": {"username": "member"}}
            got = await client.http.get("/graphql", params={"documentId": name}, headers=client.house.headers("member"))
            assert got.json()["data"] == {"viewer": {"username": "member"}}
        assert (await post(client, extensions=apq(ME))).json()["data"] == {"viewer": {"username": "member"}}
        assert (await post(client, "anonymous", documentId="me-1")).json()["data"] == {"viewer": None}

    async def test_a_manifest_is_replaced_as_a_whole_and_removed(self, client: Client) -> None:
        other = "query Other { viewer { id } }"
        await register(client, {"text": ME}, {"text": other}, {"text": ME})
        listed = "{ persistedDocuments { nodes { manifest digest alias name text registeredBy { username } } } }"
        nodes = (await client.data(listed))["persistedDocuments"]["nodes"]
        assert [node["name"] for node in nodes] == ["Me", "Other"]
        assert nodes[0] == {
            "manifest": "app 1", "digest": sha(ME), "alias": None, "name": "Me", "text": ME,
            "registeredBy": {"username": "root"},
        }  # fmt: skip
        await register(client, {"text": ME}, manifest="app 2")
        await register(client, {"text": other})
        assert (await post(client, documentId=f"sha256:{sha(ME)}")).status_code == 200, "the other manifest has it"
        removed = await client.data(REMOVE, {"manifest": "app 2"})
        assert removed == {"removeDocuments": {"removedCount": 1, "errors": []}}
        assert code(await post(client, documentId=f"sha256:{sha(ME)}")) == (400, "DOCUMENT_NOT_FOUND")
        again = await client.data(REMOVE, {"manifest": "app 2"})
        assert again == {"removeDocuments": {"removedCount": None, "errors": [{"__typename": "NotFoundError"}]}}

    @pytest.mark.parametrize(
        ("documents", "code_", "words"),
        [
            ([], "INVALID", "1 to 1,000 documents"),
            ([{"text": "{"}], "INVALID", "Syntax Error"),
            ([{"text": ME}, {"text": "{ nothing }"}], "INVALID", "Cannot query field 'nothing'"),
            ([{"text": "fragment A on Query { __typename }"}], "INVALID", "no operation"),
            ([{"text": "{ __schema { description } }"}], "INVALID", "asks for the schema"),
            ([{"text": LARGE}], "INVALID", "points of cost"),
            ([{"text": ME, "id": f"sha256:{'0' * 64}"}], "INVALID", "is not the SHA-256 of its text"),
            ([{"text": ME, "id": "a b"}], "INVALID", "An id is"),
            ([{"text": ME, "id": "x"}, {"text": "{ viewer { id } }", "id": "x"}], "CONFLICT", "two documents"),
            ([{"text": ME, "id": "x"}, {"text": ME, "id": "y"}], "CONFLICT", "the same document"),
        ],
    )  # fmt: skip
    async def test_what_would_not_be_answered_is_not_registered(
        self, client: Client, documents: list[dict[str, str]], code_: str, words: str
    ) -> None:
        answer = await register(client, *documents)
        (error,) = answer["errors"]
        assert (error["code"], answer["registeredCount"]) == (code_, None)
        assert words in error["message"]
        assert (await client.data("{ persistedDocuments { totalCount } }"))["persistedDocuments"]["totalCount"] == 0

    async def test_an_id_means_one_document_in_all_manifests(self, client: Client) -> None:
        await register(client, {"text": ME, "id": "me"})
        (error,) = (await register(client, {"text": "{ viewer { id } }", "id": "me"}, manifest="app 2"))["errors"]
        assert (error["code"], "'app 1'" in error["message"]) == ("CONFLICT", True)

    @pytest.mark.parametrize(
        ("body", "code_"),
        [
            ({"documentId": "unknown"}, "DOCUMENT_NOT_FOUND"),
            ({"documentId": f"sha256:{'0' * 64}"}, "DOCUMENT_NOT_FOUND"),
            ({"documentId": "sha256:short"}, "BAD_REQUEST"),
            ({"documentId": "a\0b"}, "BAD_REQUEST"),
            ({"documentId": "md5:1"}, "BAD_REQUEST"),
            ({"documentId": ""}, "BAD_REQUEST"),
            ({"documentId": 5}, "BAD_REQUEST"),
            ({"documentId": "x", "query": ME}, "BAD_REQUEST"),
        ],
    )
    async def test_other_ids_are_refused(self, client: Client, body: dict[str, Any], code_: str) -> None:
        assert code(await post(client, **body)) == (400, code_)


async def test_websockets_take_ids_and_hashes(live: Live) -> None:
    headers = live.house.headers("admin")
    async with httpx.AsyncClient(base_url=live.url, headers=headers) as http:
        variables = {"input": {"manifest": "app", "documents": [{"text": ME, "id": "me"}]}}
        await http.post("/graphql", json={"query": REGISTER, "variables": variables})
    started = "subscription { jobProgressed { __typename } }"
    async with signed_in(live, "member") as socket:
        for payload in ({"documentId": "me"}, {"documentId": f"sha256:{sha(ME)}"}, {"extensions": apq(ME)}):
            await socket.send({"type": "subscribe", "id": "a", "payload": payload})
            assert (await socket.following("a"))["viewer"] == {"username": "member"}
            assert await socket.receive() == {"type": "complete", "id": "a"}
        for payload, wanted in (
            ({"extensions": apq(started)}, "PERSISTED_QUERY_NOT_FOUND"),
            ({"documentId": "other"}, "DOCUMENT_NOT_FOUND"),
            ({"query": started, "extensions": apq(ME)}, "PERSISTED_QUERY_MISMATCH"),
            ({"query": started, "extensions": {"persistedQuery": 1}}, "BAD_REQUEST"),
        ):
            await socket.send({"type": "subscribe", "id": "b", "payload": payload})
            message = await socket.receive()
            assert (message["type"], message["id"], message["payload"][0]["extensions"]["code"]) == ("error", "b", wanted)
        for payload in ({"query": started, "extensions": apq(started)}, {"extensions": apq(started)}):
            await socket.send({"type": "subscribe", "id": "c", "payload": payload})
            assert (await socket.following("c"))["jobProgressed"] == {"__typename": "Subscribed"}
            await socket.send({"type": "complete", "id": "c"})
        await socket.send({"type": "subscribe", "id": "d", "payload": {"documentId": 5}})
        assert await socket.closed() == 4400


async def test_event_streams_take_ids(client: Client) -> None:
    await register(client, {"text": ME, "id": "me"})
    response = await post(client, accept="text/event-stream", documentId="me")
    assert 'data: {"data":{"viewer":{"username":"member"}}' in response.text
    assert code(await post(client, accept="text/event-stream", documentId="other"))[1] == "DOCUMENT_NOT_FOUND"
