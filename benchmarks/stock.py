"""The rival: Strawberry as its documentation teaches it, with DataLoaders, over the same tables."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import sqlalchemy as sa
import strawberry
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Session, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.applications import Starlette
from strawberry.dataloader import DataLoader
from strawberry.schema.config import StrawberryConfig

from api.kit.scalars import SCALARS, BigInt
from benchmarks.plain import EXTENSIONS, FilmOrder, FilmWhere, application
from domain.artwork.tables import Asset
from domain.catalog import tables as t
from domain.catalog.enums import ItemKind
from domain.kit.database.engines import SQLITE_PRAGMAS, normal_url

POSTGRESQL: Final = {"options": "-c timezone=UTC -c jit=off", "prepare_threshold": 0}
Key = strawberry.Private[int]


class Rows(Protocol):
    """Where a request's rows come from: a session a batch."""

    async def read(self, query: Any) -> Sequence[Any]: ...


class Threads:
    """Sessions in threads: one on SQLite, where more only hand the GIL to each other, four on PostgreSQL."""

    def __init__(self, url: str) -> None:
        parsed = normal_url(url)
        if parsed.get_backend_name() == "sqlite":
            self._engine = sa.create_engine(parsed, isolation_level="AUTOCOMMIT", connect_args={"check_same_thread": False})
            sa.event.listen(self._engine, "connect", _prepare)
            threads = 1
        else:
            self._engine = sa.create_engine(parsed, isolation_level="AUTOCOMMIT", connect_args=POSTGRESQL)
            threads = 4
        self._threads = ThreadPoolExecutor(threads)

    async def read(self, query: Any) -> Sequence[Any]:
        def run() -> Sequence[Any]:
            with Session(self._engine, autoflush=False) as session:
                return session.exec(query).all()  # type: ignore[no-any-return]

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)


class Loop:
    """AsyncSession over aiosqlite or psycopg, as the guides of SQLAlchemy, SQLModel and Strawberry have it."""

    def __init__(self, url: str) -> None:
        parsed = normal_url(url)
        if parsed.get_backend_name() == "sqlite":
            self._engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"), isolation_level="AUTOCOMMIT")
            sa.event.listen(self._engine.sync_engine, "connect", _prepare)
        else:
            self._engine = create_async_engine(parsed, isolation_level="AUTOCOMMIT", connect_args=POSTGRESQL)

    async def read(self, query: Any) -> Sequence[Any]:
        async with AsyncSession(self._engine, autoflush=False) as session:
            return (await session.exec(query)).all()  # type: ignore[no-any-return]


def _prepare(connection: Any, _: object) -> None:
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma).close()


class Context:
    """Per request: its loaders, and what the member may see."""

    def __init__(self, rows: Rows, library_id: int, max_age: int) -> None:
        self.rows, self.library_id, self.max_age = rows, library_id, max_age
        self.genres: DataLoader[int, list[t.Genre]] = DataLoader(self._genres)
        self.credits: DataLoader[tuple[int, int], list[t.Credit]] = DataLoader(self._credits)
        self.people: DataLoader[int, t.Person] = DataLoader(self._people)
        self.posters: DataLoader[int, Asset | None] = DataLoader(self._posters)

    async def films(self, year: int, first: int) -> Sequence[t.MediaItem]:
        """The first films from `year` on that the member may see."""
        film = t.MediaItem
        query = (
            select(film)
            .where(film.kind == ItemKind.MOVIE, col(film.deleted_at).is_(None), film.library_id == self.library_id)
            .where(sa.or_(col(film.min_age).is_(None), col(film.min_age) <= self.max_age), col(film.year) >= year)
            .order_by(col(film.year), col(film.id))
            .limit(first)
        )
        return await self.rows.read(query)

    async def _genres(self, keys: list[int]) -> list[list[t.Genre]]:
        link = t.ItemGenre
        query = (
            select(link.item_id, t.Genre)
            .join(t.Genre, col(t.Genre.id) == link.genre_id)
            .where(col(link.item_id).in_(keys))
            .order_by(col(link.position), col(t.Genre.id))
        )
        found: dict[int, list[t.Genre]] = defaultdict(list)
        for key, genre in await self.rows.read(query):
            found[key].append(genre)
        return [found[key] for key in keys]

    async def _credits(self, keys: list[tuple[int, int]]) -> list[list[t.Credit]]:
        """By film and number: the first of each film, numbered by the database."""
        credit, most = t.Credit, max(first for _, first in keys)
        place = sa.func.row_number().over(partition_by=col(credit.item_id), order_by=(col(credit.position), col(credit.id)))
        mine = col(credit.item_id).in_([film for film, _ in keys])
        numbered = select(credit.id, place.label("place")).where(mine, col(credit.is_removed).is_(False)).subquery()
        query = (
            select(credit)
            .join(numbered, numbered.c.id == credit.id)
            .where(numbered.c.place <= most)
            .order_by(col(credit.position), col(credit.id))
        )
        found: dict[int, list[t.Credit]] = defaultdict(list)
        for row in await self.rows.read(query):
            found[row.item_id].append(row)
        return [found[film][:first] for film, first in keys]

    async def _people(self, keys: list[int]) -> list[t.Person]:
        query = select(t.Person).where(col(t.Person.id).in_(keys))
        found = {row.id: row for row in await self.rows.read(query)}
        return [found[key] for key in keys]

    async def _posters(self, keys: list[int]) -> list[Asset | None]:
        shown = (Asset.asset_type == "poster", col(Asset.rank).is_not(None))
        query = select(Asset).where(col(Asset.entity_id).in_(keys), *shown).order_by(col(Asset.rank).desc())
        found = {row.entity_id: row for row in await self.rows.read(query)}
        return [found.get(key) for key in keys]


