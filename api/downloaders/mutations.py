"""Mutations of downloaders and of what they sent."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from api.downloaders import inputs as i
from api.downloaders import payloads as p
from api.downloaders.types import InboundEvent, Source
from api.jobs.types import Job
from api.kit.access import Permission
from api.kit.auth import public_origin
from api.kit.context import Context, Info
from api.kit.fields import mutation
from api.kit.mutations import attempt, sent
from api.kit.planner import ref
from api.kit.problems import ConflictError, InvalidError, NotFoundError, UpstreamError, VersionConflictError
from domain.downloaders import addresses, connecting, replaying, service, trying
from domain.kit.ids import global_id, key_of

What = strawberry.argument(description="What to do.")


@strawberry.type
class DownloaderMutations:
    """What administrators decide about downloaders."""

    @mutation(Permission.ADMIN, "Add a Radarr, Sonarr or Lidarr. The answer holds the token of its webhooks, this once.")
    async def create_source(self, info: Info, input: Annotated[i.CreateSourceInput, What]) -> p.CreateSourcePayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            row, token = await context.change(
                service.create, kind=input.kind, name=input.name, base_url=input.base_url, api_key=input.api_key,
                secret=context.services.key, is_enabled=input.is_enabled, verifies_certificate=input.verifies_certificate,
                publishes=input.publishes,
            )  # fmt: skip
            return {"source": ref(Source, row.id), "webhook_token": token, "webhook_url": webhook_url(context, row.id)}

        allowed = (InvalidError, ConflictError)
        return await attempt(p.CreateSourcePayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Change a downloader.")
    async def update_source(self, info: Info, input: Annotated[i.UpdateSourceInput, What]) -> p.UpdateSourcePayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("sources", input.id)
            changes = sent(
                name=input.name, base_url=input.base_url, api_key=input.api_key, is_enabled=input.is_enabled,
                verifies_certificate=input.verifies_certificate, publishes=input.publishes,
            )  # fmt: skip
            await context.change(
                service.update, source_id=key, changes=changes, secret=context.services.key,
                expected_version=input.expected_version,
            )  # fmt: skip
            return {"source": ref(Source, key)}

        allowed = (NotFoundError, InvalidError, ConflictError, VersionConflictError)
        return await attempt(p.UpdateSourcePayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Forget a downloader. In it, nothing is changed.")
    async def delete_source(self, info: Info, input: Annotated[i.DeleteSourceInput, What]) -> p.DeleteSourcePayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            await context.change(service.delete, source_id=key_of("sources", input.id))
            return {"deleted_id": input.id}

        allowed = (NotFoundError, InvalidError)
        return await attempt(p.DeleteSourcePayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Ask a downloader who it is, now. Waits up to 10 seconds.")
    async def test_source(self, info: Info, input: Annotated[i.TestSourceInput, What]) -> p.TestSourcePayload:
        context = info.context
        services = context.services

        async def work() -> Mapping[str, Any]:
            source = None
            if input.source.id is not None:
                key = key_of("sources", input.source.id.value)
                status, took_ms = await context.ask(
                    trying.try_saved, services.database, services.lan, key, key=services.key, actor=context.actor
                )
                source = ref(Source, key)
            else:
                assert input.source.unsaved is not None  # one of the two, by the schema
                said = input.source.unsaved.value
                status, took_ms = await context.ask(
                    trying.try_unsaved, services.lan, kind=said.kind, base_url=said.base_url, api_key=said.api_key,
                    verifies_certificate=said.verifies_certificate,
                )  # fmt: skip
            told = {"instance_name": status.instance, "software_version": status.version, "response_ms": took_ms}
            return {"source": source, **told}

        allowed = (NotFoundError, InvalidError, ConflictError, UpstreamError)
        return await attempt(p.TestSourcePayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Give a downloader's webhooks another token. The one before is good for nothing at once.")
    async def rotate_webhook_token(
        self, info: Info, input: Annotated[i.RotateWebhookTokenInput, What]
    ) -> p.RotateWebhookTokenPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("sources", input.id)
            _, token = await context.change(service.rotate_token, source_id=key, secret=context.services.key)
            return {"source": ref(Source, key), "webhook_token": token, "webhook_url": webhook_url(context, key)}

        allowed = (NotFoundError, InvalidError)
        return await attempt(p.RotateWebhookTokenPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Take no more webhooks of a downloader, until there is another token.")
    async def revoke_webhook_token(
        self, info: Info, input: Annotated[i.RevokeWebhookTokenInput, What]
    ) -> p.RevokeWebhookTokenPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("sources", input.id)
            await context.change(service.revoke_token, source_id=key)
            return {"source": ref(Source, key)}

        allowed = (NotFoundError, InvalidError)
        return await attempt(p.RevokeWebhookTokenPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(
        Permission.ADMIN,
        "Set our webhook up in a downloader, by its own API: its connection is made or brought up to date. Takes up to 40 s.",
    )
    async def set_up_downloader_webhook(
        self, info: Info, input: Annotated[i.SetUpDownloaderWebhookInput, What]
    ) -> p.SetUpDownloaderWebhookPayload:
        context = info.context
        services = context.services

        async def work() -> Mapping[str, Any]:
            key = key_of("sources", input.source, path=("source",))
            url = webhook_url(context, key, base=None if input.address is None else addresses.normal(input.address, "address"))
            made, is_new = await context.ask(
                connecting.set_up, services.database, services.lan, key, url, key=services.key, actor=context.actor
            )
            return {"source": ref(Source, key), "webhook_url": url, "connection_id": made, "is_new": is_new}

        allowed = (NotFoundError, InvalidError, ConflictError, UpstreamError)
        return await attempt(p.SetUpDownloaderWebhookPayload, allowed, work, client_mutation_id=input.client_mutation_id)

    @mutation(Permission.ADMIN, "Deal with a webhook once more, with the path mappings and libraries of now.")
    async def replay_inbound_event(
        self, info: Info, input: Annotated[i.ReplayInboundEventInput, What]
    ) -> p.ReplayInboundEventPayload:
        context = info.context

        async def work() -> Mapping[str, Any]:
            key = key_of("inbound_events", input.id)
            job_id = await context.change(replaying.replay, key)
            return {"inbound_event": ref(InboundEvent, key), "job": ref(Job, job_id)}

        allowed = (NotFoundError, InvalidError, ConflictError)
        return await attempt(p.ReplayInboundEventPayload, allowed, work, client_mutation_id=input.client_mutation_id)


def webhook_url(context: Context, source_id: int, *, base: str | None = None) -> str:
    """Where a source's webhooks go: at the address that was given, else MARQUEE_URL, else as this request came in."""
    scheme = "https" if context.is_secure else "http"
    origin = base or public_origin(context.services.settings) or f"{scheme}://{context.host}"
    return f"{origin.rstrip('/')}/webhooks/{global_id('sources', source_id)}"
