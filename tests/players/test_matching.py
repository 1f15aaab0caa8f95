"""What a player plays, as our item and file; and our item, as a player knows it."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from domain.catalog.enums import EntityKind
from domain.kit.database import Database
from domain.kit.errors import NotFound
from domain.libraries.tables import ItemFile
from domain.players.enums import MediaKind
from domain.players.matching import NOTHING, Match, first_part, match, user_of
from domain.players.model import Media, Profile
from domain.players.wanting import playable, wanted
from tests.factories import catalog
from tests.factories.accounts import make_user
from tests.factories.shelves import Shelf
from tests.players.living_room import FILM, LOCAL, REMOTE, Room, add_group, add_profile, identify

pytestmark = pytest.mark.both
EPISODE = Media(MediaKind.EPISODE, "Two", show_title="Fargo", season=1, episode=2)


def found(database: Database, room: Room, media: Media, **more: Any) -> Match:
    with database.read() as session:
        return match(session, room.group, media, **more)


def add_series(database: Database, room: Room, **ids: str) -> list[int]:
    """Series, season and three episodes; the first two in one file, the third in its own."""
    with database.transaction() as uow:
        keys = catalog.series(uow, episodes=3, library_id=room.library)
        identify(uow, keys[0], EntityKind.SERIES, **(ids or {"tvdb": "269613"}))
        root = uow.session.execute(sa.text("SELECT id FROM library_paths")).scalar_one()
        shelf = Shelf(uow, room.library, root, "movie", LOCAL)
        double, single = shelf.file("Fargo/S01E01-E02.mkv"), shelf.file("Fargo/S01E03.mkv")
        for key, bounds in ((keys[2], (0, 60_000)), (keys[3], (60_000, 120_000))):
            uow.session.add(ItemFile(item_id=key, file_id=double, is_default=True, start_ms=bounds[0], end_ms=bounds[1]))
        shelf.link(keys[4], single)
        return keys


def test_a_film_by_ids_with_the_file_of_its_path(database: Database, room: Room) -> None:
    assert found(database, room, FILM) == Match(room.film, room.film_file, room.library)
    unknown_path = replace(FILM, path="/elsewhere/alien.mkv")
    assert found(database, room, unknown_path) == Match(room.film, room.film_file, room.library)


def test_a_film_by_path_alone(database: Database, room: Room) -> None:
    for path in (FILM.path, FILM.path.replace("smb://", "SMB://"), "stack://" + FILM.path + " , " + FILM.path):  # type: ignore[union-attr,operator]
        media = Media(MediaKind.UNKNOWN, "", path=path)
        assert found(database, room, media).item_id == room.film, path
    assert found(database, room, Media(MediaKind.UNKNOWN, "", path=f"{REMOTE}2/Alien (1979)/Alien.mkv")) == NOTHING


def test_ids_come_before_the_path(database: Database, room: Room) -> None:
    """A player that took the wrong folder for the film still says which film it shows."""
    misplaced = replace(FILM, path=f"{REMOTE}/Heat (1995)/Heat.mkv")
    assert found(database, room, misplaced).item_id == room.film


def test_the_path_decides_between_two_of_the_same_ids(database: Database, room: Room) -> None:
    with database.transaction() as uow:
        identify(uow, room.other, imdb="tt0078748")
    assert found(database, room, FILM).item_id == room.film
    other = replace(FILM, path=f"{REMOTE}/Heat (1995)/Heat.mkv")
    assert found(database, room, other).item_id == room.other
    assert found(database, room, replace(FILM, path=None)).item_id == room.film


def test_the_more_ids_agree_the_better(database: Database, room: Room) -> None:
    with database.transaction() as uow:
        identify(uow, room.other, imdb="tt0078748")
    media = Media(MediaKind.MOVIE, "Alien", ids={"imdb": "tt0078748", "tmdb": "348"})
    assert found(database, room, media).item_id == room.film


def test_only_libraries_that_the_group_shows(database: Database, room: Room) -> None:
    with database.transaction() as uow:
        other = add_group(uow, "Elsewhere", rules={REMOTE: LOCAL})
    with database.read() as session:
        assert match(session, other, FILM) == NOTHING


def test_what_is_deleted_is_nothing(database: Database, room: Room) -> None:
    with database.transaction() as uow:
        uow.session.execute(sa.text("UPDATE media_items SET deleted_at = '2026-01-01T00:00:00.000000Z'"))
    assert found(database, room, FILM) == NOTHING


def test_an_episode_by_its_show_and_number(database: Database, room: Room) -> None:
    keys = add_series(database, room)
    media = replace(EPISODE, show_ids={"tvdb": "269613"})
    assert found(database, room, media).item_id == keys[3]
    assert found(database, room, replace(media, episode=9)) == NOTHING
    assert found(database, room, replace(media, season=2)) == NOTHING
    assert found(database, room, replace(media, show_ids={"tvdb": "1"})) == NOTHING


def test_an_episode_by_its_own_ids(database: Database, room: Room) -> None:
    keys = add_series(database, room)
    with database.transaction() as uow:
        identify(uow, keys[4], EntityKind.EPISODE, tvdb="5000")
    assert found(database, room, replace(EPISODE, ids={"tvdb": "5000"}, show_ids={"tvdb": "269613"})).item_id == keys[4]


def test_two_episodes_in_one_file(database: Database, room: Room) -> None:
    keys = add_series(database, room)
    media = Media(MediaKind.EPISODE, "", path=f"{REMOTE}/Fargo/S01E01-E02.mkv")
    assert found(database, room, media).item_id == keys[2]
    assert found(database, room, media, position_ms=61_000).item_id == keys[3]
    assert found(database, room, replace(media, season=1, episode=2)).item_id == keys[3]


def test_hostile_media_match_nothing(database: Database, room: Room) -> None:
    for media in (
        Media(MediaKind.MOVIE, "x", ids={f"p{number}": "1" for number in range(5000)}),
        Media(MediaKind.MOVIE, "x", path="/" + "../" * 2000 + "etc/passwd"),
        Media(MediaKind.CHANNEL, "x", ids={"imdb": "tt0078748"}),
        Media(MediaKind.EPISODE, "x", season=2**31 - 1, episode=2**31 - 1, show_ids={"tvdb": "269613"}),
    ):
        assert found(database, room, media) == NOTHING


def test_whose_profile_it_is(database: Database, room: Room) -> None:
    anna = make_user(database).id
    add_profile(database, room.player, anna)
    add_profile(database, room.player, None, "guest")
    with database.read() as session:
        assert user_of(session, room.player, None) == anna
        assert user_of(session, room.player, Profile("", None)) == anna
        assert user_of(session, room.player, Profile("guest", "Guest")) is None
        assert user_of(session, room.player, Profile("stranger", None)) is None
        assert user_of(session, room.player + 1, None) is None


def test_what_a_player_is_asked_for(database: Database, room: Room) -> None:
    keys = add_series(database, room)
    with database.read() as session:
        film = wanted(session, room.group, room.film)
        episode = wanted(session, room.group, keys[4])
        with pytest.raises(NotFound, match="has no file"):
            wanted(session, room.group, keys[0])
        with pytest.raises(NotFound, match="no such item"):
            wanted(session, room.group, 999)
    assert (film.kind, film.title, film.year, film.path) == (MediaKind.MOVIE, "Alien", 1979, FILM.path)
    assert film.ids == {"imdb": "tt0078748", "tmdb": "348"}
    assert (episode.kind, episode.season, episode.episode) == (MediaKind.EPISODE, 1, 3)
    assert (episode.show_title, episode.show_ids, episode.path) == (
        "Fargo", {"tvdb": "269613"}, f"{REMOTE}/Fargo/S01E03.mkv",
    )  # fmt: skip


def test_the_way_there_and_back(database: Database, room: Room) -> None:
    for item in (room.film, room.other, *add_series(database, room)[3:]):
        with database.read() as session:
            assert match(session, room.group, wanted(session, room.group, item)).item_id == item


def test_what_is_played_for_a_season(database: Database, room: Room) -> None:
    keys = add_series(database, room)
    with database.read() as session:
        assert playable(session, keys[1], most=10) == keys[2:]
        assert playable(session, keys[0], most=2) == keys[2:4]
        assert playable(session, room.film, most=10) == [room.film]
        with pytest.raises(NotFound):
            playable(session, 999, most=1)


@pytest.mark.sqlite
def test_parts_of_a_stack() -> None:
    assert first_part("stack:///a/one,, two.mkv , /a/three.mkv") == "/a/one, two.mkv"
    assert first_part("/a/b.mkv") == "/a/b.mkv"
