"""Walking folders: order, links and loops, names that are not text, what cannot be read; fingerprints and hashes."""

import os
from pathlib import Path

import pytest

from domain.libraries import paths
from domain.libraries.enums import FileKind
from domain.libraries.scanning.comparing import KnownFile, compare, instant
from domain.libraries.scanning.hashing import EDGE, fingerprint, quick_hash, salt
from domain.libraries.scanning.listing import DirectoryListing, FileStat, list_directory
from domain.libraries.scanning.moves import Appeared, Vanished, match_moves
from domain.libraries.scanning.units import season_folder, unit_of
from domain.libraries.scanning.walking import walk


def nobody(name: str) -> bool:
    """No directory is passed over."""
    return False


def put(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def folders(root: Path) -> list[str]:
    return [listing.path for listing in walk(str(root), ignored=nobody)]


def test_directories_come_before_what_they_hold_and_siblings_by_name(tmp_path: Path) -> None:
    put(tmp_path, "b/x", "a/z/x", "a/b/x", "a.b/x", "c")
    found = folders(tmp_path)
    assert found == ["", "a", "a/b", "a/z", "a.b", "b"]
    assert found == sorted(found, key=paths.order)


def test_links_that_loop_are_followed_by_nobody_and_others_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root, "a/x")
    put(tmp_path / "outside", "deep/y")
    (root / "a" / "up").symlink_to(root)
    (root / "again").symlink_to(root / "a")
    (root / "one").symlink_to(tmp_path / "outside")
    (root / "two").symlink_to(tmp_path / "outside" / "deep")
    (tmp_path / "outside" / "back").symlink_to(tmp_path / "outside")
    assert folders(root) == ["", "a", "one", "one/deep"]


