"""Every kind of column comes out as the same JSON on both engines, and as the scalar's own serializer writes it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.kit.scalars import SCALARS, URL, BigInt, Cron, Duration, Locale, TimeZone, duration_text, parse_duration
from tests.planner.conftest import Lab
from tests.planner.world import Item, LabKind, LabStatus

FIELDS = """title loud year status mood computedMood addedAt seenAt releasedOn runtime smallSize isMonitored isFavourite extra
    homepage facts { sizeBytes rating score } ... on Movie { budget }"""


OPEN = {"b": [1, 2.5, None, True], "a": {"ä": "\u2028😀"}}


def put(lab: Lab, **values: Any) -> None:
    usual: dict[str, Any] = {
        "id": 900, "kind": LabKind.MOVIE, "place_id": 1, "title": "x", "sort_key": "x", "status": LabStatus.RELEASED,
        "size_bytes": 1, "is_monitored": True, "added_at": datetime(2026, 1, 31, 20, 15, tzinfo=UTC),
    }  # fmt: skip
    with lab.database.transaction() as uow:
        old = uow.session.get(Item, 900)
        if old is not None:
            uow.session.delete(old)
            uow.session.flush()
        uow.session.add(Item(**{**usual, **values}))


@pytest.fixture
def one_item(lab: Lab) -> Any:
    yield lambda **values: put(lab, **values)
    with lab.database.transaction() as uow:
        uow.session.delete(uow.session.get(Item, 900))


@pytest.mark.both
@pytest.mark.parametrize(
    ("column", "field", "value", "shown"),
    [
        ("title", "title", 'quote " \\ \n \u2028 😀 ä', 'quote " \\ \n \u2028 😀 ä'),
        ("title", "loud", "straße", "STRASSE!"),
        ("year", "year", -5, -5),
        ("year", "year", None, None),
        ("status", "status", LabStatus.IN_CINEMAS, "IN_CINEMAS"),
        ("mood", "mood", LabStatus.ANNOUNCED, "ANNOUNCED"),
        ("mood", "mood", None, None),
        ("mood", "computedMood", LabStatus.RELEASED, "RELEASED"),
        ("added_at", "addedAt", datetime(2026, 1, 31, 20, 15, tzinfo=UTC), "2026-01-31T20:15:00.000000Z"),
        ("added_at", "addedAt", datetime(1000, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "1000-01-01T00:00:00.000001Z"),
        ("added_at", "addedAt", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "9999-12-31T23:59:59.999999Z"),
        ("seen_at", "seenAt", datetime(2024, 2, 29, 1, 2, 3, 4, tzinfo=UTC), "2024-02-29T01:02:03.000004Z"),
        ("released_on", "releasedOn", date(1888, 10, 14), "1888-10-14"),
        ("released_on", "releasedOn", date(1, 1, 1), "0001-01-01"),
        ("runtime_ms", "runtime", 5_025_050, "PT1H23M45.05S"),
        ("runtime_ms", "runtime", 0, "PT0S"),
        ("size_bytes", "smallSize", 2**31 - 1, 2**31 - 1),
        ("size_bytes", "smallSize", -(2**31), -(2**31)),
        ("is_monitored", "isMonitored", False, False),
        ("is_favourite", "isFavourite", True, True),
        ("is_favourite", "isFavourite", None, None),
        (
            "extra",
            "extra",
            {"b": [1, 2.5, None, True], "a": {"ä": "\u2028😀"}},
            {"b": [1, 2.5, None, True], "a": {"ä": "\u2028😀"}},
        ),
        ("extra", "extra", {}, {}),
        ("extra", "extra", None, None),
        ("homepage", "homepage", "https://example.org/?a=1&b=ü", "https://example.org/?a=1&b=ü"),
        ("size_bytes", "facts { sizeBytes }", 2**53 - 1, {"sizeBytes": 2**53 - 1}),
        ("rating", "facts { rating }", 0.1 + 0.2, {"rating": 0.30000000000000004}),
        ("rating", "facts { rating }", 5e-324, {"rating": 5e-324}),
        ("rating", "facts { rating }", 1.7976931348623157e308, {"rating": 1.7976931348623157e308}),
        ("score", "facts { score }", Decimal("8.123"), {"score": 8.123}),
        ("score", "facts { score }", Decimal("0.1"), {"score": 0.1}),
        ("score", "facts { score }", Decimal(10), {"score": 10.0}),
    ],
)
async def test_a_stored_value_is_shown_exactly(lab: Lab, one_item: Any, column: str, field: str, value: Any, shown: Any) -> None:
    one_item(**{column: value})
    answer = await lab.same(f"{{ item(id: 900) {{ {field} }} }}")
    assert answer == {"data": {"item": {field.split()[0]: shown}}, "errors": []}


@pytest.mark.both
@pytest.mark.parametrize(
    ("column", "field", "value", "message"),
    [
        ("size_bytes", "smallSize", 2**31, "Int cannot represent non 32-bit signed integer value: 2147483648"),
        (
            "size_bytes",
            "facts { sizeBytes }",
            2**53,
            "BigInt cannot represent 9007199254740992: it takes whole numbers up to 2^53 - 1.",
        ),
        ("rating", "facts { rating }", float("inf"), "Float cannot represent non numeric value: inf"),
    ],
)
async def test_a_value_beyond_its_scalar_is_an_error_of_that_field(
    lab: Lab, one_item: Any, column: str, field: str, value: Any, message: str
) -> None:
    one_item(**{column: value})
    answer = await lab.same(f"{{ item(id: 900) {{ {field} }} }}")
    assert [error["message"] for error in answer["errors"]] == [message]


@pytest.mark.both
async def test_all_kinds_of_all_rows_are_alike(lab: Lab) -> None:
    answer = await lab.same(f"{{ items(first: 100) {{ nodes {{ id {FIELDS.replace('smallSize', '')} }} }} }}")
    assert answer["errors"] == []
    assert len(answer["data"]["items"]["nodes"]) == 90


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(0, "PT0S"), (1, "PT0.001S"), (61_001, "PT1M1.001S"), (5_400_000, "PT1H30M"), (90_000_000, "PT25H"), (-1500, "-PT1.5S")],
)
def test_durations_are_written_and_read(milliseconds: int, text: str) -> None:
    assert duration_text(milliseconds) == text
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize(("text", "milliseconds"), [("P1DT1H", 90_000_000), ("PT1.5S", 1500), ("PT0,25S", 250)])
def test_other_spellings_of_durations_are_read(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize(
    ("scalar", "given", "parsed"),
    [
        (datetime, "2026-01-31T21:15:00+01:00", datetime(2026, 1, 31, 20, 15, tzinfo=UTC)),
        (datetime, "2026-01-31T20:15:00Z", datetime(2026, 1, 31, 20, 15, tzinfo=UTC)),
        (date, "2026-01-31", date(2026, 1, 31)),
        (BigInt, 2**53 - 1, 2**53 - 1),
        (URL, "https://example.org/a?b", "https://example.org/a?b"),
        (TimeZone, "Europe/Berlin", "Europe/Berlin"),
        (Cron, "30 4 * * 0", "30 4 * * 0"),
        (Locale, "zh-Hant-TW", "zh-Hant-TW"),
        (Duration, "PT1S", 1000),
    ],
)
def test_scalars_take_their_texts(scalar: Any, given: Any, parsed: Any) -> None:
    assert SCALARS[scalar].parse_value(given) == parsed


@pytest.mark.parametrize(
    ("scalar", "given"),
    [
        (datetime, "2026-01-31T20:15:00"), (datetime, "2026-01-31"), (datetime, 5), (datetime, "0001-01-01T00:00:00+14:00"),
        (datetime, "0999-01-01T00:00:00Z"),
        (date, "2026-02-30"), (date, "20260131"), (date, 5), (BigInt, 2**53), (BigInt, True), (BigInt, "5"), (BigInt, 1.5),
        (URL, "ftp://example.org"), (URL, "https://"), (URL, "/x"), (URL, 5), (TimeZone, "Berlin"), (TimeZone, 5),
        (Cron, "61 * * * *"), (Cron, "x"), (Cron, 5), (Locale, "german"), (Locale, 5), (Duration, "1s"), (Duration, "P"),
        (Duration, "PT"), (Duration, "P1DT"), (Duration, "P1M"), (Duration, 5),
    ],
)  # fmt: skip
def test_scalars_refuse_everything_else(scalar: Any, given: Any) -> None:
    with pytest.raises(ValueError):
        SCALARS[scalar].parse_value(given)


def test_every_scalar_is_described() -> None:
    for definition in SCALARS.values():
        assert definition.description
        assert definition.specified_by_url or definition.name == "BigInt"
