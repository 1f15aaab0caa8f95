"""People, their credits, and collections."""

from datetime import date
from typing import Annotated

import strawberry

from api.artwork.types import Image, ImageCandidate
from api.catalog.filters.nested import CREDITS, ITEMS
from api.catalog.types.values import ExternalId, Item, Translation
from api.kit.connections import Connection, Node
from api.kit.planner import Compare, IsNull, argument, column, connection, entity, first_of, global_id, many, one
from domain.artwork.tables import Asset
from domain.artwork.tables import ImageCandidate as CandidateRow
from domain.catalog import tables as t
from domain.catalog.enums import Department

SHOWN = IsNull(Asset.rank, is_null=False)
_TYPE = "Only this type: poster, fanart …"


@entity(t.Credit, description="A person's part in an item.")
class Credit(Node):
    id: strawberry.ID = global_id()
    department: Department = column(t.Credit.department, description="The trade.")
    job: str = column(t.Credit.job, description="The job within it: Director, Screenplay, Actor …")
    role: str = column(t.Credit.role, description="The character, for cast; else empty.")
    position: int = column(t.Credit.position, description="Place in the source's order, from 0.")
    is_role_locked: bool = column(t.Credit.is_role_locked, description="Automation leaves the role as it is.")
    person: Annotated["Person", strawberry.lazy("api.catalog.types.people")] | None = one(t.Credit.person_id, description="Who.")
    item: Item | None = one(t.Credit.item_id, description="In what; null when you may not see it.")


@entity(t.Person, description="Somebody who made or plays in something.")
class Person(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Person.name, description="The name as credited.")
    sort_name: str | None = column(t.Person.sort_name, description="The name as sorted, if it differs.")
    biography: str | None = column(t.Person.biography, description="A life in a few sentences.")
    birth_date: date | None = column(t.Person.birth_date, description="Day of birth.")
    death_date: date | None = column(t.Person.death_date, description="Day of death.")
    birthplace: str | None = column(t.Person.birthplace, description="Place of birth.")
    version: int = column(t.Person.version, description="Grows with each edit; for `expectedVersion`.")
    credits: Connection[Credit] = connection(
        t.Credit.person_id,
        where=(Compare(t.Credit.is_removed, "=", False),),
        order_by=(t.Credit.item_id, t.Credit.position),
        narrowing=CREDITS,
        description="What they did, in items that you may see.",
    )
    external_ids: list[ExternalId] = many(
        t.ExternalId.entity_id,
        order_by=(t.ExternalId.provider, t.ExternalId.namespace),
        limit=100,
        description="What catalogues call them.",
    )
    translations: list[Translation] = many(
        t.Translation.entity_id, order_by=t.Translation.language, limit=100,
        arguments=(argument("language", str | None, t.Translation.language, description="Only this language: de, pt-BR …"),),
        description="Their biography in the languages that any library asks for.",
    )  # fmt: skip
    image: Image | None = first_of(
        Asset.entity_id,
        where=(Compare(Asset.asset_type, "=", "actor_thumb"), SHOWN),
        order_by=Asset.rank,
        description="Their picture.",
    )
    images: list[Image] = many(
        Asset.entity_id, order_by=(Asset.asset_type, Asset.rank), limit=500,
        arguments=(argument("type", str | None, Asset.asset_type, description=_TYPE),),
        description="Their pictures, shown ones first.",
    )  # fmt: skip
    image_candidates: Connection[ImageCandidate] = connection(
        CandidateRow.entity_id, order_by=((CandidateRow.score, "desc"), CandidateRow.id),
        arguments=(argument("type", str | None, CandidateRow.asset_type, description=_TYPE),),
        description="Pictures that could be chosen, best first.",
    )  # fmt: skip


@entity(t.Collection, description="A film series or another set that the world knows by a name.")
class Collection(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Collection.name, description="Its name.")
    plot: str | None = column(t.Collection.plot, description="What it is about.")
    version: int = column(t.Collection.version, description="Grows with each edit; for `expectedVersion`.")
    items: Connection[Item] = connection(
        via=(t.CollectionMember.collection_id, t.CollectionMember.item_id),
        order_by=(t.MediaItem.release_date, t.MediaItem.sort_key),
        narrowing=ITEMS,
        description="Its members that you own and may see, by release.",
    )
    external_ids: list[ExternalId] = many(
        t.ExternalId.entity_id,
        order_by=(t.ExternalId.provider, t.ExternalId.namespace),
        limit=100,
        description="What catalogues call it.",
    )
    translations: list[Translation] = many(
        t.Translation.entity_id, order_by=t.Translation.language, limit=100,
        arguments=(argument("language", str | None, t.Translation.language, description="Only this language: de, pt-BR …"),),
        description="Its texts in the languages that any library asks for.",
    )  # fmt: skip
    poster: Image | None = first_of(
        Asset.entity_id,
        where=(Compare(Asset.asset_type, "=", "poster"), SHOWN),
        order_by=Asset.rank,
        description="Its poster.",
    )
    images: list[Image] = many(
        Asset.entity_id, order_by=(Asset.asset_type, Asset.rank), limit=500,
        arguments=(argument("type", str | None, Asset.asset_type, description=_TYPE),),
        description="Its pictures, shown ones first.",
    )  # fmt: skip
    image_candidates: Connection[ImageCandidate] = connection(
        CandidateRow.entity_id, order_by=((CandidateRow.score, "desc"), CandidateRow.id),
        arguments=(argument("type", str | None, CandidateRow.asset_type, description=_TYPE),),
        description="Pictures that could be chosen, best first.",
    )  # fmt: skip
