"""A stranger's file can neither read other files, nor fetch, nor exhaust, nor crash the reader."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.libraries.nfo import NfoDocument, NfoError, NfoErrorCode, parse_nfo
from tests.libraries.nfo.test_movies import KODI
from tests.sampling import some

TWO_MIB = 2 * 1024 * 1024


def outcome(data: bytes) -> NfoDocument | NfoErrorCode:
    try:
        return parse_nfo(data)
    except NfoError as failure:
        return failure.code


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE m [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
        '<!DOCTYPE m SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!doctype html>",
        "<! DOCTYPE m>",
        "<!DOC\x00TYPE m>",
        '<!ENTITY x "y">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_document_types_and_entities_are_refused_in_every_encoding(declaration: str, encoding: str) -> None:
    text = f"<?xml version='1.0'?>{declaration}<movie><title>&x;&b;</title></movie>"
    assert outcome(text.encode(encoding)) is NfoErrorCode.FORBIDDEN_DECLARATION


def test_no_file_is_ever_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret")
    text = (
        f'<movie xmlns:xi="http://www.w3.org/2001/XInclude"><title>X<xi:include href="{secret.as_uri()}" parse="text"/></title>'
        f'<?xml-stylesheet href="{secret.as_uri()}"?></movie>'
    )
    assert "the-secret" not in repr(parse_nfo(text.encode()))


def test_utf7_is_not_an_encoding_that_a_header_can_choose() -> None:
    data = b"<?xml version='1.0' encoding='utf-7'?>+ADw-+ACE-DOCTYPE m+AD4-<movie><title>\xff+ADw-</title></movie>"
    document = parse_nfo(data)
    assert document.roots[0].title == "ÿ+ADw-"


def filled(unit: str, before: str = "", after: str = "") -> bytes:
    times = (TWO_MIB - len(before) - len(after)) // len(unit)
    return (before + unit * times + after).encode()


BOMBS = {
    "nothing but <a>": filled("<a>"),
    "<a> in a movie": filled("<a>", "<movie>"),
    "100,000 levels": b"<movie>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"<title>X</title></movie>",
    "unclosed comments": filled("<!--"),
    "unclosed CDATA": filled("<![CDATA["),
    "unclosed instructions": filled("<?"),
    "brackets": filled("<"),
    "ampersands": filled("&"),
    "long entity names": filled("&abcdefghijklmnopqrstuvwxyz"),
    "movies without an end": filled("<movie "),
    "many movies": filled("<movie/>"),
    "nested sets": filled("<set>"),
    "strangers": "".join(f"<a{number}/>" for number in range(190_000)).encode()[:TWO_MIB],
    "unclosed strangers": "".join(f"<a{number}>" for number in range(190_000)).encode()[:TWO_MIB],
    "unknown elements": ("<movie>" + "".join(f"<a{number}/>" for number in range(190_000))).encode()[:TWO_MIB],
    "ids": ("<movie>" + "".join(f'<uniqueid type="x" default="true">{n}</uniqueid>' for n in range(60_000))).encode()[:TWO_MIB],
    "one actor with many ids": (
        "<movie>" + "".join(f"<actor><name>A</name><tmdbid>{n}</tmdbid></actor>" for n in range(60_000))
    ).encode()[:TWO_MIB],
    "attributes": ("<movie " + "".join(f'a{number}="" ' for number in range(150_000)) + "><title>X</title></movie>").encode(),
    "namespaces": filled('<a:b xmlns:a="x">', "<movie>"),
    "genres": filled("<genre>a / b</genre>", "<movie>"),
    "one long genre": filled("a / ", "<movie><genre>", "</genre></movie>"),
    "white space": filled(" ", "<movie><genre>a", "b</genre></movie>"),
    "digits": filled("9", "<movie><year>", "</year></movie>"),
    "line breaks": filled("<br ", "<movie><plot>"),
    "half addresses": filled("thetvdb.com/?"),
    "imdb ids": filled("tt1234567 "),
    "mismatched tags": filled("<x></y>", "<movie>"),
    "a deep episode guide": filled("[", '<tvshow><episodeguide>{"a":'),
}


@pytest.mark.parametrize("name", some(BOMBS, 4))
def test_two_mebibytes_of_malice_end_soon(name: str) -> None:
    """A second of one core for the slowest; what is not linear would take minutes."""
    outcome(BOMBS[name])


def test_what_hides_behind_a_hundred_thousand_levels_is_given_up() -> None:
    found = outcome(BOMBS["100,000 levels"])
    assert isinstance(found, NfoDocument)
    assert found.is_damaged


@given(st.binary(max_size=400))
def test_random_bytes_never_crash(data: bytes) -> None:
    outcome(data)


fragments = st.sampled_from(
    [
        *(
            "<movie>",
            "</movie>",
            "<episodedetails>",
            "</episodedetails>",
            "<set>",
            "</set>",
            "<ratings><rating max='0'>",
            "<rating>",
        ),
        *(
            "<uniqueid type='imdb'>",
            "<uniqueid>",
            "<actor><name>",
            "</name>",
            "<title>",
            "</title>",
            "<episodeguide>{",
            "<runtime>",
        ),
        *(
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?xml",
            "?>",
            "&",
            "&amp;",
            "&#x",
            ";",
            "<",
            ">",
            "/",
            "tt1234567",
            "\x00",
            "\ud7ff",
        ),
        *(
            "<fileinfo><a>",
            "<premiered>0001-01-01",
            "<lastplayed>9999-12-31T23:59:60+99:00",
            "<votes>1,000",
            "9" * 400,
            "é",
            "１２",
        ),
        *("<trailer>plugin://plugin.video.youtube/?video_id=", "<resume><position>", "1e999", "<namedseason number='-'>", "NaN"),
    ]
)


@given(st.lists(fragments, max_size=40).map("".join))
def test_random_markup_never_crashes(text: str) -> None:
    outcome(text.encode("utf-8", errors="replace"))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    edits=st.lists(st.tuples(st.integers(0, len(KODI)), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-16", "latin-1"]),
)
def test_a_mutated_document_gives_a_document_or_a_reason(edits: list[tuple[int, int, bytes]], encoding: str) -> None:
    data = KODI.encode(encoding)
    for start, length, replacement in edits:
        data = data[:start] + replacement + data[start + length :]
    found = outcome(data)
    if isinstance(found, NfoDocument):
        assert found.roots or found.url_ids


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60))
def test_any_title_in_well_formed_xml_comes_back(title: str) -> None:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    item = parse_nfo(f"<movie><title>{escaped}</title><year>1999</year></movie>".encode()).roots[0]
    assert item.title == (" ".join(title.split()) or None)
    assert item.year == 1999
