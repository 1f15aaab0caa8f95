"""Publishing on a real disk: what is written, kept, displaced; a second time nothing; a scan takes none of it for news."""

import os
from dataclasses import replace
from typing import Any

import pytest

from domain.libraries.nfo import parse_nfo
from tests.publish.conftest import FILM, NFO, SAID, SHOWN, Shelf

SOURCES = "SELECT entity_id, field, source, value FROM field_values ORDER BY entity_id, field, source"


def film(shelf: Shelf, **pictures: bytes) -> int:
    shelf.put(f"{FILM}/{FILM}.mkv")
    shelf.put(f"{FILM}/movie.nfo", NFO)
    for name, content in pictures.items():
        shelf.put(f"{FILM}/{name}.jpg", content)
    shelf.scan()
    return shelf.items()[0]


def test_a_film_gets_its_nfo_and_pictures_and_what_was_in_their_way_goes_to_the_bin(films: Shelf) -> None:
    item = film(films)
    films.cached(item, "poster", b"poster")
    films.cached(item, "fanart", b"first")
    films.cached(item, "fanart", b"second", rank=1)
    films.put(f"{FILM}/{FILM}-poster.png", b"an old one")
    (done,) = films.publish()
    assert (done.written, done.removed, done.displaced, done.trouble) == (4, 2, 2, None)
    assert sorted(films.files()) == [
        f"{FILM}/{FILM}-fanart.jpg", f"{FILM}/{FILM}-fanart1.jpg", f"{FILM}/{FILM}-poster.jpg", f"{FILM}/{FILM}.mkv",
        f"{FILM}/{FILM}.nfo",
    ]  # fmt: skip
    assert films.files()[f"{FILM}/{FILM}-fanart1.jpg"] == b"second"
    (said,) = parse_nfo(films.files()[f"{FILM}/{FILM}.nfo"]).roots
    score = said.ratings[0]
    assert (said.title, said.runtime_minutes, str(score.value), score.votes) == (
        "Lampiony",
        104,
        "7.912",
        1234,
    )
    assert said.collection is not None
    assert (said.collection.name, said.collection.overview) == ("Lantern Collection", "All lanterns.")
    assert sorted(films.binned()) == sorted([NFO.encode(), b"an old one"])
    rows = films.rows("SELECT original_path, reason, item_id FROM recycle_bin ORDER BY original_path")
    assert rows == [
        (str(films.root / FILM / f"{FILM}-poster.png"), "would_be_read_instead", item),
        (str(films.root / FILM / "movie.nfo"), "would_be_read_instead", item),
    ]
    assert films.one("SELECT publication FROM media_items") == "published"
    assert films.rows("SELECT status, written_count, removed_count FROM publish_runs") == [("completed", 4, 2)]


def test_acceptance_3_publishing_twice_changes_nothing_not_even_an_mtime(films: Shelf) -> None:
    item = film(films, fanart=b"local")
    films.cached(item, "poster", b"poster")
    films.publish()
    before, rows = films.state(), dump(films)
    (again,) = films.publish()
    assert (again.written, again.removed, again.displaced) == (0, 0, 0)
    assert films.state() == before
    assert dump(films) == rows


def test_acceptance_4_names_start_with_the_videos_base_name_and_a_rescan_classifies_every_file(films: Shelf) -> None:
    item = film(films)
    for number, name in enumerate(("poster", "fanart", "banner", "clearlogo", "clearart", "discart", "landscape", "keyart")):
        films.cached(item, name, b"picture %d" % number, extension="png")
    films.publish()
    written = [name for name in films.files() if not name.endswith(".mkv")]
    assert len(written) == 9
    assert all(name.startswith(f"{FILM}/{FILM}") for name in written)
    said, sources, shown = films.rows(SAID), films.rows(SOURCES), films.rows(SHOWN)
    films.scan()
    assert films.rows("SELECT uri FROM media_files WHERE file_kind NOT IN ('video', 'image', 'nfo')") == []
    assert films.rows("SELECT id FROM review_queue") == []
    assert (films.rows(SAID), films.rows(SOURCES), films.rows(SHOWN)) == (said, sources, shown)
    assert films.one("SELECT count(*) FROM assets WHERE source_type = 'local'") == 0
    assert films.one("SELECT publication FROM media_items") == "published"
    assert all(action == "keep" for action, _ in films.plan().values())


