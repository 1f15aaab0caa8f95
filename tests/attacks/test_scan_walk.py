"""A scan that saw every step of a library's life knows what a scan knows that sees only the end of it.

A walk makes seeded changes on disk and scans after every few. Then a database that never heard of the library scans the
same tree: what both say is compared. The seed and all that was done stand in the message of a failure.
"""

import os
import shutil
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from domain.kit.database import Database
from domain.libraries.scanning import survey
from domain.libraries.understanding.model import Failure, MediaFacts
from tests.attacks.scan_sorts import Films, Series
from tests.attacks.scan_tree import Tree
from tests.attacks.scan_view import View, broken, view
from tests.libraries.scan.conftest import Disk, Eyes, Stopped, install

pytestmark = pytest.mark.both

_IS_LONG: Final = "CORPUS_FULL" in os.environ
_SEEDS: Final = tuple(range(4)) if _IS_LONG else (0,)
_STEPS: Final = 12 if _IS_LONG else 5
_MOST_CHANGES: Final = 3
_SORTS: Final[dict[str, tuple[type[Tree], str]]] = {"films": (Films, "movie"), "series": (Series, "tv")}

_opened: list[str] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes):
        _opened.append(os.fsdecode(arguments[0]))


@pytest.fixture(scope="module", autouse=True)
def listening() -> None:
    sys.addaudithook(_hear)  # for good: a hook cannot be taken back


class ContentEyes(Eyes):
    """What a file holds follows from its bytes, whatever it is called."""

    def probe(self, paths: Iterable[str]) -> Iterator[tuple[str, MediaFacts | Failure]]:
        for path in paths:
            sum_of_bytes = zlib.crc32(Path(path).read_bytes())
            stream = {"stream_index": 0, "codec": f"codec{sum_of_bytes % 100}", "width": 1920, "height": 1080}
            yield path, MediaFacts("matroska", 1 + sum_of_bytes % 5_400_000, 1_000_000, video=(stream,))


def disk(database: Database, root: Path, media_type: str) -> Disk:
    install(database)
    made = Disk(database, root, media_type=media_type)
    made.eyes = ContentEyes()
    return made


def fresh_view(template: Path, place: Path, root: Path, media_type: str) -> View:
    """What a scan says that has no past."""
    database = Database(f"sqlite:///{shutil.copy(template, place)}")
    scanned = disk(database, root, media_type)
    scanned.scan()
    said = view(database, scanned.id)
    database.close()
    place.unlink()
    return said


def differences(found: View, expected: View) -> list[str]:
    return [
        f"{sign} {subject}: {line}"
        for subject in expected
        for sign, lines, others in (("too much", found, expected), ("too little", expected, found))
        for line in sorted(set(lines[subject]) - set(others[subject]))
    ]


def scan(walked: Disk, tree: Tree) -> None:
    """A scan, cut off once by chance and begun anew."""
    if tree.chance.random() < 0.3:
        walked.work.stop_after = walked.work.transactions + tree.chance.randint(1, 3)
        try:
            walked.scan()
        except Stopped:
            tree.log.append("(cut off)")
        walked.work.stop_after = None
    walked.scan()


@pytest.mark.parametrize("seed", _SEEDS)
@pytest.mark.parametrize("sort", _SORTS)
def test_what_many_scans_know_is_what_one_scan_knows(
    database: Database, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: str, seed: int
) -> None:
    monkeypatch.setattr(survey, "BELIEVED_SHARE", 2.0)  # however much goes, it is believed
    make, media_type = _SORTS[sort]
    root = tmp_path / "root"
    tree = make(root, tmp_path / "away", seed)
    walked = disk(database, root, media_type)
    for _ in range(6):
        tree.act()
    for step in range(_STEPS):
        tree.log.append(f"-- {step}")
        for _ in range(tree.chance.randint(1, _MOST_CHANGES)):
            tree.act()
        scan(walked, tree)
        found = view(database, walked.id)
        expected = fresh_view(sqlite_template, tmp_path / "fresh.db", root, media_type)
        story = "\n".join([f"{sort}, seed {seed}:", *tree.log, *differences(found, expected)])
        assert differences(found, expected) == [], story
        assert broken(database) == [], story
        _opened.clear()
        summary = walked.scan()
        assert [path for path in _opened if path.startswith(f"{root}/")] == [], story
        assert [name for name in summary if name.startswith(("items_", "files_", "pictures_", "doubts"))] == [], story
        assert view(database, walked.id) == found, story
