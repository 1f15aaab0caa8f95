"""Hands the pictures that providers offer to artwork: of things, of their seasons, and of the people in their credits."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col

from domain.artwork.offering import offer
from domain.catalog.enums import Enrichment, EntityKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import ExternalId, Person
from domain.enrich.asking import Answers
from domain.enrich.subjects import Subject
from domain.enrich.values import pictured
from domain.enrich.writing import Written
from domain.kit.database import UnitOfWork
from domain.providers.model import Details, Picture

Offers = dict[str, dict[int, list[Picture]]]
"""Provider -> entity -> all that it offers."""


def offer_pictures(uow: UnitOfWork, batch: Sequence[Answers], written: Written, *, is_persons: bool) -> set[int]:
    """Offer what the answers hold; the entities for which something changed. Automation leaves unmonitored items alone."""
    offers: Offers = {}
    for answers in batch:
        for entity, by_provider in answers.said.items():
            if entity not in written.said:
                continue
            one = answers.unit.subject(entity)
            for provider in written.said[entity]:
                details = by_provider[provider].details
                if details is not None and (is_persons or one.is_monitored):
                    _add(offers, answers, one, details, is_persons=is_persons)
    _add_people(uow, offers, batch, written)
    changed: set[int] = set()
    for provider, pictures in offers.items():
        changed |= offer(uow, provider, pictures)
    return changed


def _add(offers: Offers, answers: Answers, one: Subject, details: Details, *, is_persons: bool) -> None:
    """A thing's own pictures; those of its seasons go to them, added to what their own answers hold."""
    mine = offers.setdefault(details.provider, {})
    mine.setdefault(one.id, []).extend(each for each in details.pictures if each.season_number is None)
    for each in details.pictures:
        season = None if each.season_number is None else answers.unit.seasons.get(each.season_number)
        if season is not None and season.id in answers.unit.wanted and (is_persons or season.is_monitored):
            mine.setdefault(season.id, []).append(each)


def _add_people(uow: UnitOfWork, offers: Offers, batch: Iterable[Answers], written: Written) -> None:
    """Pictures of people whose credits are new; who was asked about has better ones already."""
    details = [
        one.details
        for answers in batch
        for entity, by_provider in answers.said.items()
        if entity in written.told
        for one in by_provider.values()
        if one.details is not None
    ]
    addresses = pictured(details)
    is_person = col(ExternalId.entity_kind) == EntityKind.PERSON
    known: Mapping[int, tuple[str, str]] = {
        row.entity_id: (row.provider, row.external_id)
        for row in rows_of(uow.session, ExternalId.external_id, {key for _, key in addresses}, is_person)
        if (row.provider, row.external_id) in addresses
    }
    for row in rows_of(uow.session, Person.id, known):
        if row.enrichment is Enrichment.NEVER:
            provider, key = known[row.id]
            url = addresses[provider, key]
            picture = Picture("actor_thumb", url, url.rpartition("/")[2])
            offers.setdefault(provider, {}).setdefault(row.id, []).append(picture)
