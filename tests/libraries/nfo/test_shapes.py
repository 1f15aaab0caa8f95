"""Every shape of file that is met in the wild is read: addresses, odd encodings, sloppy XML, junk around it."""

import pytest

from domain.libraries.nfo import NfoError, NfoErrorCode, NfoId, parse_nfo

UUID = "0a1b2c3d-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.themoviedb.org/movie/603-the-matrix", NfoId("tmdb", "movie", "603")),
        ("https://www.themoviedb.org/tv/1399", NfoId("tmdb", "tv", "1399")),
        ("themoviedb.org/collection/2344", NfoId("tmdb", "collection", "2344")),
        ("http://www.imdb.com/title/tt0133093/?ref_=x", NfoId("imdb", "title", "tt0133093")),
        ("https://www.imdb.com/de/title/tt10133093/", NfoId("imdb", "title", "tt10133093")),
        ("https://www.imdb.com/name/nm0000206/", NfoId("imdb", "person", "nm0000206")),
        ("http://thetvdb.com/?tab=series&id=81189&lid=7", NfoId("tvdb", "series", "81189")),
        ("http://thetvdb.com/index.php?tab=series&amp;seriesid=81189", NfoId("tvdb", "series", "81189")),
        ("https://www.thetvdb.com/series/breaking-bad", NfoId("tvdb", "series_slug", "breaking-bad")),
        ("https://thetvdb.com/movies/the-matrix", NfoId("tvdb", "movie_slug", "the-matrix")),
        ("https://thetvdb.com/dereferrer/series/81189", NfoId("tvdb", "series", "81189")),
        (f"https://musicbrainz.org/artist/{UUID}", NfoId("musicbrainz", "artist", UUID)),
        (f"https://musicbrainz.org/release-group/{UUID}", NfoId("musicbrainz", "release_group", UUID)),
        (f"https://musicbrainz.org/release/{UUID}", NfoId("musicbrainz", "release", UUID)),
        ("https://www.tvmaze.com/shows/169/x", NfoId("tvmaze", "series", "169")),
        ("https://anidb.net/anime/23", NfoId("anidb", "", "23")),
        ("https://www.wikidata.org/wiki/Q83495", NfoId("wikidata", "", "Q83495")),
        ("Scene release, see tt0133093!", NfoId("imdb", "title", "tt0133093")),
        ("tmdb: 603", NfoId("tmdb", "", "603")),
    ],
)
def test_a_file_with_nothing_but_an_address_gives_its_id(address: str, found: NfoId) -> None:
    document = parse_nfo(address.encode())
    assert document.roots == ()
    assert document.url_ids == (found,)


def test_an_address_after_the_xml_is_read_and_one_inside_is_not() -> None:
    document = parse_nfo(
        b"<movie><title>X</title><plot>See imdb.com/title/tt0000001</plot></movie>\nhttps://themoviedb.org/movie/603"
    )
    assert document.roots[0].title == "X"
    assert document.url_ids == (NfoId("tmdb", "movie", "603"),)
    assert not document.is_damaged


@pytest.mark.parametrize(
    "junk",
    [
        "</movie>",
        "<junk><movie><title>No</title></movie></junk>",
        "<set><name>No</name></set><actor><name>No</name></actor>",
        "\x00\x1a trailing bytes < & >",
        "<!-- <movie><title>No</title></movie> -->",
        "<!-- never closed",
        "<unclosed><more>",
    ],
)
def test_junk_after_the_root_changes_nothing(junk: str) -> None:
    document = parse_nfo(f"<movie><title>X</title></movie>\n{junk}".encode())
    assert [item.title for item in document.roots] == ["X"]


@pytest.mark.parametrize(
    "before", ["  \n", "\ufeff", "<?xml version='1.0'>", "<!-- made by -->", "ASCII art <*> & <a>\n", "<?xml?>\n<?pi x?>"]
)
def test_junk_before_the_root_changes_nothing(before: str) -> None:
    assert parse_nfo(f"{before}<movie><title>X</title></movie>".encode()).roots[0].title == "X"


