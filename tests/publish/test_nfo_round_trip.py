"""Check 5 of section 13.6: what we write into an NFO, our reader reads back the same, whatever the texts hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from domain.libraries.nfo import (
    NfoCertification,
    NfoCollection,
    NfoCredit,
    NfoDepartment,
    NfoId,
    NfoItem,
    NfoKind,
    NfoRating,
    NfoSeasonName,
    parse_nfo,
)
from domain.publish.nfo import Root, Sound, Streams, Words, sayable, write_nfo

HOSTILE = (
    "AT&T <b>bold</b> &nbsp; &amp;lt;", "]]><![CDATA[<movie>", "</movie><movie><title>Other</title></movie>", "a\x00b\x0bc\x1f",
    "\ud800half", "x\ufffey", "line\r\nbreak\rend", "Action / Adventure", " / slash / ", "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "https://www.themoviedb.org/movie/1", "&#13;&#x41;", "\u200f\u202eRTL", "\U0001f3ac film", "'\"", "--><!-- x",
    "<br/>", "5 < 6 > 4", "\ufeffmark", "e\u0301", "\xa0wide\u2028lines\x85",
)  # fmt: skip
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
providers = st.sampled_from(("tmdb", "imdb", "tvdb", "trakt", "wikidata", "anidb", "rotten_tomatoes", "Odd One", "musicbrainz"))
spaces = st.sampled_from(("movie", "tv", "series", "season", "episode", "title", "", "person", "collection"))
keys = st.one_of(st.integers(0, 10**12).map(str), st.integers(0, 10**8).map("tt{:07d}".format), st.just("nm0000123"), texts)
ids = st.lists(st.builds(NfoId, providers, spaces, keys, st.booleans()), max_size=6).map(tuple)
names = st.lists(texts, max_size=4).map(tuple)
credits = st.builds(
    NfoCredit,
    texts,
    st.sampled_from(NfoDepartment),
    st.sampled_from(("Actor", "Guest Star", "Director", "Screenplay", "")),
    st.none() | texts,
    st.none() | st.integers(-1, 200_000),
    external_ids=ids,
)
scores = st.builds(
    NfoRating,
    st.sampled_from(("tmdb", "imdb", "tvdb", "rotten_tomatoes", "metacritic", "Trakt", "default", "tomatometerallcritics", "")),
    st.decimals(0, 12, places=4),
    st.none() | st.integers(-1, 10**10),
    st.booleans(),
)
certificates = st.builds(
    NfoCertification,
    st.none() | st.sampled_from(("US", "UK", "DE", "Germany", "", "x", "A:B", "de")) | texts,
    st.sampled_from(("PG-13", "pg", "FSK 12", "12", "Rated R", "rated rated R", "None", "15:9", "DE:12", "A / B")) | texts,
)
items = st.builds(
    NfoItem,
    kind=st.sampled_from((NfoKind.MOVIE, NfoKind.SERIES, NfoKind.SEASON, NfoKind.EPISODE)),
    title=texts,
    original_title=st.none() | texts,
    sort_title=st.none() | texts,
    show_title=st.none() | texts,
    edition=st.none() | st.sampled_from(("None", "Director's Cut")) | texts,
    year=st.none() | st.integers(0, 12_000),
    premiered=st.none() | days | st.just(date(1969, 12, 31)),
    aired=st.none() | days,
    end_date=st.none() | days,
    outline=st.none() | texts,
    plot=st.none() | texts,
    tagline=st.none() | texts,
    runtime_minutes=st.none() | st.integers(-1, 120_000),
    certifications=st.lists(certificates, max_size=3).map(tuple),
    status=st.none() | texts,
    original_language=st.none() | st.sampled_from(("en", "pl")),
    trailer=st.none() | st.just("https://example.org/trailer"),
    season=st.none() | st.integers(-1, 3000),
    episode=st.none() | st.integers(-1, 3000),
    display_season=st.none() | st.integers(0, 9),
    display_episode=st.none() | st.integers(0, 9),
    display_after_season=st.none() | st.integers(-1, 9),
    named_seasons=st.lists(st.builds(NfoSeasonName, st.integers(-1, 9), texts), max_size=4).map(tuple),
    genres=names,
    countries=names,
    studios=names,
    tags=names,
    credits=st.lists(credits, max_size=6).map(tuple),
    ratings=st.lists(scores, max_size=4).map(tuple),
    user_rating=st.none() | st.just(Decimal(7)),
    external_ids=ids,
    collection=st.none() | st.builds(NfoCollection, st.none() | texts, st.none() | texts, st.none() | keys),
    play_count=st.none() | st.just(3),
    is_watched=st.none() | st.booleans(),
)


def read(roots: list[Root]) -> tuple[NfoItem, ...]:
    document = parse_nfo(write_nfo(roots))
    assert not document.is_damaged
    assert document.url_ids == ()
    assert all(root.unknown_elements == () for root in document.roots)
    return tuple(replace(root, stream_details_xml=None) for root in document.roots)


@settings(max_examples=400, deadline=None)
@given(items)
@example(NfoItem(NfoKind.MOVIE, title="A", credits=(NfoCredit("A / B", NfoDepartment.WRITING, "Writer"),)))
def test_acceptance_5_nfo_we_write_parses_back_to_the_same_model(item: NfoItem) -> None:
    """Ids, ratings with decimals, set, credits and all the rest; what no NFO can say is what `sayable` leaves out."""
    said = sayable(item)
    assert sayable(said) == said
    if said == NfoItem(item.kind):
        return  # nothing can be said: there is nothing to read
    assert read([Root(item)]) == (said,)


@settings(max_examples=60, deadline=None)
@given(st.lists(items.map(lambda item: replace(item, kind=NfoKind.EPISODE, episode=1)), min_size=2, max_size=4))
def test_several_episodes_of_one_video_are_several_roots_of_one_file(episodes: list[NfoItem]) -> None:
    assert read([Root(item) for item in episodes]) == tuple(map(sayable, episodes))


@settings(max_examples=60, deadline=None)
@given(items)
def test_equal_items_make_equal_bytes_of_which_xml_tools_complain_not(item: NfoItem) -> None:
    data = write_nfo([Root(item)])
    assert data == write_nfo([Root(replace(item))])
    etree.fromstring(data)


FILM = NfoItem(
    NfoKind.MOVIE,
    title="Paper Lanterns",
    original_title="Lampiony",
    sort_title="Paper Lanterns",
    premiered=date(2019, 11, 5),
    plot="Two sisters rebuild a theatre.",
    outline="A theatre.",
    tagline="Light it again.",
    runtime_minutes=104,
    certifications=(NfoCertification("US", "PG"), NfoCertification("DE", "12")),
    genres=("Drama",),
    countries=("Poland",),
    studios=("Northlight",),
    tags=("theatre",),
    credits=(
        NfoCredit("C. Actor", NfoDepartment.CAST, "Actor", "Hanna", 0, external_ids=(NfoId("tmdb", "person", "77"),)),
        NfoCredit("A. Writer", NfoDepartment.WRITING, "Writer", external_ids=(NfoId("imdb", "person", "nm0000123"),)),
        NfoCredit("B. Director", NfoDepartment.DIRECTING, "Director"),
    ),
    ratings=(NfoRating("imdb", Decimal("7.123"), 1234), NfoRating("tmdb", Decimal("7.2"), 412)),
    external_ids=(NfoId("imdb", "title", "tt9900101"), NfoId("tmdb", "movie", "900101")),
    collection=NfoCollection("Lantern Collection", "All lanterns.", "4711"),
    trailer="https://example.org/trailer",
    play_count=7,
    is_watched=True,
)
STREAMS = Streams(
    "hevc", 3840, 2160, "16:9", "dolby_vision", 6_240_500,
    (Sound("dts", "DTS-HD MA", 6, "eng"), Sound("aac", None, 2, "und")), (Words("pol"), Words(None)),
)  # fmt: skip
AS_KODI_READS_IT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<movie>
  <title>Paper Lanterns</title>
  <originaltitle>Lampiony</originaltitle>
  <sorttitle>Paper Lanterns</sorttitle>
  <ratings>
    <rating name="imdb" max="10">
      <value>7.123</value>
      <votes>1234</votes>
    </rating>
    <rating name="themoviedb" max="10" default="true">
      <value>7.2</value>
      <votes>412</votes>
    </rating>
  </ratings>
  <outline>A theatre.</outline>
  <plot>Two sisters rebuild a theatre.</plot>
  <tagline>Light it again.</tagline>
  <runtime>104</runtime>
  <mpaa>PG</mpaa>
  <certification>DE:12</certification>
  <uniqueid type="imdb">tt9900101</uniqueid>
  <uniqueid type="tmdb" default="true">900101</uniqueid>
  <genre>Drama</genre>
  <country>Poland</country>
  <set tmdbcolid="4711">
    <name>Lantern Collection</name>
    <overview>All lanterns.</overview>
  </set>
  <tag>theatre</tag>
  <director>B. Director</director>
  <credits imdbid="nm0000123">A. Writer</credits>
  <premiered>2019-11-05</premiered>
  <year>2019</year>
  <studio>Northlight</studio>
  <actor>
    <name>C. Actor</name>
    <role>Hanna</role>
    <order>0</order>
    <tmdbid>77</tmdbid>
  </actor>
  <fileinfo>
    <streamdetails>
      <video>
        <codec>hevc</codec>
        <aspect>1.777778</aspect>
        <width>3840</width>
        <height>2160</height>
        <durationinseconds>6240</durationinseconds>
        <hdrtype>dolbyvision</hdrtype>
      </video>
      <audio>
        <codec>dtshd_ma</codec>
        <language>eng</language>
        <channels>6</channels>
      </audio>
      <audio>
        <codec>aac</codec>
        <channels>2</channels>
      </audio>
      <subtitle>
        <language>pol</language>
      </subtitle>
      <subtitle>
        <language>und</language>
      </subtitle>
    </streamdetails>
  </fileinfo>
</movie>
"""


def test_a_film_stands_in_kodis_words_and_nothing_of_who_watched_it() -> None:
    assert write_nfo([Root(FILM, STREAMS)]).decode() == AS_KODI_READS_IT


def test_a_series_names_its_seasons_and_a_season_has_an_nfo_for_jellyfin() -> None:
    series = NfoItem(NfoKind.SERIES, title="Show", named_seasons=(NfoSeasonName(0, "Specials"), NfoSeasonName(1, "One")))
    assert b'<namedseason number="0">Specials</namedseason>' in write_nfo([Root(series)])
    season = NfoItem(NfoKind.SEASON, title="One", season=1, plot="It begins.")
    assert read([Root(season)]) == (season,)


def test_kinds_that_no_player_reads_from_us_are_refused() -> None:
    with pytest.raises(ValueError, match="artist"):
        write_nfo([Root(NfoItem(NfoKind.ARTIST, title="Nobody"))])
    with pytest.raises(ValueError, match="something"):
        write_nfo([])