Info = strawberry.Info[Context, None]


@strawberry.type
class Genre:
    id: strawberry.ID
    name: str


@strawberry.type
class Person:
    id: strawberry.ID
    name: str


@strawberry.type
class Credit:
    person_key: Key
    role: str
    position: int

    @strawberry.field
    async def person(self, info: Info) -> Person:
        row = await info.context.people.load(self.person_key)
        return Person(id=strawberry.ID(f"per_{row.id}"), name=row.name)


@strawberry.type
class Credits:
    nodes: list[Credit]


@strawberry.type
class Image:
    id: strawberry.ID
    url: str


@strawberry.type
class Film:
    key: Key
    id: strawberry.ID
    title: str
    year: int | None
    runtime_ms: BigInt | None

    @strawberry.field
    async def genres(self, info: Info) -> list[Genre]:
        rows = await info.context.genres.load(self.key)
        return [Genre(id=strawberry.ID(f"gen_{row.id}"), name=row.name) for row in rows]

    @strawberry.field
    async def credits(self, info: Info, first: int = 25) -> Credits:
        rows = await info.context.credits.load((self.key, first))
        return Credits(nodes=[Credit(person_key=row.person_id, role=row.role, position=row.position) for row in rows])

    @strawberry.field
    async def poster(self, info: Info) -> Image | None:
        row = await info.context.posters.load(self.key)
        return None if row is None else Image(id=strawberry.ID(f"img_{row.id}"), url=f"/images/{row.token}")


@strawberry.type
class PageInfo:
    has_next_page: bool


@strawberry.type
class Films:
    nodes: list[Film]
    page_info: PageInfo


@strawberry.type
class Query:
    @strawberry.field
    async def movies(self, info: Info, where: FilmWhere, order_by: list[FilmOrder], first: int = 25) -> Films:
        rows = await info.context.films(where.year.gte, first + 1)
        nodes = [
            Film(
                key=row.id,
                id=strawberry.ID(f"itm_{row.id}"),
                title=row.title,
                year=row.year,
                runtime_ms=None if row.runtime_ms is None else BigInt(row.runtime_ms),
            )
            for row in rows[:first]
        ]
        return Films(nodes=nodes, page_info=PageInfo(has_next_page=len(rows) > first))


def create_app(url: str, *, library_id: int, max_age: int, is_async: bool) -> Starlette:
    """The rival over a database's URL; what the member may see is told it, it need not look that up."""
    rows = Loop(url) if is_async else Threads(url)
    schema = strawberry.Schema(Query, extensions=EXTENSIONS, config=StrawberryConfig(scalar_map=dict(SCALARS)))
    return application(schema, lambda: Context(rows, library_id, max_age))
