"""What a person decides about episodes and series: they are found, made, moved, merged and put away."""

import pytest
from sqlmodel import Session, col, select

from domain.catalog import service as catalog_service
from domain.catalog.enums import Availability, Identification, ItemKind
from domain.catalog.tables import MediaItem
from domain.kit.database import Database
from domain.kit.errors import Conflict
from domain.libraries import reviewing
from domain.libraries.applying import doubts
from domain.libraries.enums import FileKind, FileRole
from domain.libraries.identifying import Identity
from tests.factories import catalog
from tests.factories.shelves import item, shelf, uses

pytestmark = pytest.mark.both

MOVIE, SERIES, EPISODE = ItemKind.MOVIE, ItemKind.SERIES, ItemKind.EPISODE


def live(session: Session, kind: ItemKind) -> list[MediaItem]:
    session.expire_all()
    rows = session.exec(select(MediaItem).where(MediaItem.kind == kind, col(MediaItem.deleted_at).is_(None)))
    return sorted(rows, key=lambda row: row.id)


def test_a_double_episode_is_made_with_its_series(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        file = here.file("Stuff/x.mkv")
        question = here.review(doubts.UNKNOWN_NAME, file=file)
        identity = Identity(EPISODE, "Fargo", 2014, season=0, episodes=(3, 4))
        items = reviewing.resolve(uow, question, choice=identity).items
        (series,), (season,) = live(uow.session, SERIES), live(uow.session, ItemKind.SEASON)
        assert (series.title, series.year, series.identification) == ("Fargo", 2014, Identification.IDENTIFIED)
        assert (season.title, season.position, season.parent_id) == ("Specials", 0, series.id)
        episodes = live(uow.session, EPISODE)
        assert [one.id for one in episodes] == items
        assert [(one.title, one.position, one.parent_id) for one in episodes] == [
            ("Episode 3", 3, season.id),
            ("Episode 4", 4, season.id),
        ]
        assert {one.availability for one in (series, season, *episodes)} == {Availability.PRESENT}
        assert [uses(uow.session, key) for key in items] == [[(file, "main", 1)]] * 2


def test_a_wrong_episode_moves_with_its_id(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        show, season, first, second = catalog.series(uow, library_id=here.library)
        here.link(first, here.file("Fargo/1.mkv"))
        here.link(second, here.file("Fargo/2.mkv"))
        question = here.review(doubts.UNCERTAIN_NAME, item=second)
        done = reviewing.resolve(uow, question, choice=Identity(EPISODE, "Fargo", season=2, episodes=(7,)))
        assert done.items == [second]
        moved = item(uow.session, second)
        assert (moved.position, moved.root_id, moved.parent_id == season) == (7, show, False)
        assert item(uow.session, moved.parent_id or 0).position == 2
        assert item(uow.session, season).deleted_at is None


def test_what_holds_nothing_any_more_is_put_away(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        wrong = catalog.series(uow, "Frago", episodes=1, library_id=here.library)
        right = catalog.series(uow, "Fargo", episodes=1, library_id=here.library)
        here.link(wrong[2], here.file("Frago/1.mkv"))
        question = here.review(doubts.UNCERTAIN_NAME, item=wrong[2])
        identity = Identity(EPISODE, "Fargo", season=1, episodes=(1,))
        assert reviewing.resolve(uow, question, choice=identity).items == [right[2]]
        assert all(item(uow.session, key).deleted_at is not None for key in wrong)
        assert all(item(uow.session, key).availability is Availability.PRESENT for key in right)


def test_two_series_that_are_one(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        old = catalog.series(uow, "Fargo", episodes=2, library_id=here.library)
        new = catalog.series(uow, "Fargo", episodes=3, library_id=here.library)
        double = here.file("Fargo/1-3.mkv")
        here.link(new[2], double)
        here.link(new[4], double)
        here.link(new[3], here.file("Fargo/2.mkv"))
        here.link(old[2], here.file("Fargo (2014)/1.mkv"))
        theme = here.file("Fargo/theme.mp3", kind=FileKind.AUDIO)
        here.link(new[0], theme, role=FileRole.THEME)
        question = here.review(doubts.AMBIGUOUS, {"item": f"itm_{old[0]}"}, item=new[0])
        assert reviewing.resolve(uow, question, choice=0).items == [old[0]]
        assert [one.id for one in live(uow.session, SERIES)] == [old[0]]
        assert [one.id for one in live(uow.session, EPISODE)] == [*old[2:], new[4]]
        third = item(uow.session, new[4])
        assert (third.position, third.parent_id, third.root_id) == (3, old[1], old[0])
        assert [file for file, _, _ in uses(uow.session, new[4])] == [double]
        assert double in [file for file, _, _ in uses(uow.session, old[2])]
        assert [copy for _, _, copy in uses(uow.session, old[2])] != [1, 1]
        assert uses(uow.session, old[0]) == [(theme, "theme", 1)]
        assert all(item(uow.session, key).deleted_at is not None for key in new[:4])


def test_a_series_is_renamed_but_not_to_another(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        odd, *_ = catalog.series(uow, "frg", library_id=here.library)
        catalog.series(uow, "Fargo", library_id=here.library)
        said = {"source": "grammar", "kind": "episode", "title": "Legion", "year": 2017, "season": 1, "episodes": [1]}
        question = here.review(doubts.UNCERTAIN_NAME, said, item=odd)
        with pytest.raises(Conflict):
            reviewing.resolve(uow, question, choice=Identity(SERIES, "Fargo"))
        assert reviewing.resolve(uow, question, choice=0).items == [odd]
        assert (item(uow.session, odd).title, item(uow.session, odd).year) == ("Legion", 2017)


def test_an_episodes_nfo_that_is_believed_gives_its_number(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="tv")
        show, _, first, second = catalog.series(uow, library_id=here.library)
        here.link(first, here.file("Fargo/1.mkv"))
        here.link(second, here.file("Fargo/2.mkv"))
        said = {"source": "nfo", "title": "The Crocodile's Dilemma", "season": 3, "episode": 5}
        question = here.review(doubts.CONTRADICTION, said, item=second)
        assert reviewing.resolve(uow, question, choice=0).items == [second]
        moved = item(uow.session, second)
        assert (moved.position, moved.root_id) == (5, show)
        assert item(uow.session, moved.parent_id or 0).position == 3


def test_a_film_of_a_library_for_both_becomes_an_episode(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow, media_type="anime")
        anime = catalog.types(uow)["anime"]
        film = catalog_service.create_item(uow, media_type_id=anime, kind=MOVIE, title="Akira", library_id=here.library)
        file = here.file("Akira/a.mkv")
        here.link(film, file)
        question = here.review(doubts.UNCERTAIN_NAME, item=film)
        (episode,) = reviewing.resolve(uow, question, choice=Identity(EPISODE, "Akira", season=1, episodes=(1,))).items
        assert uses(uow.session, episode) == [(file, "main", 1)]
        assert item(uow.session, film).deleted_at is not None
