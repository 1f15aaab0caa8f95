"""Known queries take the short way; what they answer is what the long way answers."""

from typing import Any

import pytest

from api.kit.shortcut import ShortWay
from tests.api.conftest import Client, House

pytestmark = pytest.mark.both

FILMS = "query Films($first: Int) { movies(first: $first) { nodes { id title } pageInfo { endCursor } } }"
WRONG = 'query Page($after: String) { movies(after: $after) { nodes { id } } node(id: "itm_1") { id } }'


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each operation whether the short way answered."""
    found: list[bool] = []
    answer = ShortWay.answer

    async def watched(self: ShortWay, query: str | None, **options: Any) -> Any:
        result = await answer(self, query, **options)
        found.append(result is not None)
        return result

    monkeypatch.setattr(ShortWay, "answer", watched)
    return found


@pytest.mark.parametrize("who", ["admin", "limited"])
async def test_the_second_time_goes_the_short_way_and_says_the_same(client: Client, ways: list[bool], who: str) -> None:
    answers = [(await client.send(FILMS, {"first": 2}, who=who)).json() for _ in range(2)]
    assert ways == [False, True]
    assert answers[0] == answers[1]
    assert answers[1]["extensions"]["cost"]["requested"] > 0


@pytest.mark.parametrize("after", ["nonsense", 7])
async def test_errors_are_the_same(client: Client, ways: list[bool], after: Any) -> None:
    answers = []
    for text in (WRONG, WRONG, WRONG.replace("Page", "Again")):
        answer = (await client.send(text, {"after": after}, who="admin")).json()
        for error in answer["errors"]:
            error["extensions"].pop("requestId")
            error.pop("locations", None)
        answers.append(answer)
    assert ways == [False, True, False]
    assert answers[0] == answers[1] == answers[2]


async def test_strangers_and_limits_go_the_long_way(client: Client, ways: list[bool]) -> None:
    await client.send(FILMS, {"first": 2}, who="admin")
    anonymous = (await client.send(FILMS, {"first": 2})).json()
    assert anonymous["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    refused = (await client.send(FILMS, {"first": 2, "more": [0] * 6000}, who="admin")).json()
    assert refused["errors"][0]["extensions"]["limit"] == "variables"
    assert ways == [False, False, False]


async def test_mutations_never_take_it(house: House, client: Client, ways: list[bool]) -> None:
    wrong = "mutation { logout(input: {}) { errors { __typename } } }"
    for _ in range(2):
        await client.send(wrong, who="admin")
    assert ways == [False, False]
