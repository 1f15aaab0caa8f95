"""Mutations of players and their groups; those of profiles and path mappings beside them."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.kit.access import Permission
from api.kit.context import Info
from api.kit.fields import mutation
from api.kit.mutations import as_sent, attempt, change_once, sent
from api.kit.planner import ref, refs
from api.kit.problems import (
    ConflictError,
    IdempotencyKeyReusedError,
    InvalidError,
    NotFoundError,
    UpstreamError,
    VersionConflictError,
)
from api.players import inputs as i
from api.players import payloads as p
from api.players.answers import PlayerReport
from api.players.asking import owner_of
from api.players.types import PathMapping, Player, PlayerGroup, PlayerUser
from domain.kit.database import UnitOfWork
from domain.kit.errors import Invalid
from domain.kit.ids import global_id, key_of
from domain.libraries.mappings import NewRule, OwnerKind, ids_of, put_of_source
from domain.players import groups, profiles, service, trying
from domain.players.model import Health

What = strawberry.argument(description="What to do.")


@strawberry.type
class PlayerGroupMutations:
    """What administrators decide about groups of players and path mappings."""

    @mutation(Permission.ADMIN, "Make a group of players. It has none yet.")
    async def create_player_group(
        self, info: Info, input: Annotated[i.CreatePlayerGroupInput, What]
    ) -> p.CreatePlayerGroupPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            libraries = [key_of("libraries", each, path=("libraries",)) for each in input.libraries]
            rules = _rules(input.path_mappings)

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                made = groups.create(
                    uow, name=input.name, type=input.type, library_ids=libraries, rules=rules, description=input.description,
                    is_enabled=input.is_enabled, playback_policy=input.playback_policy,
                )  # fmt: skip
                return {"id": global_id("player_groups", made.id)}

            made = await change_once(context, "createPlayerGroup", input.idempotency_key, as_sent(input), run)
            return {"player_group": ref(PlayerGroup, key_of("player_groups", made["id"]))}

        allowed = (InvalidError, ConflictError, NotFoundError, IdempotencyKeyReusedError)
        return await attempt(p.CreatePlayerGroupPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Change a group of players.")
    async def update_player_group(
        self, info: Info, input: Annotated[i.UpdatePlayerGroupInput, What]
    ) -> p.UpdatePlayerGroupPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("player_groups", input.id)
            changes = sent(
                name=input.name, playback_policy=input.playback_policy, is_enabled=input.is_enabled,
                description=input.description,
            )  # fmt: skip
            if input.libraries is not None:
                changes["library_ids"] = [key_of("libraries", each, path=("libraries",)) for each in input.libraries.value]
            await context.change(groups.update, group_id=key, changes=changes, expected_version=input.expected_version)
            return {"player_group": ref(PlayerGroup, key)}

        allowed = (NotFoundError, InvalidError, ConflictError, VersionConflictError)
        return await attempt(p.UpdatePlayerGroupPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Delete a group of players, with them. On the players nothing happens.")
    async def delete_player_group(
        self, info: Info, input: Annotated[i.DeletePlayerGroupInput, What]
    ) -> p.DeletePlayerGroupPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("player_groups", input.id)
            counts = await context.change(groups.delete, group_id=key, dry_run=input.dry_run)
            return {
                "deleted_id": None if input.dry_run else input.id, "deleted_player_count": counts.players,
                "deleted_path_mapping_count": counts.mappings,
            }  # fmt: skip

        return await attempt(
            p.DeletePlayerGroupPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )

    @mutation(Permission.ADMIN, "Set how the paths of a group of players, or of a source, become ours.")
    async def set_path_mappings(self, info: Info, input: Annotated[i.SetPathMappingsInput, What]) -> p.SetPathMappingsPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            owner, rules, version = owner_of(input.owner), _rules(input.mappings), input.expected_version
            done: dict[str, Any] = {}
            if owner.kind is OwnerKind.GROUP:
                await context.change(groups.set_mappings, group_id=owner.id, rules=rules, expected_version=version)
                done["player_group"] = ref(PlayerGroup, owner.id)
            else:
                await context.change(put_of_source, source_id=owner.id, rules=rules, expected_version=version)
            return {**done, "path_mappings": refs(PathMapping, await context.read(ids_of, owner))}

        allowed = (NotFoundError, InvalidError, VersionConflictError)
        return await attempt(p.SetPathMappingsPayload, allowed, work, client_mutation_id=input.client_mutation_id)


@strawberry.type
class PlayerMutations(PlayerGroupMutations):
    """What administrators decide about players."""

    @mutation(Permission.ADMIN, "Make a player: an address in the house, and what it wants to see of us.")
    async def create_player(self, info: Info, input: Annotated[i.CreatePlayerInput, What]) -> p.CreatePlayerPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            group = key_of("player_groups", input.player_group, path=("playerGroup",))
            values = _values(input) | {"name": input.name, "is_enabled": input.is_enabled}
            secrets = {"password": input.password, "api_key": input.api_key}

            def run(uow: UnitOfWork) -> Mapping[str, Any]:
                made = service.create(uow, group_id=group, values=values | secrets, secret=context.services.key)
                return {"id": global_id("players", made.id)}

            fingerprint = {**values, "group": group, **{name: value is not None for name, value in secrets.items()}}
            made = await change_once(context, "createPlayer", input.idempotency_key, fingerprint, run)
            return {"player": ref(Player, key_of("players", made["id"]))}

        allowed = (NotFoundError, InvalidError, ConflictError, IdempotencyKeyReusedError)
        return await attempt(p.CreatePlayerPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Change a player, or move it to another group.")
    async def update_player(self, info: Info, input: Annotated[i.UpdatePlayerInput, What]) -> p.UpdatePlayerPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("players", input.id)
            changes = sent(
                name=input.name, host=input.host, port=input.port, base_path=input.base_path, is_secure=input.is_secure,
                websocket_port=input.websocket_port, use_websocket=input.use_websocket, is_enabled=input.is_enabled,
                verifies_certificate=input.verifies_certificate, username=input.username, password=input.password,
                api_key=input.api_key,
            )  # fmt: skip
            if input.player_group is not None:
                changes["group_id"] = key_of("player_groups", input.player_group.value, path=("playerGroup",))
            await context.change(
                service.update, player_id=key, changes=changes, secret=context.services.key,
                expected_version=input.expected_version,
            )  # fmt: skip
            return {"player": ref(Player, key)}

        allowed = (NotFoundError, InvalidError, ConflictError, VersionConflictError)
        return await attempt(p.UpdatePlayerPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Delete a player. Its group stays.")
    async def delete_player(self, info: Info, input: Annotated[i.DeletePlayerInput, What]) -> p.DeletePlayerPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            await context.change(service.delete, player_id=key_of("players", input.id))
            return {"deleted_id": input.id}

        return await attempt(
            p.DeletePlayerPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )

    @mutation(Permission.ADMIN, "Ask a player whether it works, before or after it is stored. Waits up to 10 seconds.")
    async def test_player(self, info: Info, input: Annotated[i.TestPlayerInput, What]) -> p.TestPlayerPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            lan = context.services.lan
            if input.player.unsaved is not None:
                given = input.player.unsaved.value
                values = _values(given) | {"password": given.password, "api_key": given.api_key}
                health = await context.ask(trying.try_unsaved, lan, key=context.services.key, type_=given.type, values=values)
                return {"report": _report(health)}
            if input.player.id is None:
                raise Invalid("Name a player.", path=("player",))
            key = key_of("players", input.player.id.value)
            said = await context.ask(
                trying.try_saved, context.database, lan, key=context.services.key, player_id=key, actor=context.actor,
                request_id=context.request_id,
            )  # fmt: skip
            return {"report": _report(said), "player": ref(Player, key)}

        allowed = (NotFoundError, InvalidError, ConflictError, UpstreamError)
        answer = await attempt(p.TestPlayerPayload, allowed, work, client_mutation_id=input.client_mutation_id)
        if input.player.id is not None and any(isinstance(each, UpstreamError) for each in answer.errors):
            answer.player = ref(Player, key_of("players", input.player.id.value))  # its health says what was noted
        return answer

    @mutation(Permission.ADMIN, "Say whose a profile of a player is; what it plays counts for them from now on.")
    async def set_player_user(self, info: Info, input: Annotated[i.SetPlayerUserInput, What]) -> p.SetPlayerUserPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            player = key_of("players", input.player, path=("player",))
            user = None if input.user is None else key_of("users", input.user, path=("user",))
            made = await context.change(
                lambda uow: (
                    profiles.set_user(
                        uow, player_id=player, profile_id=input.profile_id, profile_name=input.profile_name, user_id=user
                    ).id
                )
            )
            return {"player_user": ref(PlayerUser, made)}

        return await attempt(
            p.SetPlayerUserPayload, (NotFoundError, InvalidError), work, client_mutation_id=input.client_mutation_id
        )


def _rules(given: list[i.PathMappingInput]) -> list[NewRule]:
    return [NewRule(each.remote_path, each.local_path, each.description) for each in given]


def _values(given: i.CreatePlayerInput | i.UnsavedPlayerInput) -> dict[str, Any]:
    names = ("host", "port", "base_path", "websocket_port", "use_websocket", "is_secure", "verifies_certificate", "username")
    return {name: getattr(given, name) for name in names}


def _report(said: Health) -> PlayerReport:
    return PlayerReport(
        software_version=said.software_version, api_version=said.api_version, server_id=said.server_id, name=said.name,
        response_ms=said.took_ms, is_notifying=said.notifies, trouble=said.trouble,
    )  # fmt: skip
