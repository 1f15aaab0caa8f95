"""The closed sets of players."""

from enum import StrEnum


class PlayerType(StrEnum):
    """What kind of program a player is."""

    KODI = "kodi"
    JELLYFIN = "jellyfin"
    PLEX = "plex"


class PlaybackPolicy(StrEnum):
    """What a synchronization does while somebody watches on a player."""

    DEFER = "defer"
    """It takes another member, or waits until nobody watches."""
    RESTORE = "restore"
    """It remembers what plays, goes ahead, and takes the playback up again."""
    IGNORE = "ignore"
    """It goes ahead."""


class PlaybackStatus(StrEnum):
    """What a session of a player does."""

    PLAYING = "playing"
    PAUSED = "paused"
    BUFFERING = "buffering"
    STOPPED = "stopped"


class MediaKind(StrEnum):
    """What a player says that it knows or plays."""

    MOVIE = "movie"
    SERIES = "series"
    """Known, never played: its episodes are."""
    EPISODE = "episode"
    TRACK = "track"
    MUSIC_VIDEO = "music_video"
    CHANNEL = "channel"
    UNKNOWN = "unknown"


class CaptureReason(StrEnum):
    """Why a playback was remembered."""

    UPGRADE = "upgrade"
    """Its file is being replaced."""
    SYNC = "sync"
    """The player's library is being read anew."""
    REQUEST = "request"
    """A person asked."""


class CaptureStatus(StrEnum):
    """What became of a remembered playback."""

    WAITING = "waiting"
    RESTORED = "restored"
    EXPIRED = "expired"
    FAILED = "failed"
    """The player refused, or what it played is not there any more."""
    KEPT = "kept"
    """Nothing had to be restored: it went on playing."""
