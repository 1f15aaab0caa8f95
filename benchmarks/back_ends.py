"""The planner's back ends side by side in this process: what `measured` should be on each engine.

    python -m benchmarks.back_ends                   # SQLite
    python -m benchmarks.back_ends --postgresql      # a private PostgreSQL server

Each answer is compared to the byte before anything is timed; then they take turns, ten answers each.
"""

import argparse
import asyncio
import dataclasses
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import orjson

from api.cli.compose import House, house, make_services
from api.kit.context import Context
from api.kit.planner import Planner
from api.kit.planner.json.embedding import BackEnd
from api.schema import build_schema
from benchmarks import operation
from benchmarks.catalog_data import fill
from benchmarks.serving import settings_of
from domain.accounts.sessions import by_token
from domain.kit.logs import configure_logging
from tests.peers.servers import postgresql
from workers.broker import Bells

BACK_ENDS: Final[tuple[BackEnd, ...]] = ("rows", "measured", "json")
_FLAT: Final = "id title year runtimeMs plot createdAt"
_WIDE: Final = f"{_FLAT} kind sortTitle originalTitle edition tagline releaseDate minAge isMonitored version updatedAt"
_PAGE: Final = """query Q($year: Int!) { movies(where: {year: {gte: $year}}, orderBy: [{field: YEAR}], first: %d) {
    nodes { %s } pageInfo { hasNextPage } } }"""
_SINGLE: Final = (
    f"query Q($id: ID!) {{ node(id: $id) {{ ... on Movie {{ {_WIDE} genres {{ id name }}"
    " credits(first: 10) { nodes { role position person { id name } } } poster { id url } } } }"
)
OPERATIONS: Final[dict[str, tuple[str, Sequence[dict[str, Any]]]]] = {
    "50 flat": (_PAGE % (50, _FLAT), operation.VARIABLES),
    "100 wide": (_PAGE % (100, _WIDE), operation.VARIABLES),
    "50 nested": (operation.TEXT, operation.VARIABLES),
    "one with everything": (_SINGLE, [{"id": f"itm_{number}"} for number in range(100, 164)]),
}
Ask = Callable[[BackEnd, dict[str, Any]], Awaitable[bytes]]


async def compare(found: House, token: str, answers: int) -> None:
    """Print a table. Raises AssertionError where two back ends answer differently."""
    services = make_services(found, Bells(found.settings))
    with services.database.read() as session:
        identity = by_token(session, key=services.key, token=token)
    schema = build_schema()
    print("| operation | back end | statements | least ms | median ms | CPU ms |\n|---|---|--:|--:|--:|--:|")
    for name, (text, variables) in OPERATIONS.items():
        planners = {each: Planner(services.database, back_end=each) for each in BACK_ENDS}

        async def ask(back_end: BackEnd, values: dict[str, Any], planners: Any = planners, text: str = text) -> bytes:
            services_ = dataclasses.replace(services, planner=planners[back_end])
            context = Context(services=services_, identity=identity, request_id="x")
            with context.closing():
                result = await schema.execute(text, variable_values=values, context_value=context)
            assert not result.errors, result.errors
            return orjson.dumps(result.data)

        statements = {}
        for values in variables:
            found_: list[bytes] = []
            for each in BACK_ENDS:
                before = services.database.reader.statements
                found_.append(await ask(each, values))
                statements[each] = services.database.reader.statements - before
            assert len(set(found_)) == 1, f"{name}: the back ends answer differently for {values}"
        await _time(name, ask, variables, answers, statements)


async def _time(name: str, ask: Ask, variables: Sequence[Any], answers: int, statements: dict[Any, int]) -> None:
    gc.collect()
    gc.freeze()
    took: dict[BackEnd, list[float]] = {each: [] for each in BACK_ENDS}
    cpu = dict.fromkeys(BACK_ENDS, 0.0)
    for start in range(0, answers, 10):
        for each in BACK_ENDS:
            before = time.process_time()
            for number in range(start, start + 10):
                began = time.perf_counter()
                await ask(each, variables[number % len(variables)])
                took[each].append(time.perf_counter() - began)
            cpu[each] += time.process_time() - before
    for each in BACK_ENDS:
        times = sorted(took[each])
        print(
            f"| {name} | {each} | {statements[each]} | {times[0] * 1000:.2f} | {times[len(times) // 2] * 1000:.2f} "
            f"| {cpu[each] * 1000 / len(times):.2f} |"
        )


def run(url: str, folder: str, answers: int) -> None:
    """Fill and compare."""
    with house(settings_of({"database_url": url, "data_dir": folder, "port": 0})) as found:
        household = fill(found.database, key=found.key)
        asyncio.run(compare(found, household.token, answers))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="on a private PostgreSQL server instead of SQLite")
    parser.add_argument("--answers", type=int, default=500, help="per operation and back end")
    options = parser.parse_args()
    configure_logging("console", "WARNING")
    with tempfile.TemporaryDirectory(prefix="back-ends-") as folder:
        if options.postgresql:
            with postgresql() as url:
                run(url, folder, options.answers)
        else:
            run(f"sqlite:///{folder}/marquee.db", folder, options.answers)


if __name__ == "__main__":
    main()
