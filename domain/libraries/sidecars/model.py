"""What can be known of a file from its name and place alone."""

from dataclasses import dataclass
from enum import StrEnum


class FolderKind(StrEnum):
    """What an item's folder holds; `shared` is one folder of several movies, where bare names belong to nobody."""

    MOVIE = "movie"
    SHARED = "shared"
    SERIES = "series"
    SEASON = "season"
    ARTIST = "artist"
    ALBUM = "album"
    SET = "set"
    UNKNOWN = "unknown"


class SidecarRole(StrEnum):
    """What a file is there for; `main` is a candidate for the media itself."""

    MAIN = "main"
    EXTRA = "extra"
    TRAILER = "trailer"
    SAMPLE = "sample"
    THEME = "theme"
    SUBTITLE = "subtitle"
    NFO = "nfo"
    IMAGE = "image"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


class ExtraKind(StrEnum):
    """The sorts of bonus material."""

    BEHIND_THE_SCENES = "behind_the_scenes"
    DELETED_SCENE = "deleted_scene"
    INTERVIEW = "interview"
    SCENE = "scene"
    SHORT = "short"
    FEATURETTE = "featurette"
    CLIP = "clip"
    OTHER = "other"


class AssetType(StrEnum):
    """The artwork types a local file can be; the values are names of `asset_types`."""

    POSTER = "poster"
    FANART = "fanart"
    BANNER = "banner"
    CLEARLOGO = "clearlogo"
    CLEARART = "clearart"
    DISCART = "discart"
    LANDSCAPE = "landscape"
    KEYART = "keyart"
    THUMB = "thumb"
    CHARACTERART = "characterart"
    COVER = "cover"
    ACTOR_THUMB = "actor_thumb"


SEASON_ALL = -1
SEASON_SPECIALS = 0


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """The directory whose names are classified.

    `kind` and `name` are those of the item's folder. `path` is the directory below it with `/` between its parts, '' for
    the folder itself ('Behind The Scenes', '.actors', 'Subs/Movie (2020)'). `season_number` is set for a season folder.
    `bases` adds base names that no file of this directory shows: of stacked parts ('Movie' of 'Movie cd1.avi'), or of the
    videos in the folder above when `path` begins with 'metadata' or 'Subs'.
    """

    kind: FolderKind
    name: str = ""
    path: str = ""
    season_number: int | None = None
    bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An artwork file: `index` 0 is unnumbered (`fanart`), n is `fanart<n>`.

    `season_number` is SEASON_SPECIALS (0), SEASON_ALL (-1) or a number; `person` an actor's name. Of several files of one
    owner, type and index the lowest `preference` wins: with base name before bare, exact name before alias, PNG first.
    """

    asset_type: AssetType
    index: int = 0
    season_number: int | None = None
    person: str | None = None
    preference: int = 0


@dataclass(frozen=True, slots=True)
class SubtitleFacts:
    """A subtitle's name after its base: `language` is BCP 47 (None: not said), `title` what nothing else explains."""

    language: str | None = None
    title: str | None = None
    is_forced: bool = False
    is_default: bool = False
    is_hearing_impaired: bool = False


@dataclass(frozen=True, slots=True)
class Sidecar:
    """One file name's meaning.

    `base` is the base name (as written) of the video it belongs to; for a `main` file its own; None means the folder's
    item. `nfo_preference` ranks NFO files for one item, lowest first: 0 `<base>.nfo` or a disc's, 1 `movie.nfo`,
    `tvshow.nfo` and the like, 2 any other. `extra_kind`, `image` and `subtitle` are set for their roles only.
    """

    name: str
    role: SidecarRole
    base: str | None = None
    extra_kind: ExtraKind | None = None
    image: ImageFacts | None = None
    subtitle: SubtitleFacts | None = None
    nfo_preference: int | None = None
