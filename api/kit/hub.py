"""Equal subscriptions become one: a group runs a single stream and sends each message, encoded once, to all its members.

A subscription begins alone, with a stream of its own: how things stand, and what happened after a cursor. When nothing is
left to tell it takes its seat in the group of its like (same document, variables and rights) and its own stream ends.
A member that does not read leaves at once and goes on alone behind the last message: the event log is its buffer.
"""

import asyncio
import contextlib
import enum
import secrets
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping
from typing import Any, Final, NamedTuple

import orjson
import structlog
from strawberry.types.execution import PreExecutionError

from api.kit.context import Context
from api.kit.masking import answer
from api.kit.services import Services
from domain.accounts.sessions import Identity

log = structlog.get_logger()

Send = Callable[[MutableMapping[str, Any]], Coroutine[Any, Any, None]]
Envelope = Callable[[str], MutableMapping[str, Any]]
"""The ASGI message around an encoded answer."""

STRETCH: Final = 200
"""Members sent to before others get the event loop: some 3 ms."""


class Asked(NamedTuple):
    """What a client asked for."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class End(enum.Enum):
    """How a seat in a group was given up."""

    OVER = "the subscription is complete"
    ALONE = "the subscription goes on with a stream of its own, behind `since`"
    GONE = "the connection is broken"


class Seat:
    """One client's subscription. It is in its operation's context, where the executor and `facts` find it."""

    def __init__(self, hub: "Hub", asked: Asked, send: Send, envelope: Envelope) -> None:
        self.asked, self.send, self.envelope = asked, send, envelope
        self.key: Any = None
        """Equal for those who may share; None: this one may not. Set by the executor."""
        self.operation: Any = None
        """Kept, because the key names it by its id."""
        self.may_share = True
        self.since: Any = None
        """The client has everything up to this position of the event log."""
        self.unsent: Awaitable[None] | None = None
        """The rest of a message that the client did not take at once: to be awaited before anything else is sent."""
        self._hub = hub
        self._group: Group | None = None
        self._end: asyncio.Future[End] | None = None

    def caught_up(self, context: Context, position: Any) -> bool:
        """Take a seat, if there is one: whoever asks has told everything up to this position, and tells no more."""
        if self.key is None or context.identity is None or not self.may_share:
            return False
        self.since = position
        self._end = asyncio.get_running_loop().create_future()
        self._group = self._hub.join(self, context.identity)
        return True

    @property
    def is_taken(self) -> bool:
        """Whether the subscription was handed to a group."""
        return self._end is not None

    async def end(self) -> End:
        """Wait until the seat is given up. Cancelled: the client left."""
        assert self._end is not None
        try:
            return await self._end
        finally:
            self._end = None
            if self._group is not None:
                self._group.leave(self)

    def give_up(self, end: End) -> None:
        """Called by the group, which has forgotten this seat."""
        self._group = None
        if self._end is not None and not self._end.done():
            self._end.set_result(end)


class Group:
    """Equal subscriptions and their one stream. `facts` finds it in that stream's context."""

    def __init__(self, hub: "Hub", first: Seat, identity: Identity) -> None:
        self._hub, self.key, self._operation, self._asked = hub, first.key, first.operation, first.asked
        self.position: Any = first.since
        """Of the event that is being told."""
        self._told: Any = first.since
        """Up to here every member has been told."""
        self._members: dict[Seat, None] = {}
        self._late: dict[Seat, None] = {}
        """Have seen more than the group has told yet."""
        self._place = contextlib.ExitStack()
        self.listener: Any = self._place.enter_context(hub.services.events.place())
        # rights and nothing else: no client's connection, cookies or proof
        neutral = Identity(viewer=identity.viewer, user_id=identity.user_id)
        self._context = Context(hub.services, neutral, secrets.token_hex(8), seat=self)
        self._task = asyncio.create_task(self._run(), name="subscription-group")

    @property
    def size(self) -> int:
        """How many share the stream."""
        return len(self._members) + len(self._late)

    def take_in(self, seat: Seat) -> None:
        """A member that waits until the group tells of something it does not know."""
        self._late[seat] = None

    def leave(self, seat: Seat) -> None:
        """Forget a member; the last one ends the stream."""
        self._members.pop(seat, None)
        self._late.pop(seat, None)
        if not self._members and not self._late:
            self._close()

    async def _run(self) -> None:
        context, asked, is_over = self._context, self._asked, False
        try:
            with structlog.contextvars.bound_contextvars(request_id=context.request_id), context.closing():
                results = await self._hub.schema.stream(
                    asked.query, variable_values=asked.variables, context_value=context, operation_name=asked.operation_name
                )
                async with contextlib.aclosing(results):
                    async for result in results:
                        is_refused = isinstance(result, PreExecutionError)
                        if is_refused or (result.data is None and self.position == self._told):
                            break  # an error of the stream, not of an event: each member's own will say why
                        await self._tell(orjson.dumps(answer(result, context.request_id)).decode())
                    else:
                        is_over = True
        except Exception:
            log.exception("subscription_group_failed")
        self._close(is_over=is_over)

    async def _tell(self, text: str) -> None:
        for seat in [late for late in self._late if late.since < self.position]:
            del self._late[seat]
            self._members[seat] = None
        for count, seat in enumerate(list(self._members), 1):
            if seat in self._members:  # nobody left meanwhile
                self._send(seat, text)
            if count % STRETCH == 0:
                await asyncio.sleep(0)
        self._told = self.position
        await asyncio.sleep(0)  # what was written goes out before the next one comes on top

    def _send(self, seat: Seat, text: str) -> None:
        """Send without waiting: one step of `send` is all of it, unless the client does not read."""
        sending = seat.send(seat.envelope(text))
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return
        except Exception:  # whoever reads this connection's messages learns of it too
            end = End.GONE
        else:
            seat.since, seat.unsent, end = self.position, _rest(sending, waits_for), End.ALONE
        seat.give_up(end)
        self.leave(seat)

    def _close(self, *, is_over: bool = False) -> None:
        """End the stream and give up the seats: the stream is over for those who followed it, not for those still ahead."""
        self._hub.forget(self)
        self._place.close()
        self._task.cancel()
        for seat in self._members:
            seat.since = max(seat.since, self._told)
        for seat in (*self._members, *self._late):
            seat.may_share = is_over  # something is wrong with a group that is not: do not try again
            seat.give_up(End.OVER if is_over and seat in self._members else End.ALONE)
        self._members.clear()
        self._late.clear()


