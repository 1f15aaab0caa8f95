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
from tests.sampling import stretch

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
    """A filter inside as many others as are allowed: what meets it, then everything, then what does not meet it."""
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


async def totals(client: Client, where: dict[str, Any], who: str) -> tuple[int, int]:
    """How many films and items meet a filter, the same for every order and place; lists below take the filter too."""
    asked = [{"o": ORDER[:1], "f": 5}, {"o": ORDER[:1], "l": 5}, {"o": ORDER, "f": 5}]
    pages = [await client.data(ROOT, {"w": where, **each}, who=who) for each in asked]
    (found,) = {(page["movies"]["totalCount"], page["mediaItems"]["totalCount"]) for page in pages}
    below = await client.data(BELOW, {"w": where, "o": ORDER}, who=who)
    assert all(each["items"]["totalCount"] <= found[1] for each in below["collections"]["nodes"])
    return found


async def test_each_finds_what_it_says(client: Client, house: House, guest: str) -> None:
    ids = names(fill(house.database, 100).rows)
    open_to(house, guest, [1])
    both = {"file": {"audioLanguage": {"eq": "en", "in": ["en"]}, "subtitleLanguage": {"eq": "en", "in": ["en"]}}}
    everything = await totals(client, {}, guest)
    assert everything[0] > 0
    first, step = stretch(8)
    for case in [*[*items(ids)][first::step], Case(both)]:
        films, every = await totals(client, case.where, guest)
        unmet = (everything[0] - films, everything[1] - every)
        found = [await totals(client, where, guest) for where in deepest(case.where)]
        assert found == [(films, every), everything, unmet], case.where
    for case in [case for field, case in people(ids) if field == "people"]:
        asked = [case.where, {}, *deepest(case.where)]
        met, known, *deep = [(await client.data(PEOPLE, {"w": each}, who=guest))["people"]["totalCount"] for each in asked]
        assert deep == [met, known, known - met], case.where
