"""The start-up checks name every contradiction between declarations and tables, and accept a sound schema."""

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from api.kit.connections import Connection
from api.kit.planner import (
    argument,
    column,
    computed,
    connection,
    embedded,
    entity,
    first_of,
    global_id,
    interface,
    many,
    one,
    part,
)
from api.kit.planner.checks import WrongDeclarations, check_schema, problems_of
from api.kit.scalars import SCALARS, BigInt
from tests.planner import world as t
from tests.planner.schema import make_schema


@part(t.Person, description="Of another table.")
class Stray:
    name: str = column(t.Person.name, description="The name.")


@entity(t.Genre, description="A genre.")
class WrongGenre:
    id: strawberry.ID = global_id()
    name: str = column(t.Genre.name, description="")


@entity(t.Person, description="Somebody.")
class WrongPerson:
    id: strawberry.ID = global_id()
    name: str = column(t.Person.name, description="The name.")


@entity(t.Place, description="")
class WrongPlace:
    id: strawberry.ID = global_id()
    name: str | None = column(t.Place.name, description="The name.")


@entity(t.Place, description="The same table again.")
class WrongPlaceAgain:
    name: str = column(t.Place.name, description="The name.")


@interface(t.Item, discriminator=t.Item.kind, description="An item.")
class WrongItem:
    id: strawberry.ID = global_id()


@entity(t.Item, kinds=("movie",), description="A film.")
class WrongMovie(WrongItem):
    year: int = column(t.Item.year, description="The year.")  # type: ignore[assignment]
    other: str = column(t.Person.name, description="Of another table.")
    secret: str = column(t.Item.title, needs="finance", description="Needs a scope.")
    parent: WrongItem = one(t.Item.parent_id, description="Above.")
    genre: WrongGenre | None = one(t.Item.parent_id, description="Names no genre.")
    genres: list[WrongGenre] = many(t.Credit.item_id, order_by=t.Credit.id, description="Not credits.")
    linked: list[WrongGenre] = many(
        via=(t.ItemGenre.genre_id, t.ItemGenre.item_id), order_by=t.ItemGenre.position, description="The wrong way round."
    )
    unreachable: list[WrongGenre] = many(
        via=(t.ItemGenre.item_id, t.ItemGenre.genre_id), order_by=t.Person.name, description="An order out of reach."
    )
    open_order: list[WrongItem] = many(t.Item.parent_id, order_by=t.Item.extra, description="An order that is none.")
    not_a_list: WrongItem | None = many(t.Item.parent_id, order_by=t.Item.id, description="No list.")
    poster: WrongItem = first_of(t.Item.parent_id, order_by=t.Item.id, description="Maybe none.")
    page: list[WrongItem] = connection(t.Item.parent_id, order_by=t.Item.id, description="No connection.")
    pages: Connection[WrongItem] = many(t.Item.parent_id, order_by=t.Item.id, description="No list either.")
    stray: Stray = embedded(description="Another table's part.")
    label: str = computed(lambda rows: [name for (name,) in rows], requires=(t.Person.name,), description="Of another table.")
    asked: list[WrongItem] = many(
        t.Item.parent_id, order_by=t.Item.id, description="An argument out of reach.",
        arguments=(argument("name", str | None, t.Person.name, description=""),),
    )  # fmt: skip

    @strawberry.field(description="An ordinary resolver.")
    def note(self) -> str:
        return ""


@entity(t.Credit, description="A part in an item.")
class WrongCredit:
    id: strawberry.ID = global_id()
    person: WrongPerson = one(t.Credit.person_id, description="Guarded.")
    movie: WrongMovie = one(t.Credit.item_id, description="Of one kind.")


@strawberry.type
class Query:
    a: WrongMovie
    b: WrongPlace
    c: WrongPlaceAgain
    d: WrongCredit
    big: BigInt


def test_every_contradiction_is_named(registered: None) -> None:
    schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))
    found = set(problems_of(schema))
    with pytest.raises(WrongDeclarations) as caught:
        check_schema(schema)
    assert set(str(caught.value).split("\n")) == found
    assert {each for each in found if "shown by" not in each} == {
        "WrongItem: no type shows the kinds ad, episode, promo, series.",
        "WrongPlace: has no description.",
        "WrongGenre.name: has no description.",
        "WrongMovie.year: lab_items.year may be NULL, so the field must be nullable.",
        "WrongMovie.other: lab_people.name is of another table.",
        "WrongMovie.secret: needs the scope finance and must be nullable.",
        "WrongMovie.parent: lab_items.parent_id may be NULL, so the field must be nullable.",
        "WrongMovie.parent: lab_items is guarded, so the field must be nullable.",
        "WrongMovie.genre: lab_items.parent_id does not name rows of lab_genres.",
        "WrongMovie.genres: Credit.item_id is no column of lab_genres.",
        "WrongMovie.linked: ItemGenre.genre_id does not name rows of lab_items.",
        "WrongMovie.linked: ItemGenre.item_id does not name rows of lab_genres.",
        "WrongMovie.unreachable: Person.name is out of reach.",
        "WrongMovie.openOrder: lab_items.extra cannot be sorted by.",
        "WrongMovie.notAList: many() and a list go together.",
        "WrongMovie.poster: there may be no first row, so the field must be nullable.",
        "WrongMovie.page: connection() and Connection[…] go together.",
        "WrongMovie.pages: connection() and Connection[…] go together.",
        "WrongMovie.stray: embeds a type over another table.",
        "WrongMovie.label: requires Person.name of another table.",
        "WrongMovie.asked: argument name has no description.",
        "WrongMovie.asked: Person.name is out of reach.",
        "WrongMovie.note: is not declared: a resolver of its own would send everything around it through N+1.",
        "WrongCredit.person: lab_people is guarded, so the field must be nullable.",
        "WrongCredit.movie: the row may be of another kind, so the field must be nullable.",
    }
    assert [each for each in found if "shown by" in each] == ["lab_places (every row): shown by WrongPlace and WrongPlaceAgain."]


def test_a_sound_schema_has_only_the_faults_put_there_on_purpose(registered: None) -> None:
    problems = {each.split(": ")[0].split(".")[1] for each in problems_of(make_schema())}
    assert problems == {"mustYear", "number", "mustPerson"}
