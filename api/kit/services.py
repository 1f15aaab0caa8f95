"""What one API process shares between all requests."""

from dataclasses import dataclass, field
from typing import Any

from api.kit.identities import IdentityCache
from api.kit.persisted import PersistedDocuments
from api.kit.planner import Planner
from api.kit.shedding import Gate
from domain.kit.database import Database
from domain.settings import Settings


@dataclass
class Services:
    """Made once by the composition root."""

    settings: Settings
    database: Database
    planner: Planner
    key: bytes
    """Pepper of token and session hashes."""
    wakeups: Any = None
    """Calls back when the event log has grown, in this or another process (`listen(callback)`)."""
    stopping: bool = False
    """Set when the process was told to stop: it answers what it has and takes no more."""
    identities: IdentityCache = field(default_factory=IdentityCache)
    events: Any = None
    """The tailer of the event log, started with the app."""
    hub: Any = None
    """The groups of equal subscriptions, made with the view."""
    gate: Gate = field(init=False)
    """How many operations run at once."""

    documents: PersistedDocuments = field(init=False)
    """Documents that are named instead of sent."""

    def __post_init__(self) -> None:
        self.gate = Gate(self.settings)
        self.documents = PersistedDocuments(
            self.database,
            registered_only=self.settings.documents == "registered",
            most_characters=self.settings.document_limit,
        )
