"""Every operation that docs/filters.md shows runs, on both engines."""

import re
from pathlib import Path

import pytest

from api.playground.examples import examples
from tests.api.conftest import Client, House
from tests.filters.conftest import fill

pytestmark = pytest.mark.both

PAGE = Path(__file__).parents[2] / "docs" / "filters.md"


async def test_the_documented_operations_run(client: Client, house: House) -> None:
    fill(house.database, 100)
    blocks = re.findall(r"```graphql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 10
    for block in blocks:
        await client.data(block, {"person": "per_1", "series": "itm_1", "collection": "col_1"})


async def test_the_example_of_the_playground_runs(client: Client, house: House) -> None:
    fill(house.database, 100)
    (example,) = [each for each in examples() if each.name == "filters"]
    for name in re.findall(r"query (\w+)", example.document):
        answer = await client.http.post(
            "/graphql",
            json={"query": example.document, "variables": example.variables, "operationName": name},
            headers=house.headers("admin"),
        )
        assert "errors" not in answer.json(), answer.json()
