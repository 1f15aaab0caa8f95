"""Media items: one interface, a type for each sort of thing, in trees."""

import datetime as dt
from typing import Annotated

import strawberry

from api.artwork.completeness import Completeness
from api.artwork.types import Image, ImageCandidate
from api.catalog.filters.nested import CREDITS, ITEMS
from api.catalog.types.people import SHOWN, Collection, Credit
from api.catalog.types.relations import ItemRelationship
from api.catalog.types.values import (
    Certification,
    Country,
    ExternalId,
    FieldLock,
    Genre,
    ItemRating,
    ReleaseDate,
    Studio,
    Tag,
    Translation,
)
from api.kit.connections import Connection, Node
from api.kit.planner import Compare, argument, column, connection, entity, first_of, global_id, interface, many, one
from api.kit.scalars import JSON, BigInt, Duration
from api.libraries.types import ItemFile, Library, MediaType
from domain.artwork.completeness import ItemCompleteness
from domain.artwork.tables import Asset
from domain.artwork.tables import ImageCandidate as CandidateRow
from domain.catalog import tables as t
from domain.catalog.enums import (
    AlbumType,
    Availability,
    Department,
    Enrichment,
    EpisodeOrdering,
    Identification,
    ItemKind,
    ProductionStatus,
    Publication,
    Relation,
)
from domain.catalog.relating import MOST_RELATIONS
from domain.catalog.relations import ItemRecommendation, ItemRelation
from domain.libraries.tables import ItemFile as ItemFileRow

I = t.MediaItem  # noqa: E741 - the one table of this module


@entity(t.EpisodeOrder, description="An episode's numbers in another order than the one it was first broadcast in.")
class EpisodeOrder(Node):
    id: strawberry.ID = global_id()
    ordering: EpisodeOrdering = column(t.EpisodeOrder.ordering, description="The order.")
    season_number: int = column(t.EpisodeOrder.season_number, description="Season in it; absolute orders have 1.")
    episode_number: int = column(t.EpisodeOrder.episode_number, description="Number in it.")
    display_season: int | None = column(
        t.EpisodeOrder.display_season, description="The season among whose episodes a special is shown; null = its own."
    )
    display_episode: int | None = column(
        t.EpisodeOrder.display_episode, description="The episode of that season before which it is shown; null = after the last."
    )


@entity(t.SeriesOrder, description="An order that a provider offers for the episodes of a series, beside the aired one.")
class SeriesOrder(Node):
    id: strawberry.ID = global_id()
    ordering: EpisodeOrdering = column(t.SeriesOrder.ordering, description="The order, for `setEpisodeOrder`.")
    provider: str = column(t.SeriesOrder.provider, description="Name of the provider that offers it.")
    name: str = column(t.SeriesOrder.name, description="What the provider calls it.")
    is_chosen: bool = column(t.SeriesOrder.is_chosen, description="The names of the series' files count in it.")
    fetched_at: dt.datetime | None = column(
        t.SeriesOrder.fetched_at, description="When its numbers were told (then episodes show them); null = nobody asked."
    )


