"""The eyes of a scan: real files through real children, and every fact of theirs in a column."""

import dataclasses
from pathlib import Path

import pytest
from PIL import Image

from domain.libraries.tables import AudioStream, SubtitleStream, VideoStream
from domain.libraries.understanding.model import Failure
from tests.libraries.scan.conftest import Disk
from workers.libraries.demo.clip_specs import Clip, Sound
from workers.libraries.demo.clips import write_clip
from workers.libraries.probing.pool import ProbePool
from workers.libraries.probing.results import AudioStreamFacts, ProbeResult, SubtitleStreamFacts, VideoStreamFacts
from workers.libraries.readers import make_readers, measure, media_facts
from workers.libraries.scanning import scan_library


def test_every_fact_of_a_stream_has_a_column() -> None:
    streams = (VideoStreamFacts(0, "h264"),), (AudioStreamFacts(1, "aac"),), (SubtitleStreamFacts(2, "srt"),)
    result = ProbeResult("matroska", 1, 1, *streams, (), 0, {})
    facts = media_facts(result)
    for rows, model in ((facts.video, VideoStream), (facts.audio, AudioStream), (facts.subtitles, SubtitleStream)):
        assert set(rows[0]) <= set(model.model_fields)
    assert {field.name for field in dataclasses.fields(AudioStreamFacts)} - {"index", "bit_rate"} <= set(facts.audio[0])


def test_a_picture_that_is_none_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "poster.jpg").write_text("no picture")
    assert isinstance(measure(str(tmp_path / "poster.jpg")), Failure)


@pytest.mark.both
def test_real_media_is_read_by_children(films: Disk) -> None:
    film = films.root / "Real (2020)"
    film.mkdir()
    write_clip(
        film / "Real (2020).mkv", Clip(width=64, height=36, seconds=0.6, sounds=(Sound("ger"),)), Image.new("RGB", (64, 36))
    )
    (film / "Broken-trailer.mp4").write_bytes(b"not a film at all")
    Image.new("RGB", (40, 60)).save(film / "poster.png")
    with ProbePool(1, 20.0, 1_000_000_000) as pool:
        readers = make_readers(pool, lambda: None)
        scan_library(films.work, films.database.read, readers, library_id=films.id)
    assert films.rows("SELECT width, height FROM video_streams") == [(64, 36)]
    assert films.rows("SELECT language FROM audio_streams") == [("ger",)]
    assert films.rows("SELECT width, height FROM image_candidates") == [(40, 60)]
    assert films.rows("SELECT reason FROM review_queue") == [("probe_failed",)]
