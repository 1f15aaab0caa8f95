"""Sources that are downloaders, and what they sent, in the schema."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
import strawberry

from api.jobs.filters import JOBS
from api.jobs.types import Job
from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import column, computed, connection, entity, global_id, many, one
from api.kit.scalars import JSON
from api.players.types import PathMapping
from domain.downloaders.queries import publishes
from domain.jobs.tables import Job as JobRow
from domain.kit.ids import global_id as id_of
from domain.libraries import tables as t
from domain.libraries.enums import ConnectionStatus, SourceKind
from domain.system.enums import InboundFailure, InboundStatus
from domain.system.tables import InboundEvent as InboundEventRow

expose(
    SourceKind,
    "What sort of server or program a source is.",
    {
        "FILESYSTEM": "Folders.",
        "PLEX": "Plex Media Server.",
        "JELLYFIN": "Jellyfin.",
        "EMBY": "Emby.",
        "TMM": "tinyMediaManager.",
        "RADARR": "Radarr: films.",
        "SONARR": "Sonarr: series.",
        "LIDARR": "Lidarr: music.",
        "METARR": "A Metarr that is taken over from.",
        "RETROVUE": "A Retrovue that is taken over from.",
        "CHRONICLE": "A Chronicle that is taken over from.",
    },
)
expose(
    InboundStatus,
    "What became of a webhook.",
    {
        "RECEIVED": "It is kept and waits for a worker.",
        "PROCESSED": "Work began, or a fact was told; `outcome` says which.",
        "IGNORED": "It is kept and has no effect: a test, a type that nobody knows, a change that is none of ours.",
        "FAILED": "Nothing could be done; `failure` and `error` say why. Mend it and replay the webhook.",
    },
)
expose(
    InboundFailure,
    "Why nothing could be done about a webhook.",
    {
        "NO_PATH": "It names no folder and no file.",
        "PATH_REFUSED": "What it names is no absolute path, or leads elsewhere (`..`), or holds control characters.",
        "NO_LIBRARY": "No library has the folder: the path mappings of the source, or a library, are missing.",
        "LIBRARY_DISABLED": "The library with the folder is switched off.",
        "FOLDER_MISSING": "The folder would lie in a library, but is not there.",
        "UNREADABLE": "It is another sender's: what Radarr sends to the address of a Sonarr.",
    },
)


def _given(rows: Sequence[tuple[str | None]]) -> list[bool]:
    return [value is not None for (value,) in rows]


def _publishes(rows: Sequence[tuple[dict[str, Any]]]) -> list[bool]:
    return [publishes(config) for (config,) in rows]


def _verifies(rows: Sequence[tuple[dict[str, Any]]]) -> list[bool]:
    return [bool(config.get("verifies_certificate", True)) for (config,) in rows]


def _paths(rows: Sequence[tuple[int]]) -> list[str]:
    return [f"/webhooks/{id_of('sources', key)}" for (key,) in rows]


def _payloads(rows: Sequence[tuple[str]]) -> list[Any]:
    return [_decoded(body) for (body,) in rows]


def _decoded(body: str) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body


@entity(
    t.Source,
    description="A server or program that knows media: today Radarr, Sonarr and Lidarr, any number of each. Keys stay hidden.",
)
class Source(Node):
    id: strawberry.ID = global_id()
    kind: SourceKind = column(t.Source.kind, description="What it is.")
    name: str = column(t.Source.name, description="Its name here.")
    base_url: str | None = column(t.Source.base_url, description="Where it listens, with its URL base: http://radarr.lan:7878.")
    has_api_key: bool = computed(_given, requires=(t.Source.secret,), description="Whether its API key was given.")
    is_enabled: bool = column(t.Source.is_enabled, description="Whether its webhooks are taken; if not they are answered 403.")
    verifies_certificate: bool = computed(
        _verifies, requires=(t.Source.config,), description="Whether its certificate has to be good, over https."
    )
    publishes: bool = computed(
        _publishes, requires=(t.Source.config,),
        description="Whether what it brings is published, also in libraries that are not published by themselves.",
    )  # fmt: skip
    connection_status: ConnectionStatus = column(t.Source.connection_status, description="How the last contact went.")
    last_connected_at: datetime | None = column(t.Source.last_connected_at, description="When a contact last went well.")
    last_error: str | None = column(t.Source.last_error, description="What was wrong the last time.")
    software_version: str | None = column(t.Source.software_version, description="Its version, as it says itself.")
    webhook_path: str = computed(
        _paths, requires=(t.Source.id,), description="Where its webhooks go, behind this server's address."
    )
    webhook_token_hint: str | None = column(
        t.Source.webhook_hint, description="The last characters of the token of its webhooks; null = none are taken."
    )
    webhook_token_made_at: datetime | None = column(t.Source.webhook_made_at, description="When that token was made.")
    path_mappings: list[PathMapping] = many(
        t.PathMapping.source_id, order_by=t.PathMapping.id, limit=100,
        description="How its paths become ours; `setPathMappings` sets them.",
    )  # fmt: skip
    version: int = column(t.Source.version, description="Grows with each change of its settings; for `expectedVersion`.")
    created_at: datetime = column(t.Source.created_at, description="When it was added.")


@entity(InboundEventRow, description="A webhook as it came, and what became of it. Kept for 30 days.")
class InboundEvent(Node):
    id: strawberry.ID = global_id()
    source: Source | None = one(InboundEventRow.source_id, description="Who sent it; null when that was deleted.")
    kind: str = column(InboundEventRow.source, description="What sort of sender it was: radarr, sonarr, lidarr.")
    type: str = column(InboundEventRow.type, description="As the sender calls it: Download, Grab; '' where it does not say.")
    instance: str | None = column(InboundEventRow.instance, description="What the sender calls itself.")
    payload: JSON | None = computed(_payloads, requires=(InboundEventRow.body,), description="What came.")
    body: str = column(InboundEventRow.body, description="The same, character by character.")
    status: InboundStatus = column(InboundEventRow.status, description="What became of it.")
    outcome: str | None = column(InboundEventRow.outcome, description="What was done, or what is waited for; for people.")
    failure: InboundFailure | None = column(InboundEventRow.failure, description="Why nothing could be done.")
    error: str | None = column(InboundEventRow.error, description="What is wrong and what to do, for people.")
    delivery_count: int = column(
        InboundEventRow.deliveries, description="How often it came: the same words within two minutes are one webhook."
    )
    received_at: datetime = column(InboundEventRow.created_at, description="When it came first.")
    last_received_at: datetime = column(InboundEventRow.last_received_at, description="When it came last.")
    processed_at: datetime | None = column(InboundEventRow.processed_at, description="When it was dealt with; null = not yet.")
    job: Job | None = one(InboundEventRow.job_id, description="The latest job that looked at it.")
    chain: strawberry.ID | None = column(
        InboundEventRow.chain, as_=strawberry.ID,
        description="The chain of jobs that deals with it, for `jobProgressed(chain:)`; several webhooks may share one.",
    )  # fmt: skip
    jobs: Connection[Job] = connection(
        JobRow.chain, key=InboundEventRow.chain, order_by=JobRow.id, narrowing=JOBS, description="The jobs of that chain."
    )
