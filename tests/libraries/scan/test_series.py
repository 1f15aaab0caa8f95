"""Scanning series: seasons, specials, several episodes in a file, days, absolute numbers, pictures of seasons."""

from tests.libraries.scan.conftest import Disk

TREE = (
    "SELECT i.kind, p.title, i.position, i.title FROM media_items i LEFT JOIN media_items p ON p.id = i.parent_id"
    " ORDER BY i.level, p.position, i.position, i.title"
)


def test_a_series_with_seasons_and_specials_becomes_a_tree(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E01 - Pilot.mkv")
    series.put("Show (2010)/Season 02/Show S02E01.mkv")
    series.put("Show (2010)/Specials/Show S00E01.mkv")
    series.scan()
    tree = series.rows("SELECT kind, title, position, availability FROM media_items ORDER BY level, title")
    assert tree == [
        ("series", "Show", None, "present"),
        ("season", "Season 1", 1, "present"),
        ("season", "Season 2", 2, "present"),
        ("season", "Specials", 0, "present"),
        ("episode", "Episode 1", 1, "present"),
        ("episode", "Episode 1", 1, "present"),
        ("episode", "Pilot", 1, "present"),
    ]
    assert series.one("SELECT count(DISTINCT library_id) FROM media_items") == 1
    assert series.one("SELECT year FROM media_items WHERE kind = 'series'") == 2010


def test_two_episodes_in_one_file_are_two_items_on_one_file_without_bounds(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E01E02.mkv")
    series.scan()
    columns = "i.position, l.role, l.start_ms, l.end_ms, l.file_id"
    links = f"SELECT {columns} FROM item_files l JOIN media_items i ON i.id = l.item_id ORDER BY 1"
    rows = series.rows(links)
    assert [row[:4] for row in rows] == [(1, "main", None, None), (2, "main", None, None)]
    assert rows[0][4] == rows[1][4]
    assert series.one("SELECT runtime_ms FROM media_items WHERE position = 2 AND kind = 'episode'") is None


def test_an_episode_in_two_qualities_is_two_copies(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E01 720p.mkv")
    series.put("Show (2010)/Season 01/Show S01E01 2160p.mkv")
    series.scan()
    assert series.one("SELECT count(*) FROM media_items WHERE kind = 'episode'") == 1
    assert series.rows("SELECT copy_number, part_number FROM item_files ORDER BY 1") == [(1, 1), (2, 1)]


def test_a_daily_show_is_known_by_its_days(series: Disk) -> None:
    series.put("Late News/Late.News.2024.03.07.mkv")
    series.scan()
    series.put("Late News/Late.News.2024.03.07.2160p.mkv")
    series.put("Late News/Late.News.2024.03.08.mkv")
    series.scan()
    days = series.rows("SELECT release_date, position FROM media_items WHERE kind = 'episode' ORDER BY release_date")
    assert [(str(day), number) for day, number in days] == [("2024-03-07", None), ("2024-03-08", None)]
    assert series.rows("SELECT position FROM media_items WHERE kind = 'season'") == [(None,)]


def test_an_episode_of_a_day_has_the_number_that_its_nfo_gives(series: Disk) -> None:
    text = "<episodedetails><season>29</season><episode>{}</episode></episodedetails>"
    series.put("Late News/Late.News.2024.03.07.mkv")
    series.put("Late News/Late.News.2024.03.07.nfo", text.format(31))
    series.put("Late News/Late.News.2024.03.07.2160p.mkv")
    series.put("Late News/Late.News.2024.03.08.mkv")
    series.put("Late News/Late.News.2024.03.08.nfo", text.format(31))  # that is another day's
    series.put("Late News/Late.News.2024.03.09.mkv")
    series.scan()
    numbers = (
        "SELECT s.position, e.position, e.release_date, count(l.id) FROM media_items e JOIN media_items s ON s.id = e.parent_id"
        " JOIN item_files l ON l.item_id = e.id AND l.role = 'main' WHERE e.kind = 'episode' GROUP BY e.id, s.id"
        " ORDER BY e.release_date"
    )
    found = [(season, episode, str(day), files) for season, episode, day, files in series.rows(numbers)]
    assert found == [(29, 31, "2024-03-07", 2), (None, None, "2024-03-08", 1), (None, None, "2024-03-09", 1)]


def test_absolute_numbers_are_kept_as_an_order_of_their_own(series: Disk) -> None:
    series.put("[Group] Long Anime - 1071 [1080p].mkv")
    series.scan()
    series.put("[Group] Long Anime - 1072 [1080p].mkv")
    series.put("[Other] Long Anime - 1071 [720p].mkv")
    series.scan()
    orders = "SELECT ordering, season_number, episode_number FROM episode_orders ORDER BY episode_number"
    assert series.rows(orders) == [("absolute", 1, 1071), ("absolute", 1, 1072)]
    assert series.one("SELECT count(*) FROM media_items WHERE kind = 'episode'") == 2
    assert series.rows("SELECT position FROM media_items WHERE kind IN ('season', 'episode')") == [(None,), (None,), (None,)]


def test_a_special_stands_where_its_nfo_says_and_moves_with_it(series: Disk) -> None:
    series.put("Show (2010)/Specials/Show S00E01.mkv")
    text = "<episodedetails><title>Making of</title><season>0</season><episode>1</episode>{}</episodedetails>"
    place = "SELECT ordering, season_number, episode_number, display_season, display_episode FROM episode_orders"
    for said, shown in (
        ("<displayseason>2</displayseason><displayepisode>4</displayepisode>", [("aired", 0, 1, 2, 4)]),
        ("<displayseason>3</displayseason><displayepisode>1</displayepisode>", [("aired", 0, 1, 3, 1)]),
        ("<displayafterseason>1</displayafterseason><displayepisode>-1</displayepisode>", [("aired", 0, 1, 1, None)]),
        ("<displayseason>-1</displayseason><displayepisode>-1</displayepisode>", []),
    ):
        series.put("Show (2010)/Specials/Show S00E01.nfo", text.format(said))
        series.scan()
        assert series.rows(place) == shown


def test_release_folders_without_a_show_folder_find_their_series_by_name(series: Disk) -> None:
    series.put("Show.S01E01.1080p.WEB.H264-GRP/show.s01e01.1080p.web.h264-grp.mkv")
    series.put("Show.S01E02.1080p.WEB.H264-GRP/show.s01e02.1080p.web.h264-grp.mkv")
    series.scan()
    assert series.one("SELECT count(*) FROM media_items WHERE kind = 'series'") == 1
    assert series.rows("SELECT position FROM media_items WHERE kind = 'episode' ORDER BY 1") == [(1,), (2,)]


def test_series_of_one_name_and_other_years_are_different(series: Disk) -> None:
    series.put("Doctor (1963)/Season 01/Doctor S01E01.mkv")
    series.put("Doctor (2005)/Season 01/Doctor S01E01.mkv")
    series.scan()
    assert series.rows("SELECT title, year FROM media_items WHERE kind = 'series' ORDER BY year") == [
        ("Doctor", 1963),
        ("Doctor", 2005),
    ]


def test_pictures_of_series_seasons_and_episodes_find_their_owners(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E01.mkv")
    series.put("Show (2010)/Season 01/Show S01E01-thumb.jpg")
    series.put("Show (2010)/Season 01/banner.jpg")
    series.put("Show (2010)/poster.jpg")
    series.put("Show (2010)/season01-poster.jpg")
    series.put("Show (2010)/season-all-poster.jpg")
    series.scan()
    columns = "i.kind, a.asset_type, a.rank, a.season_number"
    owners = f"SELECT {columns} FROM assets a JOIN media_items i ON i.id = a.entity_id"
    assert sorted(series.rows(owners), key=str) == sorted(
        [
            ("episode", "thumb", 0, None),
            ("season", "banner", 0, None),
            ("season", "poster", 0, None),
            ("series", "poster", 0, None),
            ("series", "poster", None, -1),
        ],
        key=str,
    )


def test_a_season_of_many_episodes_is_written_in_pieces(series: Disk) -> None:
    for number in range(1, 401):
        series.put(f"Show (2010)/Season 01/Show S01E{number:03}.mkv")
    series.put("Show (2010)/tvshow.nfo", '<tvshow><title>Show</title><uniqueid type="tvdb">55</uniqueid></tvshow>')
    series.put("Show (2010)/poster.jpg")
    series.scan()
    assert series.one("SELECT count(*) FROM media_items WHERE kind = 'episode'") == 400
    assert series.one("SELECT count(*) FROM media_items WHERE kind = 'series'") == 1
    assert series.one("SELECT count(*) FROM assets") == 1
    assert series.work.transactions > 3


def test_what_is_no_episode_is_unknown(series: Disk) -> None:
    series.put("Show (2010)/Season 01/Show S01E01.mkv")
    series.put("Some Film (2001).mkv")
    series.scan()
    assert series.one("SELECT count(*) FROM media_items WHERE kind = 'series'") == 1
    assert series.rows("SELECT reason FROM review_queue") == [("unknown_name",)]
