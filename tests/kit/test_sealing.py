"""Keys at rest: read with the same key for the same purpose, and not otherwise."""

import pytest

from domain.kit.sealing import Unreadable, seal, unseal

KEY = b"k" * 32


def test_what_is_sealed_is_read_again() -> None:
    sealed = seal(KEY, "provider:tmdb", "gehëim")
    assert unseal(KEY, "provider:tmdb", sealed) == "gehëim"
    assert sealed.startswith("v1:")
    assert seal(KEY, "provider:tmdb", "gehëim") != sealed


def test_nobody_else_reads_it() -> None:
    sealed = seal(KEY, "provider:tmdb", "secret")
    assert "secret" not in sealed
    changed = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]
    tries = [
        (b"o" * 32, "provider:tmdb", sealed), (KEY, "provider:tvdb", sealed), (KEY, "provider:tmdb", changed),
        (KEY, "provider:tmdb", "v1:"), (KEY, "provider:tmdb", "plain text"), (KEY, "provider:tmdb", "v1:AAAA"),
    ]  # fmt: skip
    for key, purpose, text in tries:
        with pytest.raises(Unreadable):
            unseal(key, purpose, text)
