"""What a log line holds: one format, the request's and the job's ids, bounded tracebacks, and never a secret."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from domain.kit.logs import EXCEPTION_LIMIT, bind_job, bind_request, configure_logging


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, configured = list(root.handlers), root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.configure(**configured)


@pytest.fixture
def output() -> io.StringIO:
    stream = io.StringIO()
    configure_logging("json", "INFO", stream=stream)
    return stream


def lines(output: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_own_and_foreign_lines_have_one_format(output: io.StringIO) -> None:
    structlog.get_logger("own").info("scan_finished", files=3)
    logging.getLogger("library").warning("disk %s is full", "sda")
    own, foreign = lines(output)
    assert own == {"event": "scan_finished", "files": 3, "level": "info", "logger": "own", "timestamp": own["timestamp"]}
    assert (foreign["event"], foreign["level"], foreign["logger"]) == ("disk sda is full", "warning", "library")
    assert own["timestamp"].endswith("Z")


def test_a_level_silences_what_is_below_it(output: io.StringIO) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("library").debug("detail")
    logging.getLogger("httpx").info("HTTP Request: GET https://tmdb.example/3/movie?api_key=planted")
    logging.getLogger("uvicorn.access").info("GET /images/planted")
    assert output.getvalue() == ""


def test_a_second_call_replaces_the_first(output: io.StringIO) -> None:
    second = io.StringIO()
    library = logging.getLogger("with.handlers")
    library.addHandler(logging.StreamHandler(output))
    configure_logging("json", "warning", stream=second)
    library.warning("once")
    structlog.get_logger().info("too low")
    assert output.getvalue() == ""
    assert [line["event"] for line in lines(second)] == ["once"]


@pytest.mark.parametrize(("format", "level"), [("xml", "INFO"), ("json", "LOUD")])
def test_an_unknown_format_or_level_is_refused(format: str, level: str) -> None:
    with pytest.raises(ValueError, match="No such log format or level"):
        configure_logging(format, level)


async def test_the_request_follows_into_threads_and_ends_with_it(output: io.StringIO) -> None:
    log = structlog.get_logger()
    with bind_request("r1"):
        await asyncio.to_thread(log.info, "inside")
        with bind_job(7, "r0"):
            logging.getLogger("library").info("in a job")
        log.info("after the job")
    log.info("outside")
    seen = [(line["event"], line.get("request_id"), line.get("job_id")) for line in lines(output)]
    assert seen == [("inside", "r1", None), ("in a job", "r0", 7), ("after the job", "r1", None), ("outside", None, None)]


def test_a_job_without_a_cause_names_no_request(output: io.StringIO) -> None:
    with bind_job(8):
        structlog.get_logger().info("swept")
    (line,) = lines(output)
    assert line["job_id"] == 8
    assert "request_id" not in line


@pytest.mark.parametrize(
    "key", ["password", "token", "authorization", "cookie", "secret", "api_key", "Set-Cookie", "accessToken", "X-Plex-Token"]
)
def test_values_under_secret_names_are_masked(output: io.StringIO, key: str) -> None:
    structlog.get_logger().info("asked", **{key: "planted"}, headers={key: ["planted"]}, rows=[{key: 12345}])
    (line,) = lines(output)
    assert line[key] == "***"
    assert line["headers"] == {key: "***"}
    assert line["rows"] == [{key: "***"}]


def test_values_of_secret_types_are_masked_under_any_name(output: io.StringIO) -> None:
    structlog.get_logger().info("read", pepper=SecretStr("planted"), nested=[SecretStr("planted")])
    (line,) = lines(output)
    assert line["pepper"] == "***"
    assert line["nested"] == ["***"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET https://tmdb.example/3?api_key=planted&page=2", "GET https://tmdb.example/3?api_key=***&page=2"),
        ("postgresql://marquee:planted@db/marquee is away", "postgresql://marquee:***@db/marquee is away"),
        ("postgresql://marquee:pla@nted@db/marquee is away", "postgresql://marquee:***@db/marquee is away"),
        ("Authorization: Bearer planted", "Authorization: ***"),
        ('{"password": "planted", "user": "ann"}', '{"password": "***", "user": "ann"}'),
        ("the token expired", "the token expired"),
    ],
)
def test_secrets_inside_texts_are_masked(output: io.StringIO, text: str, shown: str) -> None:
    structlog.get_logger().info("said", text=text)
    logging.getLogger("library").info(text)
    own, foreign = lines(output)
    assert own["text"] == shown
    assert foreign["event"] == shown


def test_harmless_names_stay(output: io.StringIO) -> None:
    structlog.get_logger().info("counted", token_limit=3000, has_secret=True, key="episode", password=None)
    (line,) = lines(output)
    assert (line["token_limit"], line["has_secret"], line["key"], line["password"]) == (3000, True, "episode", None)


@pytest.mark.parametrize("format", ["json", "console"])
def test_a_traceback_is_bounded_and_redacted(format: str) -> None:
    stream = io.StringIO()
    configure_logging(format, "INFO", stream=stream)
    message = "x" * 20_000 + " token=planted the end"
    try:
        raise RuntimeError(message)
    except RuntimeError:
        structlog.get_logger().exception("failed")
        logging.getLogger("library").exception("failed too")
    text = stream.getvalue()
    assert "planted" not in text
    assert text.count("*** the end") == 2
    assert len(text) < 2 * (EXCEPTION_LIMIT + 400)


def test_a_traceback_keeps_its_first_and_last_lines(output: io.StringIO) -> None:
    try:
        raise RuntimeError("é" * 20_000 + " the end")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    (line,) = lines(output)
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("the end")
    assert EXCEPTION_LIMIT - 8 <= len(line["exception"].encode()) <= EXCEPTION_LIMIT


def test_the_cut_parts_no_secret_from_its_name(output: io.StringIO) -> None:
    message = "token=" + "planted" * 3000
    try:
        raise RuntimeError(message)
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert "planted" not in output.getvalue()


def test_names_of_files_that_are_not_unicode_can_be_logged(output: io.StringIO) -> None:
    structlog.get_logger().info("found", path=b"caf\xe9.mkv".decode("utf-8", "surrogateescape"))
    (line,) = lines(output)
    assert line["path"] == "caf\udce9.mkv"


def test_auto_is_json_away_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("auto", "INFO")
    structlog.get_logger().info("ready")
    assert json.loads(capsys.readouterr().err)["event"] == "ready"
