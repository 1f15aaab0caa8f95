"""Certificates: which board a text belongs to, and the age that follows for a tree."""

import pytest
from sqlmodel import select

from domain.catalog.certificates import SYSTEMS, Certificate, recognize, set_certifications
from domain.catalog.tables import ItemCertification, MediaItem, RatingSystem
from domain.kit.database import Database, UnitOfWork
from tests.factories import catalog


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (Certificate("PG-13"), ("mpaa", "PG-13", "US")),
        (Certificate("Rated R", "US"), ("mpaa", "R", "US")),
        (Certificate("tv-ma"), ("us-tv", "TV-MA", "US")),
        (Certificate("15", "UK"), ("bbfc", "15", "GB")),
        (Certificate("FSK 16", "DE"), ("fsk", "16", "DE")),
        (Certificate("Btl", "SE"), ("smr", "BTL", "SE")),
        (Certificate("K-15", "IS"), ("is", "K-15", "IS")),
        (Certificate("Exempt"), ("", "EXEMPT", "")),
    ],
)
def test_a_text_finds_its_board(written: Certificate, found: tuple[str, str, str]) -> None:
    assert recognize(written) == found


def test_the_boards_go_from_mild_to_strict() -> None:
    for system in SYSTEMS:
        ages = [age for _, age in system.codes]
        assert ages == sorted(ages), system.name
        assert len({code for code, _ in system.codes}) == len(system.codes)
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)
    assert len({system.country for system in SYSTEMS}) >= 10


def age(uow: UnitOfWork, item: int) -> int | None:
    return uow.session.exec(select(MediaItem.min_age).where(MediaItem.id == item)).one()


@pytest.mark.both
def test_the_preferred_country_decides_and_the_tree_follows(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        show, season, first, second = catalog.series(uow)
        given = {show: [Certificate("TV-14", "US"), Certificate("18", "GB")], first: [Certificate("TV-MA", "US")]}
        set_certifications(uow, given)
        assert [age(uow, item) for item in (show, season, first, second)] == [14, 14, 17, 14]
        set_certifications(uow, given, preferred=("GB",))
        assert [age(uow, item) for item in (show, season, first, second)] == [18, 18, 17, 18]
        set_certifications(uow, {show: []})
        assert [age(uow, item) for item in (show, season, first, second)] == [None, None, 17, None]


@pytest.mark.both
def test_an_unknown_code_is_kept_and_unrated(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        item = catalog.movie(uow)
        set_certifications(uow, {item: [Certificate("K-15", "IS")]})
        assert age(uow, item) is None
        row = uow.session.exec(select(RatingSystem).where(RatingSystem.code == "K-15")).one()
        assert (row.system, row.country, row.rank, row.min_age) == ("is", "IS", None, None)
        set_certifications(uow, {item: [Certificate("K-15", "IS"), Certificate("12", "DE"), Certificate("15", "GB")]})
        primary = uow.session.exec(select(ItemCertification.system).where(ItemCertification.is_primary)).all()
        assert (primary, age(uow, item)) == (["bbfc"], 15)
