"""Reads of providers' settings."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from domain.kit.errors import Conflict
from domain.providers.model import Wishes
from domain.providers.tables import ProviderConfig


@dataclass(frozen=True, slots=True)
class Setup:
    """How a person set a provider up. `sealed_key` is None where no key was given."""

    id: int
    name: str
    is_enabled: bool
    sealed_key: str | None = field(repr=False)
    wishes: Wishes

    @property
    def is_usable(self) -> bool:
        """Whether it may and can be asked."""
        return self.is_enabled and self.sealed_key is not None


def setups(session: Session) -> list[Setup]:
    """All providers, the first in priority first."""
    order = col(ProviderConfig.priority), col(ProviderConfig.name)
    query = select(ProviderConfig).order_by(*order)  # unguarded: automation asks on everybody's behalf
    return [
        Setup(row.id, row.name, row.is_enabled, row.key, Wishes(row.language, row.region)) for row in session.exec(query).all()
    ]


def nobody_to_ask(*path: str) -> Conflict:
    """The error where a person's request finds no provider that is switched on and has a key."""
    return Conflict("No provider can be asked: an administrator gives keys with `updateProvider`.", path=path)
