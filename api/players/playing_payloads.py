"""What mutations of playback take and answer."""

from typing import Annotated

import strawberry

from api.jobs.types import Job
from api.kit.mutations import client_id, errors_field
from api.kit.problems import ConflictError, ForbiddenError, InvalidError, NotFoundError, UpstreamError
from api.kit.scalars import BigInt
from api.players.playing import Playback, PlaybackCapture
from api.players.types import Player

_WHICH = "A playback: `playbacks` and `playbackChanged` tell its id."
_KNOWN = "As it is known now; the player's word for what was done follows in `playbackChanged`."


@strawberry.input(description="A playback to hold.")
class PausePlaybackInput:
    id: strawberry.ID = strawberry.field(description=_WHICH)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A playback to go on with.")
class ResumePlaybackInput:
    id: strawberry.ID = strawberry.field(description=_WHICH)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A playback to end.")
class StopPlaybackInput:
    id: strawberry.ID = strawberry.field(description=_WHICH)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A playback, and where it is to go on.")
class SeekPlaybackInput:
    id: strawberry.ID = strawberry.field(description=_WHICH)
    position_ms: BigInt = strawberry.field(description="The position in milliseconds, 0 at the beginning.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="What to play, and where: `player` or `playback`, `item` or `items`.")
class PlayMediaInput:
    player: strawberry.ID | None = strawberry.field(default=None, description="On this player (a Kodi: it has one session).")
    playback: strawberry.ID | None = strawberry.field(
        default=None, description="In the session of this playback, live or not, in place of what plays there."
    )
    item: strawberry.ID | None = strawberry.field(
        default=None, description="A film, an episode; a season, series or album is played as a list of what is below it."
    )
    items: list[strawberry.ID] | None = strawberry.field(default=None, description="At most 100, one after the other.")
    position_ms: BigInt | None = strawberry.field(
        default=None, description="Where a single item begins, in milliseconds; at its beginning if not given."
    )
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A playback to remember.")
class CapturePlaybackInput:
    id: strawberry.ID = strawberry.field(description=_WHICH)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A remembered playback to take up again.")
class RestorePlaybackInput:
    id: strawberry.ID = strawberry.field(description="A capture that waits: `playbackCaptures` lists them.")
    client_mutation_id: str | None = client_id()


_WHY = "Why nothing was done: `code` tells a silent player from a refusal."
PausePlaybackError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError, strawberry.union("PausePlaybackError", description=_WHY)
]
ResumePlaybackError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError, strawberry.union("ResumePlaybackError", description=_WHY)
]
StopPlaybackError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError, strawberry.union("StopPlaybackError", description=_WHY)
]
SeekPlaybackError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError, strawberry.union("SeekPlaybackError", description=_WHY)
]
CapturePlaybackError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError, strawberry.union("CapturePlaybackError", description=_WHY)
]
PlayMediaError = Annotated[
    NotFoundError | InvalidError | ConflictError | ForbiddenError | UpstreamError,
    strawberry.union("PlayMediaError", description="Why nothing is played."),
]
RestorePlaybackError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("RestorePlaybackError", description="Why it is not taken up."),
]


@strawberry.type(description="A playback that was held.")
class PausePlaybackPayload:
    errors: list[PausePlaybackError] = errors_field()
    playback: Playback | None = strawberry.field(default=None, description=_KNOWN)
    client_mutation_id: str | None = client_id()


@strawberry.type(description="A playback that goes on.")
class ResumePlaybackPayload:
    errors: list[ResumePlaybackError] = errors_field()
    playback: Playback | None = strawberry.field(default=None, description=_KNOWN)
    client_mutation_id: str | None = client_id()


@strawberry.type(description="A playback that was ended.")
class StopPlaybackPayload:
    errors: list[StopPlaybackError] = errors_field()
    playback: Playback | None = strawberry.field(default=None, description=_KNOWN)
    client_mutation_id: str | None = client_id()


@strawberry.type(description="A playback that goes on elsewhere.")
class SeekPlaybackPayload:
    errors: list[SeekPlaybackError] = errors_field()
    playback: Playback | None = strawberry.field(default=None, description=_KNOWN)
    client_mutation_id: str | None = client_id()


@strawberry.type(description="Where it plays now.")
class PlayMediaPayload:
    errors: list[PlayMediaError] = errors_field()
    player: Player | None = strawberry.field(default=None, description="The player.")
    playback: Playback | None = strawberry.field(
        default=None, description="The session as it is known now; null where nothing played yet. More follows in the stream."
    )
    client_mutation_id: str | None = client_id()


@strawberry.type(description="What was remembered.")
class CapturePlaybackPayload:
    errors: list[CapturePlaybackError] = errors_field()
    capture: PlaybackCapture | None = strawberry.field(default=None, description="It waits for `restorePlayback`.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The job that takes it up again.")
class RestorePlaybackPayload:
    errors: list[RestorePlaybackError] = errors_field()
    capture: PlaybackCapture | None = strawberry.field(default=None, description="What is taken up.")
    job: Job | None = strawberry.field(default=None, description="The job; `jobProgressed` follows it.")
    client_mutation_id: str | None = client_id()
