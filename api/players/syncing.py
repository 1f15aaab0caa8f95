"""Mutations that tell players something: read what changed, forget what is gone, show a message."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.planner import ref, refs
from api.kit.problems import InvalidError, NotFoundError
from api.players.types import Player
from domain.jobs.service import Enqueued
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import key_of
from domain.players import notifying, requesting

What = strawberry.argument(description="What to do.")


@strawberry.input(description="A folder of a library, as this server sees it.")
class LibraryFolderInput:
    library: strawberry.ID = strawberry.field(description="The library.")
    folder: str = strawberry.field(description="What is at or below it: /films/Paper Lanterns (2019).")


@strawberry.input(one_of=True, description="What players read anew.")
class SyncWhatInput:
    library: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="Every folder of a library, in every group that shows it."
    )
    items: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="Items, at most 100: their folders are read, and those that a player has already are read anew."
    )
    folder: strawberry.Maybe[LibraryFolderInput] = strawberry.field(description="The items of one folder.")
    player_group: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Every library that a group shows.")


@strawberry.input(description="Players that are to read what changed.")
class SyncPlayersInput:
    what: SyncWhatInput = strawberry.field(description="What changed.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A group whose library is to be rid of what is not there any more.")
class CleanPlayersInput:
    player_group: strawberry.ID = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(one_of=True, description="On whose screens.")
class NotifyWhomInput:
    player_group: strawberry.Maybe[strawberry.ID] = strawberry.field(description="Every player of a group.")
    player: strawberry.Maybe[strawberry.ID] = strawberry.field(description="One player.")


@strawberry.input(description="A message on screens of the house.")
class NotifyPlayersInput:
    whom: NotifyWhomInput = strawberry.field(description="Where it is shown.")
    title: str = strawberry.field(default="Marquee", description="Its headline, at most 500 characters.")
    message: str = strawberry.field(description="What it says, at most 500 characters.")
    display_ms: int = strawberry.field(default=5_000, description="How long it stands there, in milliseconds: 1,000 to 60,000.")
    client_mutation_id: str | None = client_id()


SyncPlayersError = Annotated[
    NotFoundError | InvalidError, strawberry.union("SyncPlayersError", description="Why nothing is read.")
]
CleanPlayersError = Annotated[
    NotFoundError | InvalidError, strawberry.union("CleanPlayersError", description="Why nothing is cleaned.")
]
NotifyPlayersError = Annotated[
    NotFoundError | InvalidError, strawberry.union("NotifyPlayersError", description="Why nobody was asked to show it.")
]


@strawberry.type(description="The synchronization, which goes on in the background.")
class SyncPlayersPayload:
    errors: list[SyncPlayersError] = errors_field()
    jobs: list[Job] | None = strawberry.field(
        default=None,
        description=(
            "One job a library. Its result says, for each group, which player did it, why others did not, and what was done. "
            "While somebody watches on every player of a group it is put off, as the group's policy says."
        ),
    )
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The cleaning, which goes on in the background.")
class CleanPlayersPayload:
    errors: list[CleanPlayersError] = errors_field()
    job: Job | None = strawberry.field(default=None, description="The job; its result says which player did it.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="What became of a message on one player.")
class NotifiedPlayer:
    player: Player = strawberry.field(description="Which.")
    is_shown: bool = strawberry.field(description="It took the message.")
    problem: str | None = strawberry.field(description="Why it did not.")


@strawberry.type(description="What became of a message.")
class NotifyPlayersPayload:
    errors: list[NotifyPlayersError] = errors_field()
    players: list[NotifiedPlayer] | None = strawberry.field(default=None, description="Each player that was asked.")
    client_mutation_id: str | None = client_id()


@strawberry.type
class PlayerSyncMutations:
    """What players are told."""

    @mutation(Permission.JOBS, "Let players read what changed, in the background. Published and scanned changes do so anyway.")
    async def sync_players(self, info: Info, input: Annotated[SyncPlayersInput, What]) -> SyncPlayersPayload:
        context, what = info.context, input.what

        async def work() -> Mapping[str, Any]:
            viewer, user_id = context.viewer, context.viewer.user_id

            def run(uow: UnitOfWork) -> list[Enqueued]:
                if what.items is not None:
                    keys = [key_of("media_items", id, path=("items",)) for id in what.items.value]
                    return requesting.request_items(uow, viewer, keys, user_id=user_id)
                if what.player_group is not None:
                    group = key_of("player_groups", what.player_group.value, path=("playerGroup",))
                    return requesting.request_group(uow, viewer, group, user_id=user_id)
                if what.folder is not None:
                    library = key_of("libraries", what.folder.value.library, path=("folder", "library"))
                    folder = what.folder.value.folder
                    return requesting.request_library(uow, viewer, library, folder=folder, user_id=user_id)
                if what.library is None:
                    raise Invalid("Say what changed.", path=("what",))
                library = key_of("libraries", what.library.value, path=("library",))
                return requesting.request_library(uow, viewer, library, user_id=user_id)

            made = await context.change(lambda uow: [one.job.id for one in run(uow)])
            return {"jobs": refs(Job, made)}

        return await attempt(SyncPlayersPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Let a group's library forget what is not there any more, in the background.")
    async def clean_players(self, info: Info, input: Annotated[CleanPlayersInput, What]) -> CleanPlayersPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            group = key_of("player_groups", input.player_group, path=("playerGroup",))
            user_id = context.viewer.user_id
            made = await context.change(lambda uow: requesting.request_cleaning(uow, group, user_id=user_id).job.id)
            return {"job": ref(Job, made)}

        return await attempt(
            CleanPlayersPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )

    @mutation(Permission.ADMIN, "Show a message on players' screens, now. Those that cannot be reached are named.")
    async def notify_players(self, info: Info, input: Annotated[NotifyPlayersInput, What]) -> NotifyPlayersPayload:
        context, whom = info.context, input.whom

        async def work() -> Mapping[str, Any]:
            group = None if whom.player_group is None else key_of("player_groups", whom.player_group.value, path=("playerGroup",))
            player = None if whom.player is None else key_of("players", whom.player.value, path=("player",))
            services = context.services
            shown = await context.ask(
                notifying.notify, context.database, services.lan, key=services.key, group_id=group, player_id=player,
                title=input.title, message=input.message, display_ms=input.display_ms,
            )  # fmt: skip
            players = [
                NotifiedPlayer(player=ref(Player, one.player_id), is_shown=one.problem is None, problem=one.problem)
                for one in shown
            ]
            return {"players": players}

        return await attempt(
            NotifyPlayersPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )
