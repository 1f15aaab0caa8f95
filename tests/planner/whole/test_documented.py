"""Every operation that the documentation and the playground show runs without fallback, without error and within the limits."""

import asyncio
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import sqlalchemy as sa
from graphql import OperationDefinitionNode, OperationType, is_non_null_type, parse, type_from_ast

from api.kit.limits import check
from api.kit.measuring import measure
from api.playground.examples import examples
from api.system.tailer import Tailer
from domain.kit.ids import CODE_OF, global_id
from domain.system import events
from tests.planner.whole.conftest import Made
from tests.planner.whole.lab import Lab, Way
from tests.planner.whole.values import Values

ROOT: Final = Path(__file__).parents[3]
_BLOCK: Final = re.compile(r"```graphql\n(.*?)```", re.DOTALL)


TOLD: Final = (
    ("jobs", "job.progressed", "jobs"),
    ("media_items", "item.changed", "items"),
    ("libraries", "library.scanned", "libraries"),
    ("provider_configs", "provider.tested", "providers"),
    ("inbound_events", "inbound_event.received", "downloaders"),
    ("sources", "downloader.health_issue", "downloaders"),
    ("players", "player.connected", "players"),
    ("player_states", "playback.paused", "playback"),
)
"""(table, type, topic) of an event for each subscription that pages show."""
SHOWN: Final = {"media_items": "deleted_at IS NULL"}
"""Which rows an event may be about; all of a table if not given."""


def documented() -> Iterator[Any]:
    """(document, operation name, variables) of each, under the place where it stands."""
    shown = [(each.name, each.document, each.variables) for each in examples()]
    pages = [each for each in sorted((ROOT / "docs").rglob("*.md")) if "node_modules" not in each.parts]
    for path in (ROOT / "README.md", *pages):
        blocks = _BLOCK.findall(path.read_text(encoding="utf-8"))
        shown += [(f"{path.stem}-{number}", block, {}) for number, block in enumerate(blocks, 1)]
    for place, document, variables in shown:
        for operation in parse(document).definitions:
            if isinstance(operation, OperationDefinitionNode):
                name = operation.name.value if operation.name else None
                used = {each.variable.name.value for each in operation.variable_definitions or ()}
                given = {key: value for key, value in variables.items() if key in used}
                yield pytest.param(document, name, given, id=f"{place}-{name or operation.operation.value}")


@pytest.mark.parametrize(("document", "name", "variables"), documented())
def test_documented_operations_stay_in_the_limits(lab: Lab, document: str, name: str | None, variables: dict[str, Any]) -> None:
    operation = next(
        each for each in parse(document).definitions
        if isinstance(each, OperationDefinitionNode) and (each.name.value if each.name else None) == name
    )  # fmt: skip
    size, _ = measure(lab.schema._schema, parse(document), operation, variables)
    assert check(size, operation.operation, lab.ways[0].services.settings) is None


async def test_documented_operations_are_planned(
    writing_lab: Callable[[str], Lab], made: Made, engine: str, tmp_path: Path
) -> None:
    lab = writing_lab(engine)
    for way in lab.ways[1:]:
        tailer = way.services.events = Tailer(way.services.database, poll_s=0.05)
        await tailer.start()
        with way.services.database.transaction() as uow:  # the world's one contradiction, made for errors
            uow.session.connection().execute(
                sa.text("DELETE FROM libraries WHERE media_type_id NOT IN (SELECT id FROM media_types)")
            )
        for each in sorted(documented(), key=_changes):  # changes last: some delete what others ask about
            document, name, variables = each.values
            variables = missing(lab, made, document, name) | variables
            given = json.loads(json.dumps(variables).replace("/media/films", str(tmp_path)))
            context = lab.context(way, "admin")
            with context.closing():
                result = await _run(lab, way, document.replace("/media/films", str(tmp_path)), name, given, context)
            errors = [error for error in result.errors or () if not error.message.startswith("No provider can be asked")]
            assert errors == [], (each.id, errors)  # no provider has a key here
        await tailer.stop()
        assert way.planner.counters.fallback == 0
        assert way.planner.counters.planned > 10


def missing(lab: Lab, made: Made, document: str, name: str | None) -> dict[str, Any]:
    """Values of the variables that an operation needs and its page gives no sample of."""
    values = Values(random.Random(1), made.rows)
    values.is_sober = True
    operations = [each for each in parse(document).definitions if isinstance(each, OperationDefinitionNode)]
    (operation,) = [each for each in operations if (each.name.value if each.name else None) == name]
    types = {
        each.variable.name.value: type_from_ast(lab.schema._schema, each.type) for each in operation.variable_definitions or ()
    }
    return {each: values.make(type_, (each,)) for each, type_ in types.items() if is_non_null_type(type_)}


def _changes(shown: Any) -> bool:
    document, name, _ = shown.values
    return _kind(document, name) is OperationType.MUTATION


def _kind(document: str, name: str | None) -> OperationType:
    operations = [each for each in parse(document).definitions if isinstance(each, OperationDefinitionNode)]
    return next(each.operation for each in operations if (each.name.value if each.name else None) == name)


async def _run(lab: Lab, way: Way, document: str, name: str | None, variables: Any, context: Any) -> Any:
    """The result; of a subscription, that of the first event about something."""
    if _kind(document, name) is not OperationType.SUBSCRIPTION:
        return await lab.schema.execute(document, variable_values=variables, context_value=context, operation_name=name)
    stream: Any = await lab.schema.subscribe(document, variable_values=variables, context_value=context, operation_name=name)
    begun = await anext(stream)
    assert begun.errors is None, (document, begun.errors)
    with way.services.database.transaction() as uow:
        for table, type_, topic in TOLD:
            key = (
                uow.session.connection()
                .execute(sa.text(f"SELECT min(id) FROM {table} WHERE {SHOWN.get(table, 'true')}"))
                .scalar_one()
            )
            asked = [each for each in variables.values() if str(each).startswith(f"{CODE_OF[table]}_")]
            subject = asked[0] if asked else global_id(table, key)
            payload = {"kind": "libraries.scan", "type": "Download", "sourceId": "src_1"}
            events.emit(uow, type_, subject, topic=topic, audience=events.EVERYONE, payload=payload)
    async with asyncio.timeout(60):  # only a test that fails waits for it
        async for result in stream:
            data = orjson.loads(orjson.dumps(result.data))  # encoded once for all subscribers
            if result.errors or any(isinstance(each, dict) and each.get("node", each.get("type")) for each in data.values()):
                await stream.aclose()
                return result
    raise AssertionError(f"no event came: {document}")
