"""The registry of editable fields, and the locks on them."""

import pytest

from domain.catalog.enums import EntityKind, LockState
from domain.catalog.fields import FIELDS, READ_ONLY, FieldForm, require
from domain.catalog.locks import locked_fields
from domain.catalog.people import person
from domain.catalog.tables import Collection, FieldLock, MediaGroup, MediaItem, Person, Studio
from domain.kit.database import Database
from domain.kit.errors import Invalid
from tests.factories import catalog

TABLES = {EntityKind.PERSON: Person, EntityKind.COLLECTION: Collection, EntityKind.GROUP: MediaGroup, EntityKind.STUDIO: Studio}


def test_scalars_are_columns_of_their_table() -> None:
    for kind, fields in FIELDS.items():
        scalars = {name for name, form in fields.items() if form not in (FieldForm.LIST, FieldForm.ARTWORK, FieldForm.TRAILER)}
        if kind is not EntityKind.CHANNEL:
            assert scalars <= TABLES.get(kind, MediaItem).model_fields.keys()
            assert scalars


def test_what_only_providers_write_is_in_no_kind() -> None:
    assert {"budget", "revenue", "homepage", "original_language", "popularity", "production_status"} == READ_ONLY
    assert not any(READ_ONLY & fields.keys() for fields in FIELDS.values())
    assert MediaItem.model_fields.keys() >= READ_ONLY


def test_require() -> None:
    assert require(EntityKind.MOVIE, "title") is FieldForm.TEXT
    assert require(EntityKind.PERSON, "artwork.actor_thumb") is FieldForm.ARTWORK
    assert require(EntityKind.SERIES, "trailer") is FieldForm.TRAILER
    for kind, name in [(EntityKind.MOVIE, "budget"), (EntityKind.PERSON, "plot"), (EntityKind.MOVIE, "deleted_at; --")]:
        with pytest.raises(Invalid):
            require(kind, name)


@pytest.mark.both
def test_the_nearest_decision_decides(database: Database) -> None:
    with database.transaction() as uow:
        catalog.types(uow)
        show, season, first, second = catalog.series(uow)
        other, somebody = catalog.movie(uow), person(uow, "Ana")
        locked, unlocked = LockState.LOCKED, LockState.UNLOCKED
        for entity, field, state in [
            (show, "plot", locked),
            (show, "title", locked),
            (season, "plot", unlocked),
            (first, "artwork.thumb", locked),
            (second, "plot", locked),
            (somebody, "name", locked),
        ]:
            uow.session.add(FieldLock(entity_id=entity, field=field, state=state))
        uow.session.flush()
        found = locked_fields(uow.session, [show, season, first, second, other, somebody])
    assert found == {
        show: {"plot", "title"},
        season: {"title"},
        first: {"title", "artwork.thumb"},
        second: {"title", "plot"},
        somebody: {"name"},
    }
