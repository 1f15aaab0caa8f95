"""The rules of validation as one visitor that at each node asks only those which look at nodes of its kind.

graphql-core asks some thirty rules at every node, and each of them anew, by name, what it does at which kind of node: half
of the time that a short document's validation takes. What a rule does where is the same for all documents.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias

from graphql import Node
from graphql.language.visitor import BREAK, SKIP, EnterLeaveVisitor, Visitor

Rules: TypeAlias = tuple[type[Visitor], ...]
Handlers: TypeAlias = Sequence[tuple[int, Callable[..., Any]]]
_NOTHING: Final = EnterLeaveVisitor(None, None)


def together(rules: Rules) -> Any:
    """The rules as one rule; what it finds and in which order is what they find by themselves."""
    return partial(Together, rules)


@lru_cache(4096)
def _handlers(rules: Rules, way: str, kind: str) -> tuple[tuple[int, str], ...]:
    """(number of a rule, its method) for those that do something on this way (`enter`, `leave`) through such a node."""
    named = [
        (number, next((each for each in (f"{way}_{kind}", way) if hasattr(rule, each)), "")) for number, rule in enumerate(rules)
    ]
    return tuple([each for each in named if each[1]])


class Together(Visitor):
    """What `ParallelVisitor` of graphql-core is, for rules, which never edit."""

    def __init__(self, rules: Rules, context: Any) -> None:
        super().__init__()
        self._rules = rules
        self._visitors: list[Any] = [rule(context) for rule in rules]  # type: ignore[call-arg]
        self._skipping: list[Any] = [None] * len(rules)
        self._skipped: set[int] = set()
        """The nodes that stand in it, by id."""

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        """As the base class has it."""
        known = self.enter_leave_map.get(kind)
        if known is None:
            entering, leaving = self._bound("enter", kind), self._bound("leave", kind)
            known = (
                EnterLeaveVisitor(partial(self._enter, entering), partial(self._leave, leaving))
                if entering or leaving
                else _NOTHING
            )
            self.enter_leave_map[kind] = known
        return known

    def _bound(self, way: str, kind: str) -> Handlers:
        return [(number, getattr(self._visitors[number], name)) for number, name in _handlers(self._rules, way, kind)]

    def _enter(self, handlers: Handlers, node: Node, *rest: Any) -> None:
        skipping = self._skipping
        for number, handle in handlers:
            if skipping[number] is None:
                result = handle(node, *rest)
                if result is SKIP or result is False:
                    skipping[number] = node  # until it is left
                    self._skipped.add(id(node))
                elif result is BREAK or result is True:
                    skipping[number] = BREAK

    def _leave(self, handlers: Handlers, node: Node, *rest: Any) -> None:
        skipping = self._skipping
        for number, handle in handlers:
            if skipping[number] is None:
                result = handle(node, *rest)
                if result is BREAK or result is True:
                    skipping[number] = BREAK
        if id(node) in self._skipped:
            self._skipped.remove(id(node))
            skipping[:] = [None if each is node else each for each in skipping]