@interface(I, discriminator=I.kind, description="Whatever can be owned, shown, scheduled, played or tracked.")
class MediaItem(Node):
    id: strawberry.ID = global_id()
    kind: ItemKind = column(I.kind, description="What it is.")
    title: str = column(I.title, description="Its title.")
    sort_title: str | None = column(I.sort_title, description="The title it is sorted by, where a person or source gave one.")
    original_title: str | None = column(I.original_title, description="Its title in the original language.")
    edition: str = column(I.edition, description="The cut: Director's Cut, Extended …; empty = the usual one.")
    tagline: str | None = column(I.tagline, description="One line that advertises it.")
    plot: str | None = column(I.plot, description="What it is about (for artists: their biography).")
    outline: str | None = column(I.outline, description="The plot in short.")
    year: int | None = column(I.year, description="Year of its first release.")
    release_date: dt.date | None = column(I.release_date, description="Day of its first release, broadcast or founding.")
    end_date: dt.date | None = column(I.end_date, description="Day it ended or disbanded.")
    runtime_ms: BigInt | None = column(I.runtime_ms, as_=BigInt, description="Length in milliseconds, as sources say it.")
    runtime: Duration | None = column(I.runtime_ms, as_=Duration, description="Length, as sources say it (ISO 8601).")
    production_status: ProductionStatus | None = column(I.production_status, description="Where it stands in its making.")
    original_language: str | None = column(I.original_language, description="Language it was made in (ISO 639-1).")
    homepage: str | None = column(I.homepage, description="Its own site.")
    popularity: float | None = column(I.popularity, description="TMDB's measure of present interest; no unit.")
    min_age: int | None = column(I.min_age, description="Youngest age it is for, from its certificates; null = unrated.")
    is_kids_friendly: bool = column(I.is_kids_friendly, description="Marked as good for children.")
    identification: Identification = column(I.identification, description="Whether it is known what it is.")
    enrichment: Enrichment = column(I.enrichment, description="How much the providers have told.")
    publication: Publication = column(I.publication, description="Whether the files beside the media agree.")
    availability: Availability = column(I.availability, description="Whether a file is there.")
    missing_since: dt.datetime | None = column(I.missing_since, description="Since when its files are gone.")
    is_monitored: bool = column(I.is_monitored, description="Automation looks after its artwork.")
    metadata: JSON = column(I.metadata_, as_=JSON, description="Facts that have no field of their own.")
    position: int | None = column(I.position, description="Season, episode or track number; null = unnumbered.")
    version: int = column(I.version, description="Grows with each edit; for `expectedVersion`.")
    created_at: dt.datetime = column(I.created_at, description="When it was added.")
    updated_at: dt.datetime = column(I.updated_at, description="When its row last changed.")
    metadata_changed_at: dt.datetime | None = column(I.metadata_changed_at, description="When a shown value last changed.")
    last_scanned_at: dt.datetime | None = column(I.last_scanned_at, description="When a scan last looked at it.")
    media_type: MediaType = one(I.media_type_id, description="The sort of media.")
    library: Library | None = one(I.library_id, description="The library it lies in; null = tracked, not owned.")
    parent: Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")] | None = one(
        I.parent_id, description="What it is a part of: a season's series, an episode's season."
    )
    root: Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")] | None = one(
        I.root_id, description="The top of its tree: itself, or the series of an episode."
    )
    children: Connection[Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")]] = connection(
        I.parent_id, order_by=(I.position, I.sort_key), max_first=500, narrowing=ITEMS, description="Its parts, by number."
    )
    versions: list[Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")]] = many(
        I.media_group_id, key=I.media_group_id, order_by=(I.edition, I.id), limit=100,
        description="Every version of the same work, itself among them (other cuts, other libraries); empty for an only one.",
    )  # fmt: skip
    relationships: list[ItemRelationship] = many(
        ItemRelation.item_id, order_by=(ItemRelation.relation, ItemRelation.key), limit=MOST_RELATIONS,
        arguments=(argument("relation", Relation | None, ItemRelation.relation, description="Only these: SEQUEL, PREQUEL …"),),
        description="Sequels, prequels, remakes … among the items that you may see.",
    )  # fmt: skip
    recommendations: list[Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")]] = many(
        via=(ItemRecommendation.item_id, ItemRecommendation.recommended_id), order_by=ItemRecommendation.rank, limit=100,
        description="What providers recommend with it, as far as it is here and you may see it; the first the most.",
    )  # fmt: skip
    genres: list[Genre] = many(
        via=(t.ItemGenre.item_id, t.ItemGenre.genre_id), order_by=t.ItemGenre.position, limit=100,
        description="Its genres, in the source's order.",
    )  # fmt: skip
    studios: list[Studio] = many(
        via=(t.ItemStudio.item_id, t.ItemStudio.studio_id), order_by=t.ItemStudio.position, limit=100,
        description="Studios, networks, labels or publishers.",
    )  # fmt: skip
    countries: list[Country] = many(
        via=(t.ItemCountry.item_id, t.ItemCountry.country_id), order_by=t.ItemCountry.position, limit=100,
        description="Countries it was made in.",
    )  # fmt: skip
    tags: list[Tag] = many(t.Tag.item_id, order_by=(t.Tag.namespace, t.Tag.sort_key), limit=500, description="Its tags.")
    credits: Connection[Credit] = connection(
        t.Credit.item_id,
        where=(Compare(t.Credit.is_removed, "=", False),),
        order_by=(t.Credit.position, t.Credit.id),
        arguments=(argument("department", Department | None, t.Credit.department, description="Only this trade."),),
        narrowing=CREDITS,
        description="Who made it and plays in it.",
    )
    external_ids: list[ExternalId] = many(
        t.ExternalId.entity_id, order_by=(t.ExternalId.provider, t.ExternalId.namespace), limit=100,
        visible_with_parent=True, description="What catalogues call it.",
    )  # fmt: skip
    ratings: list[ItemRating] = many(
        t.ItemRating.item_id, order_by=t.ItemRating.source, limit=100, description="Scores by source."
    )
    certifications: list[Certification] = many(
        t.ItemCertification.item_id, order_by=(t.ItemCertification.system, t.ItemCertification.country), limit=100,
        description="Age certificates by country.",
    )  # fmt: skip
    release_dates: list[ReleaseDate] = many(
        t.ReleaseDate.item_id, order_by=(t.ReleaseDate.date, t.ReleaseDate.country), limit=500,
        description="When it came out, where and how.",
    )  # fmt: skip
    translations: list[Translation] = many(
        t.Translation.entity_id, order_by=t.Translation.language, limit=100, visible_with_parent=True,
        arguments=(argument("language", str | None, t.Translation.language, description="Only this language: de, pt-BR …"),),
        description="Its texts in the languages that its library asks for.",
    )  # fmt: skip
    field_locks: list[FieldLock] = many(
        t.FieldLock.entity_id, order_by=t.FieldLock.field, limit=100, visible_with_parent=True,
        description="Fields that only people change.",
    )  # fmt: skip
    files: list[ItemFile] = many(
        ItemFileRow.item_id, order_by=(ItemFileRow.role, ItemFileRow.copy_number, ItemFileRow.part_number), limit=500,
        description="Its files with what they are to it.",
    )  # fmt: skip
    images: list[Image] = many(
        Asset.entity_id, order_by=(Asset.asset_type, Asset.rank), limit=500, visible_with_parent=True,
        arguments=(argument("type", str | None, Asset.asset_type, description="Only this type: poster, fanart …"),),
        description="Its pictures, shown ones first.",
    )  # fmt: skip
    image_candidates: Connection[ImageCandidate] = connection(
        CandidateRow.entity_id,
        order_by=((CandidateRow.score, "desc"), CandidateRow.id),
        visible_with_parent=True,
        arguments=(argument("type", str | None, CandidateRow.asset_type, description="Only this type: poster, fanart …"),),
        description="Pictures that could be chosen, best first.",
    )
    completeness: Completeness | None = first_of(
        ItemCompleteness.item_id, order_by=ItemCompleteness.item_id, visible_with_parent=True,
        description="What is missing of what its kind should have; null for kinds of which nothing is expected.",
    )  # fmt: skip
    poster: Image | None = first_of(
        Asset.entity_id, where=(Compare(Asset.asset_type, "=", "poster"), SHOWN), order_by=Asset.rank, visible_with_parent=True,
        description="The poster that is shown.",
    )  # fmt: skip
    fanart: Image | None = first_of(
        Asset.entity_id, where=(Compare(Asset.asset_type, "=", "fanart"), SHOWN), order_by=Asset.rank, visible_with_parent=True,
        description="The background that is shown.",
    )  # fmt: skip


