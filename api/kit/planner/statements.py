"""SQL compiled once: the text that the reader takes, and the order of its parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from api.kit.planner.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one engine."""

    text: str
    names: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    """Parameters in the driver's order: name, and what turns the Python value into the driver's."""
    constants: Mapping[str, Any]
    """Values that the statement itself brings (out of a policy's predicate)."""

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
    return Statement(str(done), tuple(names), constants)
