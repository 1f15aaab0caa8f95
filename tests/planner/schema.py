"""The world's schema: roots of every sort that return handles, beside ordinary ones."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlmodel import Session
from strawberry.schema.config import StrawberryConfig

from api.kit.connections import Connection, Node
from api.kit.planner import (
    And,
    Compare,
    Condition,
    Contains,
    Exists,
    IsIn,
    Not,
    Or,
    Planner,
    Refers,
    StartsWith,
    asc,
    desc,
    node,
    page,
    ref,
    refs,
)
from api.kit.planner.documents import DocumentCache, Documents
from api.kit.planner.executor import PlanExecutor
from api.kit.scalars import SCALARS
from domain.kit.database import Database
from domain.kit.policy import Viewer
from tests.planner import world as t
from tests.planner.types import Credit, Episode, Genre, Interstitial, Item, Movie, Person, Picture, Series, Work


@dataclass
class Context:
    viewer: Viewer
    database: Database
    planner: Planner
    sessions: list[Any] = field(default_factory=list)

    def session(self) -> Session:
        if not self.sessions:
            opened = self.database.read()
            self.sessions += [opened, opened.__enter__()]
        found: Session = self.sessions[1]
        return found

    def close(self) -> None:
        if self.sessions:
            self.sessions[0].__exit__(None, None, None)


Info = strawberry.Info[Context, None]


@strawberry.enum
class Sort(Enum):
    ID = "id"
    TITLE = "title"
    YEAR = "year"
    NEWEST = "newest"
    SCORE = "score"
    STATUS = "status"
    LOVED = "loved"


SORTS: dict[Sort, Any] = {
    Sort.ID: t.Item.id,
    Sort.TITLE: (t.Item.title, "asc"),
    Sort.YEAR: (desc(t.Item.year), asc(t.Item.sort_key)),
    Sort.NEWEST: (t.Item.added_at, "desc"),
    Sort.SCORE: (asc(t.Item.score), desc(t.Item.released_on), asc(t.Item.rating)),
    Sort.STATUS: (asc(t.Item.status), desc(t.Item.sort_key)),
    Sort.LOVED: (desc(t.Item.is_favourite), asc(t.Item.seen_at)),
}


@strawberry.input
class Where:
    min_year: int | None = None
    not_year: int | None = None
    statuses: list[t.LabStatus] | None = None
    starts: str | None = None
    contains: str | None = None
    genres: list[int] | None = None
    without_genres: list[int] | None = None
    parent_title: str | None = None
    either: "list[Where] | None" = None


def conditions(where: Where | None) -> list[Condition]:
    found: list[Condition] = []
    if where is None:
        return found
    if where.min_year is not None:
        found.append(Compare(t.Item.year, ">=", where.min_year))
    if where.not_year is not None:
        found.append(Not(Compare(t.Item.year, "=", where.not_year)))
    if where.statuses is not None:
        found.append(IsIn(t.Item.status, where.statuses))
    if where.starts is not None:
        found.append(StartsWith(t.Item.sort_key, where.starts))
    if where.contains is not None:
        found.append(Contains(t.Item.title, where.contains))
    if where.genres is not None:
        found.append(Exists(t.ItemGenre.item_id, [IsIn(t.ItemGenre.genre_id, where.genres)]))
    if where.without_genres is not None:
        found.append(Not(Exists(t.ItemGenre.item_id, [IsIn(t.ItemGenre.genre_id, where.without_genres)])))
    if where.parent_title is not None:
        found.append(Refers(t.Item.parent_id, [Compare(t.Item.title, "=", where.parent_title)]))
    if where.either is not None:
        found.append(Or([And(conditions(each)) for each in where.either]))
    return found


@strawberry.type
class Server:
    version: str


Hit = Annotated[Movie | Series | Episode | Interstitial | Person | Genre, strawberry.union("Hit")]


@strawberry.type
class Query:
    @strawberry.field
    def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return node(info, id)

    @strawberry.field
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        return [node(info, each) for each in ids]

    @strawberry.field
    def item(self, id: int) -> Item | None:
        return ref(Item, id)

    @strawberry.field
    def must_item(self, id: int) -> Item:
        return ref(Item, id)

    @strawberry.field
    def movie(self, id: int) -> Movie | None:
        return ref(Movie, id)

    @strawberry.field
    def person(self, id: int) -> Person | None:
        return ref(Person, id)

    @strawberry.field
    def work(self, id: int) -> Work | None:
        return ref(Work, id)

    @strawberry.field
    def some_items(self, ids: list[int]) -> list[Item | None]:
        return refs(Item, ids)

    @strawberry.field
    def must_items(self, ids: list[int]) -> list[Item]:
        return refs(Item, ids)  # type: ignore[return-value]

    @strawberry.field
    def picks(self, ids: list[int]) -> list[Item | None]:
        return [ref(Item, each) for each in ids]

    @strawberry.field
    def hits(self) -> list[Hit | None]:
        return [ref(Movie, 1), ref(Person, 5), ref(Genre, 2), ref(Item, 6), ref(Person, 6)]  # type: ignore[list-item]

    @strawberry.field
    def items(
        self, where: Where | None = None, sort: Sort = Sort.ID, first: int | None = None, after: str | None = None,
        last: int | None = None, before: str | None = None,
    ) -> Connection[Item] | None:  # fmt: skip
        return page(Item, where=conditions(where), order_by=SORTS[sort], first=first, after=after, last=last, before=before)

    @strawberry.field
    def movies(self, sort: Sort = Sort.TITLE, first: int | None = None, after: str | None = None) -> Connection[Movie] | None:
        return page(Movie, order_by=SORTS[sort], first=first, after=after)

    @strawberry.field
    def everything(self, first: int) -> Connection[Node] | None:
        return page(Item, order_by=t.Item.id, first=first)

    @strawberry.field
    def people(self, first: int | None = None) -> Connection[Person] | None:
        return page(Person, order_by=(t.Person.name,), first=first)

    @strawberry.field
    def server(self) -> Server:
        return Server(version="1")

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("broken on purpose")

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(0)
        return "slow"


@strawberry.type
class TitleTaken:
    existing: Item | None


@strawberry.type
class RenamePayload:
    item: Item | None
    errors: list[TitleTaken]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def rename(self, info: Info, id: int, title: str) -> RenamePayload:
        if title == "taken":
            return RenamePayload(item=None, errors=[TitleTaken(existing=ref(Item, 3))])
        with info.context.database.transaction() as uow:
            row = uow.session.get(t.Item, id)
            assert row is not None
            row.title = title
            uow.session.add(row)
        return RenamePayload(item=ref(Item, id), errors=[])


@strawberry.type
class Progressed:
    cursor: str
    node: Work | None


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def progressed(self, count: int = 2) -> AsyncGenerator[Progressed, None]:
        for number in range(1, count + 1):
            yield Progressed(cursor=str(number), node=ref(Work, number))


def make_schema(cache: DocumentCache | None = None) -> strawberry.Schema:
    documents = DocumentCache() if cache is None else cache
    return strawberry.Schema(
        Query,
        Mutation,
        Subscription,
        types=[Movie, Series, Episode, Interstitial, Credit, Picture],
        extensions=[lambda: Documents(documents)],
        execution_context_class=PlanExecutor,
        config=StrawberryConfig(scalar_map=SCALARS),
    )
