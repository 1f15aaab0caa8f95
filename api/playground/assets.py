"""The page's files in memory: their types, ETags and compressed forms, and the one digest that names them all."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api.playground.examples import examples

FOLDER: Final = Path(__file__).parent
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent. `etag` is quoted, as in the header."""

    content: bytes
    compressed: bytes
    etag: str
    media_type: str


@cache
def assets() -> Mapping[str, Asset]:
    """Every file of the page by name, the examples among them. Read once, in about a tenth of a second."""
    contents = {path.name: path.read_bytes() for path in sorted((FOLDER / "static").iterdir())}
    contents["examples.json"] = json.dumps([each.as_json() for each in examples()], ensure_ascii=False).encode()
    return {name: _asset(name, content) for name, content in contents.items()}


@cache
def digest() -> str:
    """Changes when any file does. It stands in every address, so that browsers may keep what they got for good."""
    every = "".join(f"{name}{asset.etag}" for name, asset in sorted(assets().items()))
    return hashlib.sha256(every.encode()).hexdigest()[:16]


@cache
def template() -> str:
    """The page's HTML with `{{digest}}` and `{{nonce}}` still in it."""
    return (FOLDER / "page.html").read_text(encoding="utf-8")


def _asset(name: str, content: bytes) -> Asset:
    return Asset(
        content=content,
        compressed=gzip.compress(content, 6, mtime=0),
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        media_type=_TYPES[Path(name).suffix],
    )
