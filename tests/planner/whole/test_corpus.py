"""Generated operations over the whole schema: planner and plain resolvers answer alike, on both engines, to every viewer."""

import os
import sys
import time
from collections.abc import Callable
from typing import Final

import pytest
from graphql import parse, validate

from tests.planner.whole import coverage
from tests.planner.whole.conftest import Made
from tests.planner.whole.generating import Generator
from tests.planner.whole.lab import VIEWERS, Lab, Watching
from tests.planner.whole.sweeping import sweep

IS_FULL: Final = "CORPUS_FULL" in os.environ
SEED = int(os.environ.get("CORPUS_SEED", 20261121))
COUNT = int(os.environ.get("CORPUS_OPERATIONS", 2000 if IS_FULL else 25))


TOLD_EVERY: Final = 250


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says a line at once on the real standard error, whatever pytest keeps back and however its own log is cut."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    began = time.monotonic()

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled():
            print(f"corpus, seed {SEED}, {time.monotonic() - began:.0f} s: {line}", file=sys.stderr, flush=True)

    return say


async def test_whole_schema_answers_alike(lab: Lab, made: Made, tell: Callable[[str], None]) -> None:
    print(f"CORPUS_SEED={SEED} CORPUS_OPERATIONS={COUNT}", flush=True)
    generator = Generator(lab.schema._schema, SEED, made.rows)
    asked = with_errors = refused = unplanned = 0
    swept = sweep(lab.schema._schema, generator.values, generator.uses, generator.dice) if IS_FULL else iter(())
    while asked < COUNT:
        query, variables = next(swept, None) or generator.operation()
        if validate(lab.schema._schema, parse(query)):
            continue  # aliases that clash, or a value that is none: refused before anybody reads it
        before = fallbacks(lab)
        for who in VIEWERS if asked % 20 else (*VIEWERS, "scrobbler", "anonymous"):
            try:
                answer = await lab.same(query, variables, who)
            except BaseException as error:
                tell(f"operation {asked} of {COUNT} failed for {who}: {error!r:.600}\n{query[:1200]} {str(variables)[:400]}")
                raise
            if who == "admin":
                generator.learn(answer["data"])
                with_errors += bool(answer["errors"])
                refused += any(error["code"] == "LIMIT_EXCEEDED" for error in answer["errors"])
        asked += 1
        if asked % TOLD_EVERY == 0:
            tell(f"{asked} of {COUNT} operations")
        unplanned += fallbacks(lab) > before
    print(f"{asked} asked, {with_errors} with errors, {refused} refused, {unplanned} not planned")
    print(*(f"{way.name}: {way.planner.counters}" for way in lab.ways), sep="\n")
    assert refused < COUNT * 0.05
    assert asked * 0.05 < with_errors < asked * 0.5
    assert unplanned <= asked * 0.02
    if IS_FULL:
        everything_was_asked(lab, generator)


def fallbacks(lab: Lab) -> int:
    return sum(way.planner.counters.fallback for way in lab.ways)


def everything_was_asked(lab: Lab, generator: Generator) -> None:
    schema = lab.schema._schema
    fields = coverage.fields(schema)
    excused = {**coverage.NEVER_ASKED, **coverage.NEVER_VALUED}
    arguments = [name for name, ways in coverage.arguments(schema) if ways.isdisjoint(generator.uses)]
    gaps = {
        "fields never asked": coverage.missing(fields, Watching.completed, coverage.NEVER_ASKED),
        "fields never with a value": coverage.missing(coverage.without_value(schema, Watching.valued), (), excused),
        "arguments never given": coverage.missing(arguments, (), coverage.NEVER_ASKED),
        "input fields never given": coverage.missing(coverage.inputs(schema), generator.values.uses, coverage.NEVER_ASKED),
    }
    assert not any(gaps.values()), "\n".join(f"{name}: {', '.join(each)}" for name, each in gaps.items())
