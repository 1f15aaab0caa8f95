"""Tokens that providers give for keys: kept sealed in the provider's row, so that processes and restarts share them."""

from sqlmodel import Session, col, select

from domain.kit.database import UnitOfWork
from domain.kit.sealing import Unreadable, seal, unseal
from domain.providers.tables import ProviderConfig


def purpose(provider: str) -> str:
    """What a provider's token is sealed for."""
    return f"provider-token:{provider}"


def find(session: Session, provider_id: int, secret: bytes) -> str | None:
    """The token, if there is one that can be read. `secret` is the installation's key."""
    row_is = col(ProviderConfig.id) == provider_id
    query = select(ProviderConfig.name, ProviderConfig.token).where(row_is)  # unguarded: automation asks on everybody's behalf
    row = session.exec(query).first()
    if row is None or row[1] is None:
        return None
    try:
        return unseal(secret, purpose(row[0]), row[1])
    except Unreadable:
        return None


def keep(uow: UnitOfWork, *, provider_id: int, sealed_key: str | None, token: str, secret: bytes) -> None:
    """Store what the key `sealed_key` was changed for; nothing if another key has been given meanwhile."""
    row_is = col(ProviderConfig.id) == provider_id
    query = select(ProviderConfig).where(row_is).with_for_update()  # unguarded: automation asks on everybody's behalf
    row = uow.session.exec(query).one()
    if row.key == sealed_key:
        row.token = seal(secret, purpose(row.name), token)
