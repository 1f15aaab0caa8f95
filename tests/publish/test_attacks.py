"""Publishing and clearing up as somebody would who means no good: at once, on disks that go away, with hostile names."""

import contextlib
import errno
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workers.actors
from domain.jobs import service as jobs
from domain.jobs.kinds import PUBLISH, Publish
from domain.kit.database import Database
from domain.kit.errors import PathUnusable
from domain.libraries import access_service
from domain.publish import recycling
from domain.publish.cache_folder import CacheFolder
from domain.publish.clearing import Clearing
from domain.publish.disk import Disk
from domain.publish.enums import PublishFailure
from domain.publish.places import of_actor
from domain.settings import Settings
from tests.api.conftest import Client
from tests.conftest import ManualClock
from tests.libraries.scan.conftest import install
from tests.publish.cellar import Cellar
from tests.publish.conftest import FILM, NFO, Shelf
from tests.publish.dying import Doom
from tests.sampling import stretch
from workers.runner import Runner

assert workers.actors


class ReadOnly:
    """`os` of a disk that is mounted for reading only."""

    WRITING = frozenset({"mkdir", "write", "link", "rename", "unlink", "utime"})

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)

        def call(*args: Any, **named: Any) -> Any:
            if name in self.WRITING or (name == "open" and args[1] & os.O_CREAT):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            return real(*args, **named)

        return call


