"""`make kodi`: a library is read by Marquee and by a real Kodi, then published by Marquee and read by Kodi alone; at last two
Kodis are a group of players."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.kodi import as_kodi, as_marquee, changes, evening, library
from tests.kodi.comparing import EXCEPTIONS, PUBLISHED, Comparison, Exceptions, compare
from tests.kodi.server import Server, marquee
from tests.kodi.shape import Shown
from tests.peers.kodi.player import running
from tests.peers.kodi.profile import Source
from tests.peers.kodi.programs import NoKodi, Programs, find_or_install


def main() -> int:
    """0: no difference; 1: differences; 2: Kodi cannot be started here."""
    parser = argparse.ArgumentParser(prog="make kodi", description=__doc__)
    about = "only compare what both read in this folder (`Films`, `Series`), and write nothing"
    parser.add_argument("--library", type=Path, help=about)
    parser.add_argument("--players", action="store_true", help="only let two Kodis be told, and listen to them")
    arguments = parser.parse_args()
    given = arguments.library
    try:
        programs = find_or_install()
        with tempfile.TemporaryDirectory(prefix="marquee-kodi-") as scratch:
            if arguments.players:
                return evening.spend(programs, Path(scratch))
            if given is None:
                return generated(programs, Path(scratch)) | evening.spend(programs, Path(scratch) / "evening")
            with marquee(Path(scratch) / "marquee") as server:
                add_libraries(server, given.resolve())
                found = beside(programs, Path(scratch) / "kodi", given.resolve(), server, EXCEPTIONS)
            return report("as it lies", found, is_generated=False)
    except NoKodi as reason:
        print(reason, file=sys.stderr)
        return 2


def generated(programs: Programs, scratch: Path) -> int:
    """Compare the generated library as it lies; then as Marquee publishes it, with a Kodi that knows nothing of it."""
    root = scratch / "library"
    library.fill(root)
    with marquee(scratch / "marquee") as server:
        libraries = add_libraries(server, root)
        read = beside(programs, scratch / "first", root, server, EXCEPTIONS)
        library.add(root)
        for one in libraries:
            server.scan(one)
        changes.edit(server)
        said = as_marquee.read(server, root)
        written = [publish(server, libraries) for _ in range(2)]
        for one in libraries:
            server.scan(one)
        published = beside(programs, scratch / "second", root, server, PUBLISHED)
        published.differences += again(said, as_marquee.read(server, root), written)
    first = report("as it lies", read, is_generated=True)
    return report(f"published ({written[0]} files)", published, is_generated=True) | first


def add_libraries(server: Server, root: Path) -> list[str]:
    """Make a library of each folder, and read it."""
    made = [server.library("Films", "movie", root / "Films"), server.library("Series", "tv", root / "Series")]
    for one in made:
        server.scan(one)
    return made


def publish(server: Server, libraries: Sequence[str]) -> int:
    """Write what there is to be written; how many files it was."""
    results = [server.publish(one) for one in libraries]
    if failures := [line for result in results for line in result["failures"]]:
        raise RuntimeError(failures)
    return sum(int(result.get("written_files", 0)) for result in results)


def beside(programs: Programs, place: Path, root: Path, server: Server, exceptions: Exceptions) -> Comparison:
    """What a new Kodi shows of the folders, beside what Marquee says of them. Raises NoKodi."""
    sources = [Source(root / "Films", "movies"), Source(root / "Series", "tvshows")]
    with running(programs, place, sources) as kodi:
        print(f"== Kodi {kodi.version()} read the library in {kodi.scan(sources):.1f} s", flush=True)
        return compare(as_kodi.read(kodi, root), as_marquee.read(server, root), exceptions)


def again(before: Shown, after: Shown, written: Sequence[int]) -> list[str]:
    """What a second publication wrote, and what publishing and a scan of the files changed for us: nothing, if all is well."""
    changed = [f"{' '.join(key)}: publishing changed what Marquee says" for key in before if after.get(key) != before[key]]
    return [*changed, *([f"publishing again wrote {written[1]} files"] if written[1] else [])]


def report(name: str, found: Comparison, *, is_generated: bool) -> int:
    """Print the table and the differences; 1 if there are any, or if the generated library leaves a field empty."""
    print(f"\n{name}: " + ", ".join(f"{count} of {kind}" for kind, count in found.items.items()))
    print(found.table())
    empty = found.never_filled() if is_generated else []
    for line in (*found.differences, *(f"{name} is empty everywhere: the library does not test it" for name in empty)):
        print(f"- {line}")
    if not found.items:
        print("- There is nothing that both sides know.")
    return 1 if found.differences or empty or not found.items else 0


if __name__ == "__main__":
    sys.exit(main())
