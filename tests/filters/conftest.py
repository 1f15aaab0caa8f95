"""A household of any size behind the real application, and what its reader was asked."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest
from sqlmodel import select

from domain.accounts.enums import Scope
from domain.artwork.builtin import install_builtins
from domain.catalog.tables import Country
from domain.kit.database import Database
from tests.api.conftest import FULL, House, client, empty_house, settings
from tests.factories import accounts, catalog
from tests.factories.loading import load
from tests.filters import world
from tests.filters.plans import Explainer

__all__ = ["client", "empty_house", "settings"]


@pytest.fixture
def house(empty_house: House) -> House:
    """An administrator, a member who sees everything, and a child who sees what is rated up to 12."""
    database, make = empty_house.database, accounts.make_user
    empty_house.users = {
        "admin": accounts.make_admin(database),
        "member": make(database, "member", has_all_libraries=True),
        "child": make(database, "child", has_all_libraries=True, max_age=12, sees_unrated=False),
    }
    for name, user in empty_house.users.items():
        scopes = tuple(Scope) if name == "admin" else FULL
        empty_house.tokens[name] = accounts.make_token(database, user, *scopes)
    return empty_house


Explaining: TypeAlias = Callable[..., Explainer]


@pytest.fixture
def explaining(house: House) -> Iterator[Explaining]:
    """Makes explainers of the house's database, which end with the test however it ends."""
    with ExitStack() as made:
        yield lambda **how: made.enter_context(closing(Explainer(house.database, **how)))


def fill(database: Database, size: int, *, copies: int = 1, seed: int = 1) -> world.World:
    """Put a household into a database that has none."""
    with database.transaction() as uow:
        types = catalog.types(uow)
        install_builtins(uow)
        countries = sorted(uow.session.exec(select(Country.id)).all())
    made = world.make(size, media_types=types, country_ids=countries, seed=seed)
    load(database, made.rows, copies=copies)
    database.refresh_statistics()
    return made


@dataclass
class Recorder:
    """Stands before a reader and keeps the statements that pass."""

    inner: Any
    seen: list[tuple[str, Sequence[Any]]] = field(default_factory=list)
    can_fetch = False

    @property
    def statements(self) -> int:
        return int(self.inner.statements)

    def _watched(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def watched(read: Callable[..., Any]) -> Any:
            def noting(sql: str, parameters: Sequence[Any]) -> Any:
                self.seen.append((sql, parameters))
                return read(sql, parameters)

            return work(noting)

        return watched

    def submit(self, work: Callable[..., Any], *, snapshot: bool) -> Any:
        return self.inner.submit(self._watched(work), snapshot=snapshot)

    def at_once(self, work: Callable[..., Any], *, snapshot: bool) -> Any:
        return self.inner.at_once(self._watched(work), snapshot=snapshot)

    def close(self) -> None:
        self.inner.close()
