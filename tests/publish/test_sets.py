"""Pictures of film sets lie in Kodi's movie set information folder, in a folder for each set; one of its films publishes them."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from domain.publish import recycling
from domain.publish.service import Publisher
from domain.publish.sets import folder_name, home_of
from domain.publish.verifying.published import problems_of
from tests.publish.conftest import NFO, Shelf

SET = "Lantern Collection"
FIRST, SECOND = "Paper Lanterns (2019)", "Stone Lanterns (2022)"


@pytest.fixture
def msif(films: Shelf, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, and two films of one set whose publisher knows it."""
    folder = films.root.parent / "sets"
    folder.mkdir()
    for name in (FIRST, SECOND):
        films.put(f"{name}/{name}.mkv")
        films.put(f"{name}/{name}.nfo", NFO.replace("900101", name[-5:-1]).replace("tt9900101", f"tt{name[-5:-1]}"))
    films.scan()
    plain = Shelf.publisher

    def publisher(self: Shelf, *args: Any, **more: Any) -> Publisher:
        return dataclasses.replace(plain(self, *args, **more), sets=home_of(folder))

    monkeypatch.setattr(Shelf, "publisher", publisher)
    films.publish()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob("[!.]*/*"))}


def state(folder: Path) -> dict[str, Any]:
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*"))}


def collection(films: Shelf) -> int:
    key: int = films.one("SELECT id FROM collections WHERE name = :name", name=SET)
    return key


def states(films: Shelf) -> list[str]:
    return [row[0] for row in films.rows("SELECT publication FROM media_items ORDER BY id")]


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Lantern Collection", "Lantern Collection"), ('A/B: "C"? ', "A_B_ _C__"), ("Mr. & Mrs...", "Mr. & Mrs"), ("..", None),
     ("", None),     (".hidden", None), ("ü" * 200, None)],
)  # fmt: skip
def test_a_set_has_the_folder_that_kodi_looks_for(name: str, folder: str | None) -> None:
    assert folder_name(name) == folder


@pytest.mark.both
def test_a_sets_pictures_are_published_once_follow_their_change_and_stay_with_the_set(films: Shelf, msif: Path) -> None:
    assert files(msif) == {}
    films.cached(collection(films), "poster", b"poster")
    films.cached(collection(films), "fanart", b"fanart")
    films.cached(collection(films), "fanart", b"second", rank=1)
    assert states(films) == ["outdated", "outdated"]
    films.publish()
    names = f"{SET}/poster.jpg", f"{SET}/fanart.jpg", f"{SET}/fanart1.jpg"
    assert files(msif) == dict(zip(names, (b"poster", b"fanart", b"second"), strict=True))
    before = state(msif), films.state()
    films.scan()
    assert [one.is_changed for one in films.publish()] == [False, False]
    assert ((state(msif), films.state()), states(films)) == (before, ["published", "published"])

    films.cached(collection(films), "poster", b"other poster")
    films.publish()
    assert files(msif)[names[0]] == b"other poster"
    assert [path.read_bytes() for path in (msif / ".marquee-bin").iterdir()] == [b"poster"]

    (msif / names[1]).write_bytes(b"somebody's own")
    films.cached(collection(films), "fanart", b"newer fanart")
    assert [one.kept for one in films.publish()] == [1, 0]
    assert files(msif)[names[1]] == b"somebody's own"

    speaker = films.one("SELECT min(item_id) FROM collection_members")
    leave = f"DELETE FROM collection_members WHERE item_id = {speaker}"
    films.database.perform(lambda uow: uow.session.connection().exec_driver_sql(leave) and None)
    assert states(films) == ["outdated", "outdated"]
    films.publish()
    assert files(msif)[names[0]] == b"other poster"
    off = "UPDATE assets SET rank = NULL WHERE asset_type = 'poster'"
    films.database.perform(lambda uow: uow.session.connection().exec_driver_sql(off) and None)
    films.publish()
    films.publish()
    assert sorted(files(msif)) == [names[1], names[2]]


def test_without_the_folder_sets_have_no_files_and_films_are_published_all_the_same(films: Shelf, msif: Path) -> None:
    films.cached(collection(films), "poster", b"poster")
    films.publish()
    publisher = films.publisher()
    (msif / SET / "poster.jpg").unlink()
    found = [problems_of(publisher, subject, is_deep=False) for subject in publisher.subjects(films.items())]
    assert [[(one.kind.value, one.path) for one in each or ()] for each in found] == [
        [("missing", str(msif / SET / "poster.jpg"))], [],
    ]  # fmt: skip
    films.publish()
    films.cached(collection(films), "poster", b"other")
    films.publish()
    binned = films.one("SELECT id FROM recycle_bin WHERE original_path LIKE '%/sets/%'")
    recycling.restore(films.publisher(), binned)
    assert files(msif) == {f"{SET}/poster.jpg": b"poster"}
    msif.rename(msif.with_name("unmounted"))
    films.cached(collection(films), "poster", b"third")
    assert [one.trouble for one in films.publish()] == [None, None]
    assert states(films) == ["published", "published"]
    assert not msif.exists()
    assert home_of(None) is home_of(Path("relative")) is None
