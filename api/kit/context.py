"""What a resolver knows of its operation, and its only ways to the domain: `read` and `change`."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import strawberry
from sqlmodel import Session

from api.kit.planner import Planner
from api.kit.services import Services
from api.kit.shedding import Overloaded
from domain.accounts.sessions import Identity
from domain.kit.database import Busy, Database, UnitOfWork
from domain.kit.policy import Viewer

P = ParamSpec("P")
R = TypeVar("R")

ANONYMOUS = Viewer(user_id=None)


@dataclass
class Context:
    """One per operation; over WebSocket too, where a connection carries many."""

    services: Services
    identity: Identity | None
    request_id: str
    ip_address: str = ""
    user_agent: str = ""
    host: str = ""
    """The Host header: decides which session cookie a browser keeps."""
    is_secure: bool = False
    """The request came over HTTPS (directly or through the proxy that MARQUEE_URL names)."""
    set_cookies: list[str] = field(default_factory=list)
    """Set-Cookie headers of the answer."""
    document_key: str = ""
    is_change: bool = False
    """The operation is a mutation."""
    connection_params: dict[str, Any] | None = None
    proof: str | None = None
    """Token or session secret of a WebSocket connection, to look its identity up again."""
    seat: Any = None
    """Of a subscription that may be shared (`api.kit.hub.Seat`), or the group that is (`Group`)."""
    _session: Session | None = None

    @property
    def viewer(self) -> Viewer:
        """On whose behalf rows are read."""
        return self.identity.viewer if self.identity else ANONYMOUS

    @property
    def database(self) -> Database:
        return self.services.database

    @property
    def planner(self) -> Planner:
        return self.services.planner

    @property
    def actor(self) -> str:
        """Global id of the user, as audit entries and events name it."""
        return self.identity.actor if self.identity else "anonymous"

    async def read(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a domain query in a thread with a session of its own."""

        def work() -> R:
            with self.database.read() as session:
                return fn(session, *args, **kwargs)

        return await asyncio.to_thread(work)

    async def change(self, fn: Callable[Concatenate[UnitOfWork, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a domain service in a thread, in one transaction that names this actor and request.

        It may run several times (`Database.perform`). Raises Overloaded when others write too much of the same.
        """

        def work(uow: UnitOfWork) -> R:
            return fn(uow, *args, **kwargs)

        try:
            return await asyncio.to_thread(self.database.perform, work, actor=self.actor, request_id=self.request_id)
        except Busy as error:
            raise Overloaded from error

    async def run(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run anything else that blocks (hashing, a path check) in a thread."""
        return await asyncio.to_thread(fn, *args, **kwargs)

    async def ask(self, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run what asks other servers in one of the few threads for that: who dawdles there keeps nobody else waiting.

        `fn` has its own time limit; the operation's deadline does not reach it.
        """
        return await asyncio.get_running_loop().run_in_executor(self.services.outbound, partial(fn, *args, **kwargs))

    def session(self) -> Session:
        """The session of the slow resolvers, one per operation, closed by `closing`."""
        if self._session is None:
            self._session = self.database.open_read_session()
        return self._session

    @contextlib.contextmanager
    def closing(self) -> Iterator["Context"]:
        """Close what the slow resolvers opened."""
        try:
            yield self
        finally:
            if self._session is not None:
                self._session.close()
                self._session = None


Info = strawberry.Info[Context, None]
