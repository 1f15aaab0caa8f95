"""Hands the pictures that providers offer to artwork: of things, their seasons, the people in their credits, their studios."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col

from domain.artwork.offering import offer
from domain.artwork.tables import ImageCandidate
from domain.catalog.enums import Enrichment, EntityKind
from domain.catalog.queries import rows_of
from domain.catalog.tables import ExternalId, Person, Studio
from domain.enrich.asking import Answers
from domain.enrich.subjects import Subject
from domain.enrich.values import logos, pictured
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
    _add_studios(uow, offers, batch, written, is_persons=is_persons)
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


def _add_studios(uow: UnitOfWork, offers: Offers, batch: Iterable[Answers], written: Written, *, is_persons: bool) -> None:
    """Logos of the studios and networks of things.

    We know them by name, a provider by its id: of two with one name the first keeps its logo.
    """
    by_provider: dict[str, dict[str, Picture]] = {}
    for answers in batch:
        for entity, said in answers.said.items():
            if is_persons or answers.unit.subject(entity).is_monitored:
                for provider in written.said.get(entity, ()):
                    details = said[provider].details
                    if details is not None:
                        by_provider[provider] = logos(details) | by_provider.get(provider, {})
    names = {name for pictures in by_provider.values() for name in pictures}
    keys = {row.name_normalized: row.id for row in rows_of(uow.session, Studio.name_normalized, names)}
    held: dict[tuple[str, int], str] = {
        (row.provider, row.entity_id): row.provider_image_id or ""
        for row in rows_of(uow.session, ImageCandidate.entity_id, keys.values(), col(ImageCandidate.asset_type) == "logo")
    }
    for provider, pictures in by_provider.items():
        for name, picture in pictures.items():
            key, whose = keys.get(name), picture.provider_image_id.partition(":")[0]
            if key is not None and held.get((provider, key), picture.provider_image_id).partition(":")[0] == whose:
                offers.setdefault(provider, {}).setdefault(key, []).append(picture)
