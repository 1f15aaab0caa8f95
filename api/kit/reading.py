"""Reading a GraphQL request off HTTP: bounded, typed, refused with the right status."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"
EVENT_STREAM: Final = "text/event-stream"
ANSWERS: Final = (GRAPHQL_JSON, JSON, EVENT_STREAM)
"""What an answer can be, best first. Whoever takes anything gets JSON; the others go to those who name them."""


class Refused(Exception):
    """A request that is no GraphQL request; `status` is the HTTP status of the answer."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: dict[str, str] | None = None, is_about_document: bool = False
    ) -> None:
        super().__init__(message)
        self.is_about_document = is_about_document
        """As for other mistakes of a document, old clients of application/json get 200."""
        self.status, self.code, self.message = status, code, message
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of GraphQL over HTTP."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    document_id: str | None = None


async def read_request(request: Request, *, limit: int, seconds: float) -> GraphQLRequest:
    """The GraphQL request in a GET or POST, whose body has `limit` bytes and comes within `seconds`. Raises Refused."""
    if request.method == "GET":
        return request_of(_from_query_string(request))
    if request.method != "POST":
        raise Refused(405, "METHOD_NOT_ALLOWED", "Use GET or POST.", headers={"Allow": "GET, POST"})
    media_type, parameters = _media(request.headers.get("content-type", ""))
    if media_type != "application/json":
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.")
    if parameters.get("charset", "utf-8") not in ("utf-8", "utf8"):
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request in UTF-8.")
    return request_of(_json(await read_body(request, limit=limit, seconds=seconds)))


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """The whole body. Raises Refused for more than `limit` bytes, or when it takes longer than that."""
    try:
        async with asyncio.timeout(seconds):
            return await _body(request, limit)
    except TimeoutError:
        message = f"The request's body did not come within {seconds:g} s."
        raise Refused(408, "REQUEST_TIMEOUT", message, headers={"Connection": "close"}) from None


def accepted_type(request: Request) -> str:
    """The media type of the answer: of ours, the one the client likes best. Raises Refused when it accepts none."""
    return _best_type(request.headers.get("accept") or "*/*")


@lru_cache(256)
def _best_type(accept: str) -> str:
    ranges = [_media(part) for part in accept.split(",")]
    best, most = "", 0.0
    for ours in ANSWERS:
        weight = _weight(ours, ranges)
        if weight > most:
            best, most = ours, weight
    if not best:
        raise Refused(406, "NOT_ACCEPTABLE", f"The answer is one of {', '.join(ANSWERS)}.")
    return best


def _weight(media_type: str, ranges: list[tuple[str, dict[str, str]]]) -> float:
    """The q-value of the most exact range that takes the type (RFC 9110, 12.5.1)."""
    for taken in (JSON, "application/*", "*/*") if media_type == JSON else (media_type,):
        for given, parameters in ranges:
            if given == taken:
                return _quality(parameters.get("q", "1"))
    return 0.0


def quality_of(token: str, header: str) -> float:
    """The q-value that an Accept-Encoding gives a coding; 0 when it does not take it (RFC 9110, 12.5.3)."""
    weights = {name: _quality(parameters.get("q", "1")) for name, parameters in map(_media, header.split(","))}
    return weights.get(token, weights.get("*", 0.0))


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _media(text: str) -> tuple[str, dict[str, str]]:
    """(media type, parameters) of a header's value, in lower case, quotes taken off."""
    media_type, *pieces = (piece.strip().lower() for piece in text.split(";"))
    pairs = (piece.partition("=") for piece in pieces)
    return media_type, {name.strip(): value.strip().strip('"') for name, _, value in pairs}


async def _body(request: Request, limit: int) -> bytes:
    too_large = Refused(413, "REQUEST_TOO_LARGE", f"A request body has at most {limit} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise too_large
            chunks.append(chunk)
    except ClientDisconnect:
        raise Refused(400, "BAD_REQUEST", "The body ended early.") from None
    return b"".join(chunks)


def _json(text: bytes | str, *, what: str = "The request") -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        place = f" (line {error.lineno}, column {error.colno})" if text else ": it is empty"
        raise Refused(400, "BAD_REQUEST", f"{what} is not valid JSON{place}.") from None


def _from_query_string(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("query", "documentId", "operationName", "variables", "extensions"):
        found = request.query_params.getlist(name)
        if len(found) > 1:
            raise Refused(400, "BAD_REQUEST", f"{name} is given twice.")
        if found and found[0]:
            values[name] = _json(found[0], what=f"`{name}`") if name in ("variables", "extensions") else found[0]
    return values


def request_of(body: Any) -> GraphQLRequest:
    """The request in a decoded body (or the payload of a WebSocket message). Raises Refused."""
    if isinstance(body, list):
        raise Refused(400, "BAD_REQUEST", "Batches are off: send one operation a request.")
    if not isinstance(body, dict):
        raise Refused(400, "BAD_REQUEST", "The request is not a JSON object.")
    for name, kind, words in (
        ("query", str, "a string"),
        ("documentId", str, "a string"),
        ("operationName", str, "a string"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        if body.get(name) is not None and not isinstance(body[name], kind):
            raise Refused(400, "BAD_REQUEST", f"`{name}` must be {words} or null.")
    return GraphQLRequest(
        body.get("query"), body.get("variables"), body.get("operationName"), body.get("extensions"), body.get("documentId")
    )
