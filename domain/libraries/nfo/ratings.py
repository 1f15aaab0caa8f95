"""The scores of one item, rescaled to 0-10 and under one name per source."""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from domain.libraries.nfo.document import NfoRating
from domain.libraries.nfo.fields import Fields, attribute, children, text
from domain.libraries.nfo.values import boolean, count, decimal, one_line

SOURCES = {
    "themoviedb": "tmdb",
    "thetvdb": "tvdb",
    "tomatometerallcritics": "rotten_tomatoes",
    "tomatometer": "rotten_tomatoes",
    "rottentomatoes": "rotten_tomatoes",
    "tomatometeravgaudience": "rotten_tomatoes_audience",
    "tomatometerallaudience": "rotten_tomatoes_audience",
}
"""Names of sources in the wild, and ours."""
_THOUSANDTH = Decimal("0.001")
_TEN, _HUNDRED = Decimal(10), Decimal(100)


def item_ratings(fields: Fields) -> tuple[NfoRating, ...]:
    """One rating per source; the oldest forms count only where `<ratings>` has none. A score of 0 means "not rated"."""
    found: dict[str, NfoRating] = {}
    grouped = list(_grouped(fields))
    for rating in (*(grouped or _single(fields)), *_critics(fields)):
        found.setdefault(rating.source, rating)
    return tuple(found.values())


def personal_rating(fields: Fields) -> Decimal | None:
    """The writing household's own score, 0-10; None if there is none."""
    for element in fields.get("userrating", ()):
        value = rescaled(decimal(one_line(element.text)), decimal(attribute(element, "max")))
        if value is not None:
            return value
    return None


def rescaled(value: Decimal | None, scale: Decimal | None) -> Decimal | None:
    """A score on the scale 0-10 with three decimals; a value over 10 without a stated scale is out of 100."""
    if not value:
        return None
    top = scale or (_TEN if value <= _TEN else _HUNDRED)
    return (value * _TEN / top).quantize(_THOUSANDTH) if value <= top else None


def _grouped(fields: Fields) -> Iterator[NfoRating]:
    for group in fields.get("ratings", ()):
        for element in children(group).get("rating", ()):
            parts = children(element)
            votes = count(text(parts, "votes"))
            if rating := _rating(element, text(parts, "value") or element.text, votes):
                yield rating


def _single(fields: Fields) -> Iterator[NfoRating]:
    votes = count(text(fields, "votes"))
    for name in ("rating", "communityrating"):
        for element in fields.get(name, ()):
            # Lidarr and old Kodi music files write <rating><value>…</value></rating>.
            if rating := _rating(element, text(children(element), "value") or element.text, votes):
                yield rating


def _critics(fields: Fields) -> Iterator[NfoRating]:
    value = rescaled(decimal(text(fields, "criticrating")), _HUNDRED)
    if value is not None:
        yield NfoRating("rotten_tomatoes", value)


def _rating(element: etree._Element, value: str | None, votes: int | None) -> NfoRating | None:
    number = rescaled(decimal(value), decimal(attribute(element, "max")))
    if number is None:
        return None
    name = (attribute(element, "name") or attribute(element, "source") or "default").lower()
    return NfoRating(SOURCES.get(name, name), number, votes or None, boolean(attribute(element, "default")) or False)
