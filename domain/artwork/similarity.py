"""Whether two pictures are the same: by their bytes, else by perceptual hashes; sparse logos by stricter rules. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

K = TypeVar("K")

ALIKE: Final = 0.90
"""Similarity from which two pictures count as the same."""
SPARSE: Final = 0.30
"""Share of opaque pixels below which a picture is sparse: what is blank looks alike in all of them."""
ALIKE_SPARSE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Print:
    """How a picture looks: hex hashes, and the share of its pixels that are opaque."""

    sha256: str
    perceptual_hash: str
    difference_hash: str
    foreground_ratio: float = 1.0


def similarity(one: Print, other: Print) -> float:
    """0 to 1; 1 for equal bytes. The lower of what the two hashes say."""
    if one.sha256 == other.sha256:
        return 1.0
    return min(_agreement(one.perceptual_hash, other.perceptual_hash), _agreement(one.difference_hash, other.difference_hash))


def is_same(one: Print, other: Print) -> bool:
    """Whether one of the two is enough."""
    is_sparse = min(one.foreground_ratio, other.foreground_ratio) < SPARSE
    return similarity(one, other) >= (ALIKE_SPARSE if is_sparse else ALIKE)


def pairs(prints: Sequence[tuple[K, Print]]) -> Iterator[tuple[K, K, float]]:
    """Every two that are the same picture, with their similarity, in the given order."""
    for place, (key, one) in enumerate(prints):
        for other_key, other in prints[place + 1 :]:
            if is_same(one, other):
                yield key, other_key, similarity(one, other)


def _agreement(one: str, other: str) -> float:
    """The share of equal bits of two hashes in hex."""
    if not one or len(one) != len(other):
        return 0.0
    return 1 - (int(one, 16) ^ int(other, 16)).bit_count() / (4 * len(one))
