"""Small pictures of candidates that are not here: where providers keep them, and a bounded store of what was fetched."""

import hashlib
import re
from pathlib import Path
from typing import Final

from sqlmodel import Session

from domain.artwork.tables import Asset, ImageCandidate
from domain.catalog.queries import rows_of

MOST_BYTES: Final = 256 * 2**20
"""Of all thumbnails together; those not asked for longest go first."""
LARGEST: Final = 4 * 2**20
"""Bytes of one."""
_MAGIC: Final = (
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"RIFF", "webp"), (b"\x00\x00\x00", "avif"),
)  # fmt: skip
_TMDB: Final = re.compile(r"https://image\.tmdb\.org/t/p/original/(?P<rest>[\w./-]+)")
_FANART: Final = re.compile(r"https://assets\.fanart\.tv/fanart/(?P<rest>[\w./ %-]+)")
_TVDB: Final = re.compile(r"(?P<rest>https://artworks\.thetvdb\.com/banners/[\w./-]+)(?P<suffix>\.(?:jpg|png))")


def small_address(url: str) -> str:
    """Where a provider keeps the small variant of a picture, some 200 to 350 pixels wide; the picture itself if nowhere."""
    if found := _TMDB.fullmatch(url):
        return f"https://image.tmdb.org/t/p/w342/{found['rest']}"
    if found := _FANART.fullmatch(url):
        return f"https://assets.fanart.tv/preview/{found['rest']}"
    if (found := _TVDB.fullmatch(url)) and not found["rest"].endswith("_t"):
        return f"{found['rest']}_t{found['suffix']}"
    return url


def format_of(data: bytes) -> str | None:
    """The format that the first bytes tell (jpg, png, webp, avif); None for anything else."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            is_it = {"webp": data[8:12] == b"WEBP", "avif": data[4:12] in (b"ftypavif", b"ftypavis")}
            return name if is_it.get(name, True) else None
    return None


def folder(data_dir: Path) -> Path:
    """Where they are."""
    return data_dir / "thumbnails"


def place_of(data_dir: Path, url: str) -> Path:
    """The file of an address, without its suffix."""
    digest = hashlib.sha256(url.encode()).hexdigest()
    return folder(data_dir) / digest[:2] / digest


def address_of(session: Session, token: str) -> tuple[str | None, str | None] | None:
    """(token of the picture itself if it is here, else the address of its small variant) of a candidate; None = no such.

    Whoever has the token may see it, as with pictures.
    """
    found = rows_of(session, ImageCandidate.token, [token])
    if not found:
        return None
    offer = found[0]
    uses = rows_of(session, Asset.candidate_id, [offer.id])
    if not uses and offer.cached_file_id is not None:
        uses = [row for row in rows_of(session, Asset.entity_id, [offer.entity_id]) if row.cached_file_id == offer.cached_file_id]
    if uses:
        return uses[0].token, None
    return None, small_address(offer.url) if offer.url.startswith(("https://", "http://")) else None


def evict(data_dir: Path, *, most_bytes: int = MOST_BYTES) -> int:
    """Drop the least recently used until the rest has at most `most_bytes`; how many went."""
    files = [(path, path.stat()) for path in folder(data_dir).glob("*/*") if path.is_file()]
    over, gone = sum(stat.st_size for _, stat in files) - most_bytes, 0
    for path, stat in sorted(files, key=lambda each: each[1].st_mtime_ns):
        if over <= 0:
            break
        path.unlink(missing_ok=True)
        over, gone = over - stat.st_size, gone + 1
    return gone
