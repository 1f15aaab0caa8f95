"""What the mutations of players, their groups and path mappings answer."""

from typing import Annotated

import strawberry

from api.kit.mutations import client_id, errors_field
from api.kit.problems import (
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    UpstreamError,
    VersionConflictError,
)
from api.players.answers import PlayerReport
from api.players.types import PathMapping, Player, PlayerGroup, PlayerUser

CreatePlayerGroupError = Annotated[
    InvalidError | ConflictError | NotFoundError | IdempotencyKeyReusedError,
    strawberry.union("CreatePlayerGroupError", description="Why no group was made."),
]
UpdatePlayerGroupError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError,
    strawberry.union("UpdatePlayerGroupError", description="Why nothing was changed."),
]
DeletePlayerGroupError = Annotated[
    NotFoundError | InvalidError, strawberry.union("DeletePlayerGroupError", description="Why nothing was deleted.")
]
SetPathMappingsError = Annotated[
    NotFoundError | InvalidError | VersionConflictError,
    strawberry.union("SetPathMappingsError", description="Why nothing was changed."),
]
CreatePlayerError = Annotated[
    NotFoundError | InvalidError | ConflictError | IdempotencyKeyReusedError,
    strawberry.union("CreatePlayerError", description="Why no player was made."),
]
UpdatePlayerError = Annotated[
    NotFoundError | InvalidError | ConflictError | VersionConflictError,
    strawberry.union("UpdatePlayerError", description="Why nothing was changed."),
]
DeletePlayerError = Annotated[
    NotFoundError | InvalidError, strawberry.union("DeletePlayerError", description="Why nothing was deleted.")
]
TestPlayerError = Annotated[
    NotFoundError | InvalidError | ConflictError | UpstreamError,
    strawberry.union("TestPlayerError", description="Why the test failed: `code` tells refused credentials from silence."),
]
SetPlayerUserError = Annotated[
    NotFoundError | InvalidError, strawberry.union("SetPlayerUserError", description="Why nothing was changed.")
]


@strawberry.type(description="The new group.")
class CreatePlayerGroupPayload:
    errors: list[CreatePlayerGroupError] = errors_field()
    player_group: PlayerGroup | None = strawberry.field(default=None, description="The group; null when none was made.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The changed group.")
class UpdatePlayerGroupPayload:
    errors: list[UpdatePlayerGroupError] = errors_field()
    player_group: PlayerGroup | None = strawberry.field(default=None, description="As it stands now; null when nothing was done.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The group is gone; with `dryRun`, what would go.")
class DeletePlayerGroupPayload:
    errors: list[DeletePlayerGroupError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Id of what is gone; null for a dry run.")
    deleted_player_count: int | None = strawberry.field(default=None, description="Players that go with it.")
    deleted_path_mapping_count: int | None = strawberry.field(default=None, description="Path mappings that go with it.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The path mappings as they stand now.")
class SetPathMappingsPayload:
    errors: list[SetPathMappingsError] = errors_field()
    path_mappings: list[PathMapping] | None = strawberry.field(
        default=None, description="All of the owner's, the oldest first, as they were tidied; null when nothing was done."
    )
    player_group: PlayerGroup | None = strawberry.field(default=None, description="The group whose they are, if it is one's.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The new player.")
class CreatePlayerPayload:
    errors: list[CreatePlayerError] = errors_field()
    player: Player | None = strawberry.field(default=None, description="The player; null when none was made.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The changed player.")
class UpdatePlayerPayload:
    errors: list[UpdatePlayerError] = errors_field()
    player: Player | None = strawberry.field(default=None, description="As it stands now; null when nothing was done.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The player is gone.")
class DeletePlayerPayload:
    errors: list[DeletePlayerError] = errors_field()
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Id of what is gone.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="What came of the test.")
class TestPlayerPayload:
    __test__ = False  # pytest takes every name like this for a test

    errors: list[TestPlayerError] = errors_field()
    report: PlayerReport | None = strawberry.field(default=None, description="What it said of itself; null when it failed.")
    player: Player | None = strawberry.field(
        default=None, description="The stored one, which remembers the outcome, a failure too; null when it is not stored."
    )
    client_mutation_id: str | None = client_id()


@strawberry.type(description="Whose the profile is now.")
class SetPlayerUserPayload:
    errors: list[SetPlayerUserError] = errors_field()
    player_user: PlayerUser | None = strawberry.field(default=None, description="As it stands now; null when nothing was done.")
    client_mutation_id: str | None = client_id()
