"""What an item could be, as people are shown it."""

from collections.abc import Mapping
from typing import Any

import strawberry

from api.kit.enums import expose
from api.kit.problems import ErrorCode
from api.kit.scalars import URL
from api.providers.types import ProviderFailure
from domain.identify.matching import ReasonKind
from domain.identify.suggesting import Suggestions

expose(
    ReasonKind,
    "What speaks for or against a candidate.",
    {
        "TITLE": "How alike the titles are.",
        "YEAR": "How far the years are apart.",
        "RUNTIME": "How far a film's length is from that of its file.",
        "STRUCTURE": "Whether a series has the seasons and episodes that are there.",
        "NAMESAKES": "Others have as good a title, and no year tells them apart.",
    },
)


@strawberry.type(description="Something that speaks for or against a candidate.")
class IdentificationReason:
    kind: ReasonKind = strawberry.field(description="What.")
    points: float = strawberry.field(description="What it adds to the confidence; below 0 it speaks against.")
    text: str = strawberry.field(description="In words.")


@strawberry.type(description="A film or series that an item could be.")
class IdentificationCandidate:
    provider: str = strawberry.field(description="Name of the provider that knows it, for `identifyItem`.")
    external_id: str = strawberry.field(description="What that provider calls it, for `identifyItem`.")
    title: str = strawberry.field(description="In the provider's language.")
    original_title: str | None = strawberry.field(description="In its own language.")
    year: int | None = strawberry.field(description="Of its first release.")
    plot: str | None = strawberry.field(description="What it is about, at most 500 characters.")
    poster_url: URL | None = strawberry.field(description="A small poster, at the provider's.")
    confidence: float = strawberry.field(description="How sure it is, 0 to 1: the sum of its reasons.")
    reasons: list[IdentificationReason] = strawberry.field(description="Why.")


@strawberry.type(description="What an item could be; one provider that fails does not spoil the others' answers.")
class IdentificationCandidates:
    candidates: list[IdentificationCandidate] = strawberry.field(description="At most 10, the likeliest first.")
    failures: list[ProviderFailure] = strawberry.field(description="Providers that could not be asked; empty if all could.")


def shown(found: Suggestions) -> IdentificationCandidates:
    """Suggestions as the API has them."""
    failures = [
        ProviderFailure(provider=name, code=ErrorCode(error.code), message=error.message, retry_at=error.retry_at)
        for name, error in sorted(found.failures.items())
    ]
    return IdentificationCandidates(candidates=[_candidate(one) for one in found.candidates], failures=failures)


def _candidate(one: Mapping[str, Any]) -> IdentificationCandidate:
    reasons = [
        IdentificationReason(kind=ReasonKind(each["kind"]), points=each["points"], text=each["text"]) for each in one["reasons"]
    ]
    return IdentificationCandidate(
        provider=one["provider"], external_id=one["external_id"], title=one["title"],
        original_title=one.get("original_title"), year=one.get("year"), plot=one.get("plot"),
        poster_url=None if one.get("poster_url") is None else URL(one["poster_url"]), confidence=one["confidence"],
        reasons=reasons,
    )  # fmt: skip
