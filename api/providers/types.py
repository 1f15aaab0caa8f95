"""Providers as nodes, and what a search of them answers."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from api.kit.connections import Connection, Node
from api.kit.enums import expose
from api.kit.planner import column, computed, connection, desc, embedded, entity, global_id, one, part
from api.kit.problems import ErrorCode
from api.kit.scalars import URL, BigInt, Locale
from api.libraries.types import MediaType
from domain.catalog.enums import ItemKind
from domain.providers import tables as t
from domain.providers.enums import BreakerState, TestOutcome
from domain.providers.known import PROVIDERS
from domain.providers.pacing import usual_rate

expose(
    BreakerState,
    "Whether a provider is asked.",
    {
        "CLOSED": "As usual.",
        "OPEN": "Not at all, until `retryAt`: it failed five times in a row.",
        "HALF_OPEN": "One request at a time, to see whether it works again; two successes close the breaker.",
    },
)
expose(
    TestOutcome,
    "What came of a test.",
    {
        "PASSED": "The provider answered and took the key.",
        "KEY_REFUSED": "It does not accept the key.",
        "FAILED": "It did not answer as it should.",
    },
)


def _given(rows: Sequence[tuple[str | None]]) -> list[bool]:
    return [key is not None for (key,) in rows]


def _rates(rows: Sequence[tuple[str, float | None]]) -> list[float | None]:
    usual = {name: usual_rate(provider.pace) for name, provider in PROVIDERS.items()}
    return [own if own is not None else usual.get(name) for name, own in rows]


@entity(t.ProviderStatistic, description="How a provider did on a day (UTC), for one type of media or for none in particular.")
class ProviderStatistic(Node):
    id: strawberry.ID = global_id()
    day: date = column(t.ProviderStatistic.day, description="The day.")
    media_type: MediaType | None = one(
        t.ProviderStatistic.media_type_id, description="What was asked about; null = people, collections, settings."
    )
    success_count: int = column(t.ProviderStatistic.success_count, description="Requests that were answered.")
    failure_count: int = column(t.ProviderStatistic.failure_count, description="Requests that came to nothing.")
    average_response_ms: BigInt = column(
        t.ProviderStatistic.average_response_ms, as_=BigInt, description="How long a request took on average, in milliseconds."
    )
    last_success_at: datetime | None = column(t.ProviderStatistic.last_success_at, description="The last that was answered.")
    last_failure_at: datetime | None = column(t.ProviderStatistic.last_failure_at, description="The last that was not.")


@part(t.ProviderConfig, description="How a provider does at the moment; every process shares it.")
class ProviderState:
    breaker: BreakerState = column(t.ProviderConfig.breaker, description="Whether it is asked.")
    failure_count: int = column(t.ProviderConfig.failures, description="Failures in a row so far; five open the breaker.")
    retry_at: datetime | None = column(
        t.ProviderConfig.retry_at, description="When it is tried again; null while the breaker is closed."
    )
    blocked_until: datetime | None = column(
        t.ProviderConfig.blocked_until, description="The last moment that it named when it had had enough (HTTP 429)."
    )


@entity(
    t.ProviderConfig,
    description="What knows films, series and people: a server, or `local` (what lies beside the media). Keys stay hidden.",
)
class Provider(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.ProviderConfig.name, description="As ids and other fields name it: tmdb.")
    is_enabled: bool = column(
        t.ProviderConfig.is_enabled, description="Whether it may be asked; of `local`, whether automation takes its pictures."
    )
    has_key: bool = computed(_given, requires=(t.ProviderConfig.key,), description="Whether a key was given; none, no request.")
    language: Locale = column(t.ProviderConfig.language, as_=Locale, description="In which texts are asked for.")
    region: str | None = column(
        t.ProviderConfig.region, description="Country (ISO 3166-1) whose releases and certificates come first."
    )
    priority: int = column(t.ProviderConfig.priority, description="1 to 1,000; the lowest comes first.")
    rate_limit: float | None = computed(
        _rates, requires=(t.ProviderConfig.name, t.ProviderConfig.rate_limit),
        description="Requests a second that are made at most, by all processes together.",
    )  # fmt: skip
    last_tested_at: datetime | None = column(
        t.ProviderConfig.last_tested_at, description="When it was last tested with this key."
    )
    last_test: TestOutcome | None = column(t.ProviderConfig.last_test, description="What came of that.")
    last_test_error: str | None = column(t.ProviderConfig.last_test_error, description="What was wrong.")
    changes_read_at: datetime | None = column(
        t.ProviderConfig.changes_since, description="Up to when its feed of changes has been read; null = never, or it has none."
    )
    version: int = column(t.ProviderConfig.version, description="Grows with each change of its settings; for `expectedVersion`.")
    state: ProviderState = embedded(description="How it does at the moment.")
    statistics: Connection[ProviderStatistic] = connection(
        t.ProviderStatistic.provider_id, order_by=(desc(t.ProviderStatistic.day), t.ProviderStatistic.id),
        description="How it did, the last day first.",
    )  # fmt: skip


@strawberry.type(description="A film or series that a provider knows and that could be meant. Nothing of it is stored.")
class ProviderCandidate:
    provider: str = strawberry.field(description="Name of the provider.")
    external_id: str = strawberry.field(description="What the provider calls it.")
    kind: ItemKind = strawberry.field(description="MOVIE or SERIES.")
    title: str = strawberry.field(description="In the language that was asked for, where the provider has it.")
    original_title: str | None = strawberry.field(description="In its own language.")
    original_language: Locale | None = strawberry.field(description="Its own language.")
    release_date: date | None = strawberry.field(description="When it came out first; 1 January where only the year is known.")
    plot: str | None = strawberry.field(description="What it is about.")
    poster_url: URL | None = strawberry.field(description="A small poster, at the provider's.")
    score: float | None = strawberry.field(description="What its users give it, 0 to 10; null where nobody voted.")
    vote_count: int | None = strawberry.field(description="How many voted.")
    popularity: float | None = strawberry.field(description="The provider's own measure from 0 up, without a unit.")


@strawberry.type(description="Why a provider, or all of them, could not be asked.")
class ProviderFailure:
    provider: str | None = strawberry.field(description="Name of the provider; null when it is about the question.")
    code: ErrorCode = strawberry.field(description="Kind of the failure, for programs.")
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    retry_at: datetime | None = strawberry.field(description="When asking again makes sense, if that is known.")


@strawberry.type(description="What the providers answered; one that fails does not spoil the others' answers.")
class ProviderSearch:
    candidates: list[ProviderCandidate] = strawberry.field(description="At most 20 of each provider, in its order.")
    failures: list[ProviderFailure] = strawberry.field(description="Providers that could not be asked; empty if all could.")
