"""The filter of media items."""

from collections.abc import Mapping

import strawberry

from api.catalog.filters import parts
from api.catalog.filters.missing import MissingPart, missing
from api.catalog.filters.parts import (
    CertificationFilter,
    CreditFilter,
    ExternalIdFilter,
    ItemFileFilter,
    RatingFilter,
    TagFilter,
)
from api.kit.filtering import (
    DateFilter,
    DateTimeFilter,
    DurationFilter,
    FloatFilter,
    IdFilter,
    IntFilter,
    LinkFilter,
    Rule,
    TextFilter,
    WordFilter,
    compiled,
    flag,
    ids,
    links,
    members,
    number,
    some,
    text,
    words,
)
from api.kit.planner import Compare, Condition, Exists, IsNull, Written
from api.kit.scalars import MAX_BIG_INT
from domain.catalog import tables as t
from domain.catalog.enums import Availability, Enrichment, Identification, ItemKind, LockState, ProductionStatus, Publication
from domain.libraries.enums import FileRole, ReviewStatus
from domain.libraries.tables import ItemFile, ReviewItem

I = t.MediaItem  # noqa: E741 - the one table of this module


@strawberry.input(description="Conditions on an item's links to genres, by id.")
class GenreFilter(LinkFilter):
    pass


@strawberry.input(description="Which items. Fields side by side are all to be met; at most 50 conditions, 5 levels deep.")
class MediaItemWhere:
    and_: "list[MediaItemWhere] | None" = strawberry.field(name="and", default=None, description="All of these.")
    or_: "list[MediaItemWhere] | None" = strawberry.field(name="or", default=None, description="At least one of these.")
    not_: "MediaItemWhere | None" = strawberry.field(name="not", default=None, description="Not this.")
    id: IdFilter | None = strawberry.field(default=None, description="Its id.")
    kind: list[ItemKind] | None = strawberry.field(default=None, description="One of these kinds.")
    library: IdFilter | None = strawberry.field(default=None, description="The library it lies in.")
    parent: IdFilter | None = strawberry.field(default=None, description="What it is a part of: a season's series.")
    root: IdFilter | None = strawberry.field(default=None, description="The top of its tree: the series of an episode.")
    is_top: bool | None = strawberry.field(default=None, description="Whether it is a part of nothing.")
    title: TextFilter | None = strawberry.field(default=None, description="Its title.")
    edition: WordFilter | None = strawberry.field(default=None, description="The cut; empty = the usual one.")
    year: IntFilter | None = strawberry.field(default=None, description="Year of its first release.")
    release_date: DateFilter | None = strawberry.field(default=None, description="Day of its first release.")
    runtime: DurationFilter | None = strawberry.field(default=None, description="Length, as sources say it.")
    original_language: WordFilter | None = strawberry.field(default=None, description="Language it was made in (ISO 639-1).")
    min_age: IntFilter | None = strawberry.field(default=None, description="Youngest age it is for; unrated items have none.")
    certification: CertificationFilter | None = strawberry.field(default=None, description="An age certificate.")
    is_kids_friendly: bool | None = strawberry.field(default=None, description="Marked as good for children.")
    popularity: FloatFilter | None = strawberry.field(default=None, description="TMDB's measure of present interest.")
    rating: RatingFilter | None = strawberry.field(default=None, description="The score of a source.")
    genres: GenreFilter | None = strawberry.field(default=None, description="Its genres.")
    studios: LinkFilter | None = strawberry.field(default=None, description="Its studios, networks, labels or publishers.")
    countries: LinkFilter | None = strawberry.field(default=None, description="Countries it was made in.")
    collections: LinkFilter | None = strawberry.field(default=None, description="Film series it belongs to.")
    people: LinkFilter | None = strawberry.field(default=None, description="People with any part in it.")
    credit: CreditFilter | None = strawberry.field(default=None, description="A certain part of certain people.")
    tags: TagFilter | None = strawberry.field(default=None, description="Its tags.")
    external_id: ExternalIdFilter | None = strawberry.field(default=None, description="What a catalogue calls it.")
    file: ItemFileFilter | None = strawberry.field(default=None, description="A file of the work itself.")
    subtitles: WordFilter | None = strawberry.field(
        default=None, description="Language of subtitles, in its files or beside them."
    )
    has_several_copies: bool | None = strawberry.field(default=None, description="Whether it is there more than once.")
    missing: list[MissingPart] | None = strawberry.field(default=None, description="Lacks every one of these.")
    has_locks: bool | None = strawberry.field(default=None, description="Whether fields of it are for people only.")
    is_in_review: bool | None = strawberry.field(default=None, description="Whether a question about it waits for a decision.")
    availability: list[Availability] | None = strawberry.field(default=None, description="Whether a file is there.")
    identification: list[Identification] | None = strawberry.field(default=None, description="Whether it is known.")
    enrichment: list[Enrichment] | None = strawberry.field(default=None, description="How much the providers have told.")
    publication: list[Publication] | None = strawberry.field(default=None, description="Whether the files beside it agree.")
    production_status: list[ProductionStatus] | None = strawberry.field(default=None, description="Where its making stands.")
    is_monitored: bool | None = strawberry.field(default=None, description="Whether automation looks after its artwork.")
    created_at: DateTimeFilter | None = strawberry.field(default=None, description="When it was added.")
    updated_at: DateTimeFilter | None = strawberry.field(default=None, description="When its row last changed.")


