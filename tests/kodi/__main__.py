"""`make kodi`: a library is read by Marquee and by a real Kodi, and what both say of it is compared field by field."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.kodi import as_kodi, as_marquee, library
from tests.kodi.comparing import Comparison, compare
from tests.kodi.server import marquee
from tests.peers.kodi.player import running
from tests.peers.kodi.profile import Source
from tests.peers.kodi.programs import NoKodi, find_or_install


def main() -> int:
    """0: no difference; 1: differences; 2: Kodi cannot be started here."""
    parser = argparse.ArgumentParser(prog="make kodi", description=__doc__)
    about = "a folder with `Films` and `Series` that somebody filled; default: a generated one"
    parser.add_argument("--library", type=Path, help=about)
    given = parser.parse_args().library
    try:
        with tempfile.TemporaryDirectory(prefix="marquee-kodi-") as scratch:
            return report(run(Path(scratch), given), is_generated=given is None)
    except NoKodi as reason:
        print(reason, file=sys.stderr)
        return 2


def run(scratch: Path, given: Path | None) -> Comparison:
    """Let both sides read the library, Marquee first, and compare what they show. Raises NoKodi."""
    programs = find_or_install()
    root = given.resolve() if given is not None else scratch / "library"
    if given is None:
        library.fill(root)
    films, series = root / "Films", root / "Series"
    with marquee(scratch / "marquee") as server:
        server.scan("Films", "movie", films)
        server.scan("Series", "tv", series)
        said = as_marquee.read(server, root)
    sources = [Source(films, "movies"), Source(series, "tvshows")]
    with running(programs, scratch / "kodi", sources) as kodi:
        print(f"== Kodi {kodi.version()} read the library in {kodi.scan(sources):.1f} s")
        return compare(as_kodi.read(kodi, root), said)


def report(found: Comparison, *, is_generated: bool) -> int:
    """Print the table and the differences; 1 if there are any, or if the generated library leaves a field empty."""
    print(", ".join(f"{count} of {kind}" for kind, count in found.items.items()))
    print(found.table())
    empty = found.never_filled() if is_generated else []
    for line in (*found.differences, *(f"{name} is empty everywhere: the library does not test it" for name in empty)):
        print(f"- {line}")
    if not found.items:
        print("- There is nothing that both sides know.")
    return 1 if found.differences or empty or not found.items else 0


if __name__ == "__main__":
    sys.exit(main())
