"""The bytes of an NFO file: Kodi's elements in a fixed order, two spaces a level."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from domain.libraries.nfo import NfoCollection, NfoCredit, NfoDepartment, NfoId, NfoItem, NfoKind, NfoRating
from domain.publish.nfo.certificates import certificate_text
from domain.publish.nfo.facts import GUEST
from domain.publish.nfo.sayable import sayable
from domain.publish.nfo.streams import Streams, file_info

_ROOTS: Final = {
    NfoKind.MOVIE: "movie",
    NfoKind.SERIES: "tvshow",
    NfoKind.SEASON: "season",
    NfoKind.EPISODE: "episodedetails",
}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RATING_NAMES: Final = {
    "tmdb": "themoviedb",
    "rotten_tomatoes": "tomatometerallcritics",
    "rotten_tomatoes_audience": "tomatometeravgaudience",
}
"""What Kodi's skins call a source."""
_CREW_ELEMENTS: Final = {
    NfoDepartment.DIRECTING: "director",
    NfoDepartment.WRITING: "credits",
    NfoDepartment.PRODUCTION: "producer",
}


@dataclass(frozen=True, slots=True)
class Root:
    """One item of a file, and what is inside the video that it describes."""

    item: NfoItem
    streams: Streams | None = None


def write_nfo(roots: Sequence[Root]) -> bytes:
    """The file; several episodes of one video are several roots one after another. Raises ValueError for none."""
    if not roots:
        raise ValueError("An NFO describes something.")
    return (_HEAD + "".join(_text(root) for root in roots)).encode("utf-8")


def _text(root: Root) -> str:
    element = _element(sayable(root.item), root.streams)
    etree.indent(element, space="  ")
    return etree.tostring(element, encoding="unicode") + "\n"


def _element(item: NfoItem, streams: Streams | None) -> etree._Element:
    root = etree.Element(_ROOTS[item.kind])
    _add(root, "title", item.title)
    _add(root, "originaltitle", item.original_title)
    _add(root, "sorttitle", item.sort_title)
    _add(root, "showtitle", item.show_title)
    _add(root, "edition", item.edition)
    _ratings(root, item.ratings)
    _add(root, "season" if item.kind is NfoKind.EPISODE else "seasonnumber", item.season)
    _add(root, "episode", item.episode)
    _add(root, "displayseason", item.display_season)
    _add(root, "displayepisode", item.display_episode)
    _add(root, "displayafterseason", item.display_after_season)
    _add(root, "outline", item.outline)
    _add(root, "plot", item.plot)
    _add(root, "tagline", item.tagline)
    _add(root, "runtime", item.runtime_minutes)
    for number, certificate in enumerate(item.certifications):
        _add(root, "certification" if number else "mpaa", certificate_text(certificate))
    _ids(root, item.external_ids)
    _all(root, "genre", item.genres)
    _all(root, "country", item.countries)
    _set(root, item.collection)
    _all(root, "tag", item.tags)
    _people(root, [one for one in item.credits if one.department is not NfoDepartment.CAST])
    _add(root, "premiered", _day(item.premiered))
    _add(root, "year", item.year)
    _add(root, "aired", _day(item.aired))
    _add(root, "enddate", _day(item.end_date))
    _add(root, "status", item.status)
    _all(root, "studio", item.studios)
    _add(root, "originallanguage", item.original_language)
    for name in item.named_seasons:
        _add(root, "namedseason", name.title, number=str(name.number))
    _actors(root, [one for one in item.credits if one.department is NfoDepartment.CAST])
    if streams is not None and (info := file_info(streams)) is not None:
        root.append(info)
    return root


def _add(parent: etree._Element, name: str, value: str | int | None, **attributes: str) -> etree._Element | None:
    if value is None:
        return None
    element = etree.SubElement(parent, name, attributes)
    element.text = str(value)
    return element


def _all(parent: etree._Element, name: str, values: Iterable[str]) -> None:
    for value in values:
        _add(parent, name, value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _decimal(value: Decimal) -> str:
    """As few digits as it needs: 7.2, not 7.200."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _flag(*, is_default: bool) -> dict[str, str]:
    return {"default": "true"} if is_default else {}


def _ratings(root: etree._Element, ratings: Sequence[NfoRating]) -> None:
    group = etree.SubElement(root, "ratings") if ratings else None
    for one in ratings:
        assert group is not None
        name = _RATING_NAMES.get(one.source, one.source)
        element = etree.SubElement(group, "rating", {"name": name, "max": "10", **_flag(is_default=one.is_default)})
        _add(element, "value", _decimal(one.value))
        _add(element, "votes", one.votes)


def _ids(root: etree._Element, ids: Iterable[NfoId]) -> None:
    for one in ids:
        _add(root, "uniqueid", one.id, type=one.provider, **_flag(is_default=one.is_default))


def _set(root: etree._Element, collection: NfoCollection | None) -> None:
    if collection is None:
        return
    element = etree.SubElement(root, "set", {"tmdbcolid": collection.tmdb_id} if collection.tmdb_id else {})
    _add(element, "name", collection.name)
    _add(element, "overview", collection.overview)


def _people(root: etree._Element, credits: Iterable[NfoCredit]) -> None:
    """Crew; the ids stand in attributes, which players pass over."""
    for one in credits:
        ids = {f"{known.provider}id": known.id for known in one.external_ids}
        _add(root, _CREW_ELEMENTS[one.department], one.name, **ids)


def _actors(root: etree._Element, credits: Iterable[NfoCredit]) -> None:
    for one in credits:
        element = etree.SubElement(root, "actor")
        _add(element, "name", one.name)
        _add(element, "role", one.role)
        _add(element, "type", "GuestStar" if one.job == GUEST else None)
        _add(element, "order", one.order)
        for known in one.external_ids:
            _add(element, f"{known.provider}id", known.id)