class Hub:
    """The groups of one schema in one process."""

    def __init__(self, schema: Any, services: Services) -> None:
        self.schema, self.services = schema, services
        self._groups: dict[Any, Group] = {}

    def __len__(self) -> int:
        return len(self._groups)

    @property
    def seated(self) -> int:
        """How many subscriptions are in groups."""
        return sum(group.size for group in self._groups.values())

    def seat(self, asked: Asked, send: Send, envelope: Envelope) -> Seat:
        """For the context of an operation that may become a member of a group."""
        return Seat(self, asked, send, envelope)

    def join(self, seat: Seat, identity: Identity) -> Group:
        """The group of a seat, made if need be."""
        group = self._groups.get(seat.key)
        if group is None or group.listener.lagged:
            group = self._groups[seat.key] = Group(self, seat, identity)
        group.take_in(seat)
        return group

    def forget(self, group: Group) -> None:
        """The group takes no more members."""
        if self._groups.get(group.key) is group:
            del self._groups[group.key]


@types.coroutine
def _rest(sending: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    """The rest of a coroutine that was driven one step and waits: to be awaited by the task that goes on with it."""
    try:
        while True:
            try:
                got = yield waits_for
            except BaseException as error:
                waits_for = sending.throw(error)
            else:
                waits_for = sending.send(got)
    except StopIteration:
        return
