"""The closed sets of search."""

from enum import StrEnum


class SearchKind(StrEnum):
    """What a search document is about: an item's kind, or whatever else has a name."""

    MOVIE = "movie"
    SERIES = "series"
    SEASON = "season"
    EPISODE = "episode"
    ARTIST = "artist"
    ALBUM = "album"
    TRACK = "track"
    INTERSTITIAL = "interstitial"
    INTRO = "intro"
    OUTRO = "outro"
    PROMO = "promo"
    BUMPER = "bumper"
    STATION_ID = "station_id"
    CLIP = "clip"
    AD = "ad"
    UNKNOWN = "unknown"
    CUSTOM = "custom"
    PERSON = "person"
    COLLECTION = "collection"
    STUDIO = "studio"
    GENRE = "genre"


class SearchField(StrEnum):
    """Which name of a thing was found."""

    TITLE = "title"
    ORIGINAL_TITLE = "original_title"
    SORT_TITLE = "sort_title"
    NAME = "name"
    SORT_NAME = "sort_name"
