"""Items are found by what scripts know of them, and only among what the viewer may see."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.people import person
from domain.catalog.tables import Entity
from domain.kit.database import Database
from domain.kit.errors import AmbiguousReference, Invalid, NotFound
from domain.kit.policy import SYSTEM, Viewer
from domain.libraries import access_service
from domain.libraries.references import ByExternal, ById, ByPath, Reference, find_item, is_review_visible
from tests.factories import accounts, catalog
from tests.factories.shelves import ROOT, shelf

pytestmark = pytest.mark.both

NOBODY = Viewer(user_id=None)


def refused(session: Session, viewer: Viewer, reference: Reference, library_id: int | None = None) -> None:
    with pytest.raises(NotFound) as caught:
        find_item(session, viewer, reference, library_id=library_id)
    assert caught.value.path == ("item",)


def test_by_id(database: Database) -> None:
    user = accounts.make_user(database)
    with database.transaction() as uow:
        here = shelf(uow)
        film, other, tracked = here.film("Alien"), here.film("Aliens"), catalog.movie(uow, "Tracked")
        somebody = person(uow, "Ana")
        uow.session.execute(sa.update(Entity).where(Entity.id == other).values(merged_into_id=film))
    with database.read() as session:
        mine = Viewer(user_id=user.id)
        assert find_item(session, SYSTEM, ById(f"itm_{film}")) == film
        assert find_item(session, SYSTEM, ById(f"itm_{other}")) == film
        assert find_item(session, mine, ById(f"itm_{tracked}")) == tracked
        refused(session, mine, ById(f"itm_{film}"))
        refused(session, NOBODY, ById(f"itm_{tracked}"))
        refused(session, SYSTEM, ById(f"itm_{somebody}"))
        refused(session, SYSTEM, ById("itm_999999"))
        for wrong in (f"per_{somebody}", "itm_x", ""):
            with pytest.raises(Invalid):
                find_item(session, SYSTEM, ById(wrong))
    with database.transaction() as uow:
        access_service.set_user_libraries(uow, user_id=user.id, library_ids=[here.library])
        assert find_item(uow.session, mine, ById(f"itm_{film}")) == film


def test_by_what_a_catalogue_calls_it(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film, cut = here.film("Alien"), here.film("Alien", edition="Director's Cut")
        away = catalog.movie(uow, "Alien", library_id=catalog.library(uow, "Other"))
        somebody = person(uow, "Ana")
        for key, kind, space, number in (
            (film, EntityKind.MOVIE, "movie", "348"),
            (cut, EntityKind.MOVIE, "movie", "999"),
            (away, EntityKind.MOVIE, "movie", "348"),
            (cut, EntityKind.MOVIE, "tv", "78"),
            (somebody, EntityKind.PERSON, "person", "5"),
        ):
            add_external_ids(uow, {key: (kind, [CatalogueId("tmdb", space, number)])})
    with database.read() as session:
        with pytest.raises(AmbiguousReference) as caught:
            find_item(session, SYSTEM, ByExternal("tmdb", "348", "movie"))
        assert caught.value.candidates == (f"itm_{film}", f"itm_{away}")
        assert find_item(session, SYSTEM, ByExternal(" TMDB", " 348 "), library_id=here.library) == film
        assert find_item(session, SYSTEM, ByExternal("tmdb", "78")) == cut
        refused(session, SYSTEM, ByExternal("tmdb", "78", "movie"))
        refused(session, SYSTEM, ByExternal("tmdb", "5"))
        refused(session, SYSTEM, ByExternal("tmdb", "78\x00"))
        refused(session, SYSTEM, ByExternal("tmdb", "\ud800"))
        refused(session, NOBODY, ByExternal("tmdb", "78"))


def test_by_path(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film = here.film("Alien", "Alien/a.mkv", directory_path=f"{ROOT}/Alien")
        twins = [here.film("One"), here.film("Two")]
        double = here.file("double.mkv")
        for key in twins:
            here.link(key, double)
    with database.read() as session:
        for path in (f"{ROOT}/Alien/a.mkv", f"{ROOT}/Alien", f"{ROOT}//x/../Alien/"):
            assert find_item(session, SYSTEM, ByPath(path)) == film
        with pytest.raises(AmbiguousReference) as caught:
            find_item(session, SYSTEM, ByPath(f"{ROOT}/double.mkv"))
        assert caught.value.candidates == tuple(f"itm_{key}" for key in twins)
        for path in (ROOT, "", f"{ROOT}/Alien/a.mkv\x00", "Alien/a.mkv"):
            refused(session, SYSTEM, ByPath(path))
        refused(session, NOBODY, ByPath(f"{ROOT}/Alien/a.mkv"))


def test_questions_are_as_visible_as_what_they_ask(database: Database) -> None:
    user = accounts.make_user(database)
    with database.transaction() as uow:
        here = shelf(uow)
        question = here.review("uncertain_name", item=here.film("Alien"))
    with database.read() as session:
        assert is_review_visible(session, SYSTEM, question)
        assert not is_review_visible(session, Viewer(user_id=user.id), question)
        assert is_review_visible(session, Viewer(user_id=user.id, all_libraries=True), question)
        assert not is_review_visible(session, SYSTEM, question + 1)
