"""A viewer's search is everybody's search without the rows he may not see: same scores, same order, no other trace."""

import random

import pytest

import domain.registry
from domain.kit.database import Database
from domain.kit.policy import SYSTEM, Viewer
from domain.search.finding import find
from tests.factories import catalog

pytestmark = pytest.mark.both
assert domain.registry

WORDS = ("red", "dawn", "river", "silent", "stranger", "dawns", "rivers", "redd", "the", "2001", "ii")
QUERIES = ("red", "re", "r", "dawn river", "dwan", "strangr", "the", "2001", "silent 2001", "red 2", "reddawn", "rivers of dawn")


def is_visible(viewer: Viewer, item: tuple[int | None, int | None, bool], libraries: set[int]) -> bool:
    """The rule in plain Python: library, age, deletion."""
    library, age, is_deleted = item
    suits = viewer.max_age is None or (viewer.sees_unrated if age is None else age <= viewer.max_age)
    return not is_deleted and suits and (library is None or viewer.all_libraries or library in libraries)


@pytest.mark.parametrize("seed", range(3))
def test_hidden_rows_leave_no_trace(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    items: dict[int, tuple[int | None, int | None, bool]] = {}
    with database.transaction() as uow:
        catalog.types(uow)
        libraries = [catalog.library(uow, name) for name in ("One", "Two")]
        for _ in range(150):
            library, age = chance.choice([None, *libraries]), chance.choice([None, 0, 6, 12, 16, 18])
            is_deleted = chance.random() < 0.1
            title = " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))
            deleted = uow.now() if is_deleted else None
            key = catalog.movie(
                uow, title, library_id=library, min_age=age, year=chance.choice([None, 2000, 2001]), deleted_at=deleted
            )
            items[key] = (library, age, is_deleted)
    viewers = [
        Viewer(user_id=1, all_libraries=everything, max_age=age, sees_unrated=unrated)
        for everything in (True, False)
        for age in (None, 6, 16)
        for unrated in (True, False)
    ]
    found = 0
    with database.read() as session:
        for text in QUERIES:
            whole = find(session, SYSTEM, text)
            for viewer in viewers:
                mine = find(session, viewer, text)
                assert mine == [hit for hit in whole if is_visible(viewer, items[hit.key], set())], (text, viewer)
                found += len(mine)
    assert found > 1000
