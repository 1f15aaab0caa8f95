"""What people decide about the order of providers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from domain.catalog.enums import Fallback
from domain.catalog.provider_order import LOCAL
from domain.catalog.tables import MediaType
from domain.enrich.builtin import add_order, order_of
from domain.enrich.fields import PICTURES, ordered_field
from domain.enrich.tables import ProviderPriority
from domain.kit.database import UnitOfWork, serialize
from domain.kit.errors import Invalid, NotFound
from domain.kit.ids import global_id
from domain.kit.spelling import camel
from domain.kit.types import instant_text
from domain.providers.tables import ProviderConfig
from domain.system import audit, settings_store

MOST_PLACES: Final = 20
_CHANGED: Final = "enrich.order_changed_at"


@dataclass(frozen=True, slots=True)
class PlaceWanted:
    """A provider's place as a person gives it; the position in the list is its priority."""

    provider_id: int
    fallback: Fallback = Fallback.CONTINUE
    is_enabled: bool = True


def set_order(uow: UnitOfWork, *, media_type_id: int | None, field: str, places: Sequence[PlaceWanted]) -> list[int]:
    """Put these providers in this order for a field (`*` = all) of a media type (None = all); keys of the places.

    An empty order brings back the one that Marquee begins with, or none. Raises Invalid, NotFound.
    """
    name = ordered_field(field)
    media_type = _media_type(uow, media_type_id)
    _check(uow, name, places)
    serialize(uow.session, "provider_priorities")
    mine = (col(ProviderPriority.media_type_id).is_not_distinct_from(media_type_id), col(ProviderPriority.field) == name)
    uow.session.execute(sa.delete(ProviderPriority).where(*mine))
    if not places:
        add_order(uow, media_type_id, name, order_of(media_type, name))
    for number, place in enumerate(places, start=1):
        row = ProviderPriority(
            media_type_id=media_type_id, provider_id=place.provider_id, field=name, priority=number,
            is_enabled=place.is_enabled, fallback_behavior=place.fallback,
        )  # fmt: skip
        uow.session.add(row)
    uow.session.flush()
    settings_store.put_setting(uow, _CHANGED, instant_text(uow.now()), description="When an order of providers was last changed.")
    subject = None if media_type_id is None else global_id("media_types", media_type_id)
    details = {"field": camel(name), "providers": [global_id("provider_configs", place.provider_id) for place in places]}
    audit.record(uow, "provider.ordered", subject=subject, details=details)
    query = select(ProviderPriority).where(*mine).order_by(col(ProviderPriority.priority))  # unguarded: what was just written
    return [row.id for row in uow.session.exec(query)]


def order_changed_at(session: Session) -> str:
    """When an order was last changed, as text that compares as time does; '' = never."""
    return str(settings_store.get_setting(session, _CHANGED) or "")


def _media_type(uow: UnitOfWork, key: int | None) -> str | None:
    if key is None:
        return None
    name = uow.session.exec(select(MediaType.name).where(MediaType.id == key)).first()
    if name is None:
        raise NotFound("There is no such media type.", path=("mediaType",))
    return name


def _check(uow: UnitOfWork, field: str, places: Sequence[PlaceWanted]) -> None:
    if len(places) > MOST_PLACES:
        raise Invalid(f"An order has at most {MOST_PLACES} places.", path=("order",))
    keys = [place.provider_id for place in places]
    if len(set(keys)) < len(keys):
        raise Invalid("A provider has one place in an order.", path=("order",))
    columns = ProviderConfig.id, ProviderConfig.name
    query = select(*columns).where(col(ProviderConfig.id).in_(keys))  # unguarded: only admins order them
    known = dict(uow.session.exec(query).all())
    if missing := set(keys) - known.keys():
        raise NotFound(f"There is no provider {global_id('provider_configs', min(missing))}.", path=("order",))
    if LOCAL in known.values() and not field.startswith(PICTURES):
        message = f"{LOCAL} has a place among pictures (artwork.poster …) only: what NFO files say stands above all providers."
        raise Invalid(message, path=("order",))
