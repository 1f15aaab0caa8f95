"""Reading a GraphQL request off HTTP: bounded, typed, refused with the right status."""

from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request

JSON_TYPES: Final = ("application/json", "application/graphql-response+json")


class Refused(Exception):
    """A request that is no GraphQL request; `status` is the HTTP status of the answer."""

    def __init__(self, status: int, code: str, message: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of GraphQL over HTTP."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None


async def read_request(request: Request, *, limit: int) -> GraphQLRequest:
    """The GraphQL request in a GET or POST. Raises Refused."""
    if request.method == "GET":
        return _typed(_from_query_string(request))
    if request.method != "POST":
        raise Refused(405, "METHOD_NOT_ALLOWED", "Use GET or POST.", headers={"Allow": "GET, POST"})
    content_type, _, parameters = request.headers.get("content-type", "").partition(";")
    if content_type.strip().lower() != "application/json":
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json.")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if parameters.strip() and charset not in ("utf-8", "utf8"):
        raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request in UTF-8.")
    return _typed(_json(await _body(request, limit)))


def accepted_type(request: Request) -> str:
    """The media type of the answer: the one the client prefers. Raises Refused when it accepts neither."""
    best, quality = "", 0.0
    header = request.headers.get("accept", "*/*") or "*/*"
    for part in header.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _quality(parameters)
        chosen = {"application/*": JSON_TYPES[0], "*/*": JSON_TYPES[0], "text/event-stream": "text/event-stream"}.get(
            media, media
        )
        if chosen in (*JSON_TYPES, "text/event-stream") and weight > quality:
            best, quality = chosen, weight
    if not best:
        raise Refused(
            406, "NOT_ACCEPTABLE", "The answer is application/graphql-response+json, application/json or text/event-stream."
        )
    return best


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


async def _body(request: Request, limit: int) -> bytes:
    too_large = Refused(413, "REQUEST_TOO_LARGE", f"A request body has at most {limit} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
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


def _json(text: bytes | str) -> Any:
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        raise Refused(400, "BAD_REQUEST", "The request is not valid JSON.") from None


def _from_query_string(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("query", "operationName", "variables", "extensions"):
        found = request.query_params.getlist(name)
        if len(found) > 1:
            raise Refused(400, "BAD_REQUEST", f"{name} is given twice.")
        if found and found[0]:
            values[name] = _json(found[0]) if name in ("variables", "extensions") else found[0]
    return values


def _typed(body: Any) -> GraphQLRequest:
    if isinstance(body, list):
        raise Refused(400, "BAD_REQUEST", "Batches are off: send one operation a request.")
    if not isinstance(body, dict):
        raise Refused(400, "BAD_REQUEST", "The request is not a JSON object.")
    for name, kind, words in (
        ("query", str, "a string"),
        ("operationName", str, "a string"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        if body.get(name) is not None and not isinstance(body[name], kind):
            raise Refused(400, "BAD_REQUEST", f"`{name}` must be {words} or null.")
    return GraphQLRequest(body.get("query"), body.get("variables"), body.get("operationName"), body.get("extensions"))
