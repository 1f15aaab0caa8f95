"""How fast file names are understood, and what the worst of them take.

python -m benchmarks.names
"""

import time
from typing import Final

from domain.libraries.names import parse_path
from tests.libraries.names.test_release import HOSTILE

NAMES: Final = 5000
ATTEMPTS: Final = 5


def main() -> None:
    """The command line."""
    began = time.process_time()
    for number in range(NAMES):
        parse_path(f"Show Name (2010)/Season 01/Show.Name.S01E{number % 30:02}.1080p.WEB-DL.DD5.1.H264-GRP.mkv", hint="tv")
    print(f"{NAMES / (time.process_time() - began):,.0f} names a second")
    worst = 0.0
    for name in HOSTILE:
        took = []
        for _ in range(ATTEMPTS):
            began = time.process_time()
            parse_path(name, hint=None)
            took.append(time.process_time() - began)
        worst = max(worst, min(took))
    print(f"the worst of {len(HOSTILE)} hostile names: {worst * 1000:.1f} ms")


if __name__ == "__main__":
    main()
