"""Asks all providers that tell what a thing is, as long as they answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlmodel import Session

from domain.catalog.enums import EntityKind
from domain.identify.catalogues import SPACES
from domain.kit import clock
from domain.kit.errors import Invalid, KeyRefused, Paused, RateLimited, Unreachable, Upstream
from domain.providers.desk import BACKGROUND, PERSON, Desk, Patience
from domain.providers.known import PROVIDERS
from domain.providers.model import Candidate, Details, OrderOnOffer, Provider, Query
from domain.providers.queries import Setup, nobody_to_ask, setups

T = TypeVar("T")

PASSING: Final = (RateLimited, Paused, Unreachable)
"""What makes automation come back later: half of the answers would be half of the evidence."""


def usable(session: Session) -> list[Setup]:
    """The providers that can be asked what a thing is, the first in priority first."""
    return [setup for setup in setups(session) if setup.is_usable and setup.name in SPACES and setup.name in PROVIDERS]


@dataclass(slots=True)
class Asker:
    """For one job or request. With `goes_on` a provider that fails is left out and named in `failures`; else it raises
    Upstream. One that refuses its key is left out always: only a person can help."""

    desk: Desk
    providers: Sequence[Setup]
    patience: Patience = BACKGROUND
    goes_on: bool = False
    failures: dict[str, Upstream] = field(default_factory=dict)
    until: datetime | None = None
    """The end of all requests together; None = each has its own patience."""

    @classmethod
    def of(cls, desk: Desk, *, goes_on: bool = False) -> "Asker":
        """A job's."""
        with desk.database.read() as session:
            return cls(desk, usable(session), BACKGROUND, goes_on)

    @classmethod
    def of_person(cls, desk: Desk) -> "Asker":
        """Of a person who waits: one patience for all that is asked, and what one provider has where another fails.

        Raises Conflict where nobody can be asked.
        """
        with desk.database.read() as session:
            found = usable(session)
        if not found:
            raise nobody_to_ask()
        return cls(desk, found, PERSON, goes_on=True, until=clock.now() + timedelta(seconds=PERSON.total_s))

    @property
    def heard(self) -> list[Setup]:
        """The providers that have not failed yet."""
        return [setup for setup in self.providers if setup.name not in self.failures]

    def search(self, query: Query) -> list[Candidate]:
        """What could be meant, of all providers."""
        found: list[Candidate] = []
        for setup in self.heard:
            found += self._try(setup, _searching(query)) or ()
        return [one for one in found if one.kind is query.kind]

    def details(self, provider: str, kind: EntityKind, external_id: str) -> Details | None:
        """All about one thing; None where the provider does not have it, or cannot be asked."""
        setup = next((one for one in self.heard if one.name == provider), None)
        return None if setup is None else self._try(setup, _detailing(kind, external_id))

    def episodes(self, provider: str, order: OrderOnOffer, series_id: str) -> Sequence[Details]:
        """All episodes of a series in an order that its details offered; none where the provider cannot be asked."""
        setup = next((one for one in self.heard if one.name == provider), None)
        return (None if setup is None else self._try(setup, _ordering(order, series_id))) or ()

    def _try(self, setup: Setup, act: Callable[[Provider, Desk, Setup, Patience], T]) -> T | None:
        patience = self.patience
        if self.until is not None:
            patience = replace(patience, total_s=max(0.1, (self.until - clock.now()).total_seconds()))
        try:
            return act(PROVIDERS[setup.name], self.desk, setup, patience)
        except Invalid:
            return None  # an id that cannot be one of this provider's
        except Upstream as error:
            if not self.goes_on and not isinstance(error, KeyRefused):
                raise
            self.failures[setup.name] = error
        return None


def _searching(query: Query) -> Callable[[Provider, Desk, Setup, Patience], Sequence[Candidate]]:
    def act(provider: Provider, desk: Desk, setup: Setup, patience: Patience) -> Sequence[Candidate]:
        return provider.search(desk.asking(provider, setup, patience), query, setup.wishes)

    return act


def _detailing(kind: EntityKind, external_id: str) -> Callable[[Provider, Desk, Setup, Patience], Details | None]:
    def act(provider: Provider, desk: Desk, setup: Setup, patience: Patience) -> Details | None:
        return provider.details(desk.asking(provider, setup, patience), kind, external_id, setup.wishes)

    return act


def _ordering(order: OrderOnOffer, series_id: str) -> Callable[[Provider, Desk, Setup, Patience], Sequence[Details]]:
    def act(provider: Provider, desk: Desk, setup: Setup, patience: Patience) -> Sequence[Details]:
        return provider.episodes(desk.asking(provider, setup, patience), order, series_id, setup.wishes)

    return act
