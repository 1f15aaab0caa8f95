"""The small translations: languages, levels, colours, texts, and frames on the pipe."""

import pytest
from pydantic import TypeAdapter

from workers.confined.frames import BrokenFrameError, pack_answer, pack_frame, take_frames, unpack_answer
from workers.confined.refusals import FailureCode, Refusal
from workers.libraries.probing.colours import hdr_kind
from workers.libraries.probing.languages import normalise_language
from workers.libraries.probing.results import ChapterFacts, HdrKind, ProbeResult, VideoStreamFacts
from workers.libraries.probing.texts import clean_tags, clean_text
from workers.libraries.probing.video import level_name


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("en", "eng"), ("fr", "fre"), ("fra", "fre"), ("fre", "fre"), ("fr-CA", "fre"), ("French", "fre"), ("pt_BR", "por"),
        ("deu", "ger"), ("zh-Hans-CN", "chi"), ("cmn", "chi"), ("nl", "dut"), ("cs", "cze"), ("iw", "heb"), ("is", "ice"),
        ("mul", "mul"), ("und", "und"), ("", "und"), (None, "und"), ("xx", "und"), ("klingon", "und"), ("-", "und"),
    ],
)  # fmt: skip
def test_languages_become_bibliographic_codes(said: str | None, meant: str) -> None:
    assert normalise_language(said) == meant


@pytest.mark.parametrize(
    ("codec", "number", "name"),
    [
        ("h264", 41, "4.1"), ("h264", 9, "1b"), ("hevc", 153, "5.1"), ("hevc", 93, "3.1"), ("vvc", 83, "5.1"), ("av1", 13, "5.1"),
        ("av1", 0, "2.0"), ("av1", 31, None), ("vp9", 41, "4.1"), ("mpeg2video", 8, "main"), ("h264", -99, None),
        ("theora", 3, None),
    ],
)  # fmt: skip
def test_levels_are_written_as_people_do(codec: str, number: int, name: str | None) -> None:
    assert level_name(codec, number) == name


@pytest.mark.parametrize(
    ("transfer", "tag", "side_data", "kind"),
    [
        (1, "avc1", (), HdrKind.NONE),
        (1, "hvc1", ("MASTERING_DISPLAY_METADATA",), HdrKind.NONE),
        (16, "hvc1", (), HdrKind.HDR),
        (16, "hvc1", ("CONTENT_LIGHT_LEVEL",), HdrKind.HDR10),
        (16, "", ("MASTERING_DISPLAY_METADATA", "DYNAMIC_HDR_PLUS"), HdrKind.HDR10PLUS),
        (16, "", ("MASTERING_DISPLAY_METADATA", "DOVI_METADATA"), HdrKind.DOLBY_VISION),
        (2, "dvh1", (), HdrKind.DOLBY_VISION),
        (18, "", (), HdrKind.HLG),
    ],
)
def test_kinds_of_hdr(transfer: int, tag: str, side_data: tuple[str, ...], kind: HdrKind) -> None:
    assert hdr_kind(transfer, tag, side_data) is kind


def test_texts_are_bounded_and_printable() -> None:
    assert clean_text(" a\x00b\n\udce9 ") == "a b"
    assert clean_text("x" * 900) == "x" * 500
    assert clean_text("\x07") is None
    assert clean_tags({"TITLE": "first", "Empty": ""}, {"title": "second", "artist": "B"}) == {"title": "first", "artist": "B"}
    assert len(clean_tags({f"k{number}": "v" for number in range(100)})) == 64


_RESULTS = TypeAdapter(ProbeResult)


def test_answers_cross_the_pipe_in_any_pieces() -> None:
    result = ProbeResult(
        container="mp4", duration_ms=5, bit_rate=None, video=(VideoStreamFacts(0, "av1", hdr_kind=HdrKind.HLG),), audio=(),
        subtitles=(), chapters=(ChapterFacts(0, 5, "é"),), embedded_pictures=1, tags={"title": "T"},
    )  # fmt: skip
    failure = Refusal(FailureCode.NOT_MEDIA, "no")
    stream = pack_answer(result) + pack_answer(failure)
    buffer = bytearray()
    bodies: list[bytes] = []
    for byte in stream:
        buffer.append(byte)
        bodies += take_frames(buffer)
    assert [unpack_answer(body, _RESULTS) for body in bodies] == [result, failure]
    assert buffer == b""


@pytest.mark.parametrize("body", [b"", b"X{}", b"R{}", b'F{"code": "odd", "message": ""}', b'R{"container": 1'])
def test_an_answer_of_the_wrong_shape_is_refused(body: bytes) -> None:
    with pytest.raises(BrokenFrameError):
        unpack_answer(body, _RESULTS)
    with pytest.raises(BrokenFrameError):
        list(take_frames(bytearray(b"\xff\xff\xff\xff" + pack_frame(body))))