@entity(I, kinds=(ItemKind.MOVIE,), description="A film.")
class Movie(MediaItem):
    budget: BigInt | None = column(I.budget, as_=BigInt, description="What it cost, in US dollars.")
    revenue: BigInt | None = column(I.revenue, as_=BigInt, description="What it earned, in US dollars.")
    collections: list[Collection] = many(
        via=(t.CollectionMember.item_id, t.CollectionMember.collection_id), order_by=t.Collection.sort_key, limit=100,
        description="The film series it belongs to.",
    )  # fmt: skip


@entity(I, kinds=(ItemKind.SERIES,), description="A series.")
class Series(MediaItem):
    seasons: list[Annotated["Season", strawberry.lazy("api.catalog.types.items")]] = many(
        I.parent_id, where=(Compare(I.kind, "=", ItemKind.SEASON),), order_by=(I.position, I.id), limit=500, narrowing=ITEMS,
        description="Its seasons; number 0 holds the specials.",
    )  # fmt: skip
    episodes: Connection[Annotated["Episode", strawberry.lazy("api.catalog.types.items")]] = connection(
        I.root_id, where=(Compare(I.kind, "=", ItemKind.EPISODE),), order_by=(I.parent_id, I.position, I.id), max_first=500,
        narrowing=ITEMS, description="All its episodes.",
    )  # fmt: skip
    episode_orders: list[SeriesOrder] = many(
        t.SeriesOrder.item_id, order_by=(t.SeriesOrder.ordering, t.SeriesOrder.provider), limit=100,
        description="Orders of its episodes that providers offer; files go by the chosen one, if none is by the aired one.",
    )  # fmt: skip