def test_linked_files_count_as_what_they_lead_to_and_broken_links_are_told(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(tmp_path, "real.mkv")
    root.mkdir()
    (root / "film.mkv").symlink_to(tmp_path / "real.mkv")
    (root / "broken.mkv").symlink_to(tmp_path / "nowhere")
    (listing,) = walk(str(root), ignored=nobody)
    assert [(file.name, file.size) for file in listing.files] == [("film.mkv", len("real.mkv"))]
    assert [problem.path for problem in listing.problems] == [str(root / "broken.mkv")]


def test_names_that_are_not_utf8_can_be_stored_and_opened_again(tmp_path: Path) -> None:
    name = b"caf\xe9 \xff.mkv"
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("found")
    listing = list_directory(str(tmp_path), "", ignored=nobody)
    (file,) = listing.files
    file.name.encode("utf-8")
    assert Path(paths.real(paths.join(str(tmp_path), "", file.name))).read_text() == "found"
    assert len(fingerprint(listing, salt="")) == 32


@pytest.mark.parametrize("name", ["line\nend.mkv", "bell\x07.mkv", "delete\x7f.mkv", "ours\U0010f7aa.mkv"])
def test_control_characters_in_names_are_refused_and_told(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, "good.mkv")
    listing = list_directory(str(tmp_path), "", ignored=nobody)
    assert [file.name for file in listing.files] == ["good.mkv"]
    assert len(listing.problems) == 1
    assert listing.problems[0].message.isprintable()


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mkv")
    assert list_directory(str(tmp_path), "", ignored=nobody).files == ()


def test_system_folders_and_hidden_ones_are_passed_over_but_not_actors(tmp_path: Path) -> None:
    put(tmp_path, ".actors/A.jpg", ".git/x", "lost+found/x", "#recycle/x", "$RECYCLE.BIN/x", "Film/x")
    assert folders(tmp_path) == ["", ".actors", "Film"]


def test_what_cannot_be_listed_is_unreadable_not_empty(tmp_path: Path) -> None:
    listing = list_directory(str(tmp_path), "not/there", ignored=nobody)
    assert listing.is_unreadable
    assert listing.problems[0].message == "No such file or directory"


def test_a_fingerprint_changes_with_name_size_time_and_rules(tmp_path: Path) -> None:
    base = DirectoryListing("", (FileStat("a", 1, 10), FileStat("b", 2, 20)))
    others = [
        DirectoryListing("", (FileStat("A", 1, 10), FileStat("b", 2, 20))),
        DirectoryListing("", (FileStat("a", 2, 10), FileStat("b", 2, 20))),
        DirectoryListing("", (FileStat("a", 1, 11), FileStat("b", 2, 20))),
        DirectoryListing("", (FileStat("a", 1, 10),)),
    ]
    prints = [fingerprint(base, salt=salt(())), fingerprint(base, salt=salt(("*.txt",)))]
    prints += [fingerprint(one, salt=salt(())) for one in others]
    assert len(set(prints)) == 6
    assert fingerprint(base, salt=salt(())) == prints[0]


def test_a_quick_hash_sees_head_tail_and_size_and_all_of_a_small_file(tmp_path: Path) -> None:
    large = bytearray(4 * EDGE)
    path = tmp_path / "file"

    def hash_of(data: bytes | bytearray) -> str:
        path.write_bytes(data)
        return quick_hash(str(path), len(data))

    seen = {hash_of(large), hash_of(large + b"x"), hash_of(b"x" + large[1:]), hash_of(large[:-1] + b"x")}
    assert len(seen) == 4
    middle = bytearray(large)
    middle[2 * EDGE] = 1
    assert hash_of(middle) == hash_of(large)
    small = bytearray(2 * EDGE)
    small[EDGE] = 1
    assert hash_of(small) != hash_of(bytes(2 * EDGE))


def known(name: str, size: int = 1, mtime_ns: int = 1_000_000_000, *, is_missing: bool = False) -> KnownFile:
    return KnownFile(
        1, 1, 1, name, f"/r/{name}", FileKind.VIDEO, size, instant(mtime_ns), "h", is_missing, is_settled=True, is_read=True
    )


def test_a_diff_tells_new_changed_restored_and_gone() -> None:
    now = (FileStat("new", 1, 0), FileStat("same", 1, 1_000_000_000), FileStat("size", 2, 1_000_000_000),
           FileStat("time", 1, 2_000_000_000), FileStat("back", 1, 1_000_000_000))  # fmt: skip
    before = [
        known("same"),
        known("size"),
        known("time"),
        known("gone"),
        known("lost", is_missing=True),
        known("back", is_missing=True),
    ]
    diff = compare(DirectoryListing("", now), before)
    assert [file.name for file in diff.added] == ["new"]
    assert [file.name for file, _ in diff.changed] == ["size", "time"]
    assert [file.name for file in diff.restored] == ["back"]
    assert [file.name for file in diff.gone] == ["gone"]


@pytest.mark.parametrize("mtime_ns", [-(10**22), -1, 0, 10**22])
def test_times_that_no_calendar_has_are_still_times(mtime_ns: int) -> None:
    assert instant(mtime_ns).tzinfo is not None


def test_moves_pair_by_size_and_hash_first_the_same_name_then_the_same_folder() -> None:
    gone = [Vanished(1, "/r/A/film.mkv", 5, "h"), Vanished(2, "/r/B/poster.jpg", 5, "h"), Vanished(3, "/r/C/x.mkv", 5, "other")]
    places = [Appeared("/r/Z/renamed.jpg", 1, "Z", 5, 0), Appeared("/r/Y/film.mkv", 1, "Y", 5, 0)]
    big = Appeared("/r/X/big.mkv", 1, "X", 9, 0)
    asked: list[str] = []

    def hash_of(place: Appeared) -> str:
        asked.append(place.uri)
        return "h"

    moves = match_moves(gone, {5: places, 9: [big]}, hash_of)
    assert [(move.file.id, move.to.uri) for move in moves] == [(1, "/r/Y/film.mkv"), (2, "/r/Z/renamed.jpg")]
    assert "/r/X/big.mkv" not in asked


def test_empty_files_are_never_taken_for_moved() -> None:
    assert match_moves([Vanished(1, "/r/a", 0, "h")], {0: [Appeared("/r/b", 1, "", 0, 0)]}, lambda place: "h") == []


@pytest.mark.parametrize(
    ("path", "film", "show"),
    [
        ("", "", ""),
        ("Film (2001)", "Film (2001)", "Film (2001)"),
        ("Film (2001)/Extras", "Film (2001)", "Film (2001)"),
        ("Film (2001)/BDMV/STREAM", "Film (2001)", "Film (2001)"),
        ("Film (2001)/CD1", "Film (2001)", "Film (2001)"),
        ("Film (2001)/.actors", "Film (2001)", "Film (2001)"),
        ("A-F/Film (2001)/trailers/old", "A-F/Film (2001)", "A-F/Film (2001)"),
        ("Trailers", "Trailers", "Trailers"),
        ("Show/Season 01", "Show/Season 01", "Show"),
        ("Show/Specials/Extras", "Show/Specials", "Show"),
        ("Show/Season 01/Show.S01E01-GRP", "Show/Season 01/Show.S01E01-GRP", "Show"),
        ("Season 02", "Season 02", ""),
    ],
)
def test_inner_folders_belong_to_the_unit_above(path: str, film: str, show: str) -> None:
    assert unit_of(path, hint="movie") == film
    assert unit_of(path, hint="tv") == show


def test_the_season_of_a_folder_is_that_of_its_season_folder() -> None:
    assert season_folder("Show/Season 03/Extras", "Show") == ("Show/Season 03", 3)
    assert season_folder("Show/Specials", "Show") == ("Show/Specials", 0)
    assert season_folder("Show", "Show") is None
