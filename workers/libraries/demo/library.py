"""`build_demo`: fills a folder with the demo library and leaves what is already there alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from workers.libraries.demo.files import DemoFile, demo_files
from workers.libraries.demo.films import FILMS
from workers.libraries.demo.series import SERIES

# PyAV and Pillow release the interpreter lock while they encode and filter.
_THREADS = 2


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the demo library holds: titles, all its files and their bytes, and how many of them were made just now."""

    films: int
    series: int
    episodes: int
    files: int
    written: int
    size_bytes: int


def build_demo(root: Path, *, progress: Callable[[str, float], None]) -> DemoSummary:
    """Make every missing file of the demo library in `root`/Films and `root`/Series; existing files stay untouched.

    Calls `progress(title, share)` from the calling thread after every file made, `share` from 0 to 1. An interrupted call
    leaves no half file, and the next one goes on from there. Raises OSError where the folder cannot be written.
    """
    files = list(demo_files())
    missing = [file for file in files if not (root / file.path).exists()]
    for folder in {(root / file.path).parent for file in missing}:
        folder.mkdir(parents=True, exist_ok=True)
    is_over = Event()
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="demo") as pool:
        try:
            makings = {pool.submit(_make, root, file, is_over): file for file in missing}
            for count, making in enumerate(as_completed(makings), start=1):
                making.result()
                progress(makings[making].title, count / len(missing))
        finally:
            is_over.set()
    return DemoSummary(
        films=len(FILMS),
        series=len(SERIES),
        episodes=sum(len(episode.numbers) for series in SERIES for episode in series.episodes),
        files=len(files),
        written=len(missing),
        size_bytes=sum((root / file.path).stat().st_size for file in files),
    )


def _make(root: Path, file: DemoFile, is_over: Event) -> None:
    if not is_over.is_set():
        file.write(root / file.path)
