"""Where JSON meets rows: a column of a level's statement that holds a finished part of its answer."""

from collections.abc import Hashable
from typing import Literal, TypeAlias

import orjson
import sqlalchemy as sa

from api.kit.planner.dialects.json import FAULT, json_dialect_of
from api.kit.planner.json.exact import Exactness
from api.kit.planner.json.writing import Writer
from api.kit.planner.rows.reading import Embed, Place, Reading, nothing
from api.kit.planner.rows.running import Run
from api.kit.planner.specs import column_of
from api.kit.planner.tree import Connected, Listed, Selected

BackEnd: TypeAlias = Literal["rows", "json", "measured"]
"""What the database writes as JSON: nothing, all that it can, or (see docs/performance.md) all that pays."""


def embedding(back_end: BackEnd, engine: str) -> Embed:
    """The decision for one plan's nodes. Raises KeyError for an unknown engine."""
    if back_end == "rows":
        return nothing
    json = json_dialect_of(engine)
    exactness = Exactness(json)

    def embed(reading: Reading, place: Place, node: Selected | Listed | Connected) -> str | None:
        if (back_end == "json" or json.pays(node)) and exactness.of(node):
            return _embedded(reading, place, node)
        return None

    return embed


def _embedded(reading: Reading, place: Place, node: Selected | Listed | Connected) -> str:
    build = reading.build
    key: Hashable = ("json", place.rows, id(node))
    if not reading.has(key):
        build.embedded += 1
        build.names.known["fragment"] = fragment
        writer = Writer(build)
        text, joined = writer.column(place.rows, place.entity, node)
        for each in joined:
            reading.source = reading.source.join(each, sa.true())
        reading.bound += writer.bound
        reading.column(key, text)
    if place.entity.discriminator is not None:
        kind = sa.type_coerce(place.rows.c[column_of(place.entity.discriminator).key], sa.String())
        reading.only_for(key, kind, place)
    return f"fragment({reading.known(key)}, run)"


def fragment(text: str, run: Run) -> orjson.Fragment:
    """The text as part of an answer. A mark in it makes the whole position be read again by rows."""
    if FAULT in text:
        run.is_faulty = True
    return orjson.Fragment(text)
