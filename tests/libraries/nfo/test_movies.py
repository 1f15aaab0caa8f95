"""Movies as Kodi, Jellyfin, Radarr and tinyMediaManager write them are read field by field."""

from datetime import date, datetime
from decimal import Decimal

from domain.libraries.nfo import (
    NfoCertification,
    NfoCollection,
    NfoCredit,
    NfoDepartment,
    NfoId,
    NfoItem,
    NfoKind,
    NfoRating,
    parse_nfo,
)

KODI = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<movie>
  <title>Paper  Lanterns</title>
  <originaltitle>Lampiony</originaltitle>
  <sorttitle>Paper Lanterns</sorttitle>
  <ratings>
    <rating name="themoviedb" max="10" default="true"><value>7.2</value><votes>1,412</votes></rating>
    <rating name="tomatometerallcritics" max="100"><value>67</value><votes>30</votes></rating>
    <rating name="trakt" max="10"><value>0.0</value></rating>
    <rating name="metacritic"><value>81</value></rating>
  </ratings>
  <rating>9.9</rating>
  <userrating>8</userrating>
  <top250>17</top250>
  <outline>Two sisters.</outline>
  <plot>Two sisters
rebuild a theatre.</plot>
  <tagline>Light it again.</tagline>
  <runtime>104 min</runtime>
  <mpaa>Rated PG-13 for peril</mpaa>
  <uniqueid type="imdb">tt9900101</uniqueid>
  <uniqueid type="tmdb" default="true">900101</uniqueid>
  <uniqueid type="Nordic Films" default="true">NF-7</uniqueid>
  <id>1</id>
  <genre>Drama / Comedy</genre><genre>drama</genre>
  <country>Poland</country>
  <set><name>Lantern Collection</name><overview>All of them.</overview></set>
  <credits>A. Writer</credits><director>B. Director / C. Other</director>
  <premiered>2019-11-05</premiered><year>2020</year>
  <studio>Northlight</studio><tag>snow</tag>
  <trailer>plugin://plugin.video.youtube/?action=play_video&amp;videoid=abc_DEF-123</trailer>
  <fileinfo><streamdetails><video><codec>hevc</codec></video></streamdetails></fileinfo>
  <actor><name>D. Actor</name><role>Hanna</role><order>0</order><thumb>https://img.example/d.jpg</thumb></actor>
  <actor><name>D. Actor</name><role>Hanna's twin</role><order>1</order></actor>
  <resume><position>123.5</position><total>5400</total></resume>
  <playcount>2</playcount><lastplayed>2024-03-01 21:04:05</lastplayed><dateadded>2020-01-02 03:04:05</dateadded>
  <moonphase>full</moonphase><MoonPhase/>
