"""The schema: every feature's root fields, assembled."""

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult

from api.accounts.mutations import AccountMutations
from api.accounts.queries import AccountQueries
from api.catalog.artwork.mutations import ArtworkMutations
from api.catalog.artwork.queries import ArtworkQueries
from api.catalog.bulk.mutations import BulkMutations
from api.catalog.bulk.tags import TagMutations, TagQueries
from api.catalog.certificates import CertificateMutations, CertificateQueries
from api.catalog.mutations import CatalogMutations
from api.catalog.queries import CatalogQueries
from api.catalog.relations.mutations import RelationMutations
from api.catalog.subscriptions import CatalogSubscriptions
from api.catalog.types.items import ITEM_TYPES
from api.documents.mutations import DocumentMutations
from api.documents.queries import DocumentQueries
from api.downloaders.mutations import DownloaderMutations
from api.downloaders.queries import DownloaderQueries
from api.downloaders.subscriptions import DownloaderSubscriptions
from api.enrich.mutations import EnrichMutations
from api.enrich.queries import EnrichQueries
from api.identify.mutations import IdentifyMutations
from api.identify.queries import IdentifyQueries
from api.jobs.mutations import JobMutations
from api.jobs.queries import JobQueries
from api.jobs.subscriptions import JobSubscriptions
from api.kit.anonymous import AnonymousReads
from api.kit.inputs import prepare_inputs
from api.kit.limits import Limits, Sizes
from api.kit.planner.checks import check_schema
from api.kit.planner.documents import DocumentCache, Documents
from api.kit.running import Running
from api.kit.scalars import SCALARS
from api.kit.sharing import SharingExecutor
from api.kit.shortcut import ShortWay
from api.kit.validating import Validation
from api.libraries.mutations import LibraryMutations
from api.libraries.queries import LibraryQueries
from api.libraries.subscriptions import LibrarySubscriptions
from api.players.discovery import DiscoveryQueries
from api.players.mutations import PlayerMutations
from api.players.playing_mutations import PlaybackMutations
from api.players.playing_queries import PlaybackQueries
from api.players.playing_subscriptions import PlaybackSubscriptions
from api.players.queries import PlayerQueries
from api.players.subscriptions import PlayerSubscriptions
from api.players.syncing import PlayerSyncMutations
from api.players.webhooks import PlayerWebhookMutations
from api.providers.mutations import ProviderMutations
from api.providers.queries import ProviderQueries
from api.providers.subscriptions import ProviderSubscriptions
from api.publish.mutations import PublishMutations
from api.publish.queries import PublishQueries
from api.search.queries import SearchQueries
from api.system.queries import SystemQueries
from api.system.subscriptions import SystemSubscriptions
from api.uploads.mutations import UploadMutations
from api.uploads.queries import UploadQueries


@strawberry.type(description="Everything that can be read.")
class Query(
    CatalogQueries,
    TagQueries,
    ArtworkQueries,
    SearchQueries,
    CertificateQueries,
    LibraryQueries,
    PublishQueries,
    JobQueries,
    AccountQueries,
    DocumentQueries,
    UploadQueries,
    ProviderQueries,
    PlayerQueries,
    DiscoveryQueries,
    PlaybackQueries,
    IdentifyQueries,
    EnrichQueries,
    DownloaderQueries,
    SystemQueries,
):
    pass


@strawberry.type(description="Everything that can be changed.")
class Mutation(
    LibraryMutations,
    CatalogMutations,
    BulkMutations,
    TagMutations,
    RelationMutations,
    CertificateMutations,
    PublishMutations,
    ArtworkMutations,
    JobMutations,
    AccountMutations,
    DocumentMutations,
    UploadMutations,
    ProviderMutations,
    PlayerMutations,
    PlayerSyncMutations,
    PlayerWebhookMutations,
    PlaybackMutations,
    IdentifyMutations,
    EnrichMutations,
    DownloaderMutations,
):
    pass


@strawberry.type(description="Everything that can be followed.")
class Subscription(
    JobSubscriptions,
    CatalogSubscriptions,
    LibrarySubscriptions,
    ProviderSubscriptions,
    DownloaderSubscriptions,
    PlayerSubscriptions,
    PlaybackSubscriptions,
    SystemSubscriptions,
):
    pass


_ABOUT = """What a household's media are, where they lie, and who may see them.

**Read** with `Query`: begin with `movies`, `series` or `search`. Lists are connections: their entries are in `nodes`.

**Change** with `Mutation`: each takes one `input`; what could not be done stands in `errors` of its answer.

**Follow** with `Subscription`.

Ids such as `itm_42` stand in answers; nobody has to make one up. The pane *Examples* has an operation for each capability."""


class Schema(strawberry.Schema):
    """Strawberry's schema with a shorter way for known queries, and without its own logging of errors.

    `api.kit.masking` logs bugs once, in bounds.
    """

    short_way: ShortWay

    async def execute(self, query: str | None, *args: Any, **kwargs: Any) -> ExecutionResult:
        """The short way where it can be taken, else Strawberry's."""
        found = None if args else await self.short_way.answer(query, **kwargs)
        return found if found is not None else await super().execute(query, *args, **kwargs)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: expected failures are answers, bugs are logged where they are masked."""


def build_schema() -> Schema:
    """The schema with its executor and one document cache. Raises TypeError when a declaration breaks a rule."""
    schema = Schema(
        Query,
        Mutation,
        Subscription,
        types=ITEM_TYPES,
        execution_context_class=SharingExecutor,
        config=StrawberryConfig(scalar_map=dict(SCALARS)),
    )
    schema._schema.description = _ABOUT
    check_schema(schema)
    prepare_inputs(schema)
    return equipped(schema)


def equipped(schema: Schema) -> Schema:
    """The same schema object, with a new memory of the documents that it has seen."""
    cache, sizes = DocumentCache(), Sizes()
    # Running is last: where a later one refuses, Strawberry does not leave those that it entered before
    schema.extensions = (lambda: Documents(cache), lambda: Limits(sizes), Validation, AnonymousReads, Running)
    schema.short_way = ShortWay(schema, cache, sizes, executor=SharingExecutor)
    return schema