def test_what_the_displaced_nfo_said_stays_after_any_number_of_scans(films: Shelf) -> None:
    film(films)
    said, sources = films.rows(SAID), films.rows(SOURCES)
    films.publish()
    films.scan()
    (films.root / FILM / f"{FILM}.nfo").unlink()
    films.scan()
    films.scan()
    assert (films.rows(SAID), films.rows(SOURCES)) == (said, sources)
    assert films.one("SELECT publication FROM media_items") == "outdated"
    assert films.plan()[f"{FILM}/{FILM}.nfo"] == ("write", "missing")


def test_a_nfo_that_a_person_changed_is_heard_and_stays_unless_ours_is_asked_for(films: Shelf) -> None:
    film(films)
    films.publish()
    path = films.root / FILM / f"{FILM}.nfo"
    theirs = path.read_text().replace("Two sisters rebuild a theatre.", "My own words.") + "<!-- mine -->"
    path.write_text(theirs)
    films.scan()
    assert films.one("SELECT plot FROM media_items") == "My own words."
    (done,) = films.publish()
    assert (done.written, done.kept) == (0, 1)
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE media_items SET tagline = 'New.'")
    assert films.one("SELECT publication FROM media_items") == "outdated"
    (done,) = films.publish()
    assert (path.read_text(), done.kept) == (theirs, 1)
    (done,) = films.publish(replace_changed=True)
    assert (done.written, done.displaced) == (1, 1)
    assert "<tagline>New.</tagline>" in path.read_text()
    assert theirs.encode() in films.binned()


def test_files_of_somebody_else_stay_where_nobody_asked_for_ours(films: Shelf) -> None:
    item = film(films)
    films.cached(item, "poster", b"poster")
    films.cached(item, "fanart", b"fanart")
    for name in (f"{FILM}-poster.jpg", f"{FILM}-fanart.png", "movie.nfo"):
        (films.root / FILM / name).write_bytes(b"theirs")
    sparing = replace(films.publisher(), spares_others=True)
    done, again = sparing.publish(item), sparing.publish(item)
    assert done is not None
    assert (done.displaced, done.kept, done.written) == (0, 1, 2)
    assert again is not None
    assert not again.is_changed
    found = films.files()
    theirs = {path for path, content in found.items() if content == b"theirs"}
    assert theirs == {f"{FILM}/{name}" for name in (f"{FILM}-poster.jpg", f"{FILM}-fanart.png", "movie.nfo")}
    assert found[f"{FILM}/{FILM}-fanart.jpg"] == b"fanart"
    assert films.binned() == []
    (asked,) = films.publish()
    assert (asked.displaced, films.files()[f"{FILM}/{FILM}-poster.jpg"]) == (3, b"poster")


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_picture_that_a_person_changed_stays_unless_its_type_is_locked(films: Shelf, is_locked: bool) -> None:
    item = film(films)
    films.cached(item, "poster", b"poster")
    films.publish()
    path = films.root / FILM / f"{FILM}-poster.jpg"
    path.write_bytes(b"their poster")
    if is_locked:
        with films.database.transaction() as uow:
            uow.session.connection().exec_driver_sql(
                "INSERT INTO field_locks (entity_id, field, state, locked_at, created_at, updated_at)"
                " SELECT id, 'artwork.poster', 'locked', created_at, created_at, updated_at FROM media_items"
            )
    films.publish()
    assert path.read_bytes() == (b"poster" if is_locked else b"their poster")
    assert films.binned().count(b"their poster") == is_locked


def test_a_local_picture_where_players_look_stays_and_another_is_copied_to_the_videos_name(films: Shelf) -> None:
    film(films, poster=b"poster", folder=b"folder", fanart=b"one", fanart2=b"two")
    assert films.rows(SHOWN) != []
    plan = films.plan()
    assert plan[f"{FILM}/poster.jpg"] == ("in_place", "lies_where_players_look")
    assert plan[f"{FILM}/fanart.jpg"] == ("in_place", "lies_where_players_look")
    assert plan[f"{FILM}/{FILM}-fanart1.jpg"] == ("write", "missing")
    films.publish()
    assert films.files()[f"{FILM}/{FILM}-fanart1.jpg"] == b"two"
    shown = films.rows(SHOWN)
    films.scan()
    assert films.rows(SHOWN) == shown
    assert films.plan()[f"{FILM}/{FILM}-fanart1.jpg"] == ("keep", "current")