@pytest.mark.parametrize(
    "data",
    [
        "<movie><title>Żółw à la crème</title></movie>".encode(),
        "\ufeff<movie><title>Żółw à la crème</title></movie>".encode(),
        "\ufeff<?xml version='1.0' encoding='utf-16'?><movie><title>Żółw à la crème</title></movie>".encode("utf-16-le"),
        "\ufeff<movie><title>Żółw à la crème</title></movie>".encode("utf-16-be"),
        "<movie><title>Żółw à la crème</title></movie>".encode("utf-16-le"),
        "<movie><title>Żółw à la crème</title></movie>".encode("utf-16-be"),
        "\ufeff<movie><title>Żółw à la crème</title></movie>".encode("utf-32-le"),
        '<?xml version="1.0" encoding="utf-16"?><movie><title>Żółw à la crème</title></movie>'.encode(),
        '<?xml version="1.0" encoding="nonsense-7"?><movie><title>Żółw à la crème</title></movie>'.encode(),
    ],
)
def test_the_text_decides_the_encoding(data: bytes) -> None:
    assert parse_nfo(data).roots[0].title == "Żółw à la crème"


def test_other_encodings_are_read_as_declared_or_as_western() -> None:
    xml = "<?xml version='1.0' encoding='%s'?><movie><title>%s</title></movie>"
    assert parse_nfo((xml % ("windows-1250", "Żółw")).encode("cp1250")).roots[0].title == "Żółw"
    assert parse_nfo((xml % ("koi8-r", "Солярис")).encode("koi8-r")).roots[0].title == "Солярис"
    assert parse_nfo((xml % ("utf-8", "Amélie – d’été")).encode("cp1252")).roots[0].title == "Amélie – d’été"
    assert parse_nfo("<movie><title>Amélie</title></movie>".encode("latin-1")).roots[0].title == "Amélie"
    assert parse_nfo(b"<movie><title>\x81 Am\xe9lie</title></movie>").roots[0].title == "Amélie"


def test_utf8_that_is_cut_in_the_middle_of_a_letter_stays_utf8() -> None:
    data = "<movie><title>Żółw</title><plot>Zażółć gęślą jaźń</plot></movie>".encode() + "ż".encode()[:1]
    assert parse_nfo(data).roots[0].title == "Żółw"


def test_sloppy_text_is_mended() -> None:
    document = parse_nfo(
        b"<movie><title>Tom & Jerry &amp; I <3 caf&eacute;&nbsp;&bogus; &#233;&#0;&#xD800;</title>"
        b"<plot>One<br>two<br/>three <i>now</i> <![CDATA[<b>R&D</b> &amp;]]></plot><tagline>after</tagline></movie>"
    )
    item = document.roots[0]
    assert item.title == "Tom & Jerry & I <3 café &bogus; é"
    assert item.plot == "One\ntwo\nthree now <b>R&D</b> &amp;"
    assert item.tagline == "after"


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    document = parse_nfo(b"<movie><title>X</title><year>1999</year><plot>cut he")
    assert document.is_damaged
    assert (document.roots[0].title, document.roots[0].year, document.roots[0].plot) == ("X", 1999, "cut he")
    assert parse_nfo(b"<movie><x></y><title>X</title></movie>").roots[0].title == "X"


def test_an_item_that_cannot_be_read_still_gives_the_ids_in_its_text() -> None:
    document = parse_nfo(b"<movie <<< https://www.imdb.com/title/tt0133093 ")
    assert document.roots == ()
    assert document.url_ids == (NfoId("imdb", "title", "tt0133093"),)


def test_element_names_may_have_any_case_and_a_prefix() -> None:
    item = parse_nfo(b"<Movie xmlns:k='u'><TITLE>X</TITLE><k:Year>1999</k:Year></Movie>").roots[0]
    assert (item.title, item.year) == ("X", 1999)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", NfoErrorCode.EMPTY),
        (b"\xef\xbb\xbf \n\x00", NfoErrorCode.EMPTY),
        (b"a" * (2 * 1024 * 1024 + 1), NfoErrorCode.TOO_LARGE),
        (b"nothing to see", NfoErrorCode.NO_METADATA),
        (b"<html><body>hello</body></html>", NfoErrorCode.NO_METADATA),
        (b"<movie/>", NfoErrorCode.MALFORMED),
        (b"<movie ", NfoErrorCode.MALFORMED),
        (b"<movie>words</movie>", NfoErrorCode.MALFORMED),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: NfoErrorCode) -> None:
    with pytest.raises(NfoError) as failure:
        parse_nfo(data)
    assert failure.value.code is code
    assert str(failure.value).endswith(".")
