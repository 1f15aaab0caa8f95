"""The common part of every subscription: first how things stand, then each event once, or a word that some were missed."""

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from graphql import GraphQLError

from api.kit.context import Context
from api.kit.hub import Group, Seat
from api.system.audience import Audience
from api.system.tailer import Fact, Tailer
from api.system.types import Resync, ResyncReason, Subscribed
from domain.kit.errors import Invalid
from domain.system.cursors import Cursor
from domain.system.cursors import Resync as Missed

T = TypeVar("T")


async def facts(
    context: Context, *, after: str | None, wants: Callable[[Fact], bool], to_present: bool = False
) -> AsyncIterator[Fact | Subscribed | Resync]:
    """`Subscribed` (unless resuming), then every event that is wanted and may be heard, or `Resync` and the end.

    `to_present`: it ends when nothing is left to tell. One that may be shared ends there too, and a group goes on with it.
    """
    tailer: Tailer = context.services.events
    if isinstance(context.seat, Group):  # its members have had their beginnings
        async for message in _told(context, wants, tailer.follow(context.seat.listener, None)):
            if isinstance(message, Fact):
                context.seat.position = message.position
            yield message
        return
    cursor = _since(context) or _decode(after)

    def leaves(position: Cursor) -> bool:
        return to_present or (context.seat is not None and context.seat.caught_up(context, position))

    with tailer.place() as listener:  # before the first message, so that nothing falls between it and the second
        if cursor is None:
            yield Subscribed(cursor=await tailer.position())
        async for message in _told(context, wants, tailer.follow(listener, cursor, caught_up=leaves)):
            yield message


def resumes(context: Context, after: str | None) -> bool:
    """Whether a client comes back: it is not told how things stand, because it knows."""
    return not isinstance(context.seat, Group) and (after is not None or _since(context) is not None)


def begins(context: Context, after: str | None) -> bool:
    """Whether a client comes for the first time, and not as a member of a group: then it is told what it asked wrongly."""
    return not isinstance(context.seat, Group) and not resumes(context, after)


async def _told(context: Context, wants: Callable[[Fact], bool], following: AsyncIterator[Fact]) -> AsyncIterator[Fact | Resync]:
    audience = Audience(context)
    try:
        async for fact in following:
            audience.note(fact)
            if wants(fact) and await audience.hears(fact):
                yield fact
    except Missed as missed:
        tailer: Tailer = context.services.events
        yield Resync(reason=ResyncReason(missed.reason.value), cursor=await tailer.position())


def _since(context: Context) -> Cursor | None:
    """Where a subscription that left its group goes on."""
    return context.seat.since if isinstance(context.seat, Seat) else None


def common(fact: Fact) -> dict[str, Any]:
    """The fields that every event has."""
    return {
        "cursor": fact.cursor,
        "occurred_at": fact.at,
        "type": fact.type,
        "actor": fact.actor,
        "subject": fact.subject,
        "changed_fields": fact.changed_fields,
    }


def _decode(after: str | None) -> Cursor | None:
    try:
        return None if after is None else Cursor.decode(after)
    except Invalid as error:
        raise GraphQLError(error.message, extensions={"code": "INVALID_CURSOR"}) from None
