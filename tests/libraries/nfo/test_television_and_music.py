"""Series, seasons, episodes, music videos, artists and albums of all writers are read."""

from datetime import date
from decimal import Decimal

from domain.libraries.nfo import NfoId, NfoItem, NfoKind, NfoRating, NfoSeasonName, parse_nfo

ARTIST_ID = "0a1b2c3d-0000-4000-8000-000000000001"
RELEASE_ID = "0a1b2c3d-0000-4000-8000-000000000002"
GROUP_ID = "0a1b2c3d-0000-4000-8000-000000000003"


def only(text: str) -> NfoItem:
    document = parse_nfo(text.encode())
    assert len(document.roots) == 1
    return document.roots[0]


def test_a_sonarr_series_with_a_json_guide() -> None:
    item = only(
        '<tvshow><title>Harbour</title><rating>8.1</rating><uniqueid type="tvdb" default="true">800</uniqueid>'
        '<uniqueid type="tvmaze">31</uniqueid><season>-1</season><episode>40</episode><status>Ended</status>'
        "<enddate>2021-05-06</enddate><namedseason number='2'>The Flood</namedseason><namedseason number='x'>No</namedseason>"
        '<episodeguide>{"tmdb":"900","tvdb":"800","imdb":"tt0000800","bad":[]}</episodeguide><displayorder>dvd</displayorder></tvshow>'
    )
    assert (item.kind, item.season, item.episode) == (NfoKind.SERIES, None, None)
    assert item.external_ids == (
        NfoId("tvdb", "series", "800", is_default=True),
        NfoId("tvmaze", "series", "31"),
        NfoId("tmdb", "tv", "900"),
        NfoId("imdb", "title", "tt0000800"),
    )
    assert (item.status, item.end_date, item.display_order) == ("Ended", date(2021, 5, 6), "dvd")
    assert item.named_seasons == (NfoSeasonName(2, "The Flood"),)
    assert item.ratings == (NfoRating("default", Decimal("8.100")),)


def test_jellyfins_old_guide_and_underscored_imdb_id() -> None:
    item = only(
        "<tvshow><title>Harbour</title><imdb_id>tt0000800</imdb_id><episodeguide>"
        '<url cache="800.xml">http://www.thetvdb.com/api/KEY/series/800/all/en.zip</url></episodeguide></tvshow>'
    )
    assert item.external_ids == (NfoId("imdb", "title", "tt0000800"), NfoId("tvdb", "series", "800"))


def test_a_season_file() -> None:
    item = only("<season><title>The Flood</title><seasonnumber>2</seasonnumber><tvdbid>44</tvdbid><plot>Wet.</plot></season>")
    assert (item.kind, item.title, item.season) == (NfoKind.SEASON, "The Flood", 2)
    assert item.external_ids == (NfoId("tvdb", "season", "44"),)


def test_a_special_and_its_place() -> None:
    item = only(
        "<episodedetails><title>Xmas</title><showtitle>Harbour</showtitle><season>0</season><episode>3</episode>"
        "<aired>2020-12-24</aired><displayseason>2</displayseason><displayepisode>-1</displayepisode>"
        "<displayafterseason>1</displayafterseason><episodenumberend>4</episodenumberend>"
        '<uniqueid type="tvdb" default="true">12</uniqueid><uniqueid type="sonarr">9</uniqueid><code>XM-3</code></episodedetails>'
    )
    assert (item.season, item.episode, item.episode_end, item.aired) == (0, 3, 4, date(2020, 12, 24))
    assert (item.display_season, item.display_episode, item.display_after_season) == (2, None, 1)
    assert item.external_ids == (NfoId("tvdb", "episode", "12", is_default=True), NfoId("sonarr", "", "9"))
    assert (item.show_title, item.production_code, item.year) == ("Harbour", "XM-3", None)


