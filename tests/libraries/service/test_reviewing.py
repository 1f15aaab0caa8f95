"""What a person decides about a doubt is done, told, and stands."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog.editing import update_item
from domain.catalog.enums import Availability, EntityKind, Identification, ItemKind
from domain.catalog.facts import CatalogueId, add_external_ids
from domain.catalog.tables import ExternalId, FieldLock, MediaItem
from domain.jobs.tables import Job
from domain.kit.database import Database
from domain.kit.errors import AmbiguousReference, Conflict, DomainError, Invalid, NotFound
from domain.libraries import reviewing
from domain.libraries.applying import doubts
from domain.libraries.enums import FileKind, FileRole, ReviewStatus
from domain.libraries.identifying import Identity
from domain.libraries.tables import Library, LibraryDirectory, MediaFile, ReviewItem
from domain.system.tables import Event
from tests.factories import accounts, catalog
from tests.factories.shelves import ROOT, item, row, shelf, uses

pytestmark = pytest.mark.both

MOVIE, SERIES, EPISODE = ItemKind.MOVIE, ItemKind.SERIES, ItemKind.EPISODE
ALIEN = Identity(MOVIE, "Alien", 1979)


def live(session: Session, kind: ItemKind) -> list[MediaItem]:
    session.expire_all()
    rows = session.exec(select(MediaItem).where(MediaItem.kind == kind, col(MediaItem.deleted_at).is_(None)))
    return sorted(rows, key=lambda row: row.id)


def told(session: Session) -> list[tuple[str, str]]:
    return [(event.type, event.subject) for event in session.exec(select(Event).order_by(col(Event.sequence)))]


def test_an_unknown_file_becomes_a_film(database: Database) -> None:
    user = accounts.make_user(database)
    with database.transaction() as uow:
        here = shelf(uow)
        file = here.file("Odd/x1.mkv")
        nfo = here.file("Odd/x1.nfo", kind=FileKind.NFO)
        question = here.review(doubts.UNKNOWN_NAME, file=file)
        done = reviewing.resolve(uow, question, choice=Identity(MOVIE, " Alien ", 1979, edition="Final Cut"), user_id=user.id)
        (film,) = live(uow.session, MOVIE)
        assert done.items == [film.id]
        assert (film.title, film.year, film.edition, film.library_id) == ("Alien", 1979, "Final Cut", here.library)
        assert (film.identification, film.availability) == (Identification.IDENTIFIED, Availability.PRESENT)
        assert uses(uow.session, film.id) == [(file, "main", 1)]
        assert uow.session.exec(select(FieldLock)).all() == []
        answer = row(uow.session, ReviewItem, question)
        assert (answer.status, answer.resolved_by_user_id) == (ReviewStatus.RESOLVED, user.id)
        assert answer.resolution == {
            "by": "user",
            "source": "user",
            "items": [f"itm_{film.id}"],
            "identity": {
                "kind": "movie", "title": "Alien", "year": 1979, "season": None, "episodes": [], "edition": "Final Cut",
            },
        }  # fmt: skip
        assert ("item.added", f"itm_{film.id}") in told(uow.session)
        assert told(uow.session)[-1] == ("review.resolved", f"rev_{question}")
        assert done.job is not None
        job = row(uow.session, Job, done.job.id)
        assert job.payload == {"library_id": here.library, "path": f"{ROOT}/Odd", "is_followed": False}
        assert job.requested_by_user_id == user.id
        assert uow.session.exec(select(LibraryDirectory.fingerprint)).all() == ["open"]
        assert row(uow.session, MediaFile, nfo).probed_at is None
        assert row(uow.session, MediaFile, file).probed_at is not None


def test_a_film_that_is_there_gets_another_copy(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film = here.film("Alien", "Alien/a.mkv", year=1979)
        update_item(uow, item_id=film, changes={"plot": "Mine."})
        file = here.file("Odd/x1.mkv")
        reviewing.resolve(uow, here.review(doubts.UNKNOWN_NAME, file=file), choice=Identity(MOVIE, "ALIEN"))
        assert [one.id for one in live(uow.session, MOVIE)] == [film]
        assert [(role, copy) for _, role, copy in uses(uow.session, film)] == [("main", 1), ("main", 2)]
        assert item(uow.session, film).plot == "Mine."


def test_without_a_year_several_of_a_name_are_ambiguous(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        films = [here.film("Cinderella", year=1950), here.film("Cinderella", year=2015)]
        question = here.review(doubts.UNKNOWN_NAME, file=here.file("x.mkv"))
        with pytest.raises(AmbiguousReference) as caught:
            reviewing.resolve(uow, question, choice=Identity(MOVIE, "Cinderella"))
        assert caught.value.candidates == tuple(f"itm_{key}" for key in films)
        assert reviewing.resolve(uow, question, choice=Identity(MOVIE, "Cinderella", 2015)).items == [films[1]]


def test_an_uncertain_film_keeps_its_id_under_its_new_name(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film = here.film("aln final", "aln/a.mkv")
        second = here.review(doubts.AMBIGUOUS, {"item": "itm_1"}, item=film)
        failed = here.review(doubts.PROBE_FAILED, {"code": "x", "message": "y"}, item=film)
        said = {"source": "guessit", "kind": "movie", "title": "Alien", "year": 1979, "edition": "Final Cut", "confidence": 0.6}
        question = here.review(doubts.UNCERTAIN_NAME, said, item=film)
        assert reviewing.resolve(uow, question, choice=0).items == [film]
        after = item(uow.session, film)
        assert (after.title, after.sort_key, after.year, after.edition) == ("Alien", "alien", 1979, "Final Cut")
        assert after.identification is Identification.IDENTIFIED
        assert ("item.changed", f"itm_{film}") in told(uow.session)
        assert row(uow.session, ReviewItem, question).resolution == {
            "by": "user", "source": "guessit", "candidate": 0, "items": [f"itm_{film}"],
        }  # fmt: skip
        assert row(uow.session, ReviewItem, second).resolution == {
            "by": "user", "source": "review", "review": f"rev_{question}",
        }  # fmt: skip
        assert row(uow.session, ReviewItem, failed).status is ReviewStatus.PENDING


def test_a_film_that_is_another_gives_it_all_its_files(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film = here.film("Alien", "Alien/a.mkv", year=1979)
        twin = here.film("Alien", "Alien 2/b.mkv", "Alien 2/c.mkv")
        trailer, theme = here.file("Alien 2/t.mkv"), here.file("theme.mp3", kind=FileKind.AUDIO)
        here.link(twin, trailer, theme, role=FileRole.TRAILER)
        here.link(film, theme, role=FileRole.TRAILER)
        question = here.review(doubts.AMBIGUOUS, {"item": f"itm_{film}"}, item=twin)
        assert reviewing.resolve(uow, question, choice=0).items == [film]
        assert [one.id for one in live(uow.session, MOVIE)] == [film]
        assert sorted(copy for _, role, copy in uses(uow.session, film) if role == "main") == [1, 2, 3]
        assert sorted(file for file, role, _ in uses(uow.session, film) if role == "trailer") == sorted([trailer, theme])
        assert ("item.deleted", f"itm_{twin}") in told(uow.session)


def test_naming_a_film_that_is_there_joins_it(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film, odd = here.film("Alien", "Alien/a.mkv", year=1979), here.film("aln", "aln/b.mkv")
        question = here.review(doubts.UNCERTAIN_NAME, item=odd)
        assert reviewing.resolve(uow, question, choice=ALIEN).items == [film]
        assert item(uow.session, odd).deleted_at is not None
        assert len(uses(uow.session, film)) == 2


def test_an_nfo_that_is_believed_is_heard(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film = here.film("Alien", "Alien (1997)/a.mkv", year=1997)
        here.file("Alien (1997)/a.nfo", kind=FileKind.NFO)
        ids = [CatalogueId("tmdb", "movie", "1"), CatalogueId("imdb", "", "tt1")]
        add_external_ids(uow, {film: (EntityKind.MOVIE, ids)})
        said = {"source": "nfo", "title": "Alien (NFO)", "year": 1979, "ids": {"tmdb:movie": "348"}}
        question = here.review(doubts.CONTRADICTION, said, item=film)
        assert reviewing.resolve(uow, question, choice=0).items == [film]
        after = item(uow.session, film)
        assert (after.title, after.year) == ("Alien (NFO)", 1979)
        known = uow.session.exec(select(ExternalId.provider, ExternalId.external_id, ExternalId.is_primary)).all()
        assert sorted(tuple(one) for one in known) == [("imdb", "tt1", True), ("tmdb", "348", True)]
        resolution: dict[str, Any] = row(uow.session, ReviewItem, question).resolution
        assert resolution["source"] == "nfo"  # what the next scan asks for


REFUSED: list[tuple[int | Identity, type[DomainError], str]] = [
    (1, Invalid, "candidate"),
    (-1, Invalid, "candidate"),
    (0, Invalid, "candidate"),
    (Identity(SERIES, "Alien"), Invalid, "kind"),
    (Identity(ItemKind.ALBUM, "Alien"), Invalid, "kind"),
    (Identity(MOVIE, " "), Invalid, "title"),
    (Identity(MOVIE, "Alien", 0), Invalid, "year"),
    (Identity(MOVIE, "Alien", episodes=(1,)), Invalid, "episodes"),
    (Identity(EPISODE, "Alien", season=1), Invalid, "episodes"),
    (Identity(EPISODE, "Alien", season=-1, episodes=(1,)), Invalid, "season"),
    (Identity(EPISODE, "Alien", season=1, episodes=tuple(range(51))), Invalid, "episodes"),
    (Identity(EPISODE, "Alien", season=1, episodes=(2**40,)), Invalid, "episodes"),
    (Identity(EPISODE, "Alien", season=1, episodes=(1,)), Invalid, "kind"),
]


def test_what_is_no_answer_changes_nothing(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        question = here.review(doubts.PROBE_FAILED, {"code": "broken", "message": "no"}, file=here.file("x.mkv"))
    for choice, kind, field in REFUSED:
        with pytest.raises(kind) as caught, database.transaction() as uow:
            reviewing.resolve(uow, question, choice=choice)
        assert caught.value.path[-1] == field, choice
    with database.read() as session:
        assert row(session, ReviewItem, question).status is ReviewStatus.PENDING
        assert live(session, MOVIE) == live(session, SERIES) == []


def test_rejected_reopened_answered(database: Database) -> None:
    user = accounts.make_user(database)
    with database.transaction() as uow:
        here = shelf(uow)
        film = here.film("Alien", "a.mkv")
        question = here.review(doubts.UNCERTAIN_NAME, item=film)
        with pytest.raises(Conflict):
            reviewing.reopen(uow, question)
        reviewing.reject(uow, question, user_id=user.id)
        answer = row(uow.session, ReviewItem, question)
        assert (answer.status, answer.resolution, answer.resolved_by_user_id) == (ReviewStatus.REJECTED, {"by": "user"}, user.id)
        for act in (lambda: reviewing.reject(uow, question), lambda: reviewing.resolve(uow, question, choice=ALIEN)):
            with pytest.raises(Conflict, match="reopen"):
                act()
        reviewing.reopen(uow, question)
        again = row(uow.session, ReviewItem, question)
        assert (again.status, again.resolution, again.resolved_at) == (ReviewStatus.PENDING, None, None)
        reviewing.resolve(uow, question, choice=ALIEN)
        here.review(doubts.UNCERTAIN_NAME, item=film)
        with pytest.raises(Conflict, match="same question"):
            reviewing.reopen(uow, question)
        with pytest.raises(NotFound):
            reviewing.reject(uow, question + 1000)
        acts = [kind for kind, subject in told(uow.session) if subject == f"rev_{question}"]
        assert acts == ["review.rejected", "review.reopened", "review.resolved"]


def test_a_question_about_what_is_gone(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        film, homeless = here.film("Alien", "a.mkv"), catalog.movie(uow, "Tracked")
        uow.session.execute(sa.update(MediaItem).where(MediaItem.id == film).values(deleted_at=uow.now()))
        for key in (film, homeless):
            with pytest.raises(Conflict):
                reviewing.resolve(uow, here.review(doubts.UNCERTAIN_NAME, item=key), choice=ALIEN)


def test_a_disabled_library_is_not_scanned_after_an_answer(database: Database) -> None:
    with database.transaction() as uow:
        here = shelf(uow)
        uow.session.execute(sa.update(Library).values(is_enabled=False))
        uow.session.expire_all()
        question = here.review(doubts.UNKNOWN_NAME, file=here.file("x/x.mkv"))
        assert reviewing.resolve(uow, question, choice=ALIEN).job is None
        assert uow.session.exec(select(LibraryDirectory.fingerprint)).all() == ["open"]
