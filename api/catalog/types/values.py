"""Genres, tags, ids, scores, certificates: the small things that hang on items."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import strawberry

from api.artwork.types import Image
from api.catalog import enums
from api.catalog.filters.nested import ITEMS
from api.kit.connections import Connection, Node
from api.kit.planner import column, connection, entity, global_id, many
from api.kit.scalars import BigInt
from domain.artwork.tables import Asset
from domain.catalog import tables as t
from domain.catalog.enums import LockState, ReleaseType, TagOrigin

if TYPE_CHECKING:
    from api.catalog.types.items import MediaItem

assert enums

Item = Annotated["MediaItem", strawberry.lazy("api.catalog.types.items")]


@entity(t.Genre, description="A genre.")
class Genre(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Genre.name, description="Its name.")
    items: Connection[Item] = connection(
        via=(t.ItemGenre.genre_id, t.ItemGenre.item_id),
        order_by=(t.MediaItem.sort_key,),
        narrowing=ITEMS,
        description="The items of this genre that you may see, by title.",
    )


@entity(t.Studio, description="An organisation: studio, network, label or publisher.")
class Studio(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Studio.name, description="Its name.")
    images: list[Image] = many(
        Asset.entity_id, order_by=(Asset.asset_type, Asset.rank), limit=100, description="Its logos, shown ones first."
    )


@entity(t.Country, description="A country.")
class Country(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Country.name, description="Its name in English, or as a source wrote it.")
    code: str | None = column(t.Country.code, description="ISO 3166-1 alpha-2 code, where it is known.")


@entity(t.Tag, description="A tag of an item.")
class Tag(Node):
    id: strawberry.ID = global_id()
    namespace: str = column(t.Tag.namespace, description="The set it belongs to: user, tmdb, resolution …")
    key: str = column(t.Tag.key, description="Its text.")
    value: str | None = column(t.Tag.value, description="Its value, for tags such as resolution = 4k.")
    origin: TagOrigin = column(t.Tag.origin, description="Who set it.")


@entity(t.ExternalId, description="What a catalogue such as TMDB or IMDb calls a thing.")
class ExternalId(Node):
    id: strawberry.ID = global_id()
    provider: str = column(t.ExternalId.provider, description="The catalogue: tmdb, imdb, tvdb, musicbrainz …")
    namespace: str = column(t.ExternalId.namespace, description="The id space within it: movie, tv, episode … or empty.")
    value: str = column(t.ExternalId.external_id, description="The id there.")
    is_primary: bool = column(t.ExternalId.is_primary, description="The one in force among several of this catalogue.")
    is_default: bool = column(t.ExternalId.is_default, description="The one that an NFO file marks as default.")


@entity(t.ItemRating, description="The score that the users of a source give an item.")
class ItemRating(Node):
    id: strawberry.ID = global_id()
    source: str = column(t.ItemRating.source, description="The source: tmdb, imdb, tvdb, metacritic …")
    value: float = column(t.ItemRating.value, as_=float, description="0 to 10, up to three decimals.")
    votes: BigInt | None = column(t.ItemRating.votes, as_=BigInt, description="How many people voted.")


@entity(t.ItemCertification, description="An age certificate that an item carries in a country.")
class Certification(Node):
    id: strawberry.ID = global_id()
    system: str = column(t.ItemCertification.system, description="The board: MPAA, FSK, BBFC …")
    code: str = column(t.ItemCertification.code, description="The certificate: PG-13, 12 …")
    country: str = column(t.ItemCertification.country, description="ISO 3166-1 code, or empty where the system has none.")
    is_primary: bool = column(t.ItemCertification.is_primary, description="The one shown and used for the age limit.")


@entity(t.ReleaseDate, description="The day an item came out in a country, in one way.")
class ReleaseDate(Node):
    id: strawberry.ID = global_id()
    country: str = column(t.ReleaseDate.country, description="ISO 3166-1 code; empty = everywhere.")
    type: ReleaseType = column(t.ReleaseDate.type, description="How it came out.")
    date: dt.date = column(t.ReleaseDate.date, description="The day.")
    note: str | None = column(t.ReleaseDate.note, description="A remark of the source, such as a festival's name.")


@entity(t.Translation, description="The texts of a thing in one of the languages that its library asks for.")
class Translation:
    language: str = column(t.Translation.language, description="The language (BCP 47: de, pt-BR).")
    title: str | None = column(t.Translation.title, description="Its title in it.")
    tagline: str | None = column(t.Translation.tagline, description="Its tagline in it.")
    plot: str | None = column(t.Translation.plot, description="What it is about, in it; of a person the biography.")
    provider: str = column(t.Translation.provider, description="Who says so.")


@entity(t.FieldLock, description="A decision that a field is (or is not) for people only.")
class FieldLock(Node):
    id: strawberry.ID = global_id()
    field: str = column(t.FieldLock.field, description="The field: title, genres, artwork.poster …")
    state: LockState = column(t.FieldLock.state, description="Locked or, below a locked ancestor, unlocked.")
    locked_at: dt.datetime = column(t.FieldLock.locked_at, description="When it was decided.")
