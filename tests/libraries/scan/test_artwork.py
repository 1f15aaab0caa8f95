"""Local artwork: candidates of source local, left where they are, the best named one shown."""

from tests.libraries.scan.conftest import Disk

FILM = "Paper Lanterns (2019)"
SHOWN = (
    "SELECT a.asset_type, a.rank, f.uri FROM assets a JOIN media_files f ON f.id = a.media_file_id"
    " ORDER BY a.asset_type, CASE WHEN a.rank IS NULL THEN 1 ELSE 0 END, a.rank, f.uri"
)


def shown(disk: Disk) -> list[tuple[str, int | None, str]]:
    """(type, rank, file name) of every use."""
    return [(kind, rank, uri.rpartition("/")[2]) for kind, rank, uri in disk.rows(SHOWN)]


def test_pictures_become_local_candidates_served_by_token_and_stay_where_they_are(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    poster = films.put(f"{FILM}/poster.jpg")
    films.scan()
    columns = "provider, url, width, height, asset_type"
    assert films.rows(f"SELECT {columns} FROM image_candidates") == [("local", str(poster), 1000, 1500, "poster")]
    ((source, rank, token, cached),) = films.rows("SELECT source_type, rank, token, cached_file_id FROM assets")
    assert (source, rank, cached) == ("local", 0, None)
    assert len(token) >= 20
    assert poster.exists()


def test_the_exact_name_beats_the_alias_and_the_prefixed_one_the_bare(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    for name in ("folder.jpg", "poster.jpg", f"{FILM}-poster.jpg", "fanart.jpg", "fanart2.jpg", "backdrop.jpg"):
        films.put(f"{FILM}/{name}")
    films.scan()
    assert shown(films) == [
        ("fanart", 0, "fanart.jpg"),
        ("fanart", 1, "fanart2.jpg"),
        ("fanart", None, "backdrop.jpg"),
        ("poster", 0, f"{FILM}-poster.jpg"),
        ("poster", None, "folder.jpg"),
        ("poster", None, "poster.jpg"),
    ]


def test_a_picture_added_later_takes_its_place_without_a_second_look_at_the_others(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/folder.jpg")
    films.scan()
    token = films.one("SELECT token FROM assets")
    films.put(f"{FILM}/poster.jpg")
    films.scan()
    assert shown(films) == [("poster", 0, "poster.jpg"), ("poster", None, "folder.jpg")]
    assert films.one("SELECT token FROM assets WHERE rank IS NULL") == token


def test_a_picture_that_vanishes_makes_room_and_comes_back_under_its_token(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/folder.jpg")
    poster = films.put(f"{FILM}/poster.jpg")
    films.scan()
    token = films.one("SELECT token FROM assets WHERE rank = 0")
    content = poster.read_bytes()
    poster.unlink()
    films.scan()
    assert shown(films) == [("poster", 0, "folder.jpg"), ("poster", None, "poster.jpg")]
    poster.write_bytes(content)
    films.scan()
    assert films.one("SELECT token FROM assets WHERE rank = 0") == token


def test_what_a_person_chose_or_locked_is_left_alone(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(f"{FILM}/folder.jpg")
    films.scan()
    item = films.one("SELECT id FROM media_items")
    with films.database.transaction() as uow:
        uow.session.connection().exec_driver_sql(
            "INSERT INTO field_locks (entity_id, field, state, locked_at, created_at, updated_at)"
            f" SELECT {item}, 'artwork.poster', 'locked', created_at, created_at, updated_at FROM media_items"
        )
    films.put(f"{FILM}/poster.jpg")
    films.scan()
    assert shown(films) == [("poster", 0, "folder.jpg"), ("poster", None, "poster.jpg")]


def test_a_renamed_picture_that_means_nothing_any_more_is_an_unknown_file(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    poster = films.put(f"{FILM}/poster.jpg")
    films.scan()
    poster.rename(poster.with_name("whatever.jpg"))
    films.scan()
    assert shown(films) == []
    assert films.one("SELECT count(*) FROM image_candidates") == 0
    assert films.one("SELECT count(*) FROM media_files WHERE missing_since IS NULL") == 2


def test_actors_pictures_belong_to_the_credited_people_of_that_name(films: Disk) -> None:
    films.put(f"{FILM}/{FILM}.mkv")
    films.put(
        f"{FILM}/movie.nfo", "<movie><title>Paper Lanterns</title><actor><name>Ann Lee</name><role>Eve</role></actor></movie>"
    )
    films.put(f"{FILM}/.actors/Ann_Lee.jpg")
    films.put(f"{FILM}/.actors/Nobody_Known.jpg")
    films.scan()
    owner = "SELECT p.name, a.asset_type FROM assets a JOIN people p ON p.id = a.entity_id"
    assert films.rows(owner) == [("Ann Lee", "actor_thumb")]
