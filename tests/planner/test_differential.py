"""Planner and oracle answer alike: data, order of keys, errors with their paths and places."""

import os
import random

import pytest
from graphql import parse, validate

from api.kit.planner.json.embedding import BackEnd
from tests.planner.conftest import VIEWERS, Lab
from tests.planner.generating import Generator

pytestmark = pytest.mark.both

SEED = int(os.environ.get("PLANNER_SEED", "20260115"))
COUNT = int(os.environ.get("PLANNER_OPERATIONS", "400" if "CORPUS_FULL" in os.environ else "80"))


@pytest.fixture(scope="module", params=["rows", "json", "measured"])
def back_end(request: pytest.FixtureRequest) -> BackEnd:
    """Each of them forced, and what they are chosen from."""
    found: BackEnd = request.param
    return found


async def test_generated_operations_answer_alike(lab: Lab) -> None:
    print(f"PLANNER_SEED={SEED} PLANNER_OPERATIONS={COUNT}")
    generator = Generator(lab.schema._schema, SEED)
    viewers = random.Random(SEED)
    lab.planner.counters.fallback = 0
    asked = with_errors = 0
    for _ in range(COUNT):
        query, variables = generator.operation()
        document = parse(query)
        if validate(lab.schema._schema, document):
            continue  # two aliases that clash: not the planner's business
        viewer = VIEWERS[viewers.choice(sorted(VIEWERS))]
        answer = await lab.same(query, variables, viewer)
        asked += 1
        with_errors += bool(answer["errors"])
        generator.learn(answer["data"])
    print(f"{asked} asked, {with_errors} with errors, {lab.planner.counters}")
    assert asked > COUNT * 0.9
    assert asked * 0.05 < with_errors < asked * 0.5
    assert lab.planner.counters.fallback == 0
