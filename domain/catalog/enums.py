"""The closed sets of the catalog, stored as their text."""

from enum import StrEnum


class ItemKind(StrEnum):
    """What a row of `media_items` is."""

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


class EntityKind(StrEnum):
    """What an id of the one id space names: every item kind, and whatever else has artwork, ids and locks."""

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
    GROUP = "group"
    STUDIO = "studio"
    CHANNEL = "channel"


class Identification(StrEnum):
    """Whether it is known what an item is."""

    UNIDENTIFIED = "unidentified"
    AMBIGUOUS = "ambiguous"
    IDENTIFIED = "identified"


class Enrichment(StrEnum):
    """How much the providers have told."""

    NEVER = "never"
    PARTIAL = "partial"
    COMPLETE = "complete"
    FAILED = "failed"


class Publication(StrEnum):
    """Whether the files beside the media say what the catalog says."""

    NEVER = "never"
    PUBLISHED = "published"
    OUTDATED = "outdated"
    FAILED = "failed"


class Availability(StrEnum):
    """Whether a file is there: none ever was, it is, or it has vanished."""

    NONE = "none"
    PRESENT = "present"
    MISSING = "missing"


class ProductionStatus(StrEnum):
    """Where a work stands in its making. Unknown words of providers stay in `metadata`."""

    RUMORED = "rumored"
    PLANNED = "planned"
    IN_PRODUCTION = "in_production"
    POST_PRODUCTION = "post_production"
    RELEASED = "released"
    RETURNING = "returning"
    ENDED = "ended"
    CANCELED = "canceled"
    PILOT = "pilot"


class AlbumType(StrEnum):
    """What sort of release an album is."""

    ALBUM = "album"
    SINGLE = "single"
    EP = "ep"
    COMPILATION = "compilation"
    LIVE = "live"
    SOUNDTRACK = "soundtrack"
    REMIX = "remix"
    OTHER = "other"


class EpisodeOrdering(StrEnum):
    """An order in which the episodes of a series are counted."""

    AIRED = "aired"
    DVD = "dvd"
    ABSOLUTE = "absolute"
    ALTERNATE = "alternate"
    REGIONAL = "regional"
    DIGITAL = "digital"
    STORY = "story"
    PRODUCTION = "production"


class RelationshipType(StrEnum):
    """How one work stands to another: "to is the … of from"; a prequel is a sequel read backwards."""

    SEQUEL = "sequel"
    ADAPTATION = "adaptation"
    SPIN_OFF = "spin_off"
    REMAKE = "remake"
    SHARED_UNIVERSE = "shared_universe"


class Relation(StrEnum):
    """What a related item is to an item: a relationship as it is read from either end."""

    SEQUEL = "sequel"
    PREQUEL = "prequel"
    ADAPTATION = "adaptation"
    ADAPTED_FROM = "adapted_from"
    SPIN_OFF = "spin_off"
    SPUN_OFF_FROM = "spun_off_from"
    REMAKE = "remake"
    REMAKE_OF = "remake_of"
    SHARED_UNIVERSE = "shared_universe"


class RelationOrigin(StrEnum):
    """Who said that works are related: automation changes only its own."""

    USER = "user"
    PROVIDER = "provider"


class LockState(StrEnum):
    """Whether automation may write a field; the nearest ancestor with a row decides."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"


class Department(StrEnum):
    """The trade of a credit."""

    CAST = "cast"
    DIRECTING = "directing"
    WRITING = "writing"
    PRODUCTION = "production"
    MUSIC = "music"
    CAMERA = "camera"
    EDITING = "editing"
    ART = "art"
    SOUND = "sound"
    OTHER = "other"


class StudioRole(StrEnum):
    """What an organisation is to an item."""

    STUDIO = "studio"
    NETWORK = "network"
    LABEL = "label"
    PUBLISHER = "publisher"


class TagOrigin(StrEnum):
    """Who set a tag: automation removes only its own."""

    USER = "user"
    PROVIDER = "provider"
    SIDECAR = "sidecar"
    INGEST = "ingest"


class ReleaseType(StrEnum):
    """How a work came out (TMDB's six types)."""

    PREMIERE = "premiere"
    LIMITED = "limited"
    THEATRICAL = "theatrical"
    DIGITAL = "digital"
    PHYSICAL = "physical"
    TV = "tv"


class ChangeAction(StrEnum):
    """What a person did to items."""

    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    UNDO = "undo"


class RowOutcome(StrEnum):
    """What became of one item of a change."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class ErrorPolicy(StrEnum):
    """What one item's error does to the others, as Saleor's bulk mutations have it."""

    REJECT_ALL = "reject_all"
    REJECT_FAILED = "reject_failed"
    IGNORE_FAILED = "ignore_failed"


class Fallback(StrEnum):
    """What follows after a provider in the order of them: the next where it says nothing, none, or the next's list too."""

    CONTINUE = "continue"
    STOP = "stop"
    MERGE = "merge"