@entity(I, kinds=(ItemKind.SEASON,), description="A season of a series.")
class Season(MediaItem):
    series: Annotated["Series", strawberry.lazy("api.catalog.types.items")] | None = one(I.root_id, description="Its series.")
    episodes: Connection[Annotated["Episode", strawberry.lazy("api.catalog.types.items")]] = connection(
        I.parent_id, where=(Compare(I.kind, "=", ItemKind.EPISODE),), order_by=(I.position, I.sort_key), max_first=500,
        narrowing=ITEMS, description="Its episodes, by number.",
    )  # fmt: skip


@entity(I, kinds=(ItemKind.EPISODE,), description="An episode.")
class Episode(MediaItem):
    series: Annotated["Series", strawberry.lazy("api.catalog.types.items")] | None = one(I.root_id, description="Its series.")
    season: Annotated["Season", strawberry.lazy("api.catalog.types.items")] | None = one(I.parent_id, description="Its season.")
    orders: list[EpisodeOrder] = many(
        t.EpisodeOrder.item_id, order_by=t.EpisodeOrder.ordering, limit=100, description="Its numbers in other orders."
    )


@entity(I, kinds=(ItemKind.ARTIST,), description="A musician or band.")
class Artist(MediaItem):
    albums: Connection[Annotated["Album", strawberry.lazy("api.catalog.types.items")]] = connection(
        I.parent_id, where=(Compare(I.kind, "=", ItemKind.ALBUM),), order_by=(I.release_date, I.sort_key), max_first=500,
        narrowing=ITEMS, description="Releases, oldest first.",
    )  # fmt: skip


@entity(I, kinds=(ItemKind.ALBUM,), description="A release of an artist.")
class Album(MediaItem):
    album_type: AlbumType | None = column(I.album_type, description="What sort of release.")
    artist: Annotated["Artist", strawberry.lazy("api.catalog.types.items")] | None = one(I.parent_id, description="Its artist.")
    tracks: Connection[Annotated["Track", strawberry.lazy("api.catalog.types.items")]] = connection(
        I.parent_id, where=(Compare(I.kind, "=", ItemKind.TRACK),), order_by=(I.disc_number, I.position), max_first=500,
        narrowing=ITEMS, description="Its tracks.",
    )  # fmt: skip


@entity(I, kinds=(ItemKind.TRACK,), description="A piece of music on an album.")
class Track(MediaItem):
    disc_number: int | None = column(I.disc_number, description="The disc it is on.")
    album: Annotated["Album", strawberry.lazy("api.catalog.types.items")] | None = one(I.parent_id, description="Its album.")


_BETWEEN = (
    ItemKind.INTERSTITIAL, ItemKind.INTRO, ItemKind.OUTRO, ItemKind.PROMO, ItemKind.BUMPER, ItemKind.STATION_ID, ItemKind.CLIP,
    ItemKind.AD,
)  # fmt: skip


@entity(I, kinds=_BETWEEN, description="Something short between programmes: `kind` says which.")
class Interstitial(MediaItem):
    pass


@entity(I, kinds=(ItemKind.CUSTOM, ItemKind.UNKNOWN), description="A thing of a type that a user defined, or one not known yet.")
class CustomItem(MediaItem):
    pass


ITEM_TYPES = (Movie, Series, Season, Episode, Artist, Album, Track, Interstitial, CustomItem)
