"""Where a downloader's paths lie with us: mapped at boundaries, inside a library, or told what was tried."""

import pytest

from domain.downloaders.placing import Unplaced, mapped
from domain.libraries.mapping import Rule

RULES = (
    Rule("/media/movies", "/films"), Rule("/media/movies/kids", "/kids"), Rule("D:\\Media\\Films", "/films"),
    Rule("\\\\nas\\films", "/films"), Rule("smb://nas/share", "/share"), Rule("/", "/everything"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("remote", "local"),
    [
        ("/media/movies/X (2019)", "/films/X (2019)"),
        ("/media/movies2/X", "/everything/media/movies2/X"),
        ("/media/movies/kids/X/", "/kids/X"),
        ("/media/movies", "/films"),
        ("D:\\Media\\Films\\X (2019)\\x.mkv", "/films/X (2019)/x.mkv"),
        ("d:/media/films/X", "/films/X"),
        ("\\\\NAS\\films\\X", "/films/X"),
        ("smb://nas/share/X", "/share/X"),
    ],
)
def test_acceptance_9_paths_map_at_boundaries_from_windows_and_smb(remote: str, local: str) -> None:
    assert mapped(remote, RULES) == local


@pytest.mark.parametrize("remote", ["/media/movies2/X", "/srv/X"])
def test_acceptance_9_without_a_match_a_path_stays(remote: str) -> None:
    assert mapped(remote, RULES[:3]) == remote


@pytest.mark.parametrize(
    "remote",
    ["/media/movies/../../etc", "D:\\Media\\Films\\..\\x", "..", "/a/..", "/media/movies/a\x00b", "/media/\ud800", "a\x1b"],
)
def test_what_leads_elsewhere_is_refused(remote: str) -> None:
    with pytest.raises(Unplaced):
        mapped(remote, RULES)
