"""What an NFO file says, as plain frozen values: absent is None or an empty tuple, never 0 or ''."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class NfoKind(StrEnum):
    """What a root element describes."""

    MOVIE = "movie"
    SERIES = "series"
    SEASON = "season"
    EPISODE = "episode"
    ARTIST = "artist"
    ALBUM = "album"
    MUSICVIDEO = "musicvideo"
    SET = "set"


class NfoDepartment(StrEnum):
    """The part of the work a person did; the values are those of the catalogue's credits."""

    CAST = "cast"
    DIRECTING = "directing"
    WRITING = "writing"
    PRODUCTION = "production"
    MUSIC = "music"
    EDITING = "editing"
    ART = "art"
    SOUND = "sound"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NfoId:
    """A catalogue id; `is_default` marks the one the writing tool scraped by (`uniqueid default="true"`)."""

    provider: str
    namespace: str
    id: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class NfoRating:
    """A score rescaled to 0-10 (three decimals) by its source; `default` is the source of a nameless rating."""

    source: str
    value: Decimal
    votes: int | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class NfoCredit:
    """One person's part; `order` is the written billing order (0 first), None where the file gives none."""

    name: str
    department: NfoDepartment
    job: str
    role: str | None = None
    order: int | None = None
    thumb_url: str | None = None
    external_ids: tuple[NfoId, ...] = ()


@dataclass(frozen=True, slots=True)
class NfoCertification:
    """A certificate; `country` is ISO 3166-1 alpha-2 where a code was written, else the name as written, else None."""

    country: str | None
    value: str


@dataclass(frozen=True, slots=True)
class NfoCollection:
    """The film series an item belongs to; a file may know only its name or only its TMDB id."""

    name: str | None
    overview: str | None = None
    tmdb_id: str | None = None


@dataclass(frozen=True, slots=True)
class NfoSeasonName:
    """A season's own title, from `<namedseason number="2">`."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class NfoItem:
    """One root element.

    Runtimes are minutes; `resume_position_ms` is milliseconds; `premiered` also holds an artist's `born` or `formed` and
    an album's `releasedate`, `end_date` also `died` and `disbanded`. `last_played` and `date_added` are wall-clock times
    of the writing machine unless the file names an offset. `external_ids` come most trusted first. `season` and `episode`
    are set for seasons and episodes only. `stream_details_xml` is the raw `<fileinfo>`: the media file itself is the truth.
    """

    kind: NfoKind
    title: str | None = None
    original_title: str | None = None
    sort_title: str | None = None
    show_title: str | None = None
    disambiguation: str | None = None
    edition: str | None = None
    year: int | None = None
    premiered: date | None = None
    aired: date | None = None
    end_date: date | None = None
    outline: str | None = None
    plot: str | None = None
    tagline: str | None = None
    runtime_minutes: int | None = None
    mpaa: str | None = None
    certifications: tuple[NfoCertification, ...] = ()
    status: str | None = None
    original_language: str | None = None
    production_code: str | None = None
    trailer: str | None = None

    season: int | None = None
    episode: int | None = None
    episode_end: int | None = None
    display_season: int | None = None
    display_episode: int | None = None
    display_after_season: int | None = None
    display_order: str | None = None
    named_seasons: tuple[NfoSeasonName, ...] = ()

    artists: tuple[str, ...] = ()
    album: str | None = None
    album_type: str | None = None
    track: int | None = None

    genres: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    studios: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    show_links: tuple[str, ...] = ()
    credits: tuple[NfoCredit, ...] = ()
    ratings: tuple[NfoRating, ...] = ()
    user_rating: Decimal | None = None
    top250: int | None = None
    external_ids: tuple[NfoId, ...] = ()
    collection: NfoCollection | None = None

    is_locked: bool = False
    locked_fields: tuple[str, ...] = ()
    play_count: int | None = None
    last_played: datetime | None = None
    is_watched: bool | None = None
    resume_position_ms: int | None = None
    date_added: datetime | None = None

    stream_details_xml: str | None = None
    unknown_elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NfoDocument:
    """A whole file: its items in order and the ids found in addresses outside them; never both empty.

    `is_damaged` says that the XML was broken and read as far as it made sense.
    """

    roots: tuple[NfoItem, ...] = ()
    url_ids: tuple[NfoId, ...] = ()
    is_damaged: bool = False
