"""Writing a file whole or not at all: under another name first, then renamed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a hidden name beside `path` with the same suffix; renames it to `path` at the end, removes it on an error."""
    part = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
