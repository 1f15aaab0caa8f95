"""Who is who: ids first, names second, namesakes apart."""

import pytest
from sqlmodel import select

from domain.catalog.people import PersonId, PersonName, people, person
from domain.catalog.tables import ExternalId, Person
from domain.kit.database import Database
from tests.factories import catalog

pytestmark = pytest.mark.both

TMDB_1 = PersonId("tmdb", "1")
TMDB_2 = PersonId("tmdb", "2")
IMDB_1 = PersonId("imdb", "nm1")


def test_one_name_is_one_person(database: Database) -> None:
    with database.transaction() as uow:
        first, second, other = people(uow, [PersonName("Penélope Cruz"), PersonName("penelope cruz"), PersonName("Ana")])
        again = person(uow, "PENELOPE CRUZ")
        assert first == second == again != other
        assert catalog.count(uow.session, Person) == 2


def test_an_id_decides_whatever_the_name(database: Database) -> None:
    with database.transaction() as uow:
        first = person(uow, "Elliot Page", [TMDB_1])
        assert person(uow, "Somebody Else", [TMDB_1]) == first
        assert uow.session.exec(select(Person.identity_key)).all() == ["tmdb:1"]


def test_namesakes_are_told_apart_by_their_ids(database: Database) -> None:
    with database.transaction() as uow:
        first, second = people(uow, [PersonName("John Smith", (TMDB_1,)), PersonName("John Smith", (TMDB_2,))])
        assert first != second
        assert person(uow, "John Smith") == first
        assert person(uow, "John Smith", [TMDB_2]) == second
        rows = {row.id: row.disambiguation for row in uow.session.exec(select(Person))}
    assert rows == {first: "", second: "tmdb:2"}


def test_a_name_learns_its_ids(database: Database) -> None:
    with database.transaction() as uow:
        first = person(uow, "Ripley")
        assert person(uow, "Ripley", [TMDB_1, IMDB_1]) == first
        assert person(uow, "Ellen Ripley", [IMDB_1]) == first
        assert uow.session.exec(select(Person.identity_key)).all() == ["tmdb:1"]
        ids = uow.session.exec(select(ExternalId.provider, ExternalId.external_id).order_by(ExternalId.provider)).all()
    assert [tuple(row) for row in ids] == [("imdb", "nm1"), ("tmdb", "1")]


def test_an_identity_survives_its_removed_id(database: Database) -> None:
    with database.transaction() as uow:
        first = person(uow, "Ripley", [TMDB_1])
        uow.session.delete(uow.session.exec(select(ExternalId)).one())
        uow.session.flush()
        assert person(uow, "Another Spelling", [TMDB_1]) == first


def test_nobody_is_nobody(database: Database) -> None:
    with database.transaction() as uow:
        assert people(uow, []) == []
