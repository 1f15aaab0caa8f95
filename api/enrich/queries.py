"""Root fields that read enrichment."""

from typing import Annotated

import strawberry

from api.enrich.types import (
    EnrichmentAnswer,
    EnrichmentDiff,
    EnrichmentPreview,
    EnrichmentResult,
    FieldProvenance,
    ProviderPriority,
    SourceWord,
)
from api.kit.access import Permission
from api.kit.connections import Connection
from api.kit.context import Info
from api.kit.fields import query
from api.kit.filtering import refuse
from api.kit.paging import After, Before, First, Last
from api.kit.planner import Compare, Condition, page
from api.kit.problems import ErrorCode
from domain.enrich import requesting
from domain.enrich import tables as t
from domain.enrich.asking import Said
from domain.enrich.enums import LookupOutcome
from domain.enrich.fields import ordered_field
from domain.enrich.preview import Diff, preview
from domain.enrich.provenance import Provenance, provenance
from domain.enrich.results import outcome_of
from domain.kit.errors import DomainError, Invalid
from domain.kit.ids import key_of, parse_id
from domain.kit.spelling import camel

OfType = Annotated[strawberry.ID | None, strawberry.argument(description="Only the orders of this type of media.")]
OfField = Annotated[str | None, strawberry.argument(description="Only the orders of this field: title, artwork.poster …, *.")]
Subject = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this item, person or film series (itm_, per_, col_).")
]
Thing = Annotated[strawberry.ID, strawberry.argument(description="An item, a person or a film series.")]
Outcome = Annotated[LookupOutcome | None, strawberry.argument(description="Only with this outcome.")]
_ENTITIES = ("media_items", "people", "collections")


@strawberry.type
class EnrichQueries:
    """What providers are believed."""

    @query(Permission.ADMIN, "Whose word counts for which field: the orders that were given, and those Marquee begins with.")
    def provider_priorities(
        self, media_type: OfType = None, field: OfField = None, first: First = None, after: After = None, last: Last = None,
        before: Before = None,
    ) -> Connection[ProviderPriority] | None:  # fmt: skip
        where: list[Condition] = []
        try:
            if media_type is not None:
                where.append(Compare(t.ProviderPriority.media_type_id, "=", key_of("media_types", media_type)))
            if field is not None:
                where.append(Compare(t.ProviderPriority.field, "=", ordered_field(field)))
        except Invalid as error:
            raise refuse(error.message) from None
        order = (t.ProviderPriority.field, t.ProviderPriority.media_type_id, t.ProviderPriority.priority, t.ProviderPriority.id)
        return page(ProviderPriority, where=where, order_by=order, first=first, after=after, last=last, before=before)

    @query(Permission.EDIT, "What came of asking providers, by thing. Failures stay here until the provider answers.")
    def enrichment_results(
        self, subject: Subject = None, outcome: Outcome = None, first: First = None, after: After = None, last: Last = None,
        before: Before = None,
    ) -> Connection[EnrichmentResult] | None:  # fmt: skip
        where: list[Condition] = []
        if subject is not None:
            try:
                table, key = parse_id(subject)
            except Invalid as error:
                raise refuse(error.message) from None
            if table not in _ENTITIES:
                raise refuse("Items, people and film series are enriched: itm_1, per_1, col_1.")
            where.append(Compare(t.EnrichmentResult.entity_id, "=", key))
        if outcome is not None:
            where.append(Compare(t.EnrichmentResult.outcome, "=", outcome))
        order = (t.EnrichmentResult.entity_id, t.EnrichmentResult.provider)
        return page(EnrichmentResult, where=where, order_by=order, first=first, after=after, last=last, before=before)

    @query(Permission.EDIT, "What enriching a thing would change, field by field, and why not. Waits up to 10 s a provider.")
    async def enrichment_preview(self, info: Info, id: Thing) -> EnrichmentPreview | None:
        context = info.context
        try:
            key = await context.read(requesting.entity_of, context.viewer, id)
            found = await context.ask(preview, context.services.desk, key)
        except DomainError as error:
            raise refuse(error.message) from None
        return EnrichmentPreview(
            fields=[_diff(each) for each in found.diffs], providers=[_answer(name, said) for name, said in found.said]
        )

    @query(Permission.EDIT, "Where a thing's values come from: what each source says of each field, and whose word is shown.")
    async def field_provenance(self, info: Info, id: Thing) -> list[FieldProvenance] | None:
        context = info.context
        try:
            key = await context.read(requesting.entity_of, context.viewer, id)
        except DomainError as error:
            raise refuse(error.message) from None
        return [_provenance(each) for each in await context.read(provenance, key)]


def _diff(one: Diff) -> EnrichmentDiff:
    return EnrichmentDiff(
        field=camel(one.field), outcome=one.outcome, now=one.now, would_be=one.would_be, offered=one.offered,
        provider=one.provider, held_by=one.held_by,
    )  # fmt: skip


def _answer(provider: str, said: Said) -> EnrichmentAnswer:
    error = said.error
    return EnrichmentAnswer(
        provider=provider, outcome=outcome_of(said), external_id=said.external_id,
        code=None if error is None else ErrorCode(error.code), message=None if error is None else error.message,
        retry_at=None if error is None else error.retry_at,
    )  # fmt: skip


def _provenance(one: Provenance) -> FieldProvenance:
    words = [SourceWord(source=each.source, value=each.value, fetched_at=each.fetched_at) for each in one.words]
    return FieldProvenance(field=camel(one.field), is_locked=one.is_locked, shown_from=one.shown_from, words=words)