</movie>
"""


def only(text: str) -> NfoItem:
    document = parse_nfo(text.encode())
    assert len(document.roots) == 1
    return document.roots[0]


def test_a_kodi_movie_is_read_whole() -> None:
    assert only(KODI) == NfoItem(
        kind=NfoKind.MOVIE,
        title="Paper Lanterns",
        original_title="Lampiony",
        sort_title="Paper Lanterns",
        year=2019,
        premiered=date(2019, 11, 5),
        outline="Two sisters.",
        plot="Two sisters\nrebuild a theatre.",
        tagline="Light it again.",
        runtime_minutes=104,
        mpaa="Rated PG-13 for peril",
        certifications=(NfoCertification("US", "PG-13"),),
        trailer="https://www.youtube.com/watch?v=abc_DEF-123",
        genres=("Drama", "Comedy"),
        countries=("Poland",),
        studios=("Northlight",),
        tags=("snow",),
        credits=(
            NfoCredit("B. Director", NfoDepartment.DIRECTING, "Director"),
            NfoCredit("C. Other", NfoDepartment.DIRECTING, "Director"),
            NfoCredit("A. Writer", NfoDepartment.WRITING, "Writer"),
            NfoCredit("D. Actor", NfoDepartment.CAST, "Actor", "Hanna", 0, "https://img.example/d.jpg"),
            NfoCredit("D. Actor", NfoDepartment.CAST, "Actor", "Hanna's twin", 1),
        ),
        ratings=(
            NfoRating("tmdb", Decimal("7.200"), 1412, is_default=True),
            NfoRating("rotten_tomatoes", Decimal("6.700"), 30),
            NfoRating("metacritic", Decimal("8.100")),
        ),
        user_rating=Decimal("8.000"),
        top250=17,
        external_ids=(
            NfoId("imdb", "title", "tt9900101"),
            NfoId("tmdb", "movie", "900101", is_default=True),
            NfoId("nordicfilms", "", "NF-7"),
        ),
        collection=NfoCollection("Lantern Collection", "All of them."),
        play_count=2,
        last_played=datetime.fromisoformat("2024-03-01 21:04:05"),
        resume_position_ms=123_500,
        date_added=datetime.fromisoformat("2020-01-02 03:04:05"),
        stream_details_xml="<fileinfo><streamdetails><video><codec>hevc</codec></video></streamdetails></fileinfo>",
        unknown_elements=("moonphase", "MoonPhase"),
    )


def test_radarrs_empty_elements_are_absent() -> None:
    item = only(
        "<movie><title>X</title><userrating/><top250 /><outline></outline><tagline> </tagline><runtime/><playcount/>"
        "<lastplayed/><country/><year/><premiered/><set/><mpaa/><rating/><votes/>"
        '<trailer>plugin://plugin.video.youtube/play/?video_id=</trailer><id>900101</id><uniqueid type="imdb"/></movie>'
    )
    assert item == NfoItem(kind=NfoKind.MOVIE, title="X", external_ids=(NfoId("tmdb", "movie", "900101"),))


def test_radarrs_collection_and_criticrating() -> None:
    item = only(
        '<movie><set tmdbcolid="55"><name>Lanterns</name></set><criticrating>91</criticrating>'
        "<trailer>plugin://plugin.video.youtube/play/?video_id=abcdefgh</trailer><rating max='5'>4</rating></movie>"
    )
    assert item.collection == NfoCollection("Lanterns", None, "55")
    assert item.ratings == (NfoRating("default", Decimal("8.000")), NfoRating("rotten_tomatoes", Decimal("9.100")))
    assert item.trailer == "https://www.youtube.com/watch?v=abcdefgh"


def test_jellyfins_own_elements() -> None:
    item = only(
        "<movie><title>X</title><lockdata>true</lockdata><lockedfields>Name|Cast||Name</lockedfields><imdbid>tt0012345</imdbid>"
        "<tmdbid>12</tmdbid><AniDbId>77</AniDbId><tmdbcolid>9</tmdbcolid><set>Old Form</set><watched>True</watched>"
        "<style>noir</style><originallanguage>pl</originallanguage><communityrating>7,25</communityrating>"
        "<writer>W</writer><credits>w</credits>"
        "<actor><name>G</name><type>GuestStar</type><sortorder>3</sortorder><tmdbid>5</tmdbid></actor>"
        "<actor><name>M</name><role>ignored</role><type>Composer</type></actor>"
        "<actor><name>Z</name><type>Stunt Lead</type></actor></movie>"
    )
    assert item.is_locked
    assert item.locked_fields == ("Name", "Cast")
    assert item.external_ids == (NfoId("imdb", "title", "tt0012345"), NfoId("tmdb", "movie", "12"), NfoId("anidb", "", "77"))
    assert item.collection == NfoCollection("Old Form", None, "9")
    assert item.is_watched is True
    assert item.tags == ("noir",)
    assert item.original_language == "pl"
    assert item.ratings == (NfoRating("default", Decimal("7.250")),)
    assert item.credits == (
        NfoCredit("w", NfoDepartment.WRITING, "Writer"),
        NfoCredit("G", NfoDepartment.CAST, "Guest Star", None, 3, None, (NfoId("tmdb", "person", "5"),)),
        NfoCredit("M", NfoDepartment.MUSIC, "Composer"),
        NfoCredit("Z", NfoDepartment.OTHER, "Stunt Lead"),
    )
    assert item.unknown_elements == ()


def test_tinymediamanagers_collection_id_edition_and_certifications() -> None:
    item = only(
        '<movie><uniqueid type="tmdbSet">42</uniqueid><uniqueid type="tmdb">7</uniqueid><edition>NONE</edition>'
        "<edition>Extended</edition><certification>US:PG-13 / DE:FSK 12 / Poland:16 / 12A / UK:15</certification>"
        '<director tmdbid="8">B</director><producer><name>P</name><role>ignored</role></producer></movie>'
    )
    assert item.collection == NfoCollection(None, None, "42")
    assert item.external_ids == (NfoId("tmdb", "movie", "7"),)
    assert item.edition is None
    assert item.certifications == (
        NfoCertification("US", "PG-13"),
        NfoCertification("DE", "FSK 12"),
        NfoCertification("Poland", "16"),
        NfoCertification(None, "12A"),
        NfoCertification("GB", "15"),
    )
    assert item.credits == (
        NfoCredit("B", NfoDepartment.DIRECTING, "Director", external_ids=(NfoId("tmdb", "person", "8"),)),
        NfoCredit("P", NfoDepartment.PRODUCTION, "Producer"),
    )


def test_ids_are_told_by_their_shape() -> None:
    item = only(
        '<movie><uniqueid type="tmdb">tt0133093</uniqueid><uniqueid type="imdb">133093</uniqueid>'
        '<uniqueid type="tmdb">-1</uniqueid>'
        '<uniqueid type="tvdb">a-slug</uniqueid><uniqueid type="tmdb">007</uniqueid>'
        '<uniqueid type="wikidata">q83495</uniqueid></movie>'
    )
    assert item.external_ids == (
        NfoId("imdb", "title", "tt0133093"),
        NfoId("tmdb", "movie", "7"),
        NfoId("wikidata", "", "Q83495"),
    )


def test_a_bare_id_is_the_last_resort() -> None:
    assert only("<movie><id>tt0133093</id></movie>").external_ids == (NfoId("imdb", "title", "tt0133093"),)
    assert only("<movie><id>603</id></movie>").external_ids == (NfoId("tmdb", "movie", "603"),)
    assert only("<tvshow><id>81189</id></tvshow>").external_ids == (NfoId("tvdb", "series", "81189"),)
    assert only("<episodedetails><id>5</id></episodedetails>").external_ids == ()
    assert only('<movie><id TMDB="603" IMDB="tt0133093">99</id></movie>').external_ids == (
        NfoId("tmdb", "movie", "603"),
        NfoId("imdb", "title", "tt0133093"),
    )
    assert only('<movie><id source="tmdb">603</id><tmdbid>603</tmdbid></movie>').external_ids == (NfoId("tmdb", "movie", "603"),)


def test_a_collection_file_gives_the_collections_own_id() -> None:
    item = only('<set><title>Lanterns</title><overview>All.</overview><uniqueid type="tmdb">55</uniqueid></set>')
    assert (item.kind, item.title, item.plot) == (NfoKind.SET, "Lanterns", "All.")
    assert item.external_ids == (NfoId("tmdb", "collection", "55"),)
    assert item.collection is None
