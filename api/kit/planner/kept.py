"""Conditions that many statements share: SQLAlchemy writes each of them once per engine, not once per statement."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter, ColumnElement, Grouping
from sqlalchemy.sql.operators import and_
from sqlalchemy.sql.visitors import InternalTraversal, iterate


class Kept(ColumnElement[bool]):
    """A condition over one named alias; all else that it reads is in subqueries of its own."""

    __visit_name__ = "kept"
    inherit_cache = True
    _traverse_internals = [("condition", InternalTraversal.dp_clauseelement)]

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.condition = condition
        self.type = condition.type
        self.binds = [each for each in iterate(condition) if isinstance(each, BindParameter)]
        self.texts: dict[tuple[type, str], tuple[str, list[BindParameter[Any]]]] = {}
        """By engine: the text, and the parameters in their order in it."""

    def self_group(self, against: Any = None) -> Any:
        return self if against in (None, and_) else Grouping(self)

    def _negate(self) -> Any:
        return sa.not_(self.condition)


def kept(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, to be written once. As it is where it brings values: statements name those, each in its own way."""
    made = Kept(condition.self_group(against=and_))
    return condition if any(each.unique or each.expanding for each in made.binds) else made


@compiles(Kept)
def _kept(element: Kept, compiler: Any, **options: Any) -> str:
    key = (type(compiler), compiler.dialect.paramstyle)
    if options.get("literal_binds"):
        return str(compiler.process(element.condition, **options))
    if key not in element.texts:
        written = str(compiler.process(element.condition, **options))
        element.texts[key] = written, sorted(element.binds, key=lambda each: written.index(each.key))
    text, binds = element.texts[key]
    for each in binds:
        compiler.process(each)  # tells the statement that there is such a parameter; their order numbers them
    return text
