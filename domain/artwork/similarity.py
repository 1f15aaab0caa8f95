"""Whether two pictures are the same: by their bytes, else by perceptual hashes; sparse logos by stricter rules. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

K = TypeVar("K")

ALIKE: Final = 0.90
"""Similarity from which two pictures count as the same."""
SOLID: Final = 0.85
"""Share of opaque pixels below which a picture is sparse, as logos are: what is blank looks alike in all of them."""
ALIKE_SPARSE: Final = 0.93


@dataclass(frozen=True, slots=True)
class Print:
    """How a picture looks: hex hashes, the share of its pixels that are opaque, the language of its text if it is known."""

    sha256: str
    perceptual_hash: str
    difference_hash: str
    foreground_ratio: float = 1.0
    language: str | None = None


def similarity(one: Print, other: Print) -> float:
    """0 to 1; 1 for equal bytes. The mean of what the two hashes say: light troubles the one, a crop the other."""
    if one.sha256 == other.sha256:
        return 1.0
    said = _agreement(one.perceptual_hash, other.perceptual_hash), _agreement(one.difference_hash, other.difference_hash)
    return sum(said) / 2


def is_same(one: Print, other: Print) -> bool:
    """Whether one of the two is enough. Pictures with texts in two languages are two, however much alike they look."""
    if None not in (one.language, other.language) and one.language != other.language:
        return one.sha256 == other.sha256
    is_sparse = min(one.foreground_ratio, other.foreground_ratio) < SOLID
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
