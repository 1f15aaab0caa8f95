"""A small GraphQL client for the command line: talks to the running server with a token."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx

LIBRARIES: Final = "query Libraries($after: String) { libraries(first: 100, after: $after) { nodes { id name paths { path } } } }"
SCAN: Final = """mutation Scan($input: ScanLibraryInput!) {
  scanLibrary(input: $input) { job { id } errors { ... on UserError { message } } }
}"""
FOLLOW: Final = """subscription Follow($id: ID!) {
  jobProgressed(id: $id) { ... on JobProgressed { node { status progress progressText result error } } }
}"""
OPERATIONS: Final = (LIBRARIES, SCAN, FOLLOW)
"""All that is sent: a server that takes registered documents only knows them."""


class Refusal(Exception):
    """The server answered with errors; the message is for people."""


class Client:
    """Requests to `url` with a bearer token. Raises Refusal for GraphQL errors, httpx.HTTPError for the network."""

    def __init__(self, url: str, token: str) -> None:
        self._endpoint = url.rstrip("/") + "/graphql"
        self._http = httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The `data` of an operation."""
        response = self._http.post(self._endpoint, json={"query": document, "variables": variables})
        return _data(response.json())

    def follow(self, document: str, **variables: Any) -> Iterator[dict[str, Any]]:
        """The `data` of each event of a subscription, over server-sent events."""
        headers = {"Accept": "text/event-stream"}
        body = {"query": document, "variables": variables}
        with self._http.stream("POST", self._endpoint, json=body, headers=headers, timeout=None) as response:
            response.raise_for_status()
            kind = ""
            for line in response.iter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:") and kind == "next":
                    yield _data(json.loads(line[5:]))
                elif kind == "complete":
                    return

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


def _data(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("errors"):
        raise Refusal("; ".join(error["message"] for error in answer["errors"]))
    data: dict[str, Any] = answer["data"]
    return data
