"""The common part of every subscription: first how things stand, then each event once, or a word that some were missed."""

from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from graphql import GraphQLError

from api.kit.context import Context
from api.system.audience import Audience
from api.system.tailer import Fact, Tailer
from api.system.types import Resync, ResyncReason, Subscribed
from domain.kit.errors import Invalid
from domain.system.cursors import Cursor
from domain.system.cursors import Resync as Missed

T = TypeVar("T")


async def facts(
    context: Context, *, after: str | None, wants: Callable[[Fact], bool]
) -> AsyncIterator[Fact | Subscribed | Resync]:
    """`Subscribed` (unless resuming), then every event that is wanted and may be heard, or `Resync` and the end."""
    tailer: Tailer = context.services.events
    cursor = _decode(after)
    audience = Audience(context)
    with tailer.place() as listener:  # before the first message, so that nothing falls between it and the second
        if cursor is None:
            yield Subscribed(cursor=await tailer.position())
        try:
            async for fact in tailer.follow(listener, cursor):
                audience.note(fact)
                if wants(fact) and await audience.hears(fact):
                    yield fact
        except Missed as missed:
            yield Resync(reason=ResyncReason(missed.reason.value), cursor=await tailer.position())


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
