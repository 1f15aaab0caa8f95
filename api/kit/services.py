"""What one API process shares between all requests."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from api.kit.identities import IdentityCache
from api.kit.persisted import PersistedDocuments
from api.kit.planner import Planner
from api.kit.shedding import Gate
from domain.kit.database import Database
from domain.kit.http import Egress, Lan
from domain.players.discovery.asking import NOWHERE, Places
from domain.providers.desk import Desk
from domain.settings import Settings

OUTBOUND_THREADS: Final = 4


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
    egress: Egress = field(default_factory=Egress)
    """The way to other servers."""
    lan: Lan = field(default_factory=Lan)
    """The way to servers in the house that an administrator named."""
    neighbourhood: Places = field(default_factory=lambda: NOWHERE)
    """Where players are asked for that nobody set up yet: nowhere, unless the composition root says the network."""
    desk: Desk = field(init=False)
    """Where providers are asked."""
    outbound: ThreadPoolExecutor = field(init=False)
    """Threads that wait for other servers."""

    def __post_init__(self) -> None:
        self.gate = Gate(self.settings)
        self.desk = Desk(self.database, self.egress, key=self.key)
        self.outbound = ThreadPoolExecutor(OUTBOUND_THREADS, thread_name_prefix="outbound")
        self.documents = PersistedDocuments(
            self.database,
            registered_only=self.settings.documents == "registered",
            most_characters=self.settings.document_limit,
        )

    def close(self) -> None:
        """Let go of other servers. What is under way ends by its own limits; nothing waits for it."""
        self.outbound.shutdown(wait=False, cancel_futures=True)
        self.egress.close()
        self.lan.close()
