"""The world's GraphQL types, in the declarations under test."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import strawberry

from api.kit.connections import Connection, Node
from api.kit.planner import (
    Call,
    Compare,
    IsNull,
    argument,
    column,
    computed,
    computed_with,
    connection,
    desc,
    embedded,
    entity,
    first_of,
    global_id,
    interface,
    many,
    one,
    part,
)
from api.kit.scalars import JSON, URL, BigInt, Duration
from tests.planner import world as t

strawberry.enum(t.LabStatus, name="LabStatus", description="How far an item is.")
strawberry.enum(t.LabKind, name="LabKind", description="What an item is.")
strawberry.enum(t.PictureType, name="PictureType", description="What a picture shows.")


def labels(rows: Sequence[tuple[str, int | None, datetime]]) -> Sequence[str]:
    return [f"{title} ({year}) {added.year}" for title, year, added in rows]


def fragile(rows: Sequence[tuple[int, str]]) -> Sequence[int]:
    return [ValueError(f"no answer for {key}") if key % 9 == 0 else len(title) for key, title in rows]  # type: ignore[misc]


def raising(rows: Sequence[tuple[int]]) -> Sequence[int | None]:
    if any(key % 13 == 0 for (key,) in rows):
        raise RuntimeError("a batch broke")
    return [key * 2 if key % 2 else None for (key,) in rows]


def words(rows: Sequence[tuple[str, t.LabStatus]]) -> Sequence[list[str]]:
    return [[*title.split(), status.value] for title, status in rows]


def moods(rows: Sequence[tuple[t.LabStatus | None]]) -> Sequence[t.LabStatus | None]:
    return [mood for (mood,) in rows]


def addresses(rows: Sequence[tuple[str]], call: Call) -> Sequence[str]:
    return [f"/images/{token}?w={call.arguments['width']}&u={call.viewer.user_id}" for (token,) in rows]


def shout(title: str) -> str:
    return title.upper() + "!"


@entity(t.Genre, description="A genre.")
class Genre(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Genre.name, description="Its name.")
    items: Connection[Annotated["Item", strawberry.lazy("tests.planner.types")]] = connection(
        via=(t.ItemGenre.genre_id, t.ItemGenre.item_id),
        order_by=(t.ItemGenre.position, t.Item.sort_key),
        description="Items of this genre.",
    )


@entity(t.Person, description="Somebody.")
class Person(Node):
    id: strawberry.ID = global_id()
    name: str = column(t.Person.name, description="The name.")
    born: int | None = column(t.Person.born, description="Year of birth.")
    credits: Connection[Annotated["Credit", strawberry.lazy("tests.planner.types")]] = connection(
        t.Credit.person_id, order_by=t.Credit.id, max_first=10, description="What they did."
    )


@entity(t.Picture, description="A picture.")
class Picture(Node):
    id: strawberry.ID = global_id()
    type: t.PictureType = column(t.Picture.type, description="What it shows.")
    rank: int | None = column(t.Picture.rank, description="Its place.")
    url: str = computed_with(
        addresses,
        requires=(t.Picture.token,),
        arguments=(argument("width", int, default=320, description="Pixels."),),
        description="Where it is.",
    )


@part(t.Item, description="Numbers of an item.")
class Facts:
    size_bytes: BigInt = column(t.Item.size_bytes, as_=BigInt, description="Bytes.")
    rating: float | None = column(t.Item.rating, description="Stars.")
    score: float | None = column(t.Item.score, as_=float, description="0 to 10.")


@interface(t.Item, discriminator=t.Item.kind, description="An item.")
class Item(Node):
    id: strawberry.ID = global_id()
    title: str = column(t.Item.title, description="The title.")
    loud: str = column(t.Item.title, as_=shout, description="The title, louder.")
    year: int | None = column(t.Item.year, description="The year.")
    status: t.LabStatus = column(t.Item.status, description="The status.")
    mood: t.LabStatus | None = column(t.Item.mood, description="The mood.")
    computed_mood: t.LabStatus | None = computed(moods, requires=(t.Item.mood,), description="The mood again.")
    added_at: datetime = column(t.Item.added_at, description="When it came.")
    seen_at: datetime | None = column(t.Item.seen_at, description="When it was seen.")
    released_on: date | None = column(t.Item.released_on, description="The day.")
    runtime: Duration | None = column(t.Item.runtime_ms, as_=Duration, description="How long.")
    small_size: int = column(t.Item.size_bytes, description="Bytes, while they fit.")
    is_monitored: bool = column(t.Item.is_monitored, description="Whether it is watched.")
    is_favourite: bool | None = column(t.Item.is_favourite, description="Whether it is loved.")
    extra: JSON | None = column(t.Item.extra, as_=JSON, description="Anything.")
    homepage: URL | None = column(t.Item.homepage, as_=URL, description="The homepage.")
    facts: Facts = embedded(description="Numbers.")
    label: str = computed(labels, requires=(t.Item.title, t.Item.year, t.Item.added_at), description="A label.")
    fragile: int = computed(fragile, requires=(t.Item.id, t.Item.title), description="Sometimes an error.")
    doubled: int | None = computed(raising, requires=(t.Item.id,), description="Twice the key.")
    words: list[str] = computed(words, requires=(t.Item.title, t.Item.status), description="Words.")
    must_year: int = column(t.Item.year, description="A year that is not always there.")  # type: ignore[assignment]
    parent: Annotated["Item", strawberry.lazy("tests.planner.types")] | None = one(t.Item.parent_id, description="Above.")
    genres: list[Genre] = many(
        via=(t.ItemGenre.item_id, t.ItemGenre.genre_id), order_by=(t.ItemGenre.position, t.Genre.name), description="Genres."
    )
    top_genres: list[Genre] = many(
        via=(t.ItemGenre.item_id, t.ItemGenre.genre_id), order_by=desc(t.ItemGenre.position), limit=2, description="Two of them."
    )
    credits: Connection[Annotated["Credit", strawberry.lazy("tests.planner.types")]] = connection(
        t.Credit.item_id, order_by=(t.Credit.position, desc(t.Credit.role)), description="Who did it.",
        arguments=(argument("role", str | None, t.Credit.role, description="Only this role."),
                   argument("person_ids", list[int] | None, t.Credit.person_id, description="Only these people.")),
    )  # fmt: skip
    all_credits: list[Annotated["Credit", strawberry.lazy("tests.planner.types")]] = many(
        t.Credit.item_id, order_by=t.Credit.id, description="All of them."
    )
    first_credits: list[Annotated["Credit", strawberry.lazy("tests.planner.types")]] = many(
        t.Credit.item_id, order_by=desc(t.Credit.id), limit=2, description="Two of them."
    )
    poster: Picture | None = first_of(
        t.Picture.item_id,
        where=(Compare(t.Picture.type, "=", t.PictureType.POSTER), IsNull(t.Picture.rank, is_null=False)),
        order_by=t.Picture.rank,
        description="The poster.",
    )
    picture: Picture | None = first_of(
        t.Picture.item_id,
        order_by=t.Picture.rank,
        arguments=(argument("type", t.PictureType | None, t.Picture.type, description="What it shows."),),
        description="A picture.",
    )
    main_genre: Genre | None = first_of(
        via=(t.ItemGenre.item_id, t.ItemGenre.genre_id), order_by=t.ItemGenre.position, description="The first genre."
    )
    versions: list[Annotated["Item", strawberry.lazy("tests.planner.types")]] = many(
        t.Item.group_number, key=t.Item.group_number, order_by=t.Item.title, description="Others of the group."
    )


@entity(t.Item, kinds=("movie",), description="A film.")
class Movie(Item):
    budget: BigInt | None = column(t.Item.budget, as_=BigInt, needs="finance", description="Whole USD.")


@entity(t.Item, kinds=("series",), description="A series.")
class Series(Item):
    episodes: list[Annotated["Episode", strawberry.lazy("tests.planner.types")]] = many(
        t.Item.parent_id, order_by=t.Item.number, description="Its episodes."
    )


@entity(t.Item, kinds=("episode",), description="An episode.")
class Episode(Item):
    number: int = column(t.Item.number, description="Its number, if it has one.")  # type: ignore[assignment]
    series: Series | None = one(t.Item.parent_id, description="Its series.")


@entity(t.Item, kinds=("promo", "ad"), description="Between programmes.")
class Interstitial(Item):
    kind: t.LabKind = column(t.Item.kind, description="Which sort.")


@entity(t.Credit, description="A part in an item.")
class Credit(Node):
    id: strawberry.ID = global_id()
    role: str = column(t.Credit.role, description="The role.")
    position: int | None = column(t.Credit.position, description="Its place.")
    person: Person | None = one(t.Credit.person_id, description="Who.")
    must_person: Person = one(t.Credit.person_id, description="Who, without regard to privacy.")
    item: Item = one(t.Credit.item_id, description="Of what.")


@entity(t.Work, description="A task.")
class Work(Node):
    id: strawberry.ID = global_id()
    kind: str = column(t.Work.kind, description="Which.")
    item: Item | None = one(t.Work.item_id, description="About what.")
