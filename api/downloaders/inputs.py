"""Inputs of the mutations of downloaders."""

import strawberry

from api.kit.mutations import EXPECTED_VERSION, client_id
from domain.libraries.enums import SourceKind

_URL = "Where it listens, with its URL base if it has one: http://radarr.lan:7878/radarr."
_KEY = "Its API key (Settings > General > Security). It is stored encrypted and never shown."
_CERTIFICATE = "Whether its certificate has to be good, over https; false for one that it made itself."
_PUBLISHES = "Whether what it brings is published, also in libraries that are not published by themselves."


@strawberry.input(description="A new downloader. Address and key are for asking it; its webhooks need neither.")
class CreateSourceInput:
    kind: SourceKind = strawberry.field(description="RADARR, SONARR or LIDARR.")
    name: str = strawberry.field(description="1 to 100 characters, unlike those of the others.")
    base_url: str | None = strawberry.field(default=None, description=_URL)
    api_key: str | None = strawberry.field(default=None, description=_KEY)
    is_enabled: bool = strawberry.field(default=True, description="Whether its webhooks are taken.")
    verifies_certificate: bool = strawberry.field(default=True, description=_CERTIFICATE)
    publishes: bool = strawberry.field(default=True, description=_PUBLISHES)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="Changes of a downloader. Fields that are absent stay.")
class UpdateSourceInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    name: strawberry.Maybe[str] = strawberry.field(description="1 to 100 characters, unlike those of the others.")
    base_url: strawberry.Maybe[str | None] = strawberry.field(description=_URL)
    api_key: strawberry.Maybe[str | None] = strawberry.field(description=_KEY + " null takes it away.")
    is_enabled: strawberry.Maybe[bool] = strawberry.field(description="Whether its webhooks are taken.")
    verifies_certificate: strawberry.Maybe[bool] = strawberry.field(description=_CERTIFICATE)
    publishes: strawberry.Maybe[bool] = strawberry.field(description=_PUBLISHES)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A downloader to forget.")
class DeleteSourceInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A downloader that is not saved yet.")
class UnsavedSourceInput:
    kind: SourceKind = strawberry.field(description="RADARR, SONARR or LIDARR.")
    base_url: str = strawberry.field(description=_URL)
    api_key: str = strawberry.field(description=_KEY)
    verifies_certificate: bool = strawberry.field(default=True, description=_CERTIFICATE)


@strawberry.input(one_of=True, description="The downloader to test: a saved one, or one to be saved.")
class TestedSource:
    __test__ = False  # pytest takes every name like this for a test

    id: strawberry.Maybe[strawberry.ID] = strawberry.field(description="A saved one; it remembers how it went.")
    unsaved: strawberry.Maybe[UnsavedSourceInput] = strawberry.field(description="One that is not saved.")


@strawberry.input(description="A downloader to test.")
class TestSourceInput:
    __test__ = False

    source: TestedSource = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A downloader whose webhooks get another token.")
class RotateWebhookTokenInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A downloader whose webhooks are taken no more.")
class RevokeWebhookTokenInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A downloader that is to tell us what it does.")
class SetUpDownloaderWebhookInput:
    source: strawberry.ID = strawberry.field(description="Which.")
    address: str | None = strawberry.field(
        default=None,
        description="Where the downloader reaches this server, such as http://marquee:8686; MARQUEE_URL if not given, else the"
        " address of this request.",
    )
    client_mutation_id: str | None = client_id()


@strawberry.input(description="A webhook to deal with once more.")
class ReplayInboundEventInput:
    id: strawberry.ID = strawberry.field(description="Which.")
    client_mutation_id: str | None = client_id()
