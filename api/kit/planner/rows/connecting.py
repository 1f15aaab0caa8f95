"""A connection's page: one entry per row, and the generated function that wraps a parent's entries."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.kit.planner.kinds import kind_of
from api.kit.planner.paging import encode_cursor
from api.kit.planner.rows.expressions import entry_source
from api.kit.planner.rows.reading import Build, Place, Reading
from api.kit.planner.rows.scalars import natural_source
from api.kit.planner.sources import Scope, named
from api.kit.planner.specs import column_of, table_of
from api.kit.planner.tree import Edges, Paged, PageFacts, Selected, Total, Typename

_FACTS = {
    "has_next": "has_next",
    "has_previous": "has_previous",
    "start_cursor": "{0}(page[0]{1}) if page else None",
    "end_cursor": "{0}(page[-1]{1}) if page else None",
}


@dataclass(slots=True)
class Wanted:
    """What of a connection has to be read at all."""

    rows: bool
    cursors: bool
    total: bool
    facts: frozenset[str]
    """Which facts of `pageInfo`."""

    def extra(self, *, is_backward: bool) -> int:
        """How many rows too many answer whether more follows in the direction of paging."""
        return int(("has_previous" if is_backward else "has_next") in self.facts)


def wanted(page: Paged) -> Wanted:
    """Look through the selection of a connection."""
    values = [value for _, value in page.fields]
    facts = {fact for value in values if isinstance(value, PageFacts) for _, fact in value.fields if isinstance(fact, str)}
    edges = [edge for value in values if isinstance(value, Edges) for _, edge in value.fields]
    return Wanted(
        rows=any(isinstance(value, Selected | Edges | PageFacts) for value in values),
        cursors=None in edges or "start_cursor" in facts or "end_cursor" in facts,
        total=any(isinstance(value, Total) for value in values),
        facts=frozenset(facts),
    )


class Entries:
    """The parts of a row's entry: the cursor's values first, then each object that nodes and edges ask for."""

    def __init__(self, reading: Reading, place: Place, page: Paged, scope: Scope) -> None:
        self._sources: list[str] = []
        self._positions: dict[int, int] = {}
        self.cursor = reading.build.names.constant(partial(encode_cursor, page.order.fingerprint))
        if wanted(page).cursors:
            self._sources.append(_cursor_source(reading, page, scope))
        edges = [edge for _, value in page.fields if isinstance(value, Edges) for _, edge in value.fields]
        for each in (*[value for _, value in page.fields], *edges):
            if isinstance(each, Selected) and id(each) not in self._positions:
                self._positions[id(each)] = len(self._sources)
                self._sources.append(entry_source(reading, place, each))

    @property
    def source(self) -> str:
        """Source of one entry: its only part, or a tuple of them."""
        return self._sources[0] if len(self._sources) == 1 else f"({', '.join(self._sources)})"

    def part(self, selected: Selected | None) -> str:
        """What takes a part (None: the cursor's values) out of an entry."""
        return "" if len(self._sources) == 1 else f"[{0 if selected is None else self._positions[id(selected)]}]"


def _cursor_source(reading: Reading, page: Paged, scope: Scope) -> str:
    build = reading.build
    parts = []
    for key in page.order.keys:
        column = column_of(key.attribute)
        kind = kind_of(column.type)
        variable = reading.column(
            (scope[table_of(key.attribute).name], column.key), build.dialect.natural(named(key.attribute, scope), kind)
        )
        source = natural_source(variable, kind, build.dialect)
        parts.append(source if source == variable or not column.nullable else f"(None if {variable} is None else {source})")
    return f"({', '.join(parts)},)"


def wrapper(build: Build, page: Paged, entries: Entries, *, is_backward: bool, has_cursor: bool) -> Callable[..., Any]:
    """The generated `wrap(page, has_more, total)`: turns backward pages round, writes the object."""
    parts = []
    for key, value in page.fields:
        match value:
            case Typename():
                parts.append(f"{key!r}: {value.name!r}")
            case Total():
                parts.append(f"{key!r}: total")
            case Selected():
                part = entries.part(value)
                parts.append(f"{key!r}: [each{part} for each in page]" if part else f"{key!r}: page")
            case Edges():
                parts.append(f"{key!r}: [{{{', '.join(_edge(entries, *each) for each in value.fields)}}} for each in page]")
            case PageFacts():
                parts.append(f"{key!r}: {{{', '.join(_fact(entries, *each) for each in value.fields)}}}")
    more = "has_previous" if is_backward else "has_next"
    other = "has_next" if is_backward else "has_previous"
    lines = [
        f"def wrap(page, {more}, total):",
        f"    {other} = {has_cursor}" if other in wanted(page).facts else "",
        "    page = page[::-1]" if is_backward else "",
        f"    return {{{', '.join(parts)}}}",
    ]
    scope: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<plan>", "exec"), build.names.known, scope)  # noqa: S102 - see reading.py
    found: Callable[..., Any] = scope["wrap"]
    return found


def _edge(entries: Entries, key: str, value: Typename | Selected | None) -> str:
    if isinstance(value, Typename):
        return f"{key!r}: {value.name!r}"
    part = entries.part(value)
    return f"{key!r}: {entries.cursor}(each{part})" if value is None else f"{key!r}: each{part}"


def _fact(entries: Entries, key: str, fact: Typename | str) -> str:
    return f"{key!r}: " + (
        repr(fact.name) if isinstance(fact, Typename) else _FACTS[fact].format(entries.cursor, entries.part(None))
    )
