"""What the probe reads out of real files, and what it says about files that are none."""

import os
import socket
from pathlib import Path

import pytest

from workers.confined.refusals import FailureCode, RefusedError
from workers.libraries.probing.probe import probe_file
from workers.libraries.probing.results import ChapterFacts, FieldOrder, HdrKind, SubtitleStreamFacts


def failure_of(path: Path) -> FailureCode:
    with pytest.raises(RefusedError) as caught:
        probe_file(str(path))
    return caught.value.failure.code


def test_an_h264_feature_with_two_languages(media: Path) -> None:
    result = probe_file(str(media / "feature.mkv"))
    (video,) = result.video
    assert (result.container, video.codec, video.profile, video.level) == ("matroska", "h264", "High", "1.2")
    assert (video.width, video.height, video.bit_depth, video.pixel_format) == (320, 180, 8, "yuv420p")
    assert (video.frame_rate_numerator, video.frame_rate_denominator) == (24000, 1001)
    assert (video.sample_aspect, video.display_aspect) == ("1:1", "16:9")
    assert (video.hdr_kind, video.field_order, video.is_interlaced) == (HdrKind.NONE, FieldOrder.PROGRESSIVE, False)
    assert result.duration_ms is not None
    assert abs(result.duration_ms - 2000) < 60
    assert result.tags["title"] == "The Feature"
    english, german = result.audio
    assert (english.codec, english.profile, english.channels, english.channel_layout) == ("aac", "LC", 2, "stereo")
    assert (english.language, english.is_default, english.is_commentary) == ("eng", True, False)
    assert (german.codec, german.channels, german.channel_layout, german.sample_rate) == ("ac3", 6, "5.1(side)", 48000)
    assert (german.language, german.is_default, german.is_commentary) == ("ger", False, True)
    assert german.bit_rate == 448000


def test_forced_and_hearing_impaired_subtitles(media: Path) -> None:
    assert probe_file(str(media / "feature.mkv")).subtitles == (
        SubtitleStreamFacts(index=3, codec="subrip", language="eng", title="English SDH", is_hearing_impaired=True),
        SubtitleStreamFacts(index=4, codec="subrip", language="ger", is_default=True, is_forced=True),
    )


def test_chapters_in_milliseconds(media: Path) -> None:
    assert probe_file(str(media / "feature.mkv")).chapters == (
        ChapterFacts(0, 1000, "Dusk"),
        ChapterFacts(1000, 2000, "Dawn"),
    )


def test_hdr10_needs_static_metadata_of_a_frame(media: Path) -> None:
    (video,) = probe_file(str(media / "hdr10.mkv")).video
    assert (video.codec, video.profile, video.bit_depth, video.pixel_format) == ("hevc", "Main 10", 10, "yuv420p10le")
    assert (video.color_transfer, video.color_primaries, video.color_space) == ("smpte2084", "bt2020", "bt2020nc")
    assert video.hdr_kind is HdrKind.HDR10


def test_interlaced_anamorphic_mpeg2(media: Path) -> None:
    result = probe_file(str(media / "interlaced.mpg"))
    (video,) = result.video
    assert (result.container, video.codec, video.profile, video.level) == ("mpeg", "mpeg2video", "Main", "main")
    assert (video.field_order, video.is_interlaced) == (FieldOrder.TT, True)
    assert (video.sample_aspect, video.display_aspect) == ("64:45", "16:9")
    assert [audio.language for audio in result.audio] == ["und"]


def test_canonical_names_of_modern_codecs(media: Path) -> None:
    result = probe_file(str(media / "modern.mp4"))
    assert (result.container, result.video[0].codec) == ("mp4", "av1")
    assert [(audio.codec, audio.language) for audio in result.audio] == [("opus", "fre")]
    assert [(track.codec, track.language) for track in result.subtitles] == [("mov_text", "eng")]


def test_a_name_in_no_encoding(media: Path, tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9|concat.mkv")
    Path(path).write_bytes((media / "small.mkv").read_bytes())
    assert probe_file(path).video[0].width == 160


def test_files_that_are_no_media(media: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.mkv"
    noise.write_bytes(bytes(range(7, 256, 3)) * 200)
    empty = tmp_path / "empty.mp4"
    empty.touch()
    headless = tmp_path / "cut.mp4"
    headless.write_bytes((media / "modern.mp4").read_bytes()[:600])
    endless = tmp_path / "endless.mkv"
    with endless.open("wb") as file:
        file.truncate(2**40)
    assert [failure_of(path) for path in (noise, empty, headless, endless)] == [FailureCode.NOT_MEDIA] * 4


def test_a_truncated_matroska_still_answers(media: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mkv"
    whole = (media / "feature.mkv").read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    assert probe_file(str(cut)).video[0].codec == "h264"


def test_a_playlist_opens_nothing_else(media: Path, tmp_path: Path) -> None:
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{media}/small.mkv\n#EXT-X-ENDLIST\n")
    concat = tmp_path / "list.ffconcat"
    concat.write_text(f"ffconcat version 1.0\nfile {media}/small.mkv\n")
    assert failure_of(playlist) is FailureCode.NOT_MEDIA
    assert failure_of(concat) is FailureCode.NOT_MEDIA


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.mkv"
    os.mkfifo(fifo)
    assert failure_of(fifo) is FailureCode.UNREADABLE
    assert failure_of(Path("/dev/zero")) is FailureCode.UNREADABLE
    assert failure_of(tmp_path) is FailureCode.UNREADABLE
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.mkv"))
        assert failure_of(tmp_path / "s.mkv") is FailureCode.UNREADABLE


def test_a_vanished_file(tmp_path: Path) -> None:
    assert failure_of(tmp_path / "gone.mkv") is FailureCode.VANISHED
    assert failure_of(tmp_path / ("x" * 300)) is FailureCode.UNREADABLE
