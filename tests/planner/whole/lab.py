"""Answers an operation in every way there is (planner and plain resolvers, on either engine) and compares the answers."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.types.graphql import OperationType

from api.kit.context import Context
from api.kit.masking import masked
from api.kit.planner import Planner
from api.kit.planner.json.embedding import BackEnd
from api.kit.services import Services
from api.kit.sharing import SharingExecutor
from api.schema import build_schema
from domain.accounts.sessions import by_token
from domain.kit.database import Database
from domain.settings import Settings
from tests.factories.accounts import KEY
from tests.planner.whole.shrinking import shrunk

VIEWERS: Final = ("admin", "member", "limited", "scoped")
ALLOWED: Final = frozenset({OperationType.QUERY, OperationType.MUTATION})
_KNOWN_FAULTS: Final = ("Cannot return null for non-nullable field", "Int cannot represent non 32-bit", "BigInt cannot represent")
"""What the world's own contradictions cause; any other unexpected error is a fault of ours."""

_LATE: Final = frozenset({"DEADLINE", "OVERLOADED"})
SHOWN: Final = 2000
"""Letters of an answer that a failure shows."""

Answer = dict[str, Any]


class Watching(SharingExecutor):
    """The real executor; notes which fields graphql-core completed, and which of them with a value."""

    completed: Final[set[str]] = set()
    valued: Final[set[str]] = set()

    def complete_value(self, return_type: Any, details: Any, info: Any, path: Any, result: Any, *rest: Any) -> Any:
        name = f"{info.parent_type.name}.{info.field_name}"
        self.completed.add(name)
        if result is not None and result != []:
            self.valued.add(name)
        return super().complete_value(return_type, details, info, path, result, *rest)


@dataclass
class Way:
    """One database and one planner."""

    name: str
    services: Services
    identities: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def over(cls, name: str, database: Database, planner: Planner, settings: Settings) -> "Way":
        """A way with services of its own."""
        return cls(name, Services(settings, database, planner, KEY))

    @property
    def planner(self) -> Planner:
        return self.services.planner


@dataclass
class Lab:
    """The schema and every way to answer it."""

    schema: strawberry.Schema
    ways: list[Way]
    tokens: dict[str, str]

    def context(self, way: Way, who: str) -> Context:
        """An operation of a viewer, answered in one way."""
        if who not in way.identities:
            with way.services.database.read() as session:
                token = self.tokens.get(who)
                way.identities[who] = None if token is None else by_token(session, key=KEY, token=token)
        return Context(way.services, way.identities[who], "lab", ip_address="127.0.0.1", host="127.0.0.1")

    async def ask(self, way: Way, query: str, variables: Answer, who: str) -> Answer:
        """Data and errors, in one way."""
        context = self.context(way, who)
        with context.closing():
            # as HTTP asks: from the second way on the document is known, and takes the short way
            options: Any = {"variable_values": variables, "context_value": context, "allowed_operation_types": ALLOWED}
            result = await self.schema.execute(query, **options)
            data = orjson.loads(orjson.dumps(result.data))
        assert way.services.gate.in_flight == 0, "the operation left its place and its deadline behind"
        return {"data": data, "errors": sorted((shown(each) for each in result.errors or ()), key=json.dumps)}

    async def answers(self, query: str, variables: Answer, who: str) -> dict[str, Answer]:
        """The answer of every way."""
        found = {}
        for way in self.ways:
            try:
                found[way.name] = await self.ask(way, query, variables, who)
            except BaseException as error:
                error.add_note(f"asked as {way.name} for {who}: {query} {json.dumps(variables)}"[:SHOWN])
                raise
        return found

    async def same(self, query: str, variables: Answer, who: str, *, is_repeatable: bool = True) -> Answer:
        """The one answer of all ways. Raises AssertionError, with the smallest operation that shows the difference."""
        found = await self.answers(query, variables, who)
        if (why := fault(found)) is not None:
            assert is_repeatable, f"{why}\nfor {who}\n{query}\n{json.dumps(variables)}"

            async def fails(smaller: str, fewer: Answer) -> bool:
                return fault(await self.answers(smaller, fewer, who)) is not None

            small, few = await shrunk(self.schema._schema, query, variables, fails)
            why = fault(await self.answers(small, few, who)) or why
            raise AssertionError(f"{why}\nfor {who}\n{small}\n{json.dumps(few)}\nshrunk from\n{query}\n{json.dumps(variables)}")
        return next(iter(found.values()))


def fault(answers: dict[str, Answer]) -> str | None:
    """What is wrong with the answers of all ways: that two differ, or that they hold an error nobody expects."""
    (first, expected), *others = answers.items()
    for name, answer in answers.items():
        if late := {error["code"] for error in answer["errors"]} & _LATE:
            return f"{name} ended by the clock ({', '.join(late)}), which says nothing of what it answers"
    for name, answer in others:
        if text(answer) != text(expected):
            where = difference(expected, answer)
            return f"{first} and {name} differ at {where}\n{first}: {text(expected)[:SHOWN]}\n{name}: {text(answer)[:SHOWN]}"
    for error in expected["errors"]:
        if error["code"] == "INTERNAL" and not error["message"].startswith(_KNOWN_FAULTS):
            return f"nobody expects {error}"
    return None


def difference(one: Any, other: Any, path: str = "") -> str:
    """The first place where two answers are not alike, with what stands there."""
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        pairs = [(f"{path}.{key}", one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{path}[{place}]", *pair) for place, pair in enumerate(zip(one, other, strict=True))]
    else:
        pairs = []
    found = next((each for each in pairs if text(each[1]) != text(each[2])), None)
    return difference(found[1], found[2], found[0]) if found else f"{path or 'the top'}: {text(one)[:120]} / {text(other)[:120]}"


def text(answer: Any) -> str:
    """An answer with its order of keys."""
    return json.dumps(answer, ensure_ascii=False)


def shown(error: GraphQLError) -> Answer:
    """What must be equal of an error."""
    public = masked([error], "lab")[0].formatted
    parts = {key: public.get(key) for key in ("path", "locations", "extensions")}
    return {"message": error.message, "code": (public.get("extensions") or {}).get("code"), **parts}


def planners(database: Database) -> dict[str, Planner]:
    """Every planner of a database by name; the oracle first."""
    back_ends: tuple[BackEnd, ...] = ("measured", "json", "rows")
    return {"oracle": Planner(database, enabled=False)} | {each: Planner(database, back_end=each) for each in back_ends}


def watched_schema() -> strawberry.Schema:
    """The real schema under the watching executor."""
    schema = build_schema()
    schema.execution_context_class = Watching
    return schema
