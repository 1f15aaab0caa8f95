"""SQL compiled once: the text that the reader takes, and the order of its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from api.kit.planner.dialects import Dialect
from domain.kit.database.reader import Rows


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one engine."""

    text: str
    names: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    """Parameters in the driver's order: name, and what turns the Python value into the driver's."""
    constants: Mapping[str, Any]
    """Values that the statement itself brings (out of a policy's predicate)."""
    is_gathered: bool = False
    """All rows come as one JSON text."""

    def rows(self, found: Rows) -> Rows:
        """The rows of what the reader found."""
        return orjson.loads(found[0][0]) if self.is_gathered else found

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters of one run. Raises KeyError for a value that is missing."""
        constants = self.constants
        found = []
        for name, process in self.names:
            value = constants[name] if name in constants else values[name]
            found.append(value if process is None or value is None else process(value))
        return found


def compiled(query: "sa.Select[Any]", dialect: Dialect) -> Statement:
    """Compile a query of the planner."""
    done: Any = query.compile(dialect=dialect.ENGINE, compile_kwargs={"render_postcompile": True})
    order = list(done.positiontup or ())
    binds = done.binds
    constants = {name: value for name, value in done.params.items() if name not in binds or not binds[name].required}
    names = []
    for name in order:
        bind = binds.get(name)
        process = None if bind is None else bind.type.dialect_impl(dialect.ENGINE).bind_processor(dialect.ENGINE)
        names.append((name, process))
    text = str(done)
    gathered = dialect.gathered(text, query.selected_columns)
    return Statement(gathered or text, tuple(names), constants, gathered is not None)
