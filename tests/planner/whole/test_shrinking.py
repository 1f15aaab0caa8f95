"""The shrinker leaves what makes an operation fail, and nothing else."""

from typing import Any

from graphql import build_schema

from tests.planner.whole.shrinking import shrunk

SCHEMA = build_schema("type Item { id: ID title: String parts(first: Int): [Item] } type Query { items(first: Int): [Item] }")


async def test_what_does_not_matter_is_left_out() -> None:
    async def fails(query: str, variables: dict[str, Any]) -> bool:
        return "title" in query and variables.get("v1") == 7

    query = """query Q($v0: Boolean!, $v1: Int, $v10: Int) {
      __typename a: items(first: $v10) { id } items(first: 2) { id ...F b: parts(first: $v1) { id @skip(if: $v0) title ...F } }
    } fragment F on Item { id parts { ...G } } fragment G on Item { id }"""
    small, variables = await shrunk(SCHEMA, query, {"v0": True, "v1": 7, "v10": 1}, fails)
    assert " ".join(small.split()) == "query Q($v1: Int) { items { b: parts(first: $v1) { title } } }"
    assert variables == {"v1": 7}
