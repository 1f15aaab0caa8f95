"""The root field `search` and the argument of the lists, over HTTP."""

import warnings

import pytest

from domain.catalog.people import person
from tests.api.conftest import Client, House
from tests.factories import catalog

pytestmark = pytest.mark.both

SEARCH = """
query S(
  $query: String!, $types: [SearchType!], $library: ID, $first: Int, $after: String, $last: Int, $before: String
) {
  search(query: $query, types: $types, library: $library, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { score } }
    nodes {
      score
      highlights { field fragments { text isMatch } }
      node { __typename id ... on MediaItem { title } ... on Person { name } ... on Genre { name } ... on Studio { name } }
    }
  }
}"""


def names(answer: dict) -> list[str]:  # type: ignore[type-arg]
    return [hit["node"].get("title") or hit["node"].get("name") for hit in answer["search"]["nodes"]]


def stock(house: House) -> None:
    with house.database.transaction() as uow:
        for title, year in (("Spider-Man", 2002), ("Spider-Man 2", 2004), ("Dune", 1984), ("Dune", 2021), ("Amélie", 2001)):
            catalog.movie(uow, title, library_id=house.open_library, year=year, min_age=6)
        catalog.movie(uow, "Spider-Man: No Way Home", library_id=house.closed_library, year=2021, min_age=6)
        catalog.movie(uow, "Spiders of Blood", library_id=house.open_library, year=2010, min_age=18)
        catalog.series(uow, "The Amazing Spiez", library_id=house.open_library)
        person(uow, "Marie Duneau")


async def test_everything_that_answers_is_found_with_score_and_highlights(client: Client, house: House) -> None:
    stock(house)
    found = await client.data(SEARCH, {"query": "spiderman"}, who="admin")
    assert names(found) == ["Spider-Man", "Spider-Man 2", "Spider-Man: No Way Home"]
    assert found["search"]["totalCount"] == 3
    first = found["search"]["nodes"][0]
    assert first["node"]["__typename"] == "Movie"
    assert first["highlights"] == [
        {
            "field": "TITLE",
            "fragments": [
                {"text": "Spider", "isMatch": True}, {"text": "-", "isMatch": False}, {"text": "Man", "isMatch": True},
            ],
        }
    ]  # fmt: skip
    assert [hit["score"] for hit in found["search"]["nodes"]] == sorted(
        (hit["score"] for hit in found["search"]["nodes"]), reverse=True
    )
    assert names(await client.data(SEARCH, {"query": "dune"})) == ["Dune", "Dune", "Marie Duneau"]
    assert names(await client.data(SEARCH, {"query": "dune", "types": ["PERSON"]})) == ["Marie Duneau"]
    assert names(await client.data(SEARCH, {"query": "spider", "library": f"lib_{house.closed_library}"})) == [
        "Spider-Man: No Way Home"
    ]


async def test_whom_it_is_hidden_from_learns_nothing_of_it(client: Client, house: House) -> None:
    stock(house)
    for query in ("spider", "spiderman no way", "blood", "spiders of blod", "alien", "brazil"):
        found = await client.data(SEARCH, {"query": query}, who="limited")
        shown = {"Spider-Man", "Spider-Man 2"} if query == "spider" else set()
        assert (set(names(found)), found["search"]["totalCount"]) == (shown, len(shown)), query


async def test_pages_join_without_gap_or_repetition(client: Client, house: House) -> None:
    stock(house)
    whole = names(await client.data(SEARCH, {"query": "s", "first": 100}))
    assert len(whole) > 3
    found, after = [], None
    while True:
        page = (await client.data(SEARCH, {"query": "s", "first": 2, "after": after}))["search"]
        found += names({"search": page})
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole
    back = (await client.data(SEARCH, {"query": "s", "last": 2, "before": after}))["search"]
    assert names({"search": back}) == whole[-3:-1]
    other = await client.send(SEARCH, {"query": "spider", "after": after}, who="admin")
    assert other.json()["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


@pytest.mark.parametrize(
    "query", ["", "   ", "'", '"', "*", "%", "_", "AND", "a OR b", "NEAR(", "title:x", "\\", "-", "🦖", "' OR 1=1 --"]
)
async def test_odd_queries_are_just_words(client: Client, house: House, query: str) -> None:
    stock(house)
    found = await client.data(SEARCH, {"query": query})
    assert len(names(found)) == found["search"]["totalCount"] < 3


async def test_a_query_is_at_most_200_characters(client: Client, house: House) -> None:
    assert names(await client.data(SEARCH, {"query": "x" * 200})) == []
    refused = (await client.send(SEARCH, {"query": "x" * 201}, who="admin")).json()
    assert refused["errors"][0]["message"] == "A search has at most 200 characters; this one has 201."


async def test_lists_search_too_by_relevance_or_in_their_order(client: Client, house: House) -> None:
    stock(house)
    text = """query L($search: String, $where: MediaItemWhere, $order: [MediaItemOrder!], $first: Int, $after: String) {
      movies(search: $search, where: $where, orderBy: $order, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { title year genres { name } } edges { node { title } } } }"""

    async def movies(**variables: object) -> list[tuple[str, int]]:
        found = (await client.data(text, variables))["movies"]
        assert [each["node"]["title"] for each in found["edges"]] == [each["title"] for each in found["nodes"]]
        return [(each["title"], each["year"]) for each in found["nodes"]]

    assert await movies(search="dune") == [("Dune", 2021), ("Dune", 1984)]
    assert await movies(search="dune", order=[{"field": "YEAR", "direction": "ASC"}]) == [("Dune", 1984), ("Dune", 2021)]
    assert await movies(search="spidr man", where={"year": {"lte": 2004}}) == [("Spider-Man", 2002), ("Spider-Man 2", 2004)]
    assert len(await movies(search=" ")) == 10
    first = (await client.data(text, {"search": "spider", "first": 1}))["movies"]
    assert first["totalCount"] == 4
    rest = await movies(search="spider", first=5, after=first["pageInfo"]["endCursor"])
    assert [title for title, _ in rest] == ["Spider-Man 2", "Spider-Man: No Way Home", "Spiders of Blood"]
    people = await client.data('{ people(search: "dunau") { nodes { name } } mediaItems(search: "spiez") { nodes { title } } }')
    assert people == {"people": {"nodes": [{"name": "Marie Duneau"}]}, "mediaItems": {"nodes": [{"title": "The Amazing Spiez"}]}}


async def test_a_list_that_is_searched_leaves_nothing_unawaited(client: Client, house: House) -> None:
    """The quick way takes the resolver's answer, sees that it has to be awaited and gives up."""
    document = "query($search: String) { movies(search: $search) { totalCount } }"
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for _ in range(3):  # the quick way is for documents that have come before
            assert (await client.data(document, {"search": "alien"}))["movies"]["totalCount"] == 1
    assert [str(each.message) for each in seen if "never awaited" in str(each.message)] == []
