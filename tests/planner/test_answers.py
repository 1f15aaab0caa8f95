"""Answers written out, and alike from planner and oracle: filters, types, errors and where they end."""

from typing import Any

import pytest

from tests.planner.conftest import ADMIN, VIEWERS, Lab
from tests.planner.world import TITLES, Credit, Item, ItemGenre

pytestmark = pytest.mark.both


def rows(lab: Lab, model: Any) -> list[Any]:
    with lab.database.read() as session:
        return list(session.execute(model.__table__.select().order_by(*model.__table__.primary_key)).all())


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({}, lambda row, genres: True),
        ({"minYear": 1991}, lambda row, genres: row.year is not None and row.year >= 1991),
        ({"notYear": 1990}, lambda row, genres: row.year != 1990),
        ({"statuses": ["RELEASED", "ANNOUNCED"]}, lambda row, genres: row.status.value in ("released", "announced")),
        ({"statuses": []}, lambda row, genres: False),
        ({"starts": "a"}, lambda row, genres: row.sort_key.startswith("a")),
        ({"starts": "ä"}, lambda row, genres: row.sort_key.startswith("ä")),
        ({"starts": ""}, lambda row, genres: True),
        ({"contains": "%"}, lambda row, genres: "%" in row.title),
        ({"contains": "e"}, lambda row, genres: "e" in row.title),
        ({"contains": "😀"}, lambda row, genres: "😀" in row.title),
        ({"genres": [1, 2]}, lambda row, genres: bool(genres & {1, 2})),
        ({"withoutGenres": [1, 2]}, lambda row, genres: not genres & {1, 2}),
        ({"either": []}, lambda row, genres: False),
        ({"either": [{"minYear": 2001}, {"contains": "_", "notYear": 1990}]},
         lambda row, genres: (row.year or 0) >= 2001 or ("_" in row.title and row.year != 1990)),
        ({"either": [{}]}, lambda row, genres: True),
    ],
)  # fmt: skip
async def test_filters_keep_exactly_the_rows_that_meet_them(lab: Lab, where: dict[str, Any], holds: Any) -> None:
    genres: dict[int, set[int]] = {}
    for link in rows(lab, ItemGenre):
        genres.setdefault(link.item_id, set()).add(link.genre_id)
    expected = [f"xit_{row.id}" for row in rows(lab, Item) if holds(row, genres.get(row.id, set()))]
    query = "query($w: Where) { items(where: $w, first: 100) { totalCount nodes { id } } }"
    answer = await lab.same(query, {"w": where})
    assert [node["id"] for node in answer["data"]["items"]["nodes"]] == expected
    assert answer["data"]["items"]["totalCount"] == len(expected)


@pytest.mark.parametrize("text", ["\0", "a\ud800"])
async def test_texts_that_no_database_stores_are_refused_alike(lab: Lab, text: str) -> None:
    answer = await lab.same("query($w: Where) { items(where: $w) { nodes { id } } }", {"w": {"contains": text}})
    assert answer["data"] == {"items": None}
    assert answer["errors"][0]["extensions"] == {"code": "INVALID_ARGUMENT"}
    nested = "query($r: String) { items(first: 2) { nodes { title credits(role: $r) { nodes { id } } } } }"
    answer = await lab.same(nested, {"r": text})
    assert answer["errors"][0]["extensions"] == {"code": "INVALID_ARGUMENT"}
    assert answer["errors"][0]["path"] == ["items", "nodes", 0, "credits"]


async def test_arguments_of_relations_narrow_them(lab: Lab) -> None:
    query = """query($r: String, $p: [Int!]) { all: item(id: 12) { credits(first: 100) { nodes { id role } } }
        some: item(id: 12) { credits(first: 100, role: $r, personIds: $p) { totalCount nodes { id role } } } }"""
    credits = [row for row in rows(lab, Credit) if row.item_id == 12]
    for role in (None, *TITLES[:6]):
        for people in (None, [], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]):
            answer = await lab.same(query, {"r": role, "p": people})
            kept = {
                f"xcr_{row.id}"
                for row in credits
                if (role is None or row.role == role) and (people is None or row.person_id in people)
            }
            assert {node["id"] for node in answer["data"]["some"]["credits"]["nodes"]} == kept
            assert answer["data"]["some"]["credits"]["totalCount"] == len(kept)
            assert len(answer["data"]["all"]["credits"]["nodes"]) == len(credits)


