"""Path mapping: every way in which programs write paths, and the cases that other projects' users reported."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from domain.libraries.mapping import Direction, Rule, explain, same_place, to_local, to_remote
from domain.libraries.spellings import unicode_forms

FILM = "Paper Lanterns (2019)/Paper Lanterns (2019).mkv"
WINDOWS_FILM = FILM.replace("/", "\\")


def test_tunarr_1700_a_drive_and_its_separators_in_one_step() -> None:
    """Two rules, each applied to the original, never met: `D:\\media` -> `/data` and `\\` -> `/`."""
    path = "D:\\media\\movies\\The Age (2025)\\The Age (2025) {imdb-tt35520315} - [WEBDL-2160p][EAC3 5.1].mkv"
    ours = "/data/movies/The Age (2025)/The Age (2025) {imdb-tt35520315} - [WEBDL-2160p][EAC3 5.1].mkv"
    assert to_local(path, [Rule("D:\\media", "/data")]) == ours
    assert to_local(path, [Rule("D:\\media", "/data"), Rule("\\", "/")]) == ours
    assert to_remote(ours, [Rule("D:\\media", "/data")]) == path


def test_tunarr_1503_several_roots_of_one_windows_server() -> None:
    rules = [Rule("D:\\media", "/media"), Rule("D:\\media\\downloads", "/downloads"), Rule("E:\\more tv", "/media/tv-2")]
    assert to_local("D:\\media\\tv-shows\\Orrery\\S01E01.mkv", rules) == "/media/tv-shows/Orrery/S01E01.mkv"
    assert to_local("D:\\media\\downloads\\Orrery\\S01E01.mkv", rules) == "/downloads/Orrery/S01E01.mkv"
    assert to_local("E:\\more tv\\Orrery\\S01E01.mkv", rules) == "/media/tv-2/Orrery/S01E01.mkv"
    assert to_remote("/media/tv-2/Orrery/S01E01.mkv", rules) == "E:\\more tv\\Orrery\\S01E01.mkv"


def test_ersatztv_103_a_folder_with_a_space_on_a_windows_plex() -> None:
    rules = [Rule("M:\\HD Movies", "/local/share/movies")]
    assert to_local("M:\\HD Movies\\Folder\\movie.mkv", rules) == "/local/share/movies/Folder/movie.mkv"


def test_ersatztv_1021_the_mount_of_one_container_is_not_that_of_the_other() -> None:
    rules = [Rule("/media/bserver/Movies", "/movies")]
    assert to_local(f"/media/bserver/Movies/{FILM}", rules) == f"/movies/{FILM}"
    assert to_local(f"/media/bserver/Movies 4K/{FILM}", rules) == f"/media/bserver/Movies 4K/{FILM}"


def test_ersatztv_535_a_unix_jellyfin_that_tells_shared_network_folders() -> None:
    """Half of the path was mapped: `/video/Movies/Spiderman\\Spiderman.avi`."""
    rules = [Rule("\\\\server\\video\\Movies", "/video/Movies")]
    assert to_local("\\\\server\\video\\Movies\\Spiderman\\Spiderman.avi", rules) == "/video/Movies/Spiderman/Spiderman.avi"
    assert to_local("\\\\server\\video\\Movies/Spiderman/Spiderman.avi", rules) == "/video/Movies/Spiderman/Spiderman.avi"


def test_jellyfin_5313_a_prefix_ends_at_a_boundary() -> None:
    """`/movies2` became `nfs://…/Movies2` by the rule of `/movies`."""
    rules = [Rule("nfs://10.0.0.5/Multimedia/Movies", "/movies"), Rule("nfs://10.0.0.5/Multimedia/MoviesSE", "/movies2")]
    assert to_remote(f"/movies2/{FILM}", rules) == f"nfs://10.0.0.5/Multimedia/MoviesSE/{FILM}"
    assert to_local(f"nfs://10.0.0.5/Multimedia/MoviesSE/{FILM}", rules) == f"/movies2/{FILM}"
    assert to_local(f"nfs://10.0.0.5/Multimedia/MoviesX/{FILM}", rules) == f"nfs://10.0.0.5/Multimedia/MoviesX/{FILM}"


def test_plexkodiconnect_1532_two_rules_of_which_one_is_a_prefix_of_the_other_side() -> None:
    rules = [Rule("smb://10.20.30.3/tv shows", "/media/tvshows"), Rule("smb://10.20.30.3/movies", "/media/movies")]
    assert to_remote("/media/tvshows/Orrery/1.mkv", rules) == "smb://10.20.30.3/tv shows/Orrery/1.mkv"
    assert to_remote("/media/movies/Orrery/1.mkv", rules) == "smb://10.20.30.3/movies/Orrery/1.mkv"


def test_plexkodiconnect_287_a_domain_user_in_the_address() -> None:
    rules = [Rule("smb://Domain%5cUser@file-01/media$/video", "/video")]
    assert to_local("smb://file-01/media$/video/movies/1.mkv", rules) == "/video/movies/1.mkv"
    assert to_local("smb://other:p%40ss@FILE-01:445/Media$/video/movies/100%25.mkv", rules) == "/video/movies/100%25.mkv"
    assert to_remote("/video/movies/100%.mkv", rules) == "smb://Domain%5cUser@file-01/media$/video/movies/100%.mkv"


def test_jellyfin_kodi_765_addresses_that_are_percent_encoded() -> None:
    rules = [Rule("https://nas.lan/dav/TV Shows", "/tv")]
    ours = "/tv/Law&Order/The Kittens #1.mkv"
    assert to_remote(ours, rules) == "https://nas.lan/dav/TV%20Shows/Law&Order/The%20Kittens%20%231.mkv"
    assert to_local("https://nas.lan:443/dav/TV%20Shows/Law%26Order/The%20Kittens%20%231.mkv", rules) == ours


def test_jellyfin_kodi_938_the_shortest_rule_will_do() -> None:
    assert to_remote(f"/mnt/bind_mounts/Movies/{FILM}", [Rule("smb://rpi4", "/mnt/bind_mounts")]) == f"smb://rpi4/Movies/{FILM}"


def test_radarr_2953_a_folder_below_a_rule_with_slashes_at_its_ends() -> None:
    rules = [Rule("/home12/user/files/radarr/", "/downloads/")]
    assert to_local("/home12/user/files/radarr/Truth 2018 REMUX-LEGi0N", rules) == "/downloads/Truth 2018 REMUX-LEGi0N"
    assert to_local("/home12/user/files/radarr", rules) == "/downloads"


def test_radarr_3583_our_side_lies_below_the_other() -> None:
    """Nothing is applied to a result: it would begin with the rule again."""
    rules = [Rule("/downloads/complete/", "/downloads/NZB/complete/"), Rule("/downloads", "/downloads/NZB")]
    assert to_local("/downloads/complete/movies/Justice", rules) == "/downloads/NZB/complete/movies/Justice"
    assert to_remote("/downloads/NZB/complete/movies/Justice", rules) == "/downloads/complete/movies/Justice"


def test_bw_plex_129_a_whole_drive_with_doubled_backslashes() -> None:
    rules = [Rule("M:\\\\", "/mnt/unionfs/Media/")]
    assert to_local("M:\\TV\\Show\\S01E01.mkv", rules) == "/mnt/unionfs/Media/TV/Show/S01E01.mkv"
    assert to_remote("/mnt/unionfs/Media/TV/Show/S01E01.mkv", rules) == "M:\\TV\\Show\\S01E01.mkv"
    assert to_remote("/mnt/unionfs/Media", rules) == "M:\\"


@pytest.mark.parametrize(
    "remote", ["\\\\nas\\films", "//nas/films", "smb://nas/films/", "smb://u:p@NAS/films", "\\\\?\\UNC\\nas\\films"]
)
@pytest.mark.parametrize(
    "path", [f"\\\\nas\\films\\{WINDOWS_FILM}", f"//NAS/Films/{FILM}", f"smb://nas/films/{FILM}", f"file://nas/films/{FILM}",
             f"file:////nas/films/{FILM}", f"\\\\?\\UNC\\nas\\films\\{WINDOWS_FILM}", f"smb://a;b:c@nas:445//films/./{FILM}"]
)  # fmt: skip
def test_a_share_is_the_same_however_it_is_written(remote: str, path: str) -> None:
    assert to_local(path, [Rule(remote, "/films")]) == f"/films/{FILM}"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("C:\\films", f"C:\\films\\{WINDOWS_FILM}"),
        ("C:\\", f"C:\\{WINDOWS_FILM}"),
        ("C:", f"C:\\{WINDOWS_FILM}"),
        ("C:/films/", f"C:/films/{FILM}"),
        ("\\\\nas\\films\\", f"\\\\nas\\films\\{WINDOWS_FILM}"),
        ("\\\\nas", f"\\\\nas\\{WINDOWS_FILM}"),
        ("//nas/films", f"//nas/films/{FILM}"),
        ("smb://user:pw@nas/films/", f"smb://user:pw@nas/films/{FILM}"),
        ("nfs://nas/volume1/films", f"nfs://nas/volume1/films/{FILM}"),
        ("file:///films", "file:///films/Paper%20Lanterns%20(2019)/Paper%20Lanterns%20(2019).mkv"),
        ("file:///C:/films", "file:///C:/films/Paper%20Lanterns%20(2019)/Paper%20Lanterns%20(2019).mkv"),
        ("/", f"/{FILM}"),
        ("/data//films/", f"/data/films/{FILM}"),
    ],
)
def test_the_other_side_keeps_its_own_way_of_writing(remote: str, expected: str) -> None:
    rules = [Rule(remote, "/library/films")]
    assert to_remote(f"/library/films/{FILM}", rules) == expected
    assert to_local(expected, rules) == f"/library/films/{FILM}"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("C:\\", "C:\\"), ("\\\\nas\\films\\", "\\\\nas\\films"), ("smb://nas/", "smb://nas"), ("/", "/"), ("/d/", "/d"),
        ("file:///", "file:///"),
    ],
)  # fmt: skip
def test_a_folder_itself_comes_without_a_separator_at_its_end(remote: str, expected: str) -> None:
    assert to_remote("/films/", [Rule(remote, "/films")]) == expected


def test_our_whole_disk_may_be_a_folder_over_there() -> None:
    rules = [Rule("/host", "/")]
    assert (to_local("/host/a.mkv", rules), to_local("/host", rules)) == ("/a.mkv", "/")
    assert (to_remote("/a.mkv", rules), to_remote("/", rules)) == ("/host/a.mkv", "/host")


def test_windows_and_shares_know_no_case_and_unix_does() -> None:
    assert to_local("d:\\MEDIA\\Films\\a.mkv", [Rule("D:\\media", "/m")]) == "/m/Films/a.mkv"
    assert to_local("/DATA/films/a.mkv", [Rule("/data", "/m")]) == "/DATA/films/a.mkv"
    assert to_local("nfs://NAS/Films/a.mkv", [Rule("nfs://nas/films", "/m")]) == "nfs://NAS/Films/a.mkv"
    assert to_local("nfs://NAS/films/a.mkv", [Rule("nfs://nas/films", "/m")]) == "/m/a.mkv"


def test_of_two_rules_that_differ_in_case_alone_the_exact_one_is_used() -> None:
    rules = [Rule("smb://nas/films", "/a"), Rule("smb://nas/Films", "/b")]
    assert to_local("smb://nas/Films/1.mkv", rules) == "/b/1.mkv"
    assert to_local("smb://nas/films/1.mkv", rules) == "/a/1.mkv"
    assert to_local("smb://nas/FILMS/1.mkv", rules) == "/a/1.mkv"


def test_the_longest_rule_wins_in_any_order() -> None:
    rules = [Rule("/data", "/a"), Rule("/data/films/4k", "/c"), Rule("/data/films", "/b")]
    for some in (rules, rules[::-1]):
        assert to_local("/data/films/4k/x.mkv", some) == "/c/x.mkv"
        assert to_local("/data/films/x.mkv", some) == "/b/x.mkv"
        assert to_local("/data/films4/x.mkv", some) == "/a/films4/x.mkv"


def test_of_our_rules_the_one_that_leads_back_is_preferred() -> None:
    """Two shares of one folder; what lies in the inner one is to be called by the rule that would be read as such."""
    rules = [Rule("/data", "/films"), Rule("/data/new", "/incoming"), Rule("/other", "/films")]
    assert to_remote("/films/new/x.mkv", rules) == "/other/new/x.mkv"
    assert to_remote("/films/old/x.mkv", rules) == "/data/old/x.mkv"


def test_dots_never_lead_out_of_a_rule() -> None:
    rules = [Rule("/data/films", "/films"), Rule("https://nas/films", "/films"), Rule("D:\\films", "/films")]
    assert to_local("/data/films/../../etc/passwd", rules) == "/etc/passwd"
    assert to_local("/data/films/a/../b.mkv", rules) == "/films/b.mkv"
    assert to_local("/../../data/films/b.mkv", rules) == "/films/b.mkv"
    assert to_local("https://nas/films/%2e%2e/%2e%2e%2fetc/passwd", rules) == "https://nas/etc/passwd"
    assert to_local("https://nas/films/a%2F..%2F..%2Fb", rules) == "https://nas/b"
    assert to_local("D:\\films\\..\\..\\Windows", rules) == "D:\\Windows"
    assert to_remote("/films/../etc/passwd", rules) == "/etc/passwd"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/media//films/./x.mkv/", "/media/films/x.mkv"),
        ("D:\\media\\\\films\\", "D:\\media\\films"),
        ("D:/media/films", "D:/media/films"),
        ("\\\\nas\\films\\\\x.mkv", "\\\\nas\\films\\x.mkv"),
        ("smb://user:pw@nas//films/x.mkv/", "smb://user:pw@nas/films/x.mkv"),
        ("file:///media/a%20b.mkv", "file:///media/a%20b.mkv"),
        ("plugin://plugin.video.x/?url=http://a//b/../c", "plugin://plugin.video.x/?url=http://a//b/../c"),
        ("stack:///a//1.avi , /a//2.avi", "stack:///a//1.avi , /a//2.avi"),
        ("films/x.mkv", "films/x.mkv"),
        ("", ""),
    ],
)
def test_without_a_rule_a_path_stays_as_it_is(path: str, expected: str) -> None:
    assert to_local(path, []) == expected
    assert to_local(path, [Rule("/nowhere", "/films")]) == expected


def test_ours_without_a_rule_is_a_unix_path_whatever_it_looks_like() -> None:
    assert to_remote("//media//AC\\DC/x.mkv", []) == "/media/AC\\DC/x.mkv"
    assert to_remote("/media/x.mkv", [Rule("/x", "/films")]) == "/media/x.mkv"


def test_two_slashes_are_a_share_if_a_rule_says_so_and_a_slip_otherwise() -> None:
    assert to_local(f"//data/films/{FILM}", [Rule("/data/films", "/a")]) == f"/a/{FILM}"
    assert to_local(f"//data/films/{FILM}", [Rule("/data/films", "/a"), Rule("\\\\data\\films", "/b")]) == f"/b/{FILM}"


def test_unicode_forms_are_compared_alike_and_kept_apart() -> None:
    composed, decomposed = "/films/Amélie", unicodedata.normalize("NFD", "/films/Amélie")
    assert composed != decomposed
    assert to_local(f"{decomposed}/é.mkv", [Rule(composed, "/a")]) == "/a/é.mkv"
    tail = unicodedata.normalize("NFD", "é.mkv")
    assert to_local(f"{composed}/{tail}", [Rule(decomposed, "/a")]) == f"/a/{tail}"
    assert unicode_forms(f"/a/{tail}") == [f"/a/{tail}", "/a/é.mkv"]
    assert unicode_forms("/a/é.mkv") == ["/a/é.mkv", f"/a/{tail}"]
    assert unicode_forms("/a/e.mkv") == ["/a/e.mkv"]
    assert same_place(decomposed, composed, local=True)


def test_a_share_whose_rule_is_percent_encoded_is_read_so() -> None:
    rules = [Rule("smb://nas/My%20Films", "/films")]
    assert to_local("smb://nas/My%20Films/A%20B.mkv", rules) == "/films/A B.mkv"
    assert to_local("smb://nas/My Films/A B.mkv", rules) == "/films/A B.mkv"
    assert to_remote("/films/A B.mkv", rules) == "smb://nas/My%20Films/A%20B.mkv"


def test_names_that_are_no_utf_8_come_as_the_catalogue_stores_them() -> None:
    rules = [Rule("file:///films", "/films")]
    assert to_local("file:///films/caf%E9.mkv", rules) == "/films/caf\U0010f7e9.mkv"
    assert to_remote("/films/caf\U0010f7e9.mkv", rules) == "file:///films/caf%E9.mkv"


_NAME = st.text(st.characters(exclude_characters="/\\\0", exclude_categories=["Cs", "Co"]), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..")
)
_REMOTES = st.sampled_from(
    ["C:\\", "D:\\media\\films", "D:/media", "\\\\nas\\films", "//nas/films", "smb://u:p@nas/films", "smb://nas/My%20Films",
     "nfs://nas/volume1/films", "file:///films", "file:///C:/films", "file://nas/films", "https://nas.lan:8443/dav", "/",
     "/data/films/"]
)  # fmt: skip


@given(remote=_REMOTES, local=st.lists(_NAME, min_size=1, max_size=3), tail=st.lists(_NAME, max_size=4))
@example(remote="smb://nas/My%20Films", local=["a"], tail=["100%25", "%2F"])
@example(remote="file:///films", local=["a"], tail=["C:", "x?y#z"])
def test_there_and_back_is_the_same_path(remote: str, local: list[str], tail: list[str]) -> None:
    rule = Rule(remote, "/" + "/".join(local))
    path = "/".join([rule.local, *tail])
    there = to_remote(path, [rule])
    assert to_local(there, [rule]) == path
    assert explain(path, [rule], Direction.TO_REMOTE).leads_back
    assert explain(there, [rule], Direction.TO_LOCAL).result == path


@given(path=st.text(max_size=60), rules=st.lists(st.builds(Rule, st.text(max_size=20), st.text(max_size=20)), max_size=4))
def test_no_text_upsets_it_and_the_explanation_says_what_is_done(path: str, rules: list[Rule]) -> None:
    assume("\ud800" not in path)
    assert explain(path, rules, Direction.TO_LOCAL).result == to_local(path, rules)
    assert explain(path, rules, Direction.TO_REMOTE).result == to_remote(path, rules)
