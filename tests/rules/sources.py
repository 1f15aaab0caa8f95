"""The project's source files as syntax trees, with names resolved through each module's imports."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREES = ("api", "domain", "workers")


@dataclass(frozen=True)
class Module:
    """One source file. `imports` maps each local name to what it stands for: `sa` to `sqlalchemy`."""

    path: str
    text: str
    tree: ast.Module = field(repr=False)
    imports: dict[str, str] = field(repr=False)

    @property
    def name(self) -> str:
        """Dotted name; a package's own name for its `__init__.py`."""
        return re.sub(r"(/__init__)?\.py$", "", self.path).replace("/", ".")

    def at(self, node: ast.AST, what: str) -> str:
        """One line that an editor can jump to."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"

    def comment_on(self, node: ast.expr | ast.stmt, word: str) -> bool:
        """Whether a line of `node` ends with `# word: a reason`, of three words or more."""
        lines = self.text.splitlines()[node.lineno - 1 : node.end_lineno]
        return any(re.search(rf"# {word}:(\s+\S+){{3}}", line) for line in lines)


def module_of(text: str, path: str = "domain/planted.py") -> Module:
    """A module from its text; for the rules' own tests it lies nowhere."""
    tree = ast.parse(text, path)
    imports: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                imports[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                imports[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return Module(path, text, tree, imports)


@cache
def modules(*trees: str) -> tuple[Module, ...]:
    """Every module below the given folders (the three trees, if none is given)."""
    return tuple(_read(path) for tree in trees or TREES for path in sorted((ROOT / tree).rglob("*.py")))


@cache
def _read(path: Path) -> Module:
    return module_of(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())


def qualified(module: Module, node: ast.expr) -> str:
    """`sa.select` as `sqlalchemy.select`; what hangs on an expression begins with a dot: `.commit`."""
    if isinstance(node, ast.Name):
        return module.imports.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{qualified(module, node.value)}.{node.attr}"
    return ""


def calls(module: Module, root: ast.AST | None = None) -> Iterator[tuple[ast.Call, str]]:
    """Every call below `root` with the qualified name of what is called."""
    for node in ast.walk(module.tree if root is None else root):
        if isinstance(node, ast.Call):
            yield node, qualified(module, node.func)
