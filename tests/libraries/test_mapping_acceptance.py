"""Acceptance check 9: path mapping at boundaries, from Windows to Unix, through shares, and where nothing fits; both ways."""

import pytest

from domain.libraries.mapping import Direction, Rule, StepKind, explain, to_local, to_remote


@pytest.mark.parametrize(
    "path", ["/media/movies2/a.mkv", "/media/movies.old/a.mkv", "/media/movie", "/media", "/media/Movies/a.mkv"]
)
def test_acceptance_9_a_mapping_ends_at_a_boundary(path: str) -> None:
    rules = [Rule("/media/movies", "/films")]
    assert to_local(path, rules) == path
    assert to_local("/media/movies/a.mkv", rules) == "/films/a.mkv"
    assert to_local("/media/movies", rules) == "/films"
    assert to_remote("/films2/a.mkv", rules) == "/films2/a.mkv"


def test_acceptance_9_windows_to_posix_and_back() -> None:
    rules = [Rule("D:\\Media\\Films", "/films"), Rule("\\\\NAS\\Series", "/series")]
    for theirs, ours in (
        ("D:\\Media\\Films\\Alien (1979)\\Alien.mkv", "/films/Alien (1979)/Alien.mkv"),
        ("\\\\NAS\\Series\\Orrery\\Season 01\\1.mkv", "/series/Orrery/Season 01/1.mkv"),
    ):
        assert to_local(theirs, rules) == ours
        assert to_remote(ours, rules) == theirs
    assert to_local("d:/media/films/Alien (1979)/Alien.mkv", rules) == "/films/Alien (1979)/Alien.mkv"


def test_acceptance_9_smb_with_and_without_credentials() -> None:
    rules = [Rule("smb://nas/films", "/films")]
    assert to_local("smb://user:pass@NAS/films/Alien/a.mkv", rules) == "/films/Alien/a.mkv"
    assert to_remote("/films/Alien/a.mkv", rules) == "smb://nas/films/Alien/a.mkv"


def test_acceptance_9_no_match_leaves_the_path_as_it_is_and_says_so() -> None:
    rules = [Rule("D:\\Media\\Films", "/films")]
    for direction in Direction:
        told = explain("/elsewhere/a.mkv", rules, direction)
        assert (told.result, told.rule) == ("/elsewhere/a.mkv", None)
        assert told.steps[-1].kind is StepKind.UNMATCHED
