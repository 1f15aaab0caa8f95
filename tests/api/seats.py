"""People who follow the same: their seats in the groups of the hub."""

import asyncio
import contextlib
from typing import Any

from api.kit.hub import Hub
from domain.system import events
from tests.api.conftest import Live
from tests.api.sockets import EVENTS, Socket, signed_in, subscribed, tell

NUMBERS = {"types": ["x.*"]}


def hub(live: Live) -> Hub:
    found: Hub = live.house.services.hub
    return found


def say(live: Live, number: int, **more: Any) -> None:
    """One event that everybody hears."""
    tell(live.house, "x.happened", "usr_1", topic="x", audience=events.EVERYONE, n=number, **more)


async def number(socket: Socket, id_: str) -> int:
    """What `say` said."""
    message = await socket.following(id_)
    found: int = message["events"]["payload"]["n"]
    return found


async def seated(live: Live, groups: int, members: int) -> None:
    """Wait until that many sit in so many groups: who has just been told something may be on the way to its seat."""
    async with asyncio.timeout(5):
        while (len(hub(live)), hub(live).seated) != (groups, members):
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def together(live: Live, *who: str, query: str = EVENTS, variables: Any = NUMBERS) -> Any:
    """Connections of people who all follow the same: pairs of socket and id, all in groups."""
    async with contextlib.AsyncExitStack() as stack:
        pairs = []
        for each in who:
            socket = await stack.enter_async_context(signed_in(live, each))
            pairs.append((socket, (await subscribed(socket, query, variables))[0]))
        async with asyncio.timeout(5):
            while hub(live).seated < len(who):
                await asyncio.sleep(0.01)
        yield pairs
