"""Numbers in words for people."""

import pytest

from domain.kit.spelling import counted


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("file",), "0 files"), (1, ("file",), "1 file"), (2, ("file",), "2 files"), (12_000, ("item",), "12,000 items"),
        (1, ("series", "series"), "1 series"), (3, ("entry", "entries"), "3 entries"),
    ],
)  # fmt: skip
def test_one_is_not_many(number: int, words: tuple[str, ...], said: str) -> None:
    assert counted(number, *words) == said
