"""Languages are brought to one spelling, and ignore patterns are plain globs."""

import pytest

from domain.libraries.sidecars import SYSTEM_IGNORE_PATTERNS, matches_ignore, normalise_language


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("ENG", "en"),
        ("English", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("Deutsch", "de"),
        ("fre", "fr"),
        ("fra", "fr"),
        ("français", "fr"),
        ("chi", "zh"),
        ("zho", "zh"),
        ("chs", "zh-Hans"),
        ("zh-hant", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("zh_TW", "zh-TW"),
        ("pt_br", "pt-BR"),
        ("por-BR", "pt-BR"),
        ("es-419", "es-419"),
        ("fil", "fil"),
        ("日本語", "ja"),
        ("northern sami", "se"),
        ("und", None),
        ("xx", None),
        ("forced", None),
        ("en-", None),
        ("", None),
    ],
)
def test_a_language_has_one_spelling(written: str, tag: str | None) -> None:
    assert normalise_language(written) == tag


@pytest.mark.parametrize(
    ("name", "is_ignored"),
    [
        (".ds_store", True),
        ("THUMBS.DB", True),
        ("Desktop.ini", True),
        ("@eaDir", True),
        ("x.tmp", True),
        ("x.!ut", True),
        ("x.crdownload", True),
        ("x.mkv.part", True),
        ("a.sample.mkv", True),
        ("a-Sample.mkv", True),
        ("a.proof.jpg", True),
        ("a-proof.jpg", True),
        ("RARBG_DO_NOT_MIRROR.exe", True),
        ("x [ETRG].txt", True),
        ("x.torrent", True),
        ("x.nzb", True),
        ("Film.mkv", False),
        ("x.tmp.mkv", False),
        ("xDS_Store", False),
    ],
)
def test_the_sixteen_system_patterns(name: str, is_ignored: bool) -> None:
    assert len(SYSTEM_IGNORE_PATTERNS) == 16
    assert matches_ignore(name, SYSTEM_IGNORE_PATTERNS) is is_ignored


@pytest.mark.parametrize(
    ("name", "pattern", "is_ignored"),
    [
        ("a1.jpg", "a?.jpg", True),
        ("a.jpg", "a?.jpg", False),
        ("[x].jpg", "[x].jpg", True),
        ("x.jpg", "[x].jpg", False),
        ("two\nlines.txt", "*.txt", True),
        ("ä.TXT", "Ä.txt", True),
        ("anything", "", False),
    ],
)
def test_only_star_and_question_mark_are_special(name: str, pattern: str, is_ignored: bool) -> None:
    assert matches_ignore(name, [pattern]) is is_ignored


def test_a_pattern_of_many_stars_does_not_run_away() -> None:
    assert not matches_ignore("a" * 255, ["*" * 200 + "a*" * 30 + "b"])
    assert matches_ignore("a" * 255, ["*" * 200 + "a*" * 30 + "a?"])
