"""Mutations of what plays: asked of the player itself, which answers within five seconds or does not."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt
from api.kit.planner import ref
from api.kit.problems import ConflictError, ForbiddenError, InvalidError, NotFoundError, UpstreamError
from api.players import playing_payloads as p
from api.players.playing import Playback, PlaybackCapture
from api.players.types import Player
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, Invalid
from domain.kit.ids import key_of
from domain.players import capturing, controlling
from domain.players.controlling import Screen

P = TypeVar("P")
What = strawberry.argument(description="What to do.")
_CONTROL = (NotFoundError, InvalidError, ConflictError, UpstreamError)


@strawberry.type
class PlaybackMutations:
    """What one does at a player."""

    @mutation(Permission.WRITE, "Hold what plays.")
    async def pause_playback(self, info: Info, input: Annotated[p.PausePlaybackInput, What]) -> p.PausePlaybackPayload:
        return await _control(p.PausePlaybackPayload, info.context, controlling.pause, input)

    @mutation(Permission.WRITE, "Go on with what was held.")
    async def resume_playback(self, info: Info, input: Annotated[p.ResumePlaybackInput, What]) -> p.ResumePlaybackPayload:
        return await _control(p.ResumePlaybackPayload, info.context, controlling.resume, input)

    @mutation(Permission.WRITE, "End what plays.")
    async def stop_playback(self, info: Info, input: Annotated[p.StopPlaybackInput, What]) -> p.StopPlaybackPayload:
        return await _control(p.StopPlaybackPayload, info.context, controlling.stop, input)

    @mutation(Permission.WRITE, "Go to a position.")
    async def seek_playback(self, info: Info, input: Annotated[p.SeekPlaybackInput, What]) -> p.SeekPlaybackPayload:
        return await _control(p.SeekPlaybackPayload, info.context, controlling.seek, input, position_ms=int(input.position_ms))

    @mutation(
        Permission.WRITE,
        "Play something on a player. Without the right to administer only where nobody else watches, and not on a player whose "
        "profiles are all somebody else's.",
    )
    async def play_media(self, info: Info, input: Annotated[p.PlayMediaInput, What]) -> p.PlayMediaPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            if (input.player is None) == (input.playback is None):
                raise Invalid("Name a player or a playback.", path=("player",))
            if (input.item is None) == (input.items is None):
                raise Invalid("Name an item, or several.", path=("item",))
            player = None if input.player is None else key_of("players", input.player, path=("player",))
            playback = None if input.playback is None else key_of("player_states", input.playback, path=("playback",))
            given = [input.item] if input.items is None else input.items
            items = [key_of("media_items", str(each), path=("items",)) for each in given]
            screen = await context.ask(
                controlling.play, context.database, context.services.lan, key=context.services.key, viewer=context.viewer,
                items=items, player=player, playback=playback, position_ms=int(input.position_ms or 0),
            )  # fmt: skip
            return {"player": ref(Player, screen.player_id), "playback": await _playback(context, screen)}

        allowed = (NotFoundError, InvalidError, ConflictError, ForbiddenError, UpstreamError)
        return await attempt(p.PlayMediaPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "Remember what plays, for six hours: what, where, whether it stands.")
    async def capture_playback(self, info: Info, input: Annotated[p.CapturePlaybackInput, What]) -> p.CapturePlaybackPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("player_states", input.id)
            await context.read(controlling.seen, context.viewer, key)
            made = await context.ask(
                capturing.capture_one, context.database, context.services.lan, key=context.services.key, state_id=key
            )
            return {"capture": ref(PlaybackCapture, made)}

        return await attempt(p.CapturePlaybackPayload, _CONTROL, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.WRITE, "Take up again what was remembered: opened, sent to its position, paused as it was.")
    async def restore_playback(self, info: Info, input: Annotated[p.RestorePlaybackInput, What]) -> p.RestorePlaybackPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("playback_captures", input.id)
            await context.read(controlling.seen_capture, context.viewer, key)
            job = await context.change(_restore, key, context.viewer.user_id)
            return {"capture": ref(PlaybackCapture, key), "job": ref(Job, job)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(p.RestorePlaybackPayload, allowed, work, client_mutation_id=input.client_mutation_id)


def _restore(uow: UnitOfWork, capture: int, user_id: int | None) -> int:
    made = capturing.after(uow, [capture], requested_by_user_id=user_id)
    if not made:
        raise Conflict("It waits no more.", path=("id",))
    return made[0].id


async def _control(payload: Callable[..., P], context: Context, act: Callable[..., Screen], input: Any, **more: Any) -> P:
    async def work() -> Mapping[str, Any]:
        services, key = context.services, key_of("player_states", input.id)
        await context.ask(act, context.database, services.lan, key=services.key, viewer=context.viewer, playback=key, **more)
        return {"playback": ref(Playback, key)}

    return await attempt(payload, _CONTROL, work, client_mutation_id=input.client_mutation_id)


async def _playback(context: Context, screen: Screen) -> Playback | None:
    key = await context.read(controlling.playback_at, context.viewer, screen)
    return None if key is None else ref(Playback, key)
