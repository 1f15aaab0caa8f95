"""docs/clients.md quotes the examples as they are, and their lock names no host."""

import json
import re
from typing import Any

import pytest

from tests.rules.sources import ROOT
from tests.rules.test_committed_files import committed

CLIENTS = ROOT / "docs" / "clients"
UNQUOTED = ("expected/", "package", "tsconfig.json", ".npmrc")


def quoted(page: str) -> dict[str, str]:
    """File -> the text of the block below its name."""
    return dict(re.findall(r"^`clients/([^`]+)`\n```\w*\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))


def loose(lock: dict[str, Any]) -> list[str]:
    """Packages of an npm lock that say where they come from, or not what they hold."""
    packages = ((name, package) for name, package in lock["packages"].items() if name)
    return [name for name, package in packages if "resolved" in package or "integrity" not in package]


def test_the_page_quotes_the_examples() -> None:
    blocks = quoted((ROOT / "docs" / "clients.md").read_text(encoding="utf-8"))
    wrong = [name for name, text in blocks.items() if (CLIENTS / name).read_text(encoding="utf-8") != text]
    assert wrong == [], "copy the files into docs/clients.md"
    names = {path.removeprefix("docs/clients/") for path in committed() if path.startswith("docs/clients/")}
    assert {name for name in names if not name.startswith(UNQUOTED)} == set(blocks)


def test_a_block_ends_where_it_ends() -> None:
    page = "`clients/a.ts`\n```ts\none\n```\n\n```\nother\n```\n`clients/b.py`\n```python\ntwo\n\nlines\n```\n"
    assert quoted(page) == {"a.ts": "one\n", "b.py": "two\n\nlines\n"}


def test_the_npm_lock_is_hashed_and_names_no_host() -> None:
    assert loose(json.loads((CLIENTS / "package-lock.json").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("package", "found"),
    [({"integrity": "sha512-x"}, []), ({"integrity": "sha512-x", "resolved": "file:x"}, ["a"]), ({"version": "1.0.0"}, ["a"])],
)
def test_a_loose_package_is_found(package: dict[str, str], found: list[str]) -> None:
    assert loose({"packages": {"": {"name": "us"}, "a": package}}) == found


def test_every_direct_dependency_is_pinned() -> None:
    package = json.loads((CLIENTS / "package.json").read_text(encoding="utf-8"))
    wanted = package["dependencies"] | package["devDependencies"] | package["overrides"]
    assert {name: version for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
