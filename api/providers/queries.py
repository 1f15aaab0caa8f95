"""Root fields that read providers, and the one that asks them."""

from typing import Annotated

import strawberry

from api.catalog.references import ExternalRef
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.context import Info
from api.kit.fields import query
from api.kit.paging import After, Before, First, Last
from api.kit.planner import page
from api.kit.problems import ErrorCode
from api.kit.scalars import URL, Locale
from api.providers.types import Provider, ProviderCandidate, ProviderFailure, ProviderSearch
from domain.catalog.enums import EntityKind, ItemKind
from domain.kit.errors import DomainError, Upstream
from domain.providers import tables as t
from domain.providers.finding import Found, look_for
from domain.providers.model import Candidate, Id, Query

Kind = Annotated[ItemKind, strawberry.argument(description="MOVIE or SERIES.")]
Title = Annotated[str | None, strawberry.argument(description="Its title, at most 200 characters.")]
Year = Annotated[int | None, strawberry.argument(description="Of its first release; where that year has none, any year counts.")]
ById = Annotated[ExternalRef | None, strawberry.argument(description="What a catalogue calls it, in place of title and year.")]
At = Annotated[str | None, strawberry.argument(description="Only at this provider (its name); every usable one if not given.")]
In = Annotated[Locale | None, strawberry.argument(description="Language of the answer; each provider's setting if not given.")]


@strawberry.type
class ProviderQueries:
    """Providers and what they know."""

    @query(Permission.ADMIN, "The servers that can be asked about films, series and people, the first in priority first.")
    def providers(
        self, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Provider] | None:
        order = (t.ProviderConfig.priority, t.ProviderConfig.name, t.ProviderConfig.id)
        return page(Provider, where=[], order_by=order, first=first, after=after, last=last, before=before)

    @query(Permission.EDIT, "Ask the providers for a film or series, by title and year or by id. Waits up to 10 seconds.")
    async def search_providers(
        self, info: Info, kind: Kind, title: Title = None, year: Year = None, id: ById = None, provider: At = None,
        language: In = None,
    ) -> ProviderSearch | None:  # fmt: skip
        key = None if id is None else Id(id.provider.lower(), id.namespace or "", id.value)
        asked = Query(EntityKind(kind.value), title or "", year, key)
        try:
            found = await info.context.ask(look_for, info.context.services.desk, asked, provider=provider, language=language)
        except DomainError as error:
            return ProviderSearch(candidates=[], failures=[_failure(None, error)])
        return _shown(found)


def _shown(found: Found) -> ProviderSearch:
    return ProviderSearch(
        candidates=[_candidate(each) for each in found.candidates],
        failures=[_failure(each.provider, each.error) for each in found.failures],
    )


def _failure(provider: str | None, error: DomainError) -> ProviderFailure:
    retry_at = error.retry_at if isinstance(error, Upstream) else None
    return ProviderFailure(provider=provider, code=ErrorCode(error.code), message=error.message, retry_at=retry_at)


def _candidate(one: Candidate) -> ProviderCandidate:
    return ProviderCandidate(
        provider=one.provider,
        external_id=one.external_id,
        kind=ItemKind(one.kind.value),
        title=one.title,
        original_title=one.original_title,
        original_language=None if one.original_language is None else Locale(one.original_language),
        release_date=one.release_date,
        plot=one.plot,
        poster_url=None if one.poster_url is None else URL(one.poster_url),
        score=None if one.score is None else float(one.score),
        vote_count=one.votes,
        popularity=one.popularity,
    )
