"""Logging: one format for our own lines and the libraries', context that follows the work, no secrets."""

import contextlib
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

import structlog
from pydantic import SecretBytes, SecretStr
from structlog.typing import EventDict, Processor, WrappedLogger

MASK: Final = "***"
EXCEPTION_LIMIT: Final = 4096
"""Bytes of UTF-8 that a traceback may take; its middle is left out."""
_DEPTH: Final = 6

_NAMES = r"password|token|authorization|cookies?|secret|api_?key"
_SECRET_KEY = re.compile(rf"(?:^|_)(?:{_NAMES})$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET_TEXT = re.compile(
    rf"""((?:{_NAMES.replace("_?", "[_-]?")})["']?\s*[=:]\s*["']?)((?:(?:bearer|basic)\s+)?[^\s"'&,;)\]}}]+)""", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"(://[^\s/:@]*:)[^\s/]+(?=@)")
_TOKEN = re.compile(r"\bmq_[0-9A-Za-z]{20,}")
_WEBHOOK = re.compile(r"(/webhooks/[^\s/\"']+/)[^\s\"'?#]+")
"""A webhook's address may end with its token."""

# They write whole addresses, and an address may carry a token.
_QUIET: Final = ("httpx", "httpcore", "uvicorn.access")


def configure_logging(format: str, level: str, *, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging to `stream` (standard error) in one format.

    `format` is json, console or auto (console on a terminal); `level` a name such as INFO. A second call replaces
    the first. Raises ValueError for any other format or level.
    """
    stream = sys.stderr if stream is None else stream
    threshold = logging.getLevelNamesMapping().get(level.upper())
    if threshold is None or format not in ("auto", "json", "console"):
        raise ValueError(f"No such log format or level: {format}, {level}.")
    is_console = format == "console" or (format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,  # before the cut, which could part a secret from its name
        bound_exception,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if is_console
        else structlog.processors.JSONRenderer(default=str)
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    _take_over(handler, threshold)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=False,
    )


def _take_over(handler: logging.Handler, threshold: int) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name in list(logging.root.manager.loggerDict):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    logging.captureWarnings(True)


@contextlib.contextmanager
def bind_request(request_id: str) -> Iterator[None]:
    """Every line inside, in this task and the threads it starts work in, names the request."""
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        yield


@contextlib.contextmanager
def bind_job(job_id: int, request_id: str | None = None) -> Iterator[None]:
    """Every line inside names the job, and the request that caused it."""
    cause = {"request_id": request_id} if request_id else {}
    with structlog.contextvars.bound_contextvars(job_id=job_id, **cause):
        yield


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask secrets: values of secret types, values under secret names, `token=…` in texts, passwords in URLs."""
    return {key: value if key.startswith("_") else _clean(key, value, _DEPTH) for key, value in event.items()}


def bound_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep the first and, for the most part, the last lines of a long traceback."""
    text = event.get("exception")
    if isinstance(text, str) and len(raw := text.encode(errors="backslashreplace")) > EXCEPTION_LIMIT:
        gap = b"\n...\n"
        head = EXCEPTION_LIMIT // 4
        tail = EXCEPTION_LIMIT - head - len(gap)
        event["exception"] = (raw[:head] + gap + raw[-tail:]).decode(errors="ignore")
    return event


def _clean(key: object, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return MASK if value and not isinstance(value, bool) and _is_secret(key) else value
    if isinstance(value, SecretStr | SecretBytes) or _is_secret(key):
        return MASK
    if isinstance(value, str):
        return _clean_text(value)
    if depth == 0:
        return "..."
    if isinstance(value, Mapping):
        return {name: _clean(name, inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", inner, depth - 1) for inner in value]
    return _clean_text(str(value))


def _is_secret(key: object) -> bool:
    return isinstance(key, str) and _SECRET_KEY.search(_CAMEL.sub("_", key).replace("-", "_").lower()) is not None


def _clean_text(text: str) -> str:
    cleaned = _URL_PASSWORD.sub(rf"\1{MASK}", _SECRET_TEXT.sub(rf"\1{MASK}", text))
    return _TOKEN.sub(MASK, _WEBHOOK.sub(rf"\1{MASK}", cleaned))
