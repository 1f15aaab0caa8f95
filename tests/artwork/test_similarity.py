"""Pictures that are the same are recognised, others are not: a sample of the generated set of the benchmark."""

from benchmarks.similarity import generated, measured
from domain.artwork.similarity import Print, is_same, pairs, similarity


def test_a_sample_of_the_generated_set_meets_the_aims() -> None:
    found = measured(list(generated(0.12)))
    assert found.images == 120
    assert found.recall >= 0.98
    assert found.precision >= 0.995


def test_equal_bytes_are_the_same_whatever_the_hashes_say() -> None:
    one, other = Print("a" * 64, "ff", "00"), Print("a" * 64, "00", "ff")
    assert similarity(one, other) == 1.0
    assert list(pairs([("x", one), ("y", other)])) == [("x", "y", 1.0)]


def test_sparse_pictures_need_more() -> None:
    """13 of 144 bits of each differ: 91 %."""
    bits = f"{(1 << 13) - 1:036x}"
    for ratio, expected in ((1.0, True), (0.85, True), (0.84, False), (0.1, False)):
        assert is_same(Print("a", "0" * 36, "0" * 36, ratio), Print("b", bits, bits, 1.0)) is expected


def test_texts_in_two_languages_make_two_pictures() -> None:
    hashes = ("0" * 36, "0" * 36)
    assert is_same(Print("a", *hashes, language="de"), Print("b", *hashes, language=None))
    assert is_same(Print("a", *hashes, language="de"), Print("b", *hashes, language="de"))
    assert not is_same(Print("a", *hashes, language="de"), Print("b", *hashes, language="fr"))


def test_a_picture_without_hashes_is_only_itself() -> None:
    assert not is_same(Print("a", "", ""), Print("b", "", ""))
