"""Committed files name no package registry, no folder of anybody's machine, and hold no secret."""

import contextlib
import re
import subprocess

import pytest

from tests.rules.sources import ROOT

# Put together here, so that this file does not find itself.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("registry", "yarnpkg", "com"),
        ("deb", "debian", "org"), ("proxy", "golang", "org"), ("static", "crates", "io"), ("registry-1", "docker", "io"),
    )
]  # fmt: skip
PATTERNS = {
    "registry host": re.compile("|".join(re.escape(host) for host in HOSTS), re.IGNORECASE),
    "machine path": re.compile(
        r"(?<![\w.:/~*-])/(?:work/(?:main|shared)|root/|home/\w+/|Users/\w+/|opt/(?:pypi|wheels)|tmp/(?:pytest|p_|bash_jobs))"
    ),
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "access token": re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abp]-[0-9]{10,}-\w+|sk-[A-Za-z0-9]{40,})\b"),
}


def committed() -> list[str]:
    """Paths that git would hand to somebody else; without git, every file that is not ignored by its place."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    with contextlib.suppress(OSError):  # a bare machine has no git
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout:
            return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    ignored, at_the_root = {".git", ".venv", "node_modules", "__pycache__"}, {"data", "demo", ".hypothesis"}
    every = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    kept = (path for path in every if not ignored & set(path.parts) and path.parts[0] not in at_the_root)
    return [str(path) for path in kept if not path.parts[0].endswith("_cache")]


def findings(text: str) -> list[str]:
    """What `text` should not hold, one line each."""
    return [f"{kind}: {match[0]}" for kind, pattern in PATTERNS.items() for match in pattern.finditer(text)]


def test_committed_files_betray_nothing() -> None:
    """A corpus keeps published facts as their source has them: paths of strangers' machines among them."""
    paths = committed()
    assert "pyproject.toml" in paths
    found = []
    for path in paths:
        raw = (ROOT / path).read_bytes()
        if b"\0" not in raw[:8000]:
            lines = findings(raw.decode("utf-8", "replace"))
            found += [f"{path}: {line}" for line in lines if not ("/corpus/" in path and line.startswith("machine path"))]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", ["uv.lock", ".env", "marquee.key", "marquee.db", "id_rsa"])
def test_files_that_hold_hosts_or_secrets_are_not_committed(name: str) -> None:
    assert [path for path in committed() if path.rpartition("/")[2] == name] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((f"resolved https://{host}/x", "registry host") for host in HOSTS),
        ("open('/" + "work/main/x')", "machine path"),
        ("PATH=/" + "root/.pyenv", "machine path"),
        ("see /" + "home/ann/media", "machine path"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "private key"),
        ("-----BEGIN " + "PRIVATE KEY-----", "private key"),
        ("AKIA" + "A" * 16, "access token"),
        ("gh" + "p_" + "a" * 36, "access token"),
    ],
)
def test_a_planted_find_is_found(text: str, kind: str) -> None:
    assert [line.partition(":")[0] for line in findings(text)] == [kind]


@pytest.mark.parametrize(
    "text", ["https://musicbrainz.org/work/main", "network/root/x", "~/home/ann/x", "the pypi package", "/media/films"]
)
def test_harmless_text_is_not_found(text: str) -> None:
    assert findings(text) == []
