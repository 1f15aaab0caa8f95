"""Turns one parsed root element into an `NfoItem`."""

import re
from datetime import date

from lxml import etree

from domain.libraries.nfo.certificates import item_certifications
from domain.libraries.nfo.document import NfoCollection, NfoItem, NfoKind, NfoSeasonName
from domain.libraries.nfo.fields import Fields, attribute, children, listed, local_name, long_text, text, texts, whole_text
from domain.libraries.nfo.identity import collection_id, is_id_element, item_ids
from domain.libraries.nfo.people import item_credits
from domain.libraries.nfo.ratings import item_ratings, personal_rating
from domain.libraries.nfo.values import boolean, count, day, milliseconds, minutes, moment, one_line, paragraphs, whole, year

_NAMES = (
    "title name originaltitle sorttitle sortname showtitle disambiguation edition year premiered releasedate originalreleasedate "
    "aired born formed enddate died disbanded outline plot biography review overview tagline runtime mpaa certification "
    "customrating status originallanguage language code trailer season seasonnumber seasonname episode episodenumberend "
    "displayseason displayepisode displayafterseason airsbefore_season airsbefore_episode airsafter_season displayorder "
    "namedseason artist albumartist album type releasetype track genre country studio label tag style mood showlink actor "
    "gueststar director writer credits producer ratings rating votes criticrating communityrating userrating top250 uniqueid id "
    "episodeguide set collectionnumber tmdbcolid tmdbcollectionid lockdata lockedfields playcount lastplayed watched resume "
    "dateadded fileinfo thumb fanart art file path filenameandpath basepath hasvideoversions hasvideoextras "
    "isdefaultvideoversion"
)
_KNOWN = frozenset(_NAMES.split())
_NO_EDITION = frozenset({"none", "normal"})
_YOUTUBE = re.compile(r"plugin://plugin\.video\.youtube/\S*?video_?id=([A-Za-z0-9_-]{6,20})(?![A-Za-z0-9_-])", re.IGNORECASE)


def read_item(element: etree._Element, kind: NfoKind) -> NfoItem:
    """Everything an item element says; empty elements are absent."""
    fields = children(element)
    premiered = _premiered(fields, kind)
    certificate = text(fields, "mpaa")
    return NfoItem(
        kind=kind,
        title=text(fields, "title", "name", *(("seasonname",) if kind is NfoKind.SEASON else ())),
        original_title=text(fields, "originaltitle"),
        sort_title=text(fields, "sorttitle", "sortname"),
        show_title=text(fields, "showtitle"),
        disambiguation=text(fields, "disambiguation"),
        edition=_edition(fields),
        year=(premiered.year if premiered else None) or _year(fields),
        premiered=premiered,
        aired=_first_day(fields, "aired"),
        end_date=_first_day(fields, "enddate", "died", "disbanded"),
        outline=long_text(fields, "outline"),
        plot=long_text(fields, "plot", "biography", "review", "overview"),
        tagline=text(fields, "tagline"),
        runtime_minutes=next(filter(None, map(minutes, texts(fields, "runtime"))), None),
        mpaa=certificate,
        certifications=item_certifications(fields),
        status=text(fields, "status"),
        original_language=text(fields, "originallanguage"),
        production_code=text(fields, "code"),
        trailer=_trailer(fields),
        season=_season(fields, kind),
        episode=whole(text(fields, "episode")) if kind is NfoKind.EPISODE else None,
        episode_end=whole(text(fields, "episodenumberend")) if kind is NfoKind.EPISODE else None,
        display_season=_first_whole(fields, "displayseason", "airsbefore_season"),
        display_episode=_first_whole(fields, "displayepisode", "airsbefore_episode"),
        display_after_season=_first_whole(fields, "displayafterseason", "airsafter_season"),
        display_order=text(fields, "displayorder"),
        named_seasons=_season_names(fields),
        artists=listed(fields, "artist", "albumartist") if kind in (NfoKind.ALBUM, NfoKind.MUSICVIDEO) else (),
        album=text(fields, "album") if kind is NfoKind.MUSICVIDEO else None,
        album_type=text(fields, "releasetype", "type") if kind is NfoKind.ALBUM else None,
        track=whole(text(fields, "track"), low=1) if kind is NfoKind.MUSICVIDEO else None,
        genres=listed(fields, "genre"),
        countries=listed(fields, "country"),
        studios=listed(fields, "studio", "label"),
        tags=listed(fields, "tag", "style", "mood"),
        show_links=listed(fields, "showlink"),
        credits=item_credits(fields),
        ratings=item_ratings(fields),
        user_rating=personal_rating(fields),
        top250=whole(text(fields, "top250"), low=1, high=250),
        external_ids=item_ids(fields, kind),
        collection=_collection(fields, kind),
        is_locked=boolean(text(fields, "lockdata")) or False,
        locked_fields=_locked_fields(fields),
        play_count=count(text(fields, "playcount")),
        last_played=moment(text(fields, "lastplayed")),
        is_watched=boolean(text(fields, "watched")),
        resume_position_ms=_resume(fields),
        date_added=moment(text(fields, "dateadded")),
        stream_details_xml=_stream_details(fields),
        unknown_elements=_unknown(element),
    )


