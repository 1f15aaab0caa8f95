"""The input types of filters. In each, several conditions are all to be met; what has no value meets none of them."""

import datetime as dt

import strawberry

from api.kit.scalars import BigInt, Duration

_EQ, _IN, _GTE, _LTE = "Equal to.", "One of these, at most 100.", "This or more.", "This or less."


@strawberry.input(description="Conditions on a whole number. Several are all to be met.")
class IntFilter:
    eq: int | None = strawberry.field(default=None, description=_EQ)
    in_: list[int] | None = strawberry.field(name="in", default=None, description=_IN)
    gte: int | None = strawberry.field(default=None, description=_GTE)
    lte: int | None = strawberry.field(default=None, description=_LTE)


@strawberry.input(description="Conditions on a large whole number. Several are all to be met.")
class BigIntFilter:
    eq: BigInt | None = strawberry.field(default=None, description=_EQ)
    gte: BigInt | None = strawberry.field(default=None, description=_GTE)
    lte: BigInt | None = strawberry.field(default=None, description=_LTE)


@strawberry.input(description="Conditions on a number with decimals. Several are all to be met.")
class FloatFilter:
    gte: float | None = strawberry.field(default=None, description="This or more, in the field's unit.")
    lte: float | None = strawberry.field(default=None, description="This or less, in the field's unit.")


@strawberry.input(description="Conditions on a length of time. Several are all to be met.")
class DurationFilter:
    gte: Duration | None = strawberry.field(default=None, description="This long or longer, such as PT90M.")
    lte: Duration | None = strawberry.field(default=None, description="This long or shorter, such as PT2H30M.")


@strawberry.input(description="Conditions on a day. Several are all to be met.")
class DateFilter:
    eq: dt.date | None = strawberry.field(default=None, description="On this day.")
    gte: dt.date | None = strawberry.field(default=None, description="On this day or later.")
    lte: dt.date | None = strawberry.field(default=None, description="On this day or earlier.")


@strawberry.input(description="Conditions on a moment. Several are all to be met.")
class DateTimeFilter:
    gte: dt.datetime | None = strawberry.field(default=None, description="At this moment or later.")
    lte: dt.datetime | None = strawberry.field(default=None, description="At this moment or earlier.")


@strawberry.input(description="Conditions on a text, blind to case, accents and leading articles. Several are all to be met.")
class TextFilter:
    eq: str | None = strawberry.field(default=None, description=_EQ)
    in_: list[str] | None = strawberry.field(name="in", default=None, description=_IN)
    starts_with: str | None = strawberry.field(default=None, description="Begins with.")
    contains: str | None = strawberry.field(default=None, description="Holds.")


@strawberry.input(description="Conditions on a code or word, to the letter. Several are all to be met.")
class WordFilter:
    eq: str | None = strawberry.field(default=None, description=_EQ)
    in_: list[str] | None = strawberry.field(name="in", default=None, description=_IN)


@strawberry.input(description="Conditions on a path or address, to the letter. Several are all to be met.")
class PathFilter:
    eq: str | None = strawberry.field(default=None, description=_EQ)
    starts_with: str | None = strawberry.field(default=None, description="Begins with: all below a folder.")
    contains: str | None = strawberry.field(default=None, description="Holds.")


@strawberry.input(description="Conditions on an id. Several are all to be met.")
class IdFilter:
    eq: strawberry.ID | None = strawberry.field(default=None, description=_EQ)
    in_: list[strawberry.ID] | None = strawberry.field(name="in", default=None, description=_IN)


@strawberry.input(description="Conditions on what something is linked with, by id. Several are all to be met.")
class LinkFilter:
    any_of: list[strawberry.ID] | None = strawberry.field(default=None, description="Has at least one of these ids, at most 100.")
    all_of: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Has every one of these ids; each counts as a condition."
    )
    none_of: list[strawberry.ID] | None = strawberry.field(default=None, description="Has none of these ids, at most 100.")