def test_jellyfins_words_for_the_place_of_a_special() -> None:
    item = only(
        "<episodedetails><airsbefore_season>3</airsbefore_season><airsbefore_episode>1</airsbefore_episode>"
        "<airsafter_season>2</airsafter_season></episodedetails>"
    )
    assert (item.display_season, item.display_episode, item.display_after_season) == (3, 1, 2)


def test_a_multi_episode_file_has_an_item_per_episode() -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    one, two = (f"<episodedetails><title>{n}</title><episode>{n}</episode></episodedetails>" for n in (1, 2))
    for text in (head + one + two, head + one + "\n" + head + two, f"<xbmcmultiepisode>{one}{two}</xbmcmultiepisode>"):
        document = parse_nfo(text.encode())
        assert [(item.title, item.episode) for item in document.roots] == [("1", 1), ("2", 2)]
        assert not document.is_damaged


def test_an_episode_without_its_end_tag_does_not_swallow_the_next() -> None:
    document = parse_nfo(b"<episodedetails><title>1</title><episodedetails><title>2</title></episodedetails>")
    assert [item.title for item in document.roots] == ["1", "2"]
    assert document.is_damaged


def test_a_music_video() -> None:
    item = only(
        "<musicvideo><title>Song</title><artist>A</artist><artist>B</artist><album>Record</album><track>4</track>"
        "<runtime>0</runtime><year>1987</year></musicvideo>"
    )
    assert (item.kind, item.artists, item.album, item.track) == (NfoKind.MUSICVIDEO, ("A", "B"), "Record", 4)
    assert (item.year, item.runtime_minutes) == (1987, None)


def test_an_artist_in_both_spellings_of_its_id() -> None:
    for name in ("musicBrainzArtistID", "musicbrainzartistid"):
        item = only(
            f"<artist><name>Band</name><sortname>Band, The</sortname><{name}>{ARTIST_ID.upper()}</{name}>"
            "<formed>1990-02-03</formed><disbanded>2001</disbanded><biography>Loud.</biography><mood>dark</mood>"
            "<disambiguation>the Polish one</disambiguation>"
            f"<album><title>Debut</title><musicbrainzreleasegroupid>{GROUP_ID}</musicbrainzreleasegroupid></album></artist>"
        )
        assert (item.kind, item.title, item.sort_title, item.plot) == (NfoKind.ARTIST, "Band", "Band, The", "Loud.")
        assert (item.premiered, item.end_date, item.tags) == (date(1990, 2, 3), None, ("dark",))
        assert item.external_ids == (NfoId("musicbrainz", "artist", ARTIST_ID),)
        assert item.disambiguation == "the Polish one"


def test_an_album_has_only_its_own_ids_and_no_guessed_date() -> None:
    album = (
        f"<album><title>Debut</title><musicbrainzalbumid>{RELEASE_ID}</musicbrainzalbumid><review>Good.</review>"
        f"<musicbrainzreleasegroupid>{GROUP_ID}</musicbrainzreleasegroupid><musicbrainzalbumartistid>{ARTIST_ID}</musicbrainzalbumartistid>"
        f"<artist>Band</artist><albumArtistCredits><artist>Band</artist><musicBrainzArtistID>{ARTIST_ID}</musicBrainzArtistID>"
        "</albumArtistCredits><label>Northlight</label><releasetype>single</releasetype><releasedate>%s</releasedate></album>"
    )
    item = only(album % "03/04/1999")
    assert item.external_ids == (NfoId("musicbrainz", "release", RELEASE_ID), NfoId("musicbrainz", "release_group", GROUP_ID))
    assert (item.artists, item.studios, item.album_type, item.plot) == (("Band",), ("Northlight",), "single", "Good.")
    assert (item.premiered, item.year) == (None, 1999)
    assert only(album % "13/04/1999").premiered == date(1999, 4, 13)
    assert only(album % "4/13/1999").premiered == date(1999, 4, 13)
    assert only(album % "03.04.1999 00:00:00").premiered == date(1999, 4, 3)