async def test_each_row_is_of_its_own_type(lab: Lab) -> None:
    query = """{ items(first: 100) { nodes { __typename id ... on Movie { budget } ... on Episode { series { __typename id } }
        ... on Series { episodes { __typename id } } ... on Interstitial { kind } } } }"""
    answer = await lab.same(query)
    names = {"movie": "Movie", "series": "Series", "episode": "Episode", "promo": "Interstitial", "ad": "Interstitial"}
    kinds = {f"xit_{row.id}": row for row in rows(lab, Item)}
    for node in answer["data"]["items"]["nodes"]:
        row = kinds[node["id"]]
        assert node["__typename"] == names[row.kind.value]
        assert node.get("kind", row.kind.name) == row.kind.name
        assert set(node) - {"__typename", "id"} == {"Movie": {"budget"}, "Episode": {"series"}, "Series": {"episodes"},
                                                     "Interstitial": {"kind"}}[node["__typename"]]  # fmt: skip
    assert sum(len(node["episodes"]) for node in answer["data"]["items"]["nodes"] if "episodes" in node) == sum(
        row.kind.value == "episode" for row in kinds.values()
    )


async def test_a_concrete_reference_is_null_for_a_row_of_another_kind(lab: Lab) -> None:
    answer = await lab.same("{ a: movie(id: 1) { __typename } b: movie(id: 6) { __typename } c: item(id: 6) { __typename } }")
    assert answer["data"] == {"a": {"__typename": "Movie"}, "b": None, "c": {"__typename": "Series"}}


async def test_node_and_union_positions_know_the_type(lab: Lab) -> None:
    query = """{ a: node(id: "xit_1") { __typename id ... on Movie { title } } b: node(id: "xpe_1") { __typename }
        c: node(id: "xcr_1") { __typename } d: node(id: "nonsense") { id } e: node(id: "usr_1") { id }
        hits { __typename ... on Node { id } ... on Person { name } } everything(first: 8) { nodes { __typename id } } }"""
    answer = await lab.same(query)
    data = answer["data"]
    assert [data[key] and data[key]["__typename"] for key in "abcd"] == ["Movie", "Person", "Credit", None]
    assert data["e"] is None
    assert [hit["__typename"] for hit in data["hits"]] == ["Movie", "Person", "Genre", "Series", "Person"]
    assert [node["__typename"] for node in data["everything"]["nodes"]] == ["Movie"] * 5 + ["Series"] * 3


async def test_aliases_merging_and_fragments_give_what_was_asked(lab: Lab) -> None:
    query = """query($x: Boolean!) { items(first: 1) { nodes { a: title title ...F ... on Movie { genres { id } } }
        nodes { genres { name } credits(first: 1) { nodes { role } } } n: nodes { id } }
        again: items(first: 1) { edges { c: cursor n: node { t: __typename } } } }
        fragment F on Item { credits(first: 1) { nodes { id } totalCount } year @include(if: $x) status @skip(if: $x) }"""
    answer = await lab.same(query, {"x": True})
    (node,) = answer["data"]["items"]["nodes"]
    assert list(node) == ["a", "title", "credits", "year", "genres"]
    assert all(set(genre) == {"id", "name"} for genre in node["genres"])
    assert all(set(credit) == {"id", "role"} for credit in node["credits"]["nodes"])
    assert answer["data"]["items"]["n"] == [{"id": "xit_1"}]
    assert list((await lab.same(query, {"x": False}))["data"]["items"]["nodes"][0]) == [
        "a",
        "title",
        "credits",
        "status",
        "genres",
    ]


async def test_python_keywords_and_odd_names_are_harmless_aliases(lab: Lab) -> None:
    query = (
        "{ None: item(id: 1) { class: title __proto: id lambda: genres { def: name } run: label rows: year c0: status k0: id } }"
    )
    answer = await lab.same(query)
    assert list(answer["data"]["None"]) == ["class", "__proto", "lambda", "run", "rows", "c0", "k0"]


async def test_a_failing_value_nulls_its_nearest_nullable_field(lab: Lab) -> None:
    answer = await lab.same("{ a: item(id: 9) { title fragile } b: item(id: 10) { fragile } server { version } }")
    assert answer["data"] == {"a": None, "b": {"fragile": len(rows(lab, Item)[9].title)}, "server": {"version": "1"}}
    assert [(error["message"], error["path"]) for error in answer["errors"]] == [("no answer for 9", ["a", "fragile"])]


