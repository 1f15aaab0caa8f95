"""Who sees a row is asked everywhere: no read of a guarded table that does not go through the row policy.

In `api/` such a read is forbidden altogether (the planner is the one place that writes FROM). In `domain/` and
`workers/` the function that reads must call `visible(…)`, or its statement says why it need not:
`# unguarded: the scanner writes what it reads`.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from sqlmodel import SQLModel

import domain.registry
from domain.kit import policy
from tests.rules.sources import Module, calls, module_of, modules

EXEMPT = {
    "domain/accounts/": "reads users, tokens and sessions to find out who the viewer is",
    "api/kit/planner/": "the one place that writes FROM, always with the policy",
}
SELECTS = {"sqlmodel.select", "sqlalchemy.select", "sqlalchemy.exists", "sqlalchemy.orm.aliased"}
READS = {"select_from", "join", "outerjoin", "join_from", "get", "get_one", "query"}


def guarded_models() -> dict[str, str]:
    """Class name -> table name of every guarded table."""
    assert domain.registry.metadata is SQLModel.metadata
    tables = {mapper.class_.__name__: str(mapper.class_.__tablename__) for mapper in SQLModel._sa_registry.mappers}
    return {model: table for model, table in tables.items() if policy.is_guarded(table)}


def enclosing(module: Module) -> Iterator[ast.AST]:
    """Each function by itself, and the module's own level."""
    inside: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node not in inside:
            inside.update(ast.walk(node))
            yield node
    rest = [node for node in module.tree.body if node not in inside and not isinstance(node, ast.ClassDef)]
    yield ast.Module(body=rest, type_ignores=[])


def mentioned(module: Module, node: ast.AST, models: dict[str, str]) -> set[str]:
    """The guarded tables whose model, or a column of it, is named below `node`."""
    names = {module.imports.get(child.id, child.id) for child in ast.walk(node) if isinstance(child, ast.Name)}
    return {models[name.rpartition(".")[2]] for name in names if name.rpartition(".")[2] in models and name.startswith("domain.")}


def reads(module: Module, root: ast.AST, models: dict[str, str]) -> Iterator[tuple[ast.expr, str]]:
    """Every expression below `root` that reads a guarded table, and the table."""
    for call, name in calls(module, root):
        if name in SELECTS:
            tables = {table for argument in call.args for table in mentioned(module, argument, models)}
        elif "." in name and name.rpartition(".")[2] in READS and call.args:
            first = call.args[0]
            tables = mentioned(module, first, models) if isinstance(first, ast.Name) else set()
        else:
            continue
        yield from ((call, table) for table in sorted(tables))
    from_table = re.compile(rf"\b(?:FROM|JOIN)\s+({'|'.join(models.values())})\b")
    for node in ast.walk(root):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (match := from_table.search(node.value)):
            yield node, match[1]


def asks_policy(module: Module, root: ast.AST) -> bool:
    """Whether the code calls the policy, or a function named for it (`visible_items`)."""
    return any(name.rpartition(".")[2].startswith("visible") for _, name in calls(module, root))


def unguarded(module: Module, models: dict[str, str]) -> list[str]:
    """Reads of guarded tables past the policy. The rules themselves (`access.py`) are read by nobody."""
    if module.path.startswith(tuple(EXEMPT)) or (module.path.startswith("domain/") and module.path.endswith("/access.py")):
        return []
    found = []
    for root in enclosing(module):
        if not module.path.startswith("api/") and asks_policy(module, root):
            continue
        statements = [node for node in ast.walk(root) if isinstance(node, ast.stmt) and not hasattr(node, "body")]
        excused = {
            child for statement in statements if module.comment_on(statement, "unguarded") for child in ast.walk(statement)
        }
        may_excuse = not module.path.startswith("api/")
        found += [
            module.at(node, f"reads {table}")
            for node, table in reads(module, root, models)
            if not (may_excuse and (node in excused or module.comment_on(node, "unguarded")))
        ]
    return found


def test_every_read_of_a_guarded_table_asks_the_policy() -> None:
    models = guarded_models()
    found = [line for module in modules() for line in unguarded(module, models)]
    assert found == [], "\n".join(found)


def test_the_exempt_places_exist() -> None:
    paths = [module.path for module in modules()]
    assert [place for place in EXEMPT if not any(path.startswith(place) for path in paths)] == []


def test_the_rule_knows_the_guarded_tables() -> None:
    models = guarded_models()
    assert models["MediaItem"] == "media_items"
    assert models["User"] == "users"
    assert "Genre" not in models or policy.is_guarded("genres")


IMPORTS = "import sqlalchemy as sa\nfrom sqlmodel import select\nfrom domain.catalog.tables import MediaItem\n"
PLANTED = [
    "select(MediaItem)",
    "select(MediaItem.id, MediaItem.title)",
    "sa.select(sa.func.count(MediaItem.id))",
    "select(sa.literal(1)).select_from(MediaItem)",
    "session.get(MediaItem, 1)",
    "session.query(MediaItem)",
    "sa.text('SELECT title FROM media_items')",
]


@pytest.mark.parametrize(
    "place", ["domain/publish/queries.py", "domain/publish/service.py", "api/catalog/queries.py", "workers/x/y.py"]
)
@pytest.mark.parametrize("read", PLANTED)
def test_a_read_past_the_policy_is_found(place: str, read: str) -> None:
    inside = module_of(f"{IMPORTS}def planted(session):\n    return {read}\n", place)
    assert len(unguarded(inside, guarded_models())) == 1
    outside = module_of(f"{IMPORTS}STATEMENT = {read}\n", place)
    assert len(unguarded(outside, guarded_models())) == 1


def test_in_the_api_neither_policy_nor_reason_helps() -> None:
    body = "    visible(MediaItem, shape)\n    return select(MediaItem)  # unguarded: for some good reason\n"
    text = f"{IMPORTS}def planted(shape):\n{body}"
    assert unguarded(module_of(text, "api/catalog/queries.py"), guarded_models()) == [
        "api/catalog/queries.py:6: reads media_items"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "return select(MediaItem).where(policy.visible(MediaItem.__table__, shape))",
        "return select(MediaItem)  # unguarded: the scanner writes what it reads",
        "for row in session.execute(select(MediaItem)):  # unguarded: the scanner writes what it reads\n        print(row)",
        "return sa.update(MediaItem).values(title='x')",
        "return {}.get(shape)",
    ],
)
def test_what_asks_or_gives_a_reason_is_not_found(line: str) -> None:
    text = f"{IMPORTS}from domain.kit import policy\ndef planted(shape):\n    {line}\n"
    assert unguarded(module_of(text, "domain/publish/queries.py"), guarded_models()) == []


def test_a_reason_needs_three_words() -> None:
    text = f"{IMPORTS}def planted():\n    return select(MediaItem)  # unguarded: scanner\n"
    assert len(unguarded(module_of(text, "domain/publish/queries.py"), guarded_models())) == 1
