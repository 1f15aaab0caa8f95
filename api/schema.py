"""The schema: every feature's root fields, assembled."""

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from api.accounts.mutations import AccountMutations
from api.accounts.queries import AccountQueries
from api.catalog.mutations import CatalogMutations
from api.catalog.queries import CatalogQueries
from api.catalog.subscriptions import CatalogSubscriptions
from api.catalog.types.items import ITEM_TYPES
from api.jobs.mutations import JobMutations
from api.jobs.queries import JobQueries
from api.jobs.subscriptions import JobSubscriptions
from api.kit.anonymous import AnonymousReads
from api.kit.inputs import prepare_inputs
from api.kit.limits import Limits, Sizes
from api.kit.planner.checks import check_schema
from api.kit.planner.documents import DocumentCache, Documents
from api.kit.scalars import SCALARS
from api.kit.sharing import SharingExecutor
from api.libraries.mutations import LibraryMutations
from api.libraries.queries import LibraryQueries
from api.libraries.subscriptions import LibrarySubscriptions
from api.system.queries import SystemQueries
from api.system.subscriptions import SystemSubscriptions


@strawberry.type(description="Everything that can be read.")
class Query(CatalogQueries, LibraryQueries, JobQueries, AccountQueries, SystemQueries):
    pass


@strawberry.type(description="Everything that can be changed.")
class Mutation(LibraryMutations, CatalogMutations, JobMutations, AccountMutations):
    pass


@strawberry.type(description="Everything that can be followed.")
class Subscription(JobSubscriptions, CatalogSubscriptions, LibrarySubscriptions, SystemSubscriptions):
    pass


class Schema(strawberry.Schema):
    """Strawberry's schema without its own logging of errors: `api.kit.masking` logs bugs once, in bounds."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: expected failures are answers, bugs are logged where they are masked."""


def build_schema() -> strawberry.Schema:
    """The schema with its executor and one document cache. Raises TypeError when a declaration breaks a rule."""
    cache, sizes = DocumentCache(), Sizes()
    schema = Schema(
        Query,
        Mutation,
        Subscription,
        types=ITEM_TYPES,
        extensions=[lambda: Documents(cache), lambda: Limits(sizes), AnonymousReads],
        execution_context_class=SharingExecutor,
        config=StrawberryConfig(scalar_map=dict(SCALARS)),
    )
    check_schema(schema)
    prepare_inputs(schema)
    return schema