async def test_a_batch_that_raises_fails_only_the_culprits(lab: Lab) -> None:
    answer = await lab.same("{ someItems(ids: [12, 13, 14, 15, 26]) { id doubled } }")
    assert [item["doubled"] for item in answer["data"]["someItems"]] == [None, None, None, 30, None]
    assert [error["path"] for error in answer["errors"]] == [["someItems", 1, "doubled"], ["someItems", 4, "doubled"]]


async def test_null_in_a_non_null_place_bubbles_through_lists(lab: Lab) -> None:
    missing = next(row.id for row in rows(lab, Item) if row.year is None)
    message = "Cannot return null for non-nullable field Item.mustYear."
    answer = await lab.same(f"{{ someItems(ids: [1, {missing}]) {{ id mustYear }} }}")
    typed = message.replace("Item", answer["errors"][0]["message"].split("field ")[1].split(".")[0])
    assert [(error["message"], error["path"]) for error in answer["errors"]] == [(typed, ["someItems", 1, "mustYear"])]
    assert answer["data"]["someItems"][1] is None
    whole = await lab.same("{ items(first: 100) { nodes { mustYear } } server { version } }")
    assert whole["data"] == {"items": None, "server": {"version": "1"}}
    assert whole["errors"][0]["path"][:3] == ["items", "nodes", missing - 1]
    required = await lab.same(f"{{ mustItem(id: {missing}) {{ mustYear }} }}")
    assert required["data"] is None


async def test_a_private_person_is_null_or_an_error_as_the_field_says(lab: Lab) -> None:
    credit = next(row for row in rows(lab, Credit) if row.person_id == 7)
    viewer = VIEWERS["two places"]
    with lab.database.read() as session:
        item = session.get(Item, credit.item_id)
    assert item is not None
    query = f'{{ node(id: "xcr_{credit.id}") {{ ... on Credit {{ person {{ name }} }} }} }}'
    hard = query.replace("person", "mustPerson")
    assert (await lab.same(query))["data"]["node"]["person"]["name"].endswith(" 7")
    for asked in (query, hard):
        await lab.same(asked, viewer=viewer)
    answer = await lab.same("{ items(first: 60) { nodes { credits { nodes { mustPerson { name } } } } } }", viewer=viewer)
    assert answer["data"] == {"items": None}
    assert answer["errors"][0]["message"] == "Cannot return null for non-nullable field Credit.mustPerson."


async def test_missing_items_of_a_required_list_are_errors(lab: Lab) -> None:
    answer = await lab.same("{ mustItems(ids: [1, 999]) { id } }")
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["mustItems", 1]
    assert answer["errors"][0]["message"] == "Cannot return null for non-nullable field Query.mustItems."


async def test_planned_ordinary_failing_and_introspection_roots_stand_side_by_side(lab: Lab) -> None:
    query = '{ slow items(first: 1) { nodes { id } } broken __typename server { version } __type(name: "Movie") { name } }'
    answer = await lab.same(query)
    assert list(answer["data"]) == ["slow", "items", "broken", "__typename", "server", "__type"]
    assert [error["message"] for error in answer["errors"]] == ["broken on purpose"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($n: Int!) { items(first: $n) { nodes { id } } }", {"n": "x"}),
        ("query($n: Int!) { items(first: $n) { nodes { id } } }", {}),
        ("{ items { nodes { nope } } }", {}),
        ('{ items { nodes { credits(first: "x") { totalCount } } } }', {}),
        ("{ items(first: 1) ", {}),
    ],
)
async def test_errors_before_execution_are_the_same(lab: Lab, query: str, variables: dict[str, Any]) -> None:
    answer = await lab.same(query, variables)
    assert answer["data"] is None
    assert answer["errors"]


async def test_one_wrong_nested_argument_is_an_error_of_each_parent(lab: Lab) -> None:
    query = "query($n: Int) { someItems(ids: [1, 2]) { id credits(first: $n) { totalCount } } }"
    answer = await lab.same(query, {"n": 101}, ADMIN)
    assert answer["data"] == {"someItems": [None, None]}
    assert [error["path"] for error in answer["errors"]] == [["someItems", 0, "credits"], ["someItems", 1, "credits"]]
