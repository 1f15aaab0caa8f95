"""A Marquee server of the comparison's own: made, told of the libraries, asked over HTTP."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.cli.compose import house, prepare
from domain.accounts import tokens
from domain.accounts.enums import Scope
from domain.settings import Settings
from tests.factories import accounts
from tests.playground.household import running

_JOB_S = 300
_ERRORS = "errors { ... on UserError { message } }"
_CREATE = f"mutation($input: CreateLibraryInput!) {{ createLibrary(input: $input) {{ library {{ id }} {_ERRORS} }} }}"
_SCAN = f"mutation($input: ScanLibraryInput!) {{ scanLibrary(input: $input) {{ job {{ id }} {_ERRORS} }} }}"
_PUBLISH = f"mutation($input: PublishItemsInput!) {{ publishItems(input: $input) {{ job {{ id }} {_ERRORS} }} }}"
_EDIT = f"mutation($input: UpdateMediaItemInput!) {{ updateMediaItem(input: $input) {{ {_ERRORS} }} }}"
_UPLOAD = f"mutation($input: CreateUploadInput!) {{ createUpload(input: $input) {{ url upload {{ id }} {_ERRORS} }} }}"
_ADD = f"mutation($input: AddArtworkInput!) {{ addArtwork(input: $input) {{ job {{ id }} {_ERRORS} }} }}"
_JOB = "query($id: ID!) { node(id: $id) { ... on Job { status error result } } }"


class Server:
    """A running server, as its administrator's token sees it."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False)

    def ask(self, operation: str, name: str | None = None, **variables: Any) -> Mapping[str, Any]:
        """`data` of an operation. Raises RuntimeError for its errors."""
        body = {"query": operation, "operationName": name, "variables": variables}
        answer = self._http.post("/graphql", json=body).json()
        if "errors" in answer:
            raise RuntimeError(answer["errors"])
        data: Mapping[str, Any] = answer["data"]
        return data

    def follow(self, subscription: str, take: Callable[[Mapping[str, Any]], object], stop: threading.Event) -> None:
        """Take `data` of every message of a subscription until `stop` is set."""
        url = str(self._http.base_url.copy_with(scheme="ws", path="/graphql"))
        credentials = {"authorization": self._http.headers["authorization"]}
        protocol = [Subprotocol("graphql-transport-ws")]
        with connect(url, subprotocols=protocol, compression=None, proxy=None) as socket:
            socket.send(json.dumps({"type": "connection_init", "payload": credentials}))
            socket.recv(timeout=60)  # it takes nothing before it has acknowledged that
            socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": subscription}}))
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    message = json.loads(socket.recv(timeout=0.2))
                    if message["type"] == "ping":
                        socket.send(json.dumps({"type": "pong"}))
                    elif message["type"] == "next":
                        take(message["payload"]["data"])
                    else:
                        raise RuntimeError(message)

    def bytes_of(self, path: str) -> bytes:
        """What lies behind an address of this server."""
        return self._http.get(path).raise_for_status().content

    def post(self, address: str, body: Mapping[str, Any]) -> None:
        """Send a webhook to an address of this server, as a program that knows nothing but the address does."""
        httpx.post(self._http.base_url.join(address), json=body, trust_env=False).raise_for_status()

    def library(self, name: str, media_type: str, folder: Path) -> str:
        """The id of a new library of a folder."""
        wanted = {"name": name, "mediaType": media_type, "paths": [str(folder)]}
        made: str = self.done("createLibrary", _CREATE, wanted)["library"]["id"]
        return made

    def scan(self, library: str) -> None:
        """Read a library to the end."""
        self._wait(self.done("scanLibrary", _SCAN, {"library": library})["job"]["id"])

    def publish(self, library: str) -> Mapping[str, Any]:
        """Write what is to be written beside a library's files; the job's result."""
        return self._wait(self.done("publishItems", _PUBLISH, {"what": {"library": library}})["job"]["id"])

    def edit(self, item: str, **fields: Any) -> None:
        """Change an item as a person does."""
        self.done("updateMediaItem", _EDIT, {"item": {"id": item}, **fields})

    def add_picture(self, of: Mapping[str, Any], type_: str, data: bytes) -> None:
        """Give a picture (a JPEG) as a person does."""
        told = {"kind": "IMAGE", "filename": "picture.jpg", "sizeBytes": len(data), "sha256": sha256(data).hexdigest()}
        made = self.done("createUpload", _UPLOAD, told)
        self._http.put(made["url"], content=data).raise_for_status()
        self._wait(self.done("addArtwork", _ADD, {"of": of, "type": type_, "upload": made["upload"]["id"]})["job"]["id"])

    def _wait(self, job: str) -> Mapping[str, Any]:
        """The job's result, when it has ended, and well."""
        deadline = time.monotonic() + _JOB_S
        while (found := self.ask(_JOB, id=job)["node"])["status"] != "COMPLETED":
            if found["status"] in ("FAILED", "CANCELLED") or time.monotonic() > deadline:
                raise RuntimeError(f"{job} is {found['status']}: {found['error']}")
            time.sleep(0.2)
        result: Mapping[str, Any] = found["result"] or {}
        return result

    def done(self, field: str, mutation: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        """The payload of a mutation. Raises RuntimeError for its errors."""
        payload: Mapping[str, Any] = self.ask(mutation, input=wanted)[field]
        if payload["errors"]:
            raise RuntimeError(payload["errors"])
        return payload


@contextlib.contextmanager
def marquee(data: Path) -> Iterator[Server]:
    """A new server that keeps everything in `data`."""
    with house(Settings(data_dir=data, DATABASE_URL="")) as made:
        prepare(made)
        admin = accounts.make_admin(made.database)
        with made.database.transaction() as uow:
            _, token = tokens.create_token(uow, key=made.key, user_id=admin.id, name="kodi", scopes=tuple(Scope))
    with running(data, "serve") as (port, _):
        yield Server(f"http://127.0.0.1:{port}", token)
