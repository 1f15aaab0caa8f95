"""Single values are read in the spellings of all writers, and what is no value is absent."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.libraries.nfo.ratings import rescaled
from domain.libraries.nfo.values import boolean, count, day, decimal, milliseconds, minutes, moment, whole, year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("95", 95),
        (" 95 min ", 95),
        ("95 Minutes", 95),
        ("1h 35m", 95),
        ("1 h 35 min", 95),
        ("1h35", 95),
        ("2h", 120),
        ("2 hours", 120),
        ("01:35:00", 95),
        ("1:35", 95),
        ("94.6", 95),
        ("0", None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("999999999", None),
    ],
)
def test_runtimes_are_minutes(text: str, value: int | None) -> None:
    assert minutes(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019-11-05", date(2019, 11, 5)),
        ("2019-11-5", date(2019, 11, 5)),
        ("2019-11-05T00:00:00Z", date(2019, 11, 5)),
        ("2019-11-05 12:00:00", date(2019, 11, 5)),
        ("2019/11/05", date(2019, 11, 5)),
        ("20191105", date(2019, 11, 5)),
        ("05.11.2019", date(2019, 11, 5)),
        ("25/12/2019", date(2019, 12, 25)),
        ("12/25/2019", date(2019, 12, 25)),
        ("5/5/2019", date(2019, 5, 5)),
        ("05/11/2019", None),
        ("2019", None),
        ("2019-00-00", None),
        ("2019-02-30", None),
        ("0001-01-01", None),
        ("1601-01-01", None),
        ("1969-12-31", None),
    ],
)
def test_dates_are_read_only_when_beyond_doubt(text: str, value: date | None) -> None:
    assert day(text) == value


def test_moments_keep_the_writers_clock_or_its_offset() -> None:
    assert moment("2024-03-01 21:04:05") == datetime.fromisoformat("2024-03-01T21:04:05")
    assert moment("2024-03-01T21:04:05Z") == datetime.fromisoformat("2024-03-01T21:04:05+00:00")
    assert moment("2024-03-01") == datetime.fromisoformat("2024-03-01T00:00:00")
    assert moment("0001-01-01 00:00:00") is None
    assert moment("never") is None


def test_numbers() -> None:
    assert (whole("12"), whole("12.0"), whole("-1"), whole("-1", low=-1), whole("1.5"), whole("٣"), whole(None)) == (
        12,
        12,
        None,
        -1,
        None,
        None,
        None,
    )
    assert (count("1,234,567"), count("1.234"), count("1 234"), count("12"), count("many")) == (1234567, 1234, 1234, 12, None)
    assert (decimal("7.25"), decimal("7,25"), decimal("-7"), decimal("1e5"), decimal("NaN")) == (
        Decimal("7.25"),
        Decimal("7.25"),
        None,
        None,
        None,
    )
    assert (milliseconds("1.5"), milliseconds("0"), milliseconds("x")) == (1500, None, None)
    assert (year("in 1999 or 2000"), year("0001"), year("123456"), year("")) == (1999, None, None, None)
    assert (boolean("True"), boolean("0"), boolean("perhaps")) == (True, False, None)


@pytest.mark.parametrize(
    ("value", "scale", "result"),
    [
        ("7.1", None, "7.100"),
        ("7.1", "10", "7.100"),
        ("67", "100", "6.700"),
        ("67", None, "6.700"),
        ("3.5", "5", "7.000"),
        ("11", "10", None),
        ("0", "10", None),
        ("5", "0", "5.000"),
        ("101", None, None),
    ],
)
def test_scores_are_rescaled_to_ten(value: str, scale: str | None, result: str | None) -> None:
    found = rescaled(Decimal(value), Decimal(scale) if scale else None)
    assert found == (Decimal(result) if result else None)
