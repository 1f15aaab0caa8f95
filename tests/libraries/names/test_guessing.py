"""Understanding with guessit behind the grammar."""

from workers.libraries import guessing
from workers.libraries.guessing import understand


def test_the_grammar_answers_first() -> None:
    found = understand("Show/Season 01/Show - S01E02 - Name.mkv", hint="tv")
    assert (found.parser, found.kind, found.season, found.episodes) == ("grammar", "episode", 1, (2,))
    assert found.confidence >= 0.95


def test_guessit_answers_where_the_grammar_is_not_sure() -> None:
    found = understand("Dexter Saison sept FRENCH.BDRip.XviD-MiND.nfo", hint=None)
    assert (found.parser, found.kind, found.title, found.season) == ("guessit", "season", "Dexter", 7)
    assert found.confidence <= 0.8


def test_nobody_knows() -> None:
    found = understand("...mkv", hint="tv")
    assert (found.kind, found.confidence) == ("unknown", 0.0)


def test_the_cache_is_bounded_and_used() -> None:
    guessing._guess.cache_clear()
    for _ in range(3):
        understand("FooBar 360.mkv", hint=None)
    info = guessing._guess.cache_info()
    assert (info.misses, info.hits, info.maxsize) == (1, 2, guessing.CACHE_SIZE)