def test_a_local_picture_whose_bytes_we_keep_stays_somebodys_own_and_shown(films: Shelf) -> None:
    film(films, poster=b"poster", fanart=b"fanart")
    for asset_type in ("poster", "fanart"):
        file, _ = films.keep(asset_type.encode())
        with films.database.transaction() as uow:
            uow.session.connection().exec_driver_sql(
                f"UPDATE assets SET cached_file_id = {file} WHERE asset_type = '{asset_type}'"
            )
    shown = films.rows(SHOWN)
    pictures = {f"{FILM}/poster.jpg": b"poster", f"{FILM}/fanart.jpg": b"fanart"}
    assert films.plan()[f"{FILM}/poster.jpg"] == ("in_place", "lies_where_players_look")
    for _ in range(2):
        films.publish()
        films.scan()
        assert films.rows(SHOWN) == shown
        assert {path: content for path, content in films.files().items() if path.endswith("jpg")} == pictures
    assert not set(films.binned()) & set(pictures.values())


def test_what_is_shown_no_more_goes_and_new_pictures_replace_ours(films: Shelf) -> None:
    item = film(films)
    films.cached(item, "poster", b"poster")
    films.cached(item, "banner", b"banner")
    films.publish()
    films.cached(item, "poster", b"another poster")
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE assets SET rank = NULL WHERE asset_type = 'banner'")
    assert films.one("SELECT publication FROM media_items") == "outdated"
    films.publish()
    assert films.files()[f"{FILM}/{FILM}-poster.jpg"] == b"another poster"
    assert f"{FILM}/{FILM}-banner.jpg" not in films.files()
    assert {b"poster", b"banner"} <= set(films.binned())


def test_renamed_folders_keep_their_published_files_and_renamed_videos_get_new_names(films: Shelf) -> None:
    item = film(films)
    films.cached(item, "poster", b"poster")
    films.publish()
    os.rename(films.root / FILM, films.root / "Lampiony (2019)")
    films.scan()
    folder = "Lampiony (2019)"
    assert films.plan() == {f"{folder}/{FILM}.nfo": ("keep", "current"), f"{folder}/{FILM}-poster.jpg": ("keep", "current")}
    assert films.rows(SHOWN) == [(item, "poster", 0, "provider")]
    os.rename(films.root / folder / f"{FILM}.mkv", films.root / folder / f"{folder}.mkv")
    films.scan()
    films.publish()
    assert sorted(films.files()) == [f"{folder}/{folder}{rest}" for rest in ("-poster.jpg", ".mkv", ".nfo")]


def test_discs_have_short_names_and_copies_their_own(films: Shelf) -> None:
    films.put(f"{FILM}/VIDEO_TS/VIDEO_TS.IFO")
    films.put("Alien (1979)/Alien (1979) - 4K.mkv")
    films.put("Alien (1979)/Alien (1979) - 1080p.mkv")
    films.scan()
    for item in films.items():
        films.cached(item, "poster", b"poster of %d" % item)
    films.publish()
    assert {name for name in films.files() if not name.endswith((".mkv", ".IFO"))} == {
        f"{FILM}/VIDEO_TS/VIDEO_TS.nfo", f"{FILM}/poster.jpg", "Alien (1979)/Alien (1979) - 4K.nfo",
        "Alien (1979)/Alien (1979) - 4K-poster.jpg", "Alien (1979)/Alien (1979) - 1080p.nfo",
        "Alien (1979)/Alien (1979) - 1080p-poster.jpg",
    }  # fmt: skip
    shown = films.rows(SHOWN)
    films.scan()
    assert films.rows(SHOWN) == shown


def dump(shelf: Shelf) -> dict[str, list[Any]]:
    tables = ("media_items", "published_files", "publish_runs", "recycle_bin", "assets", "media_files")
    return {table: shelf.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}
