"""What plays, and what was remembered of it, as nodes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import strawberry

from api.accounts.types import User
from api.catalog.types.items import MediaItem
from api.jobs.types import Job
from api.kit.connections import Node
from api.kit.enums import expose
from api.kit.planner import column, computed, embedded, entity, global_id, one, part
from api.kit.scalars import BigInt
from api.libraries.types import MediaFile
from api.players.types import Player
from domain.players import tables as t
from domain.players.enums import CaptureReason, CaptureStatus, MediaKind, PlaybackStatus

V = TypeVar("V")

expose(
    PlaybackStatus,
    "What a session of a player does.",
    {
        "PLAYING": "It plays.",
        "PAUSED": "It stands.",
        "BUFFERING": "It waits for data; the position stands.",
        "STOPPED": "It has ended; the rest says what played last.",
    },
)
expose(
    MediaKind,
    "What a player says that it knows or plays.",
    {
        "MOVIE": "A film.",
        "SERIES": "A series: known, never played.",
        "EPISODE": "An episode.",
        "TRACK": "A piece of music.",
        "MUSIC_VIDEO": "A music video.",
        "CHANNEL": "A channel.",
        "UNKNOWN": "The player does not say.",
    },
)
expose(
    CaptureReason,
    "Why a playback was remembered.",
    {
        "UPGRADE": "Its file was being replaced.",
        "SYNC": "The player's library was being read anew.",
        "REQUEST": "A person asked.",
    },
)
expose(
    CaptureStatus,
    "What became of a remembered playback.",
    {
        "WAITING": "It is to be taken up again.",
        "RESTORED": "It was opened again, sent to its position, or paused.",
        "EXPIRED": "Nobody took it up in time.",
        "FAILED": "It could not be taken up; `error` says why.",
        "KEPT": "Nothing had to be done: it went on playing.",
    },
)

_STREAMS = (t.PlayerState.streams,)


def _of(stream: str, name: str, kind: type[V]) -> Callable[[Sequence[tuple[dict[str, Any]]]], list[V | None]]:
    def read(rows: Sequence[tuple[dict[str, Any]]]) -> list[V | None]:
        found = ((streams or {}).get(stream) for (streams,) in rows)
        values = (one.get(name) if isinstance(one, dict) else None for one in found)
        return [value if isinstance(value, kind) and not isinstance(value, bool) else None for value in values]

    return read


@part(t.PlayerState, description="The chosen video stream, as far as the player tells.")
class PlaybackVideo:
    index: int | None = computed(_of("video", "index", int), requires=_STREAMS, description="Its number, 0 first.")
    codec: str | None = computed(
        _of("video", "codec", str), requires=_STREAMS, description="Its codec, as the player says: hevc."
    )
    width: int | None = computed(_of("video", "width", int), requires=_STREAMS, description="Width in pixels.")
    height: int | None = computed(_of("video", "height", int), requires=_STREAMS, description="Height in pixels.")
    title: str | None = computed(_of("video", "title", str), requires=_STREAMS, description="Its name.")


@part(t.PlayerState, description="The chosen audio stream, as far as the player tells.")
class PlaybackAudio:
    index: int | None = computed(_of("audio", "index", int), requires=_STREAMS, description="Its number, 0 first.")
    language: str | None = computed(_of("audio", "language", str), requires=_STREAMS, description="As the player says: de, ger.")
    codec: str | None = computed(
        _of("audio", "codec", str), requires=_STREAMS, description="Its codec, as the player says: eac3."
    )
    channels: int | None = computed(_of("audio", "channels", int), requires=_STREAMS, description="How many channels it has.")
    title: str | None = computed(_of("audio", "title", str), requires=_STREAMS, description="Its name.")


@part(t.PlayerState, description="The subtitles that are shown, as far as the player tells; without an index, none are.")
class PlaybackSubtitle:
    index: int | None = computed(_of("subtitle", "index", int), requires=_STREAMS, description="Their number, 0 first.")
    language: str | None = computed(
        _of("subtitle", "language", str), requires=_STREAMS, description="As the player says: de, ger."
    )
    codec: str | None = computed(
        _of("subtitle", "codec", str), requires=_STREAMS, description="Their format, as the player says."
    )
    title: str | None = computed(_of("subtitle", "title", str), requires=_STREAMS, description="Their name.")


@entity(
    t.PlayerState,
    description=(
        "What plays in a session of a player, or did last. At a moment t it is at `positionMs + speed * (t - observedAt)`,"
        " never below 0 nor beyond `totalMs`. It is known as long as the player's `watchedUntil` lies ahead and it is CONNECTED."
    ),
)
class Playback(Node):
    id: strawberry.ID = global_id()
    status: PlaybackStatus = column(t.PlayerState.status, description="What it does.")
    session: str = column(t.PlayerState.session, description="What the player calls the session; empty: Kodi's one.")
    kind: MediaKind = column(t.PlayerState.kind, description="What the player says that it is.")
    title: str | None = column(t.PlayerState.title, description="What the player calls it.")
    device: str | None = column(t.PlayerState.device, description="What it plays on, as the player says: Living room TV.")
    profile_name: str | None = column(t.PlayerState.profile_name, description="Who watches, as the player says.")
    position_ms: BigInt = column(
        t.PlayerState.position_ms, as_=BigInt, description="Where it was at `observedAt`, in milliseconds of the file."
    )
    total_ms: BigInt | None = column(t.PlayerState.total_ms, as_=BigInt, description="How long it is, in milliseconds.")
    speed: float = column(t.PlayerState.speed, description="1 = as filmed, 0 = it stands, -2 = backwards.")
    video: PlaybackVideo = embedded(description="The video stream.")
    audio: PlaybackAudio = embedded(description="The audio stream.")
    subtitle: PlaybackSubtitle = embedded(description="The subtitles.")
    started_at: datetime = column(t.PlayerState.started_at, description="When it began.")
    observed_at: datetime = column(t.PlayerState.observed_at, description="When it was at `positionMs`.")
    ended_at: datetime | None = column(t.PlayerState.ended_at, description="When it ended; null while it is live.")
    is_finished: bool = column(t.PlayerState.is_finished, description="It ran to its end.")
    player: Player | None = one(t.PlayerState.player_id, description="The player.")
    item: MediaItem | None = one(t.PlayerState.item_id, description="Our item; null when no library of the player's has it.")
    file: MediaFile | None = one(t.PlayerState.file_id, description="Our file.")
    user: User | None = one(t.PlayerState.user_id, description="Who of us watches; null = the profile is nobody's.")


@entity(t.PlaybackCapture, description="What played when something had to be done to it, until it is taken up again.")
class PlaybackCapture(Node):
    id: strawberry.ID = global_id()
    status: CaptureStatus = column(t.PlaybackCapture.status, description="What became of it.")
    reason: CaptureReason = column(t.PlaybackCapture.reason, description="Why it was remembered.")
    error: str | None = column(t.PlaybackCapture.error, description="Why it could not be taken up.")
    session: str = column(t.PlaybackCapture.session, description="What the player calls the session; empty: Kodi's one.")
    position_ms: BigInt = column(
        t.PlaybackCapture.position_ms, as_=BigInt, description="Where it was at `capturedAt`, in milliseconds of the file."
    )
    total_ms: BigInt | None = column(t.PlaybackCapture.total_ms, as_=BigInt, description="How long it was, in milliseconds.")
    is_paused: bool = column(t.PlaybackCapture.is_paused, description="It stood.")
    captured_at: datetime = column(t.PlaybackCapture.captured_at, description="When it was remembered.")
    restored_at: datetime | None = column(t.PlaybackCapture.restored_at, description="When it was taken up again.")
    expires_at: datetime = column(t.PlaybackCapture.expires_at, description="Later nobody takes it up.")
    player: Player | None = one(t.PlaybackCapture.player_id, description="The player.")
    item: MediaItem | None = one(t.PlaybackCapture.item_id, description="Our item.")
    file: MediaFile | None = one(t.PlaybackCapture.file_id, description="Our file, as it was then.")
    user: User | None = one(t.PlaybackCapture.user_id, description="Who of us watched.")
    job: Job | None = one(t.PlaybackCapture.job_id, description="The job that takes it up; null when you may not see it.")