def _first_day(fields: Fields, *names: str) -> date | None:
    return next(filter(None, map(day, texts(fields, *names))), None)


def _first_whole(fields: Fields, *names: str) -> int | None:
    return next((value for value in map(whole, texts(fields, *names)) if value is not None), None)


def _premiered(fields: Fields, kind: NfoKind) -> date | None:
    if kind is NfoKind.ARTIST:
        return _first_day(fields, "premiered", "born", "formed")
    return _first_day(fields, "premiered", "releasedate", "originalreleasedate")


def _year(fields: Fields) -> int | None:
    written = texts(fields, "year", "premiered", "releasedate", "originalreleasedate", "born", "formed")
    return next(filter(None, map(year, written)), None)


def _edition(fields: Fields) -> str | None:
    value = text(fields, "edition")
    return value if value and value.lower() not in _NO_EDITION else None


def _season(fields: Fields, kind: NfoKind) -> int | None:
    if kind is NfoKind.SEASON:
        return _first_whole(fields, "seasonnumber", "season")
    return _first_whole(fields, "season", "seasonnumber") if kind is NfoKind.EPISODE else None


def _season_names(fields: Fields) -> tuple[NfoSeasonName, ...]:
    found: dict[int, NfoSeasonName] = {}
    for element in fields.get("namedseason", ()):
        number, title = whole(attribute(element, "number")), one_line(whole_text(element))
        if number is not None and title:
            found.setdefault(number, NfoSeasonName(number, title))
    return tuple(found.values())


def _collection(fields: Fields, kind: NfoKind) -> NfoCollection | None:
    """The series of films, from `<set><name>…`, the old `<set>Name</set>`, or a TMDB id alone."""
    if kind is NfoKind.SET:
        return None
    tmdb_id = collection_id(fields)
    for element in fields.get("set", ()):
        parts = children(element)
        name = text(parts, "name", "title") if parts else one_line(element.text)
        if name:
            return NfoCollection(name, long_text(parts, "overview"), tmdb_id)
    return NfoCollection(None, None, tmdb_id) if tmdb_id else None


def _trailer(fields: Fields) -> str | None:
    """A web address; Kodi's YouTube plugin address becomes one, without a video id (Radarr writes that) it is absent."""
    for value in texts(fields, "trailer"):
        if match := _YOUTUBE.match(value):
            return f"https://www.youtube.com/watch?v={match[1]}"
        if value.lower().startswith(("http://", "https://")):
            return value
    return None


def _locked_fields(fields: Fields) -> tuple[str, ...]:
    names = (part.strip() for value in texts(fields, "lockedfields") for part in value.split("|"))
    return tuple(dict.fromkeys(name for name in names if name))


def _resume(fields: Fields) -> int | None:
    for element in fields.get("resume", ()):
        if position := milliseconds(text(children(element), "position")):
            return position
    return None


def _stream_details(fields: Fields) -> str | None:
    for element in fields.get("fileinfo", ()):
        if len(element):
            return paragraphs(etree.tostring(element, encoding="unicode", with_tail=False))
    return None


def _unknown(element: etree._Element) -> tuple[str, ...]:
    names = dict.fromkeys(local_name(child) for child in element)
    return tuple(name for name in names if name and name.lower() not in _KNOWN and not is_id_element(name))
