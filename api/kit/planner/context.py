"""What the planner needs of the request's context."""

from typing import TYPE_CHECKING, Protocol

from sqlmodel import Session

from domain.kit.database import Database
from domain.kit.policy import Viewer

if TYPE_CHECKING:
    from api.kit.planner.planner import Planner


class PlannerContext(Protocol):
    """`info.context` of every operation."""

    @property
    def viewer(self) -> Viewer:
        """On whose behalf rows are read."""

    @property
    def database(self) -> Database:
        """Where they are read."""

    @property
    def planner(self) -> "Planner":
        """The process-wide planner."""

    def session(self) -> Session:
        """A reading session for the plain resolvers; the context closes it when the request ends."""
