"""Credits, catalogue ids and scores on many items at once."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from domain.catalog.enums import Department, EntityKind
from domain.catalog.facts import CatalogueId, CreditFact, Score, add_external_ids, set_credits, set_ratings
from domain.catalog.people import person
from domain.catalog.tables import Credit, ExternalId, ItemRating, Person
from domain.kit.database import Database
from tests.factories import catalog

pytestmark = pytest.mark.both

CAST, DIRECTING = Department.CAST, Department.DIRECTING


def credits(session: Session) -> list[tuple[str, str, str, int]]:
    rows = session.exec(
        select(Person.name, Credit.job, Credit.role, Credit.position)
        .join(Credit, Credit.person_id == Person.id)
        .order_by(Credit.department, Credit.position, Credit.role)
    )
    return [tuple(row) for row in rows]


def test_credits_are_numbered_within_their_department(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item, ridley, sigourney, tom = catalog.movie(uow), person(uow, "Ridley"), person(uow, "Sigourney"), person(uow, "Tom")
        facts = [
            CreditFact(ridley, DIRECTING, "Director"),
            CreditFact(sigourney, CAST, "Actor", "Ripley"),
            CreditFact(tom, CAST, "Actor", "Dallas"),
            CreditFact(tom, CAST, "Actor", "Dallas"),
        ]
        set_credits(uow, {item: facts})
        expected = [("Sigourney", "Actor", "Ripley", 0), ("Tom", "Actor", "Dallas", 1), ("Ridley", "Director", "", 0)]
        assert credits(uow.session) == expected
        set_credits(uow, {item: [facts[2], facts[1]]})
        uow.session.expire_all()
        assert credits(uow.session) == [("Tom", "Actor", "Dallas", 0), ("Sigourney", "Actor", "Ripley", 1)]


def test_a_persons_decisions_stay(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item, tom, harry = catalog.movie(uow), person(uow, "Tom"), person(uow, "Harry")
        set_credits(uow, {item: [CreditFact(tom, CAST, "Actor", "Dallas"), CreditFact(harry, CAST, "Actor", "Brett")]})
        for row in uow.session.exec(select(Credit)):
            row.is_removed = row.person_id == harry
            if row.person_id == tom:
                row.role, row.is_role_locked = "Captain Dallas", True
        uow.session.flush()
        set_credits(uow, {item: [CreditFact(tom, CAST, "Actor", "Dallas"), CreditFact(harry, CAST, "Actor", "Brett")]})
        set_credits(uow, {item: []})
        rows = uow.session.exec(select(Credit.role, Credit.is_removed).order_by(Credit.role)).all()
    assert [tuple(row) for row in rows] == [("Brett", True), ("Captain Dallas", False)]


def test_the_first_id_of_a_provider_is_its_primary(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item = catalog.movie(uow)
        ids = [CatalogueId("tmdb", "movie", "348", is_default=True), CatalogueId("imdb", "title", "tt1", is_default=True)]
        add_external_ids(uow, {item: (EntityKind.MOVIE, ids)})
        add_external_ids(uow, {item: (EntityKind.MOVIE, [*ids, CatalogueId("tmdb", "movie", "349")])})
        rows = uow.session.exec(select(ExternalId).order_by(ExternalId.id)).all()
    assert [(row.external_id, row.is_primary, row.is_default) for row in rows] == [
        ("348", True, True),
        ("tt1", True, False),
        ("349", False, False),
    ]


def test_scores_are_exact_and_replaced(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item = catalog.movie(uow)
        set_ratings(uow, {item: [Score("tmdb", Decimal("8.156"), 15_000), Score("imdb", Decimal("8.5"))]})
        set_ratings(uow, {item: [Score("tmdb", Decimal("8.2"), 15_001)]})
        rows = uow.session.exec(select(ItemRating).order_by(ItemRating.source)).all()
        assert [(row.source, row.value, row.votes) for row in rows] == [
            ("imdb", Decimal("8.5"), None),
            ("tmdb", Decimal("8.2"), 15_001),
        ]
