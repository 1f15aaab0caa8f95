"""The rival below graphql-core: our planner's own statements and finished rows, completed by graphql-core once more."""

import asyncio
import dataclasses
import operator
from functools import partial
from typing import Any

import strawberry
from graphql.execution.values import VariableValues
from starlette.applications import Starlette
from strawberry.schema.config import StrawberryConfig

from api.catalog.filters import MediaItemOrder, MediaItemOrderField, MediaItemWhere, item_conditions, item_order
from api.catalog.types.items import Movie
from api.kit.context import Context
from api.kit.filtering import IntFilter
from api.kit.planner import Handle, Planner, page
from api.kit.planner.rows.running import PagePlan, Plan, Run
from api.kit.scalars import SCALARS, BigInt
from api.kit.services import Services
from api.schema import build_schema
from benchmarks.operation import TEXT, VARIABLES
from benchmarks.plain import EXTENSIONS, FilmOrder, FilmWhere, application
from domain.accounts.sessions import Identity, by_token
from domain.kit.database.reader import Read
from domain.kit.policy import Viewer


class RecordingPlanner(Planner):
    """Remembers the plan that it made last, and the variables it was made for."""

    made: tuple[Plan, VariableValues] | None = None

    def _plan(self, executor: Any, type_: Any, details: Any, handle: Handle, *, is_typed: bool) -> Plan:
        plan = super()._plan(executor, type_, details, handle, is_typed=is_typed)
        self.made = (plan, executor.variable_values)
        return plan


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
    role: str
    position: int
    person: Person


@strawberry.type
class Credits:
    nodes: list[Credit]


@strawberry.type
class Image:
    id: strawberry.ID
    url: str


@strawberry.type
class Film:
    """Its fields are named as the client reads them: so are the keys of a row."""

    id: strawberry.ID
    title: str
    year: int | None
    runtimeMs: BigInt | None
    genres: list[Genre]
    poster: Image | None

    @strawberry.field
    def credits(self, first: int = 25) -> Credits:
        found: Credits = self["credits"]  # type: ignore[index]  # a row; the plan has cut the list already
        return found


@strawberry.type
class PageInfo:
    hasNextPage: bool


@strawberry.type
class Films:
    nodes: list[Film]
    pageInfo: PageInfo


@strawberry.type
class Query:
    @strawberry.field
    async def movies(
        self, info: strawberry.Info[Any, None], where: FilmWhere, orderBy: list[FilmOrder], first: int = 25
    ) -> Films:
        found: Films = await info.context.films(where.year.gte, first)
        return found


class Rows:
    """Runs our plan, without our executor."""

    def __init__(self, services: Services, identity: Identity, plan: PagePlan, variables: VariableValues) -> None:
        self._planner = services.planner
        self._viewer = identity.viewer
        self._plan = plan
        self._variables = variables

    async def films(self, year: int, first: int) -> Any:
        """A finished page as dicts."""
        where = item_conditions(MediaItemWhere(year=IntFilter(gte=year)))
        handle = page(Movie, where=where, order_by=item_order([MediaItemOrder(field=MediaItemOrderField.YEAR)]), first=first)
        work = partial(_run, self._plan, self._viewer, self._variables, handle)
        return await self._planner._read(work, self._plan)


def _run(plan: PagePlan, viewer: Viewer, variables: VariableValues, handle: Any, read: Read) -> Any:
    return plan.run(Run(read, viewer, variables), handle)


def create_app(services: Services, *, token: str) -> Starlette:
    """The rival over our database; the member is looked up once. Raises RuntimeError when there is no plan to borrow."""
    with services.database.read() as session:
        identity = by_token(session, key=services.key, token=token)
    assert identity is not None
    plan, variables = asyncio.run(_planned(services, identity))
    rows = Rows(services, identity, plan, variables)
    config = StrawberryConfig(auto_camel_case=False, default_resolver=operator.getitem, scalar_map=dict(SCALARS))
    return application(strawberry.Schema(Query, extensions=EXTENSIONS, config=config), lambda: rows)


async def _planned(services: Services, identity: Identity) -> tuple[PagePlan, VariableValues]:
    planner = RecordingPlanner(services.database, back_end="rows")
    context = Context(services=dataclasses.replace(services, planner=planner), identity=identity, request_id="plan")
    result = await build_schema().execute(TEXT, variable_values=VARIABLES[0], context_value=context)
    if result.errors or planner.made is None or not isinstance(planner.made[0], PagePlan):
        raise RuntimeError(f"The operation was not planned: {result.errors}")
    return planner.made[0], planner.made[1]
