"""A household with films and a series, and the operations of bulk edits, for the tests of this folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from domain.accounts.enums import Scope
from domain.catalog.resolving import store_values
from domain.catalog.sources import NFO
from domain.libraries import access_service
from tests.api.conftest import Client, House, client, empty_house, house, settings
from tests.factories import accounts, catalog

assert client
assert empty_house
assert house
assert settings

ERRORS = "__typename ... on UserError { code message path }"
ROWS = f"""rows {{ itemId outcome changedFields itemCount item {{ id title version }}
  errors {{ {ERRORS} ... on VersionConflictError {{ current }} }} fields {{ field before after lockBefore lockAfter }} }}"""
COUNTS = "counts { total changed unchanged rejected skipped }"
CHANGE = "change { id action total changed rejected undoneAt undoes { id } }"


def operation(name: str) -> str:
    """A mutation of many items with all of its payload."""
    type_ = name[0].upper() + name[1:] + "Input!"
    return f"""mutation($input: {type_}) {{ {name}(input: $input) {{
      {ROWS} {COUNTS} {CHANGE} job {{ id kind status subject }} clientMutationId errors {{ {ERRORS} }} }} }}"""


UPDATE, DELETE = operation("bulkUpdateMediaItems"), operation("bulkDeleteMediaItems")
RESTORE, UNDO = operation("bulkRestoreMediaItems"), operation("undoChange")
ITEM = """query($id: ID!) { mediaItem(ref: { id: $id }) { title sortTitle plot year edition isMonitored version
  genres { name } studios { name } tags { key origin } fieldLocks { field state } } }"""


@dataclass
class Desk:
    """Somebody who edits, and what is on the shelf."""

    client: Client
    house: House
    films: list[int]
    series: list[int]
    libraries: dict[str, int] = field(default_factory=dict)

    async def act(self, document: str, *, who: str = "editor", **values: Any) -> Any:
        """The payload of a mutation."""
        data = await self.client.data(document, {"input": values}, who=who)
        return next(iter(data.values()))

    async def same(self, keys: list[int], changes: dict[str, Any], *, who: str = "editor", **more: Any) -> Any:
        """The same change for items."""
        return await self.act(UPDATE, who=who, edit={"same": {"select": items(keys), "changes": changes}}, **more)

    async def item(self, key: int, *, who: str = "editor") -> Any:
        """An item as it stands."""
        return (await self.client.data(ITEM, {"id": f"itm_{key}"}, who=who))["mediaItem"]

    async def titles(self) -> list[str]:
        """The titles of the films, as they stand; deleted ones are left out."""
        found = [await self.item(key) for key in self.films]
        return [item["title"] for item in found if item is not None]

    def add_films(self, number: int) -> list[int]:
        """More films, quickly."""
        with self.house.database.transaction() as uow:
            return [catalog.movie(uow, f"More {n:03}", library_id=self.house.open_library) for n in range(number)]


def items(keys: list[int]) -> dict[str, Any]:
    """A selection by id."""
    return {"items": [{"item": {"id": f"itm_{key}"}} for key in keys]}


@pytest.fixture
def desk(client: Client, house: House) -> Desk:
    """Three films with an NFO each, a series, and `helper`, an editor of the open library only."""
    user = accounts.make_user(house.database, "helper", can_edit=True)
    with house.database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=user.id, library_ids=[house.open_library])
        films = [catalog.movie(uow, f"Film {n}", library_id=house.open_library) for n in (1, 2, 3)]
        said = {"genres": ["Drama"], "tags": ["from a file"], "plot": "Told."}
        store_values(uow, NFO, {key: {"title": f"Film {n}", **said} for n, key in enumerate(films, 1)})
        shows = catalog.library(uow, "Shows", media_type="tv")
        series = catalog.series(uow, library_id=shows)
    house.tokens["helper"] = accounts.make_token(house.database, user, Scope.READ, Scope.WRITE)
    return Desk(client, house, films, series)


@pytest.fixture
def written(house: House) -> Callable[[], Any]:
    """`with written() as statements:` gathers the statements that the writing engine ran."""

    @contextmanager
    def gather() -> Iterator[list[str]]:
        found: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            found.append(statement)

        sa.event.listen(house.database.engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            sa.event.remove(house.database.engine, "before_cursor_execute", note)

    return gather
