"""Filters as deep as they may be, below lists as deep as they may be: SQLite's parser takes a hundred symbols in each other."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from domain.accounts.tables import User
from domain.libraries.access_service import set_user_libraries
from tests.api.conftest import FULL, Client, House
from tests.factories import accounts
from tests.filters.cases import Case, items, people
from tests.filters.conftest import fill
from tests.filters.names import names

pytestmark = pytest.mark.both

_PAGE = "nodes { id } pageInfo { hasNextPage endCursor }"
ROOT = f"""query($w: MediaItemWhere, $o: [MediaItemOrder!], $a: String, $f: Int, $l: Int, $b: String) {{
    movies(where: $w, orderBy: $o, first: $f, after: $a, last: $l, before: $b) {{ totalCount {_PAGE} }}
    mediaItems(where: $w, orderBy: $o, first: $f, after: $a, last: $l, before: $b) {{ totalCount {_PAGE} }} }}"""
BELOW = f"""query($w: MediaItemWhere, $o: [MediaItemOrder!]) {{
    collections(first: 3) {{ nodes {{ id items(where: $w, orderBy: $o, first: 3) {{ totalCount nodes {{ id
        ... on Series {{ seasons {{ episodes(where: $w, orderBy: $o, first: 3) {{ totalCount nodes {{ id }} }} }} }}
    }} }} }} }}
    people(first: 3) {{ nodes {{ id credits(first: 2) {{ nodes {{ item {{ id
        ... on Movie {{ collections {{ items(where: $w, orderBy: $o, last: 2) {{ {_PAGE} }} }} }}
    }} }} }} }} }} }}"""
PEOPLE = f"query($w: PersonWhere) {{ people(where: $w, orderBy: [{{field: BIRTH_DATE}}]) {{ totalCount {_PAGE} }} }}"
ORDER = [{"field": "YEAR", "direction": "DESC"}, {"field": "RUNTIME", "direction": "ASC"}]


def deepest(where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A filter inside as many others as are allowed, in the ways that make the longest chains of parentheses."""
    for words in (("not", "not", "not", "not"), ("and", "or", "not", "or"), ("not", "or", "and", "not")):
        found = where
        for word in words:
            found = {word: found} if word == "not" else {word: [found, where]}
        yield found


@pytest.fixture
def guest(house: House) -> str:
    """The viewer with the longest row policy: some libraries, an age, nothing unrated."""
    user = accounts.make_user(house.database, "guest", max_age=12, sees_unrated=False)
    house.tokens["guest"] = accounts.make_token(house.database, user, *FULL)
    return "guest"


def open_to(house: House, name: str, libraries: list[int]) -> None:
    """Let a user into these libraries only."""
    with house.database.transaction() as uow:
        user = uow.session.exec(select(User).where(User.username == name)).one()
        set_user_libraries(uow, user_id=user.id, library_ids=libraries)


async def test_each_is_answered(client: Client, house: House, guest: str) -> None:
    ids = names(fill(house.database, 100).rows)
    open_to(house, guest, [1])
    both = {"file": {"audioLanguage": {"eq": "en", "in": ["en"]}, "subtitleLanguage": {"eq": "en", "in": ["en"]}}}
    for case in [*items(ids), Case(both)]:
        for where in (case.where, {"and": [{"not": case.where}]}, *deepest(case.where)):
            for place in ({"f": 5}, {"l": 5}):
                await client.data(ROOT, {"w": where, "o": ORDER[:1], **place}, who=guest)
            await client.data(ROOT, {"w": where, "o": ORDER, "f": 5}, who=guest)
            await client.data(BELOW, {"w": where, "o": ORDER}, who=guest)
    for case in [case for field, case in people(ids) if field == "people"]:
        for where in deepest(case.where):
            await client.data(PEOPLE, {"w": where}, who=guest)
