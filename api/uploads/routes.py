"""`PUT /uploads/<token>`: the bytes of an announced file. The token is the permission, and good for one file once."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.kit import metrics
from api.kit.reading import Refused
from api.kit.services import Services
from api.uploads.receiving import receive
from domain.kit.errors import Conflict, DomainError, NotFound
from domain.uploads import service, sweeping
from domain.uploads.tables import Upload

log = structlog.get_logger()

_STATUSES: dict[type[DomainError], int] = {NotFound: 404, Conflict: 409}


async def upload(request: Request) -> Response:
    """204 when the file is whole and as announced; else nothing of it is kept, and the error says what to do."""
    request_id = secrets.token_hex(8)
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        try:
            await _received(request)
            return Response(status_code=204, headers=headers)
        except Refused as refusal:
            refused = refusal
        except DomainError as error:
            refused = Refused(_STATUSES.get(type(error), 400), error.code, error.message)
        except Exception:
            log.exception("upload_failed")
            refused = Refused(500, "INTERNAL", "Something went wrong inside the server.")
    metrics.ERRORS.labels(refused.code).inc()
    body = {"errors": [{"message": refused.message, "extensions": {"code": refused.code, "requestId": request_id}}]}
    # what of the body was not read would be taken for the next request
    headers |= {"Connection": "close", **refused.headers}
    return Response(orjson.dumps(body), refused.status, headers=headers, media_type="application/json")


async def _received(request: Request) -> None:
    services: Services = request.app.state.services
    held = await _change(services, service.take_hold, key=services.key, token=request.path_params["token"])

    async def still() -> None:
        nonlocal held
        held = await _change(services, service.go_on, held=held)

    try:
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) != held.size_bytes:
            status, code = (413, "REQUEST_TOO_LARGE") if int(declared) > held.size_bytes else (400, "UPLOAD_INCOMPLETE")
            raise Refused(status, code, f"{held.size_bytes} bytes were announced, not {declared}.")
        if request.headers.get("content-encoding", "identity") != "identity":
            raise Refused(415, "UNSUPPORTED_MEDIA_TYPE", "Send the file as it is, without Content-Encoding.")
        media_type = await receive(_chunks(request), held, service.folder(services.settings.data_dir), still=still)
        try:
            held = await _change(services, service.complete, held=held, media_type=media_type)
        except NotFound:  # deleted while the last bytes were written
            await asyncio.to_thread(sweeping.remove, services.settings.data_dir, held.id)
            raise
    except BaseException:
        await asyncio.shield(_change(services, service.let_go, held=held))
        raise


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        yield chunk


async def _change(services: Services, fn: Callable[..., Any], **arguments: Any) -> Upload:
    def work() -> Any:
        with services.database.transaction(actor="upload") as uow:
            return fn(uow, **arguments)

    found: Upload = await asyncio.to_thread(work)
    return found


ROUTES = [Route("/uploads/{token}", upload, methods=["PUT"])]
