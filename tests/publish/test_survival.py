"""Killed, or with a full disk, at every call of the system: each file is old or new, database and disk agree afterwards."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.kit.database import UnitOfWork
from domain.publish.enums import PublishFailure
from tests.publish.conftest import FILM, NFO, Shelf
from tests.sampling import stretch


class Killed(BaseException):
    """The end of the process: nothing that follows in it is carried out."""


class Fragile:
    """`os`, in which the call of a number does not happen: the process ends there, or the call fails."""

    COUNTED = frozenset({"open", "mkdir", "write", "fsync", "link", "rename", "unlink", "utime", "stat"})
    FILLING = frozenset({"open", "mkdir", "write", "fsync", "link", "rename"})

    def __init__(self, *, at: int | None, error: int | None = None, is_linkless: bool = False) -> None:
        self.calls: list[str] = []
        self.at, self.error, self.is_linkless, self.is_dead = at, error, is_linkless, False

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._counted(name, real) if name in self.COUNTED else real

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            if self.is_dead:
                raise Killed
            is_it = len(self.calls) == self.at
            self.calls.append(name)
            if is_it and self.error is None:
                self.is_dead = True
                raise Killed
            if is_it and (name in self.FILLING) and not (name == "open" and not args[1] & os.O_CREAT):
                raise OSError(self.error, os.strerror(self.error or 0))
            if name == "link" and self.is_linkless:
                raise OSError(errno.EOPNOTSUPP, "no links here")
            return real(*args, **named)

        return call


def shelf_of(database: Any, root: Path) -> Shelf:
    """A film with our NFO outdated, a foreign poster in the way of ours, a new fanart, and a banner that is shown no more."""
    shelf = Shelf(database, root, name=root.name)
    shelf.put(f"{FILM}/{FILM}.mkv")
    shelf.scan()
    item = shelf.one("SELECT id FROM media_items WHERE library_id = :id", id=shelf.id)
    shelf.cached(item, "banner", f"banner {root.name}".encode())
    shelf.publisher().publish(item)
    with shelf.database.transaction() as uow:
        run = uow.session.connection().exec_driver_sql
        run(f"UPDATE media_items SET plot = 'New words.' WHERE id = {item}")
        run(f"UPDATE assets SET rank = NULL WHERE entity_id = {item}")
    shelf.cached(item, "poster", f"poster {root.name}".encode())
    shelf.cached(item, "fanart", f"fanart {root.name}".encode())
    shelf.put(f"{FILM}/{FILM}-poster.jpg", b"theirs")
    shelf.put(f"{FILM}/movie.nfo", NFO)
    return shelf


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {name.removeprefix(f"{FILM}/"): data for name, data in shelf.files().items()}


def check_agreement(shelf: Shelf, item: int, theirs: frozenset[bytes] = frozenset({b"theirs", NFO.encode()})) -> None:
    """What the database says of files is so on the disk, nothing lies there that it does not know, `theirs` is somewhere."""
    rows = shelf.rows(
        "SELECT f.uri, p.size_bytes FROM published_files p JOIN media_files f ON f.id = p.media_file_id WHERE p.item_id = :item",
        item=item,
    )
    for uri, size in rows:
        assert Path(uri).stat().st_size == size
    bins = {str(path) for path in shelf.root.rglob(".marquee-bin/*")}
    known = shelf.rows("SELECT bin_path FROM recycle_bin WHERE library_id = :id AND purged_at IS NULL", id=shelf.id)
    assert {path for (path,) in known} == bins
    assert list(shelf.root.rglob(".marquee-*.tmp")) == []
    assert shelf.one("SELECT count(*) FROM publish_runs WHERE status = 'running'") == 0
    assert theirs - {*shelf.files().values(), *shelf.binned()} == set()


def trial(database: Any, root: Path, fragile: Fragile) -> bool:
    """One death or failure; whether the call of that number was reached at all."""
    shelf = shelf_of(database, root)
    item = shelf.one("SELECT id FROM media_items WHERE library_id = :id", id=shelf.id)
    old = contents(shelf)
    publisher = shelf.publisher(fragile)
    with contextlib.suppress(Killed):
        publisher.publish(item)
    reached = fragile.at is not None and len(fragile.calls) > fragile.at
    midway = contents(shelf)
    new = {
        f"{FILM}-poster.jpg": f"poster {root.name}".encode(), f"{FILM}-fanart.jpg": f"fanart {root.name}".encode(),
    }  # fmt: skip
    for name, data in midway.items():
        is_new_nfo = name.endswith(".nfo") and b"New words." in data and data.endswith(b"</movie>\n")
        assert data in (old.get(name), new.get(name)) or is_new_nfo, name
    after = shelf.publisher()
    after.recover()
    check_agreement(shelf, item)
    for _ in range(2):
        after.publish(item)
    check_agreement(shelf, item)
    assert sorted(contents(shelf)) == [f"{FILM}-fanart.jpg", f"{FILM}-poster.jpg", f"{FILM}.mkv", f"{FILM}.nfo"]
    assert shelf.one("SELECT publication FROM media_items WHERE id = :item", item=item) == "published"
    assert shelf.binned().count(b"theirs") == 1
    return reached


@pytest.mark.parametrize("is_linkless", [False, True], ids=["links", "copies"])
def test_killed_at_any_call_every_file_is_old_or_new_and_a_restart_makes_it_whole(
    films: Shelf, tmp_path: Path, is_linkless: bool
) -> None:
    number, step = stretch(4)
    while trial(films.database, tmp_path / f"kill{number}", Fragile(at=number, is_linkless=is_linkless)):
        number += step
    assert number > 40


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_at_any_call_loses_nothing_and_is_told(films: Shelf, tmp_path: Path, error: int) -> None:
    number, step = stretch(4)
    while trial(films.database, tmp_path / f"full{number}", Fragile(at=number, error=error)):
        number += step
    assert number > 40


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("is_committed", [False, True])
def test_killed_around_each_transaction_a_restart_makes_it_whole(
    films: Shelf, tmp_path: Path, number: int, is_committed: bool
) -> None:
    """The intent, and the record of what was done: before and after either is durable."""
    shelf = shelf_of(films.database, tmp_path / "around")
    item = shelf.one("SELECT id FROM media_items WHERE library_id = :id", id=shelf.id)
    entered = 0

    @contextlib.contextmanager
    def writing() -> Iterator[UnitOfWork]:
        nonlocal entered
        entered += 1
        with shelf.database.transaction(actor="test") as uow:
            yield uow
            if entered == number and not is_committed:
                raise Killed
        if entered == number:
            raise Killed

    with pytest.raises(Killed):
        replace(shelf.publisher(), writing=writing).publish(item)
    after = shelf.publisher()
    after.recover()
    check_agreement(shelf, item)
    after.publish(item)
    check_agreement(shelf, item)
    assert sorted(contents(shelf)) == [f"{FILM}-fanart.jpg", f"{FILM}-poster.jpg", f"{FILM}.mkv", f"{FILM}.nfo"]
    assert shelf.binned().count(b"theirs") == 1


def test_what_changes_while_files_are_written_leaves_the_item_outdated(films: Shelf) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    (item,) = films.items()

    class Meddling(Fragile):
        def __getattr__(self, name: str) -> Any:
            if name == "rename" and self.at is None:
                self.at = 10**9
                with films.database.transaction() as uow:
                    uow.session.connection().exec_driver_sql("UPDATE media_items SET plot = 'Meanwhile.'")
            return super().__getattr__(name)

    films.publisher(Meddling(at=None)).publish(item)
    assert films.one("SELECT publication FROM media_items") == "outdated"
    films.publisher().publish(item)
    assert films.one("SELECT publication FROM media_items") == "published"
    assert b"<plot>Meanwhile.</plot>" in films.files()[f"{FILM}/{FILM}.nfo"]


def test_a_failure_stands_in_the_run_and_on_the_item(films: Shelf) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    (item,) = films.items()
    done = films.publisher(Fragile(at=3, error=errno.ENOSPC)).publish(item)
    while done is not None and done.trouble is None:  # the call of that number need not be one that fills the disk
        films.database.perform(lambda uow: uow.session.connection().exec_driver_sql("UPDATE media_items SET tagline = 'x'"))
        done = films.publisher(Fragile(at=2, error=errno.ENOSPC)).publish(item)
    assert done is not None
    assert done.trouble is not None
    assert done.trouble.failure is PublishFailure.DISK_FULL
    assert films.one("SELECT publication FROM media_items") == "failed"
    assert films.rows("SELECT status, failure FROM publish_runs ORDER BY id DESC LIMIT 1") == [("failed", "disk_full")]


def test_a_link_out_of_the_library_is_not_followed(films: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / f"{FILM}.mkv").write_bytes(b"film")
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    (films.root / FILM / f"{FILM}.mkv").unlink()
    (films.root / FILM).rmdir()
    (films.root / FILM).symlink_to(outside)
    (item,) = films.items()
    done = films.publisher().publish(item)
    assert done is not None
    assert done.trouble is not None
    assert done.trouble.failure is PublishFailure.OUTSIDE_LIBRARY
    assert [path.name for path in outside.iterdir()] == [f"{FILM}.mkv"]


def test_a_link_at_the_place_of_a_file_is_left_alone(films: Shelf, tmp_path: Path) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    target = tmp_path / "elsewhere.nfo"
    target.write_bytes(b"theirs")
    (films.root / FILM / f"{FILM}.nfo").symlink_to(target)
    assert films.plan()[f"{FILM}/{FILM}.nfo"] == ("skip", "not_a_regular_file")
    films.publish()
    assert target.read_bytes() == b"theirs"


def test_a_folder_that_is_away_forgets_nothing(films: Shelf) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    films.publish()
    os.rename(films.root, films.root.with_name("away"))
    (done,) = films.publish()
    assert done.trouble is not None
    assert done.trouble.failure is PublishFailure.FOLDER_GONE
    os.rename(films.root.with_name("away"), films.root)
    before = films.state()
    films.publish()
    assert films.state() == before
    assert films.one("SELECT publication FROM media_items") == "published"


@pytest.mark.parametrize("error", [None, errno.ENOSPC], ids=["killed", "full"])
def test_a_stretch_that_is_cut_off_leaves_every_file_old_or_new_and_the_next_one_makes_it_whole(
    films: Shelf, tmp_path: Path, error: int | None
) -> None:
    """The files of several items are written at once: whichever thread dies, all do."""
    number, reached = 0, True
    while reached:
        shelf = Shelf(films.database, tmp_path / f"stretch{number}", name=f"stretch{number}")
        titles = [f"Film {one} of {number} (2001)" for one in range(4)]
        for title in titles:
            shelf.put(f"{title}/{title}.mkv")
            shelf.put(f"{title}/{title}.nfo", f"<movie><plot>Theirs {title}.</plot></movie>")
        shelf.scan()
        items = [key for (key,) in shelf.rows("SELECT id FROM media_items WHERE library_id = :id", id=shelf.id)]
        for item in items:
            shelf.cached(item, "poster", f"poster {item} {number}".encode())
        fragile = Fragile(at=number, error=error)
        with contextlib.suppress(Killed):
            shelf.publisher(fragile).publish_many(items)
        reached = len(fragile.calls) > number
        after = shelf.publisher()
        after.recover()
        assert list(shelf.root.rglob(".marquee-*.tmp")) == []
        for _ in range(2):
            after.publish_many(items)
        expected = {f"{title}/{title}{rest}" for title in titles for rest in (".mkv", ".nfo", "-poster.jpg")}
        assert shelf.files().keys() == expected
        theirs = sorted(f"<movie><plot>Theirs {title}.</plot></movie>".encode() for title in titles)
        assert sorted(shelf.binned()) == theirs
        states = "SELECT count(*) FROM media_items WHERE library_id = :id AND publication = 'published'"
        assert shelf.one(states, id=shelf.id) == 4
        number += 9
    assert number > 60
