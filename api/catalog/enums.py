"""The catalog's closed sets in the schema."""

from api.kit.enums import expose
from domain.catalog.enums import (
    AlbumType,
    Availability,
    Department,
    Enrichment,
    EpisodeOrdering,
    Identification,
    ItemKind,
    LockState,
    ProductionStatus,
    Publication,
    Relation,
    RelationOrigin,
    ReleaseType,
    StudioRole,
    TagOrigin,
)

expose(
    ItemKind,
    "What an item is.",
    {
        "MOVIE": "A film.",
        "SERIES": "A series as a whole.",
        "SEASON": "A season of a series; number 0 holds the specials.",
        "EPISODE": "An episode.",
        "ARTIST": "A musician or band.",
        "ALBUM": "A release of an artist.",
        "TRACK": "A piece of music on an album.",
        "INTERSTITIAL": "Something short between programmes.",
        "INTRO": "Opens a programme.",
        "OUTRO": "Closes a programme.",
        "PROMO": "Announces a programme.",
        "BUMPER": "Stands before or after a break.",
        "STATION_ID": "Says which channel this is.",
        "CLIP": "A short piece of any sort.",
        "AD": "An advertisement.",
        "UNKNOWN": "Owned, but nobody knows yet what it is.",
        "CUSTOM": "A thing of a type that a user defined.",
    },
    name="MediaItemKind",
)
expose(
    Identification,
    "Whether it is known what an item is.",
    {
        "UNIDENTIFIED": "Nobody looked yet, or nothing was found.",
        "AMBIGUOUS": "Several things it could be wait in the review queue.",
        "IDENTIFIED": "It is known.",
    },
)
expose(
    Enrichment,
    "How much the providers have told.",
    {
        "NEVER": "No provider was asked.",
        "PARTIAL": "Some answered.",
        "COMPLETE": "All answered.",
        "FAILED": "The last attempt failed; the job says why.",
    },
)
expose(
    Publication,
    "Whether the files beside the media say what the catalog says.",
    {
        "NEVER": "Nothing was published.",
        "PUBLISHED": "They agree.",
        "OUTDATED": "The catalog changed since.",
        "FAILED": "The last attempt failed; the job says why.",
    },
)
expose(
    Availability,
    "Whether a file is there.",
    {
        "NONE": "It never had one: tracked, not owned.",
        "PRESENT": "A file is there.",
        "MISSING": "Its files vanished; `missingSince` says when.",
    },
)
expose(
    ProductionStatus,
    "Where a work stands in its making (TMDB's words).",
    {
        "RUMORED": "Talked about.",
        "PLANNED": "Announced.",
        "IN_PRODUCTION": "Being made.",
        "POST_PRODUCTION": "Being finished.",
        "RELEASED": "Out.",
        "RETURNING": "A series with more to come.",
        "ENDED": "A series that is over.",
        "CANCELED": "Stopped.",
        "PILOT": "A single first episode.",
    },
)
expose(
    AlbumType,
    "What sort of release an album is.",
    {
        "ALBUM": "A studio album.",
        "SINGLE": "A single.",
        "EP": "An extended play.",
        "COMPILATION": "Collected from other releases.",
        "LIVE": "Recorded live.",
        "SOUNDTRACK": "Music of a film, series or game.",
        "REMIX": "Remixes.",
        "OTHER": "Anything else.",
    },
)
expose(
    Department,
    "The trade of a credit.",
    {
        "CAST": "On screen or speaking.",
        "DIRECTING": "Direction.",
        "WRITING": "Script and story.",
        "PRODUCTION": "Production.",
        "MUSIC": "Music.",
        "CAMERA": "Camera.",
        "EDITING": "Editing.",
        "ART": "Art, costume, make-up.",
        "SOUND": "Sound.",
        "OTHER": "Anything else.",
    },
)
expose(
    StudioRole,
    "What an organisation is to an item.",
    {
        "STUDIO": "Made it.",
        "NETWORK": "Broadcasts it.",
        "LABEL": "Released the music.",
        "PUBLISHER": "Published it.",
    },
)
expose(
    TagOrigin,
    "Who set a tag; automation removes only its own.",
    {
        "USER": "A person.",
        "PROVIDER": "A metadata provider.",
        "SIDECAR": "A file beside the media.",
        "INGEST": "An import.",
    },
)
expose(
    ReleaseType,
    "How a work came out (TMDB's six types).",
    {
        "PREMIERE": "First showing.",
        "LIMITED": "In few cinemas.",
        "THEATRICAL": "In cinemas.",
        "DIGITAL": "As a download or stream.",
        "PHYSICAL": "On disc.",
        "TV": "On television.",
    },
)
expose(
    LockState,
    "Whether automation may write a field; the nearest ancestor with a decision decides.",
    {"LOCKED": "Only people change it.", "UNLOCKED": "Automation may, although an ancestor is locked."},
)
expose(
    EpisodeOrdering,
    "An order in which the episodes of a series are counted.",
    {
        "AIRED": "As first broadcast.",
        "DVD": "As on disc.",
        "ABSOLUTE": "Counted through without seasons.",
        "ALTERNATE": "Another order that a provider knows.",
        "REGIONAL": "As broadcast in another region.",
        "DIGITAL": "As streamed or sold online.",
        "STORY": "As the story runs.",
        "PRODUCTION": "As produced.",
    },
)
expose(
    Relation,
    "What a related item is to an item.",
    {
        "SEQUEL": "It continues the item.",
        "PREQUEL": "The item continues it.",
        "ADAPTATION": "It was adapted from the item.",
        "ADAPTED_FROM": "The item was adapted from it.",
        "SPIN_OFF": "It was spun off from the item.",
        "SPUN_OFF_FROM": "The item was spun off from it.",
        "REMAKE": "It tells the item's story anew.",
        "REMAKE_OF": "The item tells its story anew.",
        "SHARED_UNIVERSE": "Both play in one world.",
    },
)
expose(
    RelationOrigin,
    "Who said that works are related; automation takes back only its own word.",
    {"USER": "A person.", "PROVIDER": "A metadata provider, or the order of a film series."},
)
