"""Root fields that read players and their groups, those that ask a player, and the tester of path mappings."""

from typing import Annotated

import strawberry
from graphql import GraphQLError

from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.paging import After, Before, First, Last
from api.kit.planner import Compare, Condition, page
from api.players import asking
from api.players.answers import PathMappingTest, PlayerProfiles, PlayerSections
from api.players.inputs import PathMappingInput, PathMappingOwner
from api.players.types import Player, PlayerGroup
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import key_of
from domain.libraries.mapping import Direction
from domain.players import tables as t

GroupId = Annotated[strawberry.ID | None, strawberry.argument(description="Only those of this group.")]
PlayerId = Annotated[strawberry.ID, strawberry.argument(description="The player.")]
Path = Annotated[str, strawberry.argument(description="The path, at most 4,096 characters.")]
Whither = Annotated[Direction | None, strawberry.argument(description="Which way; null = to ours.")]
Owner = Annotated[PathMappingOwner | None, strawberry.argument(description="Whose mappings are tried.")]
Mappings = Annotated[
    list[PathMappingInput] | None,
    strawberry.argument(description="At most 100 mappings to try before they are set, in place of the owner's."),
]


@strawberry.type
class PlayerQueries:
    """Players, their groups, and what they answer."""

    @query(Permission.READ, "Groups of players, by name.")
    def player_groups(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PlayerGroup] | None:
        order = (t.PlayerGroup.sort_key, t.PlayerGroup.id)
        return page(PlayerGroup, where=[], order_by=order, first=first, after=after, last=last, before=before)

    @query(Permission.READ, "Players, by name.")
    def players(
        self, player_group: GroupId = None, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Player] | None:
        where: list[Condition] = []
        if player_group is not None:
            try:
                where.append(Compare(t.Player.group_id, "=", key_of("player_groups", player_group)))
            except Invalid as error:
                raise refuse(error.message) from None
        order = (t.Player.sort_key, t.Player.id)
        return page(Player, where=where, order_by=order, first=first, after=after, last=last, before=before)

    @query(
        Permission.ADMIN,
        "Ask a player whom it knows, to say with `setPlayerUser` who of us they are. Waits up to 10 seconds. null when there is "
        "no such player.",
    )
    async def player_profiles(self, info: Info, player: PlayerId) -> PlayerProfiles | None:
        try:
            return await asking.profiles(info.context, key_of("players", player))
        except NotFound:
            return None
        except Invalid as error:
            raise refuse(error.message) from None

    @query(
        Permission.ADMIN,
        "Ask a player for its own libraries, and see where their folders lie here. Waits up to 10 seconds. null when there is no "
        "such player.",
    )
    async def player_sections(self, info: Info, player: PlayerId) -> PlayerSections | None:
        try:
            return await asking.sections(info.context, key_of("players", player))
        except NotFound:
            return None
        except Invalid as error:
            raise refuse(error.message) from None

    @query(
        Permission.ADMIN,
        "What path mappings make of a path, step by step, and what lies there. The disk is looked at only in libraries' folders.",
    )
    async def path_mapping_test(
        self, info: Info, path: Path, direction: Whither = Direction.TO_LOCAL, owner: Owner = None, mappings: Mappings = None
    ) -> PathMappingTest | None:
        try:
            return await asking.path_test(info.context, path, direction or Direction.TO_LOCAL, owner, mappings)
        except NotFound as error:
            raise GraphQLError(error.message, extensions={"code": error.code}) from None
        except Invalid as error:
            raise refuse(error.message) from None
