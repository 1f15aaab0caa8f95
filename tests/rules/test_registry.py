"""The registry: every module that declares a table or guards one is imported by domain/registry.py."""

import ast
import json
import subprocess
import sys

import pytest

from tests.rules.sources import ROOT, Module, calls, module_of, modules


def declares_table(module: Module) -> bool:
    """Whether a class of the module is a table: `class Movie(Table, table=True)`."""
    keywords = (keyword for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef) for keyword in node.keywords)
    return any(keyword.arg == "table" and getattr(keyword.value, "value", False) is True for keyword in keywords)


def guards_table(module: Module) -> bool:
    """Whether the module registers a row policy."""
    return any(name in ("domain.kit.policy.guard", "domain.kit.policy.follows") for _, name in calls(module))


def imported_by(name: str) -> set[str]:
    """Every module that importing `name` brings along, in a fresh interpreter."""
    code = f"import sys, json, {name}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_registry_imports_every_table_and_every_policy() -> None:
    needed = {module.name for module in modules("domain", "api", "workers") if declares_table(module) or guards_table(module)}
    assert "domain.system.tables" in needed
    assert needed - imported_by("domain.registry") == set()


def test_tables_lie_in_modules_named_for_them() -> None:
    found = [module.name for module in modules() if declares_table(module)]
    assert [name for name in found if not any(part == "tables" or part.endswith("_tables") for part in name.split("."))] == []


def test_settings_and_logs_alone_import_no_table() -> None:
    assert not any(name.startswith("domain.") and "tables" in name for name in imported_by("domain.settings, domain.kit.logs"))


@pytest.mark.parametrize(
    ("text", "is_table", "is_guard"),
    [
        ("class Movie(Table, table=True):\n    pass", True, False),
        ("class Movie(Table, table=False):\n    pass", False, False),
        ("class Movie(Table):\n    pass", False, False),
        ("from domain.kit.policy import guard\nguard(Movie, rule)", False, True),
        ("from domain.kit import policy\npolicy.follows(Credit, Credit.item_id)", False, True),
    ],
)
def test_tables_and_guards_are_recognised(text: str, is_table: bool, is_guard: bool) -> None:
    module = module_of(text)
    assert (declares_table(module), guards_table(module)) == (is_table, is_guard)
