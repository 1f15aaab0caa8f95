"""The orders that every installation begins with: data, added where a field has none."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlmodel import select

from domain.catalog.enums import Fallback
from domain.catalog.provider_order import EVERY_FIELD, LOCAL
from domain.catalog.tables import MediaType
from domain.enrich.tables import ProviderPriority
from domain.kit.database import UnitOfWork, serialize
from domain.providers.tables import ProviderConfig

Key = tuple[str | None, str]
"""(name of the media type or None for all, field)."""
_MADE_BY_HAND: Final = ("clearlogo", "clearart", "discart", "banner", "landscape", "characterart")
"""Types of pictures that fanart.tv's users draw; others have few of them, or frames with words."""
ORDERS: Final[Mapping[Key, Sequence[str]]] = {
    (None, EVERY_FIELD): ("tmdb", "tvdb", "fanarttv"),
    ("anime", EVERY_FIELD): ("tvdb", "tmdb", "fanarttv"),  # TVDB numbers anime as its files are numbered
    **{(None, f"artwork.{name}"): (LOCAL, "fanarttv", "tmdb", "tvdb") for name in _MADE_BY_HAND},
}
"""The first comes first; who says nothing lets the next speak."""


def install_builtins(uow: UnitOfWork) -> None:
    """Add the orders of fields that have none."""
    serialize(uow.session, "builtins")
    types = {name: key for key, name in uow.session.exec(select(MediaType.id, MediaType.name))}
    held = select(ProviderPriority.media_type_id, ProviderPriority.field)  # unguarded: at the start, for everybody
    present = set(uow.session.exec(held))
    for (media_type, field), names in ORDERS.items():
        key = None if media_type is None else types.get(media_type)
        if (media_type is None or key is not None) and (key, field) not in present:
            add_order(uow, key, field, names)


def add_order(uow: UnitOfWork, media_type_id: int | None, field: str, names: Sequence[str]) -> None:
    """An order of those of the named providers that there are."""
    configs = select(ProviderConfig.name, ProviderConfig.id)  # unguarded: at the start, for everybody
    known = dict(uow.session.exec(configs).all())
    for number, name in enumerate([name for name in names if name in known], start=1):
        place = ProviderPriority(
            media_type_id=media_type_id, provider_id=known[name], field=field, priority=number,
            fallback_behavior=Fallback.CONTINUE,
        )  # fmt: skip
        uow.session.add(place)
    uow.session.flush()


def order_of(media_type: str | None, field: str) -> Sequence[str]:
    """The order that a field begins with; empty = none of its own."""
    return ORDERS.get((media_type, field), ())
