"""The import contracts bite: each one is broken once, in a small planted house with this project's own contracts."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rules.sources import ROOT

HOUSE = {
    "api/app.py": "import api.schema",
    "api/schema.py": "",
    "api/cli/main.py": "import api.app, workers.main",
    "api/films/types.py": "",
    "api/shows/types.py": "import api.films.types",
    "api/kit/services.py": "import workers.broker",
    "domain/settings.py": "",
    "domain/registry.py": "import domain.catalog.tables",
    "domain/kit/clock.py": "import domain.settings",
    "domain/kit/database/migrations.py": "import alembic",
    "domain/catalog/enums.py": "",
    "domain/catalog/tables.py": "import domain.catalog.enums",
    "domain/catalog/queries.py": "import domain.catalog.tables",
    "domain/catalog/service.py": "import domain.catalog.queries",
    "domain/jobs/kinds.py": "",
    "domain/publish/nfo.py": "import domain.catalog.service",
    "workers/broker.py": "import dramatiq, domain.jobs.kinds",
    "workers/main.py": "import workers.artwork.imaging",
    "workers/artwork/imaging.py": "import PIL.Image",
    "workers/runtime.py": "",
}
CONTRACTS = len(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"])
PROGRAM = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def broken(folder: Path, planted: dict[str, str]) -> set[str]:
    """Names of the contracts that the house breaks once `planted` was added to its files."""
    for path, text in HOUSE.items():
        file = folder / path
        for package in [parent for parent in file.parents if parent != folder and folder in parent.parents]:
            package.mkdir(parents=True, exist_ok=True)
            (package / "__init__.py").touch()
        file.write_text(text)
    for path, text in planted.items():
        file = folder / path
        file.parent.mkdir(exist_ok=True)
        (file.parent / "__init__.py").touch()
        with file.open("a") as opened:
            opened.write(f"\n{text}\n")
    shutil.copy(ROOT / "pyproject.toml", folder)
    environment = {**os.environ, "COLUMNS": "300", "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", PROGRAM, "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: \(.+\))?$", done.stdout, re.MULTILINE))
    assert len(verdicts) == CONTRACTS, done.stdout + done.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def test_the_house_as_designed_keeps_every_contract(tmp_path: Path) -> None:
    assert broken(tmp_path, {}) == set()


@pytest.mark.parametrize(
    ("path", "text", "contract"),
    [
        ("workers/runtime.py", "import api.schema", "api > workers > domain"),
        ("domain/jobs/kinds.py", "import workers.runtime", "api > workers > domain"),
        (
            "api/films/types.py",
            "import workers.runtime",
            "api knows of workers only their broker; the command line composes everything",
        ),
        ("api/app.py", "import api.cli.main", "the command line composes the app, the app the schema; nobody imports upwards"),
        ("domain/jobs/kinds.py", "import dramatiq", "domain knows no web framework, no broker and no migration tool"),
        (
            "domain/kit/clock.py",
            "from starlette import routing",
            "domain knows no web framework, no broker and no migration tool",
        ),
        ("domain/kit/clock.py", "import alembic", "domain knows no web framework, no broker and no migration tool"),
        ("domain/publish/nfo.py", "import PIL", "Pillow, PyAV, guessit and imagehash only in workers"),
        ("api/shows/types.py", "import av.container", "Pillow, PyAV, guessit and imagehash only in workers"),
        ("workers/broker.py", "import workers.artwork.imaging", "Pillow, PyAV, guessit and imagehash only in workers"),
        ("domain/catalog/queries.py", "import domain.publish.nfo", "a feature imports only features before it"),
        ("domain/kit/clock.py", "import domain.jobs.kinds", "a feature imports only features before it"),
        ("domain/surprise/tables.py", "", "a feature imports only features before it"),
        ("domain/catalog/tables.py", "import domain.catalog.queries", "service > queries > tables inside a feature"),
        ("domain/catalog/queries.py", "import domain.catalog.service", "service > queries > tables inside a feature"),
        ("api/films/types.py", "import api.shows.types", "api without cycles"),
        ("workers/artwork/imaging.py", "import workers.main", "workers without cycles"),
    ],
)
def test_a_broken_contract_is_found(tmp_path: Path, path: str, text: str, contract: str) -> None:
    assert contract in broken(tmp_path, {path: text})
