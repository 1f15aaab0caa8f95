"""Scanning films: names, folders, copies, cuts, parts, namesakes and what lies beside them."""

from pathlib import Path

import pytest

from domain.kit.database import Database
from domain.libraries.understanding.model import Failure, MediaFacts
from tests.libraries.scan.conftest import Disk

pytestmark = pytest.mark.both

FILM = "Paper Lanterns (2019)/Paper Lanterns (2019)"
MAINS = "SELECT copy_number, part_number, is_default FROM item_files WHERE role = 'main' ORDER BY copy_number, part_number"
BESIDE = (
    "SELECT l.role, l.title, i.title FROM item_files l JOIN media_items i ON i.id = l.item_id"
    " JOIN media_files f ON f.id = l.file_id WHERE l.role <> 'main' ORDER BY f.uri"
)


def test_a_film_in_its_folder_becomes_an_item_with_its_file(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    summary = films.scan()
    assert films.rows("SELECT title, year, kind, availability, edition FROM media_items") == [
        ("Paper Lanterns", 2019, "movie", "present", "")
    ]
    assert films.rows("SELECT role, copy_number, part_number, is_default FROM item_files") == [("main", 1, 1, True)]
    assert films.one("SELECT directory_path FROM media_items") == str(films.root / "Paper Lanterns (2019)")
    assert summary["items_added"] == 1


def test_two_qualities_are_two_copies_of_one_film_and_the_taller_is_shown_first(films: Disk) -> None:
    films.put(f"{FILM} - 1080p.mkv")
    films.put(f"{FILM} - 2160p.mkv")
    tall = {"stream_index": 0, "codec": "hevc", "width": 3840, "height": 2160}
    films.eyes.media["Paper Lanterns (2019) - 2160p.mkv"] = MediaFacts("matroska", 5_400_000, None, video=(tall,))
    films.scan()
    assert films.one("SELECT count(*) FROM media_items") == 1
    assert films.rows(MAINS) == [(1, 1, False), (2, 1, True)]


def test_a_better_copy_in_another_folder_is_another_file_of_the_same_film(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    films.scan()
    films.put("Paper.Lanterns.2019.2160p.UHD.BluRay.x265-GRP/Paper.Lanterns.2019.2160p.UHD.BluRay.x265-GRP.mkv")
    films.scan()
    assert films.one("SELECT count(*) FROM media_items") == 1
    assert films.rows(MAINS) == [(1, 1, True), (2, 1, False)]


def test_another_cut_is_another_film_of_the_same_group_and_the_first_stays_preferred(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    films.put(f"{FILM} {{edition-Director's Cut}}.mkv")
    films.scan()
    rows = films.rows("SELECT edition, is_preferred, media_group_id FROM media_items ORDER BY edition")
    assert [row[:2] for row in rows] == [("", True), ("Director's Cut", False)]
    assert rows[0][2] == rows[1][2] is not None


def test_cd1_and_cd2_are_parts_of_one_copy_also_in_folders(films: Disk) -> None:
    films.put("Old Film (1978)/Old Film (1978) cd1.avi")
    films.put("Old Film (1978)/Old Film (1978) cd2.avi")
    films.put("Older Film (1968)/CD1/older.film.avi")
    films.put("Older Film (1968)/CD2/older.film.avi")
    films.scan()
    assert films.rows("SELECT title FROM media_items ORDER BY title") == [("Old Film",), ("Older Film",)]
    parts = (
        "SELECT i.title, l.copy_number, l.part_number FROM item_files l JOIN media_items i ON i.id = l.item_id ORDER BY 1, 2, 3"
    )
    assert films.rows(parts) == [("Old Film", 1, 1), ("Old Film", 1, 2), ("Older Film", 1, 1), ("Older Film", 1, 2)]


def test_extras_trailers_samples_themes_and_subtitles_are_kept_by_their_roles(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    films.put(f"{FILM}-trailer.mp4")
    films.put(f"{FILM}.de.forced.srt")
    films.put("Paper Lanterns (2019)/Behind The Scenes/The Lamp.mkv")
    films.put("Paper Lanterns (2019)/sample.mkv")
    films.put("Paper Lanterns (2019)/theme.mp3")
    films.put("Paper Lanterns (2019)/Subs/Paper Lanterns (2019).pt-BR.srt")
    films.scan()
    assert films.rows(BESIDE) == [
        ("extra", "The Lamp", "Paper Lanterns"),
        ("trailer", None, "Paper Lanterns"),
        ("subtitle", None, "Paper Lanterns"),
        ("subtitle", None, "Paper Lanterns"),
        ("sample", None, "Paper Lanterns"),
        ("theme", None, "Paper Lanterns"),
    ]
    subtitles = "SELECT language, title, is_forced, is_external, codec FROM subtitle_streams ORDER BY language"
    assert films.rows(subtitles) == [("ger", None, True, True, "srt"), ("por", "pt-BR", False, True, "srt")]


def test_the_same_film_in_two_libraries_stays_two_items_of_one_group(films: Disk, database: Database, tmp_path: Path) -> None:
    other = Disk(database, tmp_path / "more", name="More films")
    films.put(f"{FILM}.mkv")
    other.put(f"{FILM}.mkv")
    films.scan()
    other.scan()
    rows = films.rows("SELECT library_id, is_preferred, media_group_id FROM media_items ORDER BY id")
    assert [row[0] for row in rows] == [films.id, other.id]
    assert [row[1] for row in rows] == [True, False]
    assert rows[0][2] == rows[1][2] is not None


def test_films_of_one_name_and_year_with_different_ids_are_different_films(films: Disk) -> None:
    films.put("Twins (2020) {tmdb-11}/Twins (2020).mkv")
    films.put("Twins (2020) {tmdb-12}/Twins (2020).mkv")
    films.scan()
    ids = "SELECT external_id, is_primary FROM external_ids ORDER BY external_id"
    assert films.rows(ids) == [("11", True), ("12", True)]
    assert films.rows("SELECT media_group_id, identification FROM media_items") == [(None, "identified")] * 2


def test_many_films_in_one_folder_each_get_what_bears_their_name(films: Disk) -> None:
    films.put("Kestrel Road (2011).mkv")
    films.put("Kestrel Road (2011)-poster.jpg")
    films.put("Kestrel Road (2011).nfo", "<movie><title>Kestrel Road</title><plot>Birds.</plot></movie>")
    films.put("Salt (2014).mkv")
    films.put("Salt (2014).en.srt")
    films.put("poster.jpg")
    films.scan()
    assert films.rows("SELECT title, plot FROM media_items ORDER BY title") == [("Kestrel Road", "Birds."), ("Salt", None)]
    assert films.rows(BESIDE) == [("subtitle", None, "Salt")]
    owner = "SELECT i.title, a.asset_type FROM assets a JOIN media_items i ON i.id = a.entity_id"
    assert films.rows(owner) == [("Kestrel Road", "poster")]


def test_what_is_uncertain_goes_to_the_review_queue_with_reason_confidence_and_candidates(films: Disk) -> None:
    films.put("tidal_final_v3/tidal_final_v3.mkv")
    films.scan()
    ((reason, confidence, status),) = films.rows("SELECT reason, confidence, status FROM review_queue")
    assert (reason, status) == ("uncertain_name", "pending")
    assert 0 < confidence < 0.8
    assert films.one("SELECT identification FROM media_items") == "ambiguous"


def test_a_decided_doubt_does_not_come_back(films: Disk) -> None:
    films.put("tidal_final_v3/tidal_final_v3.mkv")
    films.scan()
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("UPDATE review_queue SET status = 'rejected', resolved_at = created_at")
    films.put("tidal_final_v3/other.txt")
    films.put("tidal_final_v3/tidal_final_v3.mkv", "another content")
    films.scan()
    assert films.rows("SELECT reason, status FROM review_queue") == [("uncertain_name", "rejected")]


def test_a_name_that_nobody_understands_is_an_unknown_file_that_waits_for_a_decision(films: Disk) -> None:
    films.put("Some Show S01E02.mkv")
    films.put("Real Film (2001)/Real Film (2001).mkv")
    films.scan()
    assert films.rows("SELECT title FROM media_items") == [("Real Film",)]
    waiting = "SELECT r.reason, f.uri FROM review_queue r JOIN media_files f ON f.id = r.file_id"
    assert films.rows(waiting) == [("unknown_name", str(films.root / "Some Show S01E02.mkv"))]


def test_unknown_files_are_listed_and_ignored_ones_are_not(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    films.put("Paper Lanterns (2019)/notes.txt")
    films.put("Paper Lanterns (2019)/old.zip")
    films.put("Paper Lanterns (2019)/Thumbs.db")
    films.put("Paper Lanterns (2019)/x.tmp")
    films.put("@eaDir/y.mkv")
    films.scan()
    unlinked = "NOT EXISTS (SELECT 1 FROM item_files l WHERE l.file_id = f.id)"
    unknown = f"SELECT uri, file_kind FROM media_files f WHERE {unlinked} ORDER BY uri"
    names = [(Path(uri).name, kind) for uri, kind in films.rows(unknown)]
    assert names == [("notes.txt", "text"), ("old.zip", "archive")]


def test_a_library_has_ignore_patterns_of_its_own_and_can_take_back_the_systems(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    films.put("Paper Lanterns (2019)/notes.txt")
    films.put("Paper Lanterns (2019)/x.tmp")
    films.scan()
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql("""UPDATE libraries SET ignore_patterns = '["*.txt", "!*.tmp"]'""")
    films.scan()
    present = films.rows("SELECT uri FROM media_files WHERE missing_since IS NULL ORDER BY uri")
    assert [Path(uri).name for (uri,) in present] == ["Paper Lanterns (2019).mkv", "x.tmp"]


def test_streams_chapters_and_durations_are_kept(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    video = {"stream_index": 0, "codec": "hevc", "profile": "Main 10", "width": 3840, "height": 2160, "bit_depth": 10,
             "hdr_format": "hdr10", "frame_rate_numerator": 24000, "frame_rate_denominator": 1001}  # fmt: skip
    audio = {"stream_index": 1, "codec": "eac3", "channels": 6, "language": "de", "is_default": True, "is_forced": False}
    subtitle = {"stream_index": 2, "codec": "subrip", "language": "en", "is_forced": True}
    films.eyes.media["Paper Lanterns (2019).mkv"] = MediaFacts(
        "matroska", 6_000_000, 12_000, (video,), (audio,), (subtitle,), ((0, 1000, "One"), (1000, 6_000_000, None))
    )
    films.scan()
    columns = "codec, profile, width, height, bit_depth, hdr_format, frame_rate_numerator, frame_rate_denominator"
    assert films.rows(f"SELECT {columns} FROM video_streams") == [("hevc", "Main 10", 3840, 2160, 10, "hdr10", 24000, 1001)]
    assert films.rows("SELECT codec, channels, language, is_default FROM audio_streams") == [("eac3", 6, "de", True)]
    assert films.rows("SELECT codec, language, is_forced FROM subtitle_streams") == [("subrip", "en", True)]
    markers = "SELECT kind, start_ms, end_ms, label, source FROM markers ORDER BY start_ms"
    assert films.rows(markers) == [("chapter", 0, 1000, "One", "file"), ("chapter", 1000, 6_000_000, None, "file")]
    assert films.rows("SELECT container, duration_ms FROM media_files") == [("matroska", 6_000_000)]
    assert films.one("SELECT runtime_ms FROM media_items") == 6_000_000


def test_a_file_that_cannot_be_probed_goes_to_review_and_leaves_it_when_it_can(films: Disk) -> None:
    films.put(f"{FILM}.mkv")
    films.eyes.media["Paper Lanterns (2019).mkv"] = Failure("not_media", "Invalid data")
    films.scan()
    assert films.rows("SELECT reason, status FROM review_queue") == [("probe_failed", "pending")]
    assert films.one("SELECT probe_error FROM media_files") == "not_media"
    films.eyes.media.clear()
    films.put(f"{FILM}.mkv", "whole again")
    films.scan()
    assert films.rows("SELECT reason, status FROM review_queue") == [("probe_failed", "resolved")]
    assert films.rows("SELECT probe_error, container FROM media_files") == [(None, "matroska")]