@pytest.mark.both
def test_two_publications_and_a_scan_at_once_leave_what_one_leaves(films: Shelf, database_url: str, tmp_path: Path) -> None:
    titles = [f"Film {number} (2001)" for number in range(6)]
    for title in titles:
        films.put(f"{title}/{title}.mkv")
        films.put(f"{title}/{title}.nfo", f"<movie><title>{title[:6]}</title><plot>Theirs.</plot></movie>")
    films.scan()
    for item in films.items():
        films.cached(item, "poster", b"poster %d" % item)
    keys = tuple(films.items())
    for given in (keys, keys[::-1]):
        films.database.perform(lambda uow, given=given: jobs.enqueue(uow, PUBLISH, Publish(items=given)))  # type: ignore[misc]
    settings, failures = Settings(DATABASE_URL=database_url, data_dir=tmp_path), []

    def publish(name: str) -> None:
        database = Database(database_url)
        Runner(database, settings, queues=("publish",), worker=name, random=lambda: 0.0).drain()
        database.close()

    def guarded(work: Callable[[], Any]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    threads = [guarded(films.scan), *(guarded(lambda name=name: publish(name)) for name in ("one", "other"))]  # type: ignore[misc]
    for thread in threads:
        thread.join(60)
    assert failures == []
    ended = films.rows("SELECT status, error FROM jobs WHERE kind = 'publish.publish'")
    assert ended == [("completed", None)] * 2
    assert films.rows("SELECT status FROM publish_runs WHERE status IN ('running', 'failed')") == []
    films.scan()
    films.publish()
    assert films.files().keys() == {f"{title}/{title}{rest}" for title in titles for rest in (".mkv", ".nfo", "-poster.jpg")}
    assert films.binned() == [f"<movie><title>{title[:6]}</title><plot>Theirs.</plot></movie>".encode() for title in titles]
    assert {plot for (plot,) in films.rows("SELECT plot FROM media_items")} == {"Theirs."}
    before = films.state()
    films.scan()
    films.publish()
    assert films.state() == before


def test_on_a_disk_that_is_mounted_for_reading_only_nothing_changes_and_it_is_told(
    films: Shelf, manual_clock: ManualClock
) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/{FILM}.nfo", NFO)
    films.scan()
    (item,) = films.items()
    films.publish()
    key = films.one("SELECT id FROM recycle_bin")
    films.cached(item, "poster", b"poster")
    before = films.state()
    done = films.publisher(ReadOnly()).publish(item)
    assert done is not None
    assert done.trouble is not None
    assert (done.trouble.failure, done.written) == (PublishFailure.READ_ONLY, 0)
    with pytest.raises(PathUnusable):
        recycling.restore(films.publisher(ReadOnly()), key)
    manual_clock.advance(31 * 86_400)
    assert recycling.sweep(films.database, Disk(ReadOnly()), limit_bytes=0) == 0
    assert films.state() == before
    assert films.rows("SELECT purged_at, restored_at FROM recycle_bin") == [(None, None)]
    assert films.one("SELECT publication FROM media_items") == "failed"
    films.publish()
    assert f"{FILM}/{FILM}-poster.jpg" in films.files()


def test_a_folder_that_is_deleted_at_any_moment_is_a_failure_of_its_item_alone(films: Shelf, tmp_path: Path) -> None:
    class Deleting(Doom):
        def _call(self, full: Exception | None) -> None:
            self.count += 1
            if self.count == self.at + 1:
                while doomed.exists():  # others write into it meanwhile
                    shutil.rmtree(doomed, ignore_errors=True)

    number, step = stretch(6)
    while True:
        titles = [f"Film {number} {one} (2001)" for one in ("a", "b")]
        for title in titles:
            films.put(f"{title}/{title}.mkv")
        films.scan()
        keys = films.items()[-2:]
        for key in keys:
            films.cached(key, "poster", b"poster %d" % key)
        doomed = films.root / titles[0]
        meddling = Deleting(number, is_full=False)
        done = films.publisher(meddling).publish_many(keys)
        trouble = done[keys[0]].trouble  # type: ignore[union-attr]
        assert trouble is None or trouble.failure in (PublishFailure.FOLDER_GONE, PublishFailure.OUTSIDE_LIBRARY)
        assert done[keys[1]].trouble is None  # type: ignore[union-attr]
        assert f"{titles[1]}/{titles[1]}-poster.jpg" in films.files()
        assert films.rows("SELECT id FROM publish_runs WHERE status = 'running'") == []
        assert films.publisher().recover() == {}
        if meddling.count <= number:
            break
        assert not doomed.exists()
        number += step
    assert number > 10


@pytest.mark.parametrize("after", [1, 30, 258, 259, 262, 400])
def test_a_cache_whose_disk_goes_away_while_it_is_cleared_up_is_as_it_was_when_it_comes_back(
    films: Shelf, manual_clock: ManualClock, after: int
) -> None:
    cellar = Cellar(films, manual_clock)
    films.put(f"{FILM}/{FILM}.mkv")
    films.scan()
    films.cached(films.items()[0], "poster", b"shown")
    kept = [*cellar.rows(), cellar.put(b"due"), cellar.put(b"due, too")]
    cellar.run("UPDATE cached_files SET released_at = '2020-01-01T00:00:00.000000Z' WHERE size_bytes < 10")
    away, left = cellar.root.with_name("unmounted"), [after]

    def check() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.rename(cellar.root, away)
            cellar.root.mkdir()

    run = Clearing(films.database, CacheFolder(cellar.root), check=check)
    with contextlib.suppress(PathUnusable, OSError):
        run.run()
    assert list(cellar.root.rglob("*")) == [] or left[0] > 0
    if left[0] <= 0:
        cellar.root.rmdir()
        os.rename(away, cellar.root)
    assert cellar.rows() == sorted(kept)
    cellar.clear()
    there = {path.split("/", 2)[2] if path.startswith("quarantine/") else path for path in cellar.files()}
    assert there == set(kept)
    assert films.one("SELECT count(*) FROM cached_files WHERE quarantined_at IS NOT NULL") == 2


HOSTILE = {
    "../../etc/passwd": "etcpasswd", "..": None, ".hidden": "hidden", "a\0b": "ab", "x" * 300: None, "ż" * 150: None,
    "Robert Downey Jr.": "Robert_Downey_Jr.", "CON": None, "nul": None, "Aux": None, "com1": None, "Con Nor": "Con_Nor",
    "a/b\\c": "abc", "bell\x07": "bell", " ": None, "‮evil": "‮evil", "name .": "name_.", "LPT9.x": None,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=[f"{number}" for number in range(len(HOSTILE))])
def test_hostile_names_of_actors_stay_in_their_folder(name: str) -> None:
    place = of_actor(name, "/films/A", "/films")
    assert (place.name if place is not None else None) == HOSTILE[name]
    if place is not None:
        assert place.folder == "/films/A/.actors"


def test_hostile_words_are_words_and_name_no_file(films: Shelf) -> None:
    """Titles, sets and roles with paths in them; a video whose name leaves no room for what is put behind it."""
    long = "ż" * 120 + " (2001)"
    films.put(f"{long}/{long}.mkv")
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(
        f"{FILM}/{FILM}.nfo",
        "<movie><title>../../evil</title><set><name>../../../tmp/set</name></set><studio>CON</studio>"
        "<actor><name>../../actor</name><role>../x</role></actor><genre>" + "g" * 300 + "</genre></movie>",
    )
    films.scan()
    for item in films.items():
        films.cached(item, "poster", b"poster %d" % item)
        films.cached(item, "clearlogo", b"logo %d" % item)
    (actor,) = [key for (key,) in films.rows("SELECT id FROM people")]
    films.cached(actor, "actor_thumb", b"face")
    done = films.publish()
    assert [one.trouble for one in done] == [None, None]
    written = films.root.parent.rglob("*evil*"), films.root.parent.rglob("*set*")
    assert [list(found) for found in written] == [[], []]
    assert sorted(path.name for path in (films.root / FILM).rglob("*") if path.is_file()) == sorted(
        ["actor.jpg", f"{FILM}-clearlogo.jpg", f"{FILM}-poster.jpg", f"{FILM}.mkv", f"{FILM}.nfo"]
    )
    assert sorted(path.name for path in (films.root / long).iterdir()) == [f"{long}.mkv", f"{long}.nfo"]
    assert films.plan()[f"{long}/{long}-poster.jpg"] == ("skip", "name_too_long")
    before = films.state()
    films.publish()
    assert films.state() == before


async def test_what_is_hidden_from_an_editor_is_not_there_to_be_published(client: Client, tmp_path: Path) -> None:
    house = client.house
    install(house.database)
    shelf = Shelf(house.database, tmp_path / "films", name="Closed to the editor")
    shelf.put(f"{FILM}/{FILM}.mkv")
    shelf.scan()
    item = shelf.one("SELECT id FROM media_items WHERE library_id = :id", id=shelf.id)
    shelf.publisher().publish(item)
    with house.database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=house.users["editor"].id, library_ids=[house.open_library])
        uow.session.connection().exec_driver_sql("UPDATE users SET has_all_libraries = false WHERE username = 'editor'")
    publish = (
        "mutation($w: PublishWhatInput!) { publishItems(input: {what: $w}) { job { id } errors { ... on UserError { code } } } }"
    )
    for what in ({"items": [f"itm_{item}"]}, {"library": f"lib_{shelf.id}"}, {"items": [f"itm_{item}"], "library": None}):
        answer = (await client.send(publish, {"w": what}, who="editor")).json()
        told = answer.get("errors") or answer["data"]["publishItems"]["errors"]
        assert "job_" not in str(answer)
        assert len(told) > 0
    preview = "query($i: [ID!]!) { publishPreview(items: $i) { problem files { path } } }"
    assert str(tmp_path) not in (await client.send(preview, {"i": [f"itm_{item}"]}, who="editor")).text
    runs = "{ publishRuns(first: 5) { nodes { id } } }"
    assert (await client.data(runs, who="editor"))["publishRuns"]["nodes"] == []
    assert len((await client.data(runs, who="admin"))["publishRuns"]["nodes"]) == 1
    for document in (
        "mutation { clearCache(input: {}) { job { id } } }", "mutation { restoreCache(input: {}) { job { id } } }",
        "mutation { verifyFiles(input: {}) { job { id } } }", '{ recycledFiles(first: 5) { nodes { id } } }',
        'mutation { repairFiles(input: {problems: ["prb_1"]}) { job { id } } }', "{ fileProblems(first: 5) { nodes { path } } }",
        'mutation { restoreRecycled(input: {id: "bin_1"}) { recycledFile { id } } }',
    ):  # fmt: skip
        for who in ("editor", "member", "limited"):
            answer = (await client.send(document, who=who)).json()
            assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"], (document, who)
    assert shelf.one("SELECT count(*) FROM jobs WHERE kind LIKE 'publish.%'") == 0
