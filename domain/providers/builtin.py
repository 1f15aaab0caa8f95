"""A row for every provider that is built in: added where missing, never overwritten."""

from sqlmodel import select

from domain.catalog.provider_order import LOCAL
from domain.kit.database import UnitOfWork, serialize
from domain.providers.known import PROVIDERS
from domain.providers.tables import ProviderConfig


def install_builtins(uow: UnitOfWork) -> None:
    """Add those that are missing, without a key; and what lies beside the media, which needs none."""
    serialize(uow.session, "builtins")
    present = set(uow.session.exec(select(ProviderConfig.name)))  # unguarded: at the start, for everybody
    uow.session.add_all(ProviderConfig(name=name) for name in (*PROVIDERS, LOCAL) if name not in present)
    uow.session.flush()