def _milliseconds(value: int) -> int:
    return max(-MAX_BIG_INT, min(value, MAX_BIG_INT))


def _edition(given: WordFilter) -> list[Condition]:
    wanted = [] if given.eq is None else [given.eq]
    named = Written(Compare(I.edition, "!=", ""))  # the usual cut has no index, the others have a partial one
    is_named = all([*wanted, *(given.in_ or wanted or [""])])
    return [*([named] if is_named else []), *words(I.edition)(given)]


_LOCKED = Exists(
    t.FieldLock.entity_id, [Written(Compare(t.FieldLock.state, "=", LockState.LOCKED))], is_few=True, visible_with_owner=True
)
_PENDING = Written(Compare(ReviewItem.status, "=", ReviewStatus.PENDING))
_IN_REVIEW = Exists(ReviewItem.item_id, [_PENDING, IsNull(ReviewItem.item_id, is_null=False)], is_few=True)
_COPIES = Exists(
    ItemFile.item_id,
    [Written(Compare(ItemFile.role, "=", FileRole.MAIN)), Written(Compare(ItemFile.copy_number, ">", 1))],
    is_few=True,
)

RULES: Mapping[str, Rule] = {
    "id": ids(I.id, "media_items"),
    "kind": members(I.kind),
    "library": ids(I.library_id, "libraries"),
    "parent": ids(I.parent_id, "media_items"),
    "root": ids(I.root_id, "media_items"),
    "is_top": some(Written(Compare(I.level, "=", 0))),
    "title": text(I.sort_key),
    "edition": _edition,
    "year": number(I.year),
    "release_date": number(I.release_date),
    "runtime": number(I.runtime_ms, as_=_milliseconds),
    "original_language": words(I.original_language),
    "min_age": number(I.min_age),
    "certification": parts.certification,
    "is_kids_friendly": flag(I.is_kids_friendly, usual=False),
    "popularity": number(I.popularity),
    "rating": parts.rating,
    "genres": links(t.ItemGenre.item_id, t.ItemGenre.genre_id, "genres"),
    "studios": links(t.ItemStudio.item_id, t.ItemStudio.studio_id, "studios"),
    "countries": links(t.ItemCountry.item_id, t.ItemCountry.country_id, "countries"),
    "collections": links(t.CollectionMember.item_id, t.CollectionMember.collection_id, "collections"),
    "people": links(t.Credit.item_id, t.Credit.person_id, "people", (parts.NOT_REMOVED,)),
    "credit": parts.credit,
    "tags": parts.tags,
    "external_id": parts.external_id,
    "file": parts.file,
    "subtitles": parts.subtitles,
    "has_several_copies": some(_COPIES),
    "missing": missing,
    "has_locks": some(_LOCKED),
    "is_in_review": some(_IN_REVIEW),
    "availability": members(I.availability, of=Availability, usual=(Availability.PRESENT, Availability.NONE)),
    "identification": members(I.identification, of=Identification, usual=(Identification.IDENTIFIED,)),
    "enrichment": members(I.enrichment, of=Enrichment, usual=(Enrichment.NEVER, Enrichment.COMPLETE)),
    "publication": members(I.publication, of=Publication, usual=(Publication.NEVER, Publication.PUBLISHED)),
    "production_status": members(
        I.production_status,
        of=ProductionStatus,
        usual=(ProductionStatus.RELEASED, ProductionStatus.ENDED, ProductionStatus.RETURNING),
    ),
    "is_monitored": flag(I.is_monitored, usual=True),
    "created_at": number(I.created_at),
    "updated_at": number(I.updated_at),
}
"""What each field asks. The indexes that serve it: `test_filter_plans`."""


def item_conditions(where: MediaItemWhere | None) -> list[Condition]:
    """The conditions of a filter. Raises GraphQLError for one that is too deep, too large or nonsense."""
    return compiled(where, RULES)
