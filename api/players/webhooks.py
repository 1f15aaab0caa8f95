"""Tokens that webhooks of players carry."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.kit.access import Permission
from api.kit.auth import public_origin
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, client_id, errors_field
from api.kit.planner import ref
from api.kit.problems import ConflictError, InvalidError, NotFoundError
from api.players.types import Player
from domain.kit.ids import global_id, key_of
from domain.players import hearing

RotatePlayerWebhookTokenError = Annotated[
    NotFoundError | InvalidError | ConflictError,
    strawberry.union("RotatePlayerWebhookTokenError", description="Why there is no other token."),
]
RevokePlayerWebhookTokenError = Annotated[
    NotFoundError | InvalidError, strawberry.union("RevokePlayerWebhookTokenError", description="Why nothing was changed.")
]


@strawberry.input(description="Whose webhooks get another token.")
class RotatePlayerWebhookTokenInput:
    id: strawberry.ID = strawberry.field(description="The player: a Jellyfin or a Plex.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Whose webhooks are not taken any more.")
class RevokePlayerWebhookTokenInput:
    id: strawberry.ID = strawberry.field(description="The player.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The token, and where webhooks go.")
class RotatePlayerWebhookTokenPayload:
    errors: list[RotatePlayerWebhookTokenError] = errors_field()
    player: Player | None = strawberry.field(default=None, description="The player; null when nothing was done.")
    webhook_token: str | None = strawberry.field(
        default=None,
        description="What its webhooks carry: as header X-Api-Key or X-Marquee-Token, as bearer, as password, or at the end of"
        " the address. Shown this once.",
    )
    webhook_url: str | None = strawberry.field(default=None, description="Where its webhooks go, without the token.")
    client_mutation_id: str | None = client_id()


@strawberry.type(description="The player, whose webhooks are refused from now on.")
class RevokePlayerWebhookTokenPayload:
    errors: list[RevokePlayerWebhookTokenError] = errors_field()
    player: Player | None = strawberry.field(default=None, description="The player; null when nothing was done.")
    client_mutation_id: str | None = client_id()


@strawberry.type
class PlayerWebhookMutations:
    """What administrators decide about webhooks of players."""

    @mutation(
        Permission.ADMIN, "Give the webhooks of a Jellyfin or Plex a token, or another one: the one before is good for nothing."
    )
    async def rotate_player_webhook_token(
        self, info: Info, input: Annotated[RotatePlayerWebhookTokenInput, strawberry.argument(description="What to do.")]
    ) -> RotatePlayerWebhookTokenPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("players", input.id)
            token = await context.change(hearing.give_token, player_id=key, secret=context.services.key)
            return {"player": ref(Player, key), "webhook_token": token, "webhook_url": _url(context, key)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(RotatePlayerWebhookTokenPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Take no more webhooks of a player, until there is another token.")
    async def revoke_player_webhook_token(
        self, info: Info, input: Annotated[RevokePlayerWebhookTokenInput, strawberry.argument(description="What to do.")]
    ) -> RevokePlayerWebhookTokenPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("players", input.id)
            await context.change(hearing.revoke_token, player_id=key)
            return {"player": ref(Player, key)}

        allowed = (NotFoundError, InvalidError)
        return await attempt(RevokePlayerWebhookTokenPayload, allowed, work, client_mutation_id=input.client_mutation_id)


def _url(context: Context, player_id: int) -> str:
    """At MARQUEE_URL, else as this request came in."""
    scheme = "https" if context.is_secure else "http"
    origin = public_origin(context.services.settings) or f"{scheme}://{context.host}"
    return f"{origin.rstrip('/')}/webhooks/players/{global_id('players', player_id)}"
