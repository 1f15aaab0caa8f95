"""A write transaction holds no hashing, HTTP or file work: on SQLite one writes at a time, and everybody waits for it.

Looked at is every `with ….transaction(…)` block, every function whose first parameter is a unit of work, and whatever
project function they call. What is registered for after the commit (a nested function or lambda) does not count.
A call that is known to be short says so on its line: `# short: one digest of a token`.
"""

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.rules.sources import Module, calls, module_of, modules, qualified

Function = ast.FunctionDef | ast.AsyncFunctionDef
Index = Mapping[str, tuple[Module, Function]]

SLOW_PACKAGES = (
    "hashlib", "argon2", "bcrypt", "httpx", "requests", "urllib.request", "socket", "subprocess", "shutil", "tempfile",
    "time.sleep", "PIL", "av", "guessit", "lxml",
)  # fmt: skip
SLOW_CALLS = {
    "open", "os.open", "os.fsync", "os.listdir", "os.remove", "os.rename", "os.replace", "os.scandir", "os.stat", "os.statvfs",
    "os.unlink", "os.walk", "os.path.exists", "os.path.getsize", "os.path.isdir", "os.path.isfile",
}  # fmt: skip
SLOW_METHODS = {
    "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "rglob", "mkdir",
    "rmdir", "unlink", "touch", "is_file", "is_dir", "stat",
}  # fmt: skip


def here(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """Everything below `nodes` that runs now: not the insides of nested functions."""
    for node in nodes:
        yield from _now(node)


def _now(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, Function | ast.Lambda | ast.ClassDef):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _now(child)


def functions(module: Module) -> Iterator[tuple[str, Function]]:
    """Module-level functions and methods by dotted name."""
    for node in module.tree.body:
        if isinstance(node, Function):
            yield f"{module.name}.{node.name}", node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    yield f"{module.name}.{node.name}.{inner.name}", inner


def is_service(function: Function) -> bool:
    """Whether the first parameter is the open transaction."""
    parameters = [parameter for parameter in function.args.args if parameter.arg != "self"]
    return bool(parameters) and parameters[0].arg in ("uow", "unit")


def bodies(module: Module) -> Iterator[list[ast.stmt]]:
    """The code that runs inside a write transaction."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function) and is_service(node):
            yield node.body
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and qualified(module, call.func).endswith(".transaction"):
                    yield node.body


def is_slow(name: str) -> bool:
    """Whether a call of that qualified name hashes, speaks to somebody or touches files."""
    in_package = any(name == package or name.startswith(f"{package}.") for package in SLOW_PACKAGES)
    is_ours = name.startswith(("api.", "domain.", "workers."))  # a function of that name is looked into instead
    return in_package or name in SLOW_CALLS or (not is_ours and "." in name and name.rpartition(".")[2] in SLOW_METHODS)


def slow_work(module: Module, body: list[ast.stmt], index: Index, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """One line for each slow call that `body` makes, itself or through the project's functions."""
    for node in here(body):
        if not isinstance(node, ast.Call) or module.comment_on(node, "short"):
            continue
        name = qualified(module, node.func)
        if is_slow(name):
            yield module.at(node, name)
        target = index.get(name) or index.get(f"{module.name}.{name}")
        if target is not None and name not in seen and not is_service(target[1]):
            for line in slow_work(target[0], target[1].body, index, seen | {name}):
                yield f"{line} (called from {module.path}:{node.lineno})"


def violations(checked: tuple[Module, ...]) -> list[str]:
    """Every slow call inside a transaction; services are looked at once, as themselves."""
    index = {name: (module, function) for module in checked for name, function in functions(module)}
    return sorted({line for module in checked for body in bodies(module) for line in slow_work(module, body, index)})


def test_a_transaction_holds_no_slow_work() -> None:
    found = violations(modules())
    assert found == [], "\n".join(found)


def test_the_rule_looks_at_real_transactions() -> None:
    assert sum(1 for module in modules("domain") for _ in bodies(module)) > 20
    assert any(
        name == "domain.kit.database.Database.transaction" for module in modules("domain") for name, _ in functions(module)
    )


@pytest.mark.parametrize(
    "body",
    [
        "    with database.transaction() as uow:\n        hashlib.sha256(data)",
        "    with database.transaction(actor='x') as uow:\n        if uow:\n            return path.read_bytes()",
        "    with lock, database.transaction() as uow:\n        open('x')",
        "    with database.transaction() as uow:\n        digest_of(path)",
        "    with database.transaction() as uow:\n        outer(path)",
    ],
)
def test_slow_work_in_a_transaction_is_found(body: str) -> None:
    text = "import hashlib\ndef digest_of(p):\n    return p.read_bytes()\ndef outer(p):\n    return digest_of(p)\n"
    assert len(violations((module_of(f"{text}def planted(database, path):\n{body}\n"),))) == 1


def test_slow_work_in_a_service_is_found_across_modules() -> None:
    files = module_of("def fingerprint(path):\n    return path.stat().st_size\n", "domain/kit/files.py")
    service = module_of("from domain.kit import files\ndef add(uow, path):\n    files.fingerprint(path)\n", "domain/x/service.py")
    assert violations((files, service)) == ["domain/kit/files.py:2: path.stat (called from domain/x/service.py:3)"]


@pytest.mark.parametrize(
    "body",
    [
        "    data = path.read_bytes()\n    with database.transaction() as uow:\n        save(uow, data)",
        "    with database.transaction() as uow:\n        uow.after_commit(lambda: path.unlink())",
        "    with database.transaction() as uow:\n        hashlib.sha256(token)  # short: one digest of a token",
        "    with database.read() as session:\n        path.read_bytes()",
        "    with database.transaction() as uow:\n        sessions.touch(uow)",
    ],
)
def test_work_outside_the_transaction_is_not_found(body: str) -> None:
    imports = "import hashlib\nfrom domain.accounts import sessions\n"
    assert violations((module_of(f"{imports}def save(uow, data):\n    pass\ndef planted(database, path):\n{body}\n"),)) == []


def test_a_short_call_needs_a_reason() -> None:
    text = "import hashlib\ndef planted(uow):\n    hashlib.sha256(b'')  # short: yes\n"
    assert len(violations((module_of(text),))) == 1
    assert [name for _, name in calls(module_of(text))] == ["hashlib.sha256"]
