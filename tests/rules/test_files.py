"""Files: each says what it is, stays readable, and hides nobody else's package."""

import ast
import importlib.metadata
import importlib.util

import pytest

from tests.rules.sources import ROOT, TREES, Module, module_of, modules

LIMIT = 500
ASK = 300
LINE = 130


def unsaid(module: Module) -> list[str]:
    """A module starts with one sentence that says what it is."""
    text = ast.get_docstring(module.tree)
    if not text:
        return [module.at(module.tree, "has no docstring")]
    first = text.split("\n\n")[0].strip()
    if len(text.splitlines()[0]) > LINE or not first.endswith((".", "!", "?", ":")) or len(first.split()) < 3:
        return [module.at(module.tree, f"does not start with one sentence: {first[:60]!r}")]
    return []


def too_long(module: Module) -> list[str]:
    """A file is at most 500 lines."""
    lines = len(module.text.splitlines())
    return [module.at(module.tree, f"has {lines} lines")] if lines > LIMIT else []


def test_every_module_says_what_it_is() -> None:
    assert [line for module in modules(*TREES, "tests", "benchmarks") for line in unsaid(module)] == []


@pytest.mark.parametrize("text", ["", "x = 1\n", '"""Things"""\n', '"""TODO."""\n', f'"""{"word " * 40}."""\n'])
def test_a_module_that_says_nothing_is_found(text: str) -> None:
    assert len(unsaid(module_of(text))) == 1


def test_no_file_is_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    every = modules(*TREES, "tests", "benchmarks", "alembic")
    with capsys.disabled():
        for module in every:
            if (lines := len(module.text.splitlines())) > ASK:
                print(f"\n{module.path} asks to be split: {lines} lines", end="")
    assert [line for module in every for line in too_long(module)] == []


def test_a_long_file_is_found() -> None:
    assert too_long(module_of("x = 1\n" * LIMIT)) == []
    assert too_long(module_of("x = 1\n" * (LIMIT + 1))) == ["domain/planted.py:1: has 501 lines"]


def test_our_migrations_do_not_hide_the_alembic_package() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()
    origin = importlib.util.find_spec("alembic")
    assert origin is not None
    assert origin.origin is not None
    assert not origin.origin.startswith(str(ROOT / "alembic"))


def test_no_installed_package_bears_one_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {name: owners[name] for name in (*TREES, "tests") if set(owners.get(name, [])) - {"marquee"}} == {}
    assert owners["alembic"] == ["alembic"]
