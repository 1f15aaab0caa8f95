"""Where cached bytes are: a path made of their SHA-256, below the data folder."""

from pathlib import Path


def folder(data_dir: Path) -> Path:
    """Where the bytes are."""
    return data_dir / "cache"


def place_of(sha256: str, extension: str) -> str:
    """The path of bytes below the cache: `ab/cd/<sha256>.<ext>`."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.{extension}"


def variant_place(sha256: str, width: int, extension: str) -> str:
    """The path of a smaller variant of them: `variants/ab/cd/<sha256>-<width>.<ext>`."""
    return f"variants/{sha256[:2]}/{sha256[2:4]}/{sha256}-{width}.{extension}"
