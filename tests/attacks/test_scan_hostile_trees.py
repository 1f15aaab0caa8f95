"""Trees as nobody should make them: a scan takes what it can name, tells the rest, and finds nothing new the second time."""

import os
import socket
from pathlib import Path

import pytest

from tests.libraries.scan.conftest import Disk, films  # noqa: F401  (a fixture)

pytestmark = pytest.mark.both


def plant(root: Path) -> None:
    """Loops, links out, sockets, pipes, odd and long names, names that differ in case or in normal form, deep folders."""
    film = root / "Film (2001)"
    film.mkdir()
    (film / "Film (2001).mkv").write_bytes(b"film")
    (film / "loop").symlink_to(root, target_is_directory=True)
    (film / "self").symlink_to("self")
    (film / "broken.mkv").symlink_to("/nowhere/at/all.mkv")
    os.mkfifo(film / "pipe.mkv")
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(film)
        one.bind("socket.mkv")
        os.chdir(here)
    (root / "device.mkv").symlink_to("/dev/zero")
    (root / ("x" * 251 + ".mkv")).write_bytes(b"long")
    Path(os.fsdecode(os.fsencode(root) + b"/\xff\xfe (1999).mkv")).write_bytes(b"not utf-8")
    for name in ("line\nbreak (2002).mkv", "bell\a (2003).mkv", "\u202egnp.vkm (2004).mkv", "🎬 (2005).mkv", "🎬 (2005).NFO"):
        (root / name).write_bytes(name.encode())
    for name in ("case (2006).mkv", "CASE (2006).mkv", "Zażółć (2007).mkv", "Zaz\u0307o\u0301łc\u0301 (2007).mkv"):
        (root / name).write_bytes(name.encode())
    (root / "void (2008).mkv").write_bytes(b"")
    deep = root
    for depth in range(60):
        deep /= f"d{depth}"
    deep.mkdir(parents=True)
    (deep / "Deep (2009).mkv").write_bytes(b"deep")
    (root / "VIDEO (2010)" / "VIDEO_TS").mkdir(parents=True)
    for name in ("VIDEO_TS.IFO", "VTS_01_0.IFO", "VTS_01_1.VOB"):
        (root / "VIDEO (2010)" / "VIDEO_TS" / name).write_bytes(name.encode())
    (root / "Blu (2011)" / "BDMV" / "STREAM").mkdir(parents=True)
    (root / "Blu (2011)" / "BDMV" / "index.bdmv").write_bytes(b"index")
    (root / "Blu (2011)" / "BDMV" / "STREAM" / "00001.m2ts").write_bytes(b"stream")


def test_hostile_trees_are_scanned_once_and_told(films: Disk) -> None:  # noqa: F811
    plant(films.root)
    first = films.scan()
    second = films.scan()
    assert not [name for name in second if name.startswith(("files_", "items_", "pictures_", "doubts"))]
    assert second["problem_count"] == first["problem_count"] == 5
    uris = [row[0] for row in films.rows("SELECT uri FROM media_files ORDER BY uri")]
    assert not [uri for uri in uris if "\n" in uri or "\a" in uri or uri.endswith(("pipe.mkv", "socket.mkv", "device.mkv"))]
    titles = [row[0] for row in films.rows("SELECT title FROM media_items ORDER BY title")]
    assert titles.count("Film") == titles.count("Deep") == titles.count("VIDEO") == titles.count("Blu") == 1
    assert films.one("SELECT count(*) FROM media_items WHERE availability <> 'present'") == 0
    assert titles.count("case") == 1  # two copies: letters' case does not tell films apart
    assert titles.count("Zażółć") == 1  # nor does the normal form
    assert films.one("SELECT count(*) FROM media_files WHERE uri LIKE '%case (2006).mkv' OR uri LIKE '%CASE (2006).mkv'") == 2
