"""What the planner keeps for a parsed operation: its plans, and the variables that decide which of its fields are asked."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from graphql import FragmentSpreadNode, OperationDefinitionNode, VariableNode

from api.kit.planner.rows.running import Plan


@dataclass(slots=True)
class Operation:
    """What is kept for one parsed operation; holding its nodes, so that their ids stay theirs."""

    node: OperationDefinitionNode
    fragments: Any
    switches: tuple[str, ...]
    """Variables that decide @skip and @include somewhere."""
    plans: "OrderedDict[Any, Plan]" = field(default_factory=OrderedDict)


def switches(operation: OperationDefinitionNode, fragments: Any) -> tuple[str, ...]:
    """Names of the variables that decide directives anywhere in an operation."""
    names: set[str] = set()
    seen: set[str] = set()
    todo: list[Any] = [operation.selection_set]
    while todo:
        for selection in todo.pop().selections:
            for directive in selection.directives or ():
                names.update(each.value.name.value for each in directive.arguments or () if isinstance(each.value, VariableNode))
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in seen and name in fragments:
                    seen.add(name)
                    todo.append(fragments[name].definition.selection_set)
            elif selection.selection_set:
                todo.append(selection.selection_set)
    return tuple(sorted(names))
