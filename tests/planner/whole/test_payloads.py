"""What mutations and events show of entities: the same from the planner as from the plain resolvers."""

import os
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
from graphql import parse, validate

from api.system.tailer import Tailer
from domain.kit.database import Database
from domain.kit.ids import CODE_OF
from domain.system import events, wakeups
from tests.conftest import ManualClock
from tests.planner.whole.conftest import Made
from tests.planner.whole.generating import Generator
from tests.planner.whole.lab import Lab, Way, shown, text
from tests.planner.whole.world import ORPHAN
from workers.broker import LocalWakeups

pytestmark = pytest.mark.both

ROUNDS: Final = 15 if "CORPUS_FULL" in os.environ else 2
EACH: Final = ROUNDS * 2 if "CORPUS_FULL" in os.environ else 1
"""Subscriptions of each viewer to each stream."""
SEED: Final = int(os.environ.get("CORPUS_SEED", 7))
_SECRET: Final = frozenset({"token", "code", "hint", "secret", "resetCode", "webhookToken", "webhookTokenHint"})
"""Fields that are random, or told apart by it."""
_ELSEWHERE: Final = frozenset(
    {
        "capturePlayback", "pausePlayback", "playMedia", "resumePlayback", "seekPlayback", "stopPlayback", "testSource",
        "setUpDownloaderWebhook", "testPlayer", "testProvider",
    }
)  # fmt: skip
"""Mutations that another server answers, and nobody does here."""
_ENDS_THE_VISIT: Final = frozenset({"changePassword", "logout", "deleteUser", "updateUser", "revokeApiToken"})
"""Mutations that may take the caller's own rights: asked last."""


@pytest.fixture(autouse=True)
def local_wakeups() -> Iterator[None]:
    wakeups.install(LocalWakeups().wake)
    yield
    wakeups.install(None)


async def test_payloads_show_the_same(
    writing_lab: Callable[[str], Lab], made: Made, engine: str, manual_clock: ManualClock, tmp_path: Path
) -> None:
    lab = writing_lab(engine)
    schema = lab.schema._schema
    generator = Generator(schema, SEED, made.rows, hidden=_SECRET)
    generator.values.is_sober = True
    generator.values.keys["libraries"].remove(ORPHAN)  # no engine lets it be changed twice in one transaction
    generator.values.texts |= {
        "paths": [str(tmp_path)], "password": ["correct horse battery"], "currentPassword": ["correct horse battery"],
        "baseUrl": ["http://127.0.0.1:9"], "apiKey": ["0123456789abcdef0123456789abcdef"],
        "mediaType": ["movie", "tv"], "name": ["A name"], "username": ["kim", "lee"], "fields": ["plot", "title"],
    }  # fmt: skip
    assert schema.mutation_type is not None
    shown_entities = set()
    fields = sorted(schema.mutation_type.fields, key=lambda name: (name in _ENDS_THE_VISIT, name))
    for number in range(ROUNDS * len(fields)):
        name = fields[number // ROUNDS]
        query, variables = generator.of("mutation", name)
        if validate(schema, parse(query)):
            continue
        answer = await lab.same(query, variables, "admin", is_repeatable=False)
        for payload in (answer["data"] or {}).values():
            shown_entities |= {name for each in (payload or {}).values() if isinstance(each, dict)}
    planner = lab.ways[1].planner.counters
    print(f"{len(shown_entities)} of {len(fields)} mutations showed an entity: {sorted(shown_entities)}; {planner}")
    assert planner.fallback == 0
    assert len(shown_entities) >= (len(fields) - len(_ELSEWHERE)) / 5


STREAMS: Final = {
    "events": ("EventHappened", "EventMessage", "thing.ended"),
    "jobProgressed": ("JobProgressed", "JobProgressedMessage", "job.told"),
    "libraryScanned": ("LibraryScanned", "LibraryScannedMessage", "library.scanned"),
    "mediaItemChanged": ("MediaItemChanged", "MediaItemChangedMessage", "item.deleted"),
    "inboundEventReceived": ("InboundEventReceived", "InboundEventReceivedMessage", "inbound_event.received"),
    "playbackChanged": ("PlaybackChanged", "PlaybackChangedMessage", "playback.stopped"),
    "playerChanged": ("PlayerChanged", "PlayerChangedMessage", "player.connected"),
    "providerChanged": ("ProviderChanged", "ProviderChangedMessage", "provider.tested"),
}
"""Subscription -> (the member that tells of an event, the union of its messages, the type of the last event it tells)."""


@pytest.mark.parametrize("name", STREAMS)
async def test_events_show_the_same(copied: Any, lab: Lab, made: Made, engine: str, name: str) -> None:
    ways = [way for way in lab.ways if way.name.endswith(engine)]
    database: Database = ways[0].services.database
    for way in ways:
        way.services.events = Tailer(database, poll_s=0.02)
        await way.services.events.start()
    generator = Generator(lab.schema._schema, SEED, made.rows)
    start = await ways[0].services.events.position()
    _happen(database, generator)
    happened, messages, end = STREAMS[name]
    before = [way.planner.counters.planned for way in ways[1:]]
    try:
        for who in ("admin", "member", "limited"):
            for _ in range(EACH):
                head = f'{name}(after: "{start}") {{ ... on {happened} {{ last: type }}'
                query, variables = generator.around("subscription", head, lab.schema._schema.type_map[messages])
                if not validate(lab.schema._schema, parse(query)):
                    told = [await _messages(lab, way, query, variables, who, name=name, end=end) for way in ways]
                    why = _difference(ways, told)
                    assert why is None, f"{why}\nfor {who}\n{query}\n{variables}"
    finally:
        for way in ways:
            await way.services.events.stop()
    assert all(way.planner.counters.fallback == 0 for way in ways)
    assert all(way.planner.counters.planned > was for way, was in zip(ways[1:], before, strict=True))


def _difference(ways: list[Way], told: list[list[str]]) -> str | None:
    for way, messages in zip(ways[1:], told[1:], strict=True):
        for number, pair in enumerate(zip_longest(told[0], messages)):
            if pair[0] != pair[1]:
                return f"message {number} of {ways[0].name} and {way.name} differ\n{pair[0]}\n{pair[1]}"
    return None


def test_every_subscription_is_asked(lab: Lab) -> None:
    assert lab.schema._schema.subscription_type is not None
    assert set(STREAMS) == set(lab.schema._schema.subscription_type.fields)


def _happen(database: Database, generator: Generator) -> None:
    """Events about rows of every table, and of every type that a subscription tells of."""
    keys = generator.values.keys
    with database.transaction() as uow:

        def emit(type_: str, subject: str, topic: str) -> None:
            events.emit(uow, type_, subject, topic=topic, audience=events.EVERYONE)

        for table, some in keys.items():
            for key in (some[0], some[-1]):
                emit("thing.changed", f"{CODE_OF[table]}_{key}", "things")
        for key in keys["media_items"][::9]:
            emit("item.changed", f"itm_{key}", "items")
        for key in keys["jobs"][:8]:
            emit("job.progressed", f"job_{key}", "jobs")
        emit("item.deleted", f"itm_{keys['media_items'][0]}", "items")
        emit("job.told", f"job_{keys['jobs'][0]}", "jobs")
        emit("library.scanned", f"lib_{keys['libraries'][0]}", "libraries")
        emit("provider.tested", f"prv_{keys['provider_configs'][0]}", "providers")
        emit("inbound_event.received", f"inb_{keys['inbound_events'][0]}", "downloaders")
        for key in keys["player_states"][::6]:
            emit("playback.paused", f"pls_{key}", "playback")
        emit("playback.stopped", f"pls_{keys['player_states'][0]}", "playback")
        emit("player.connected", f"plr_{keys['players'][0]}", "players")
        emit("thing.ended", "nothing", "things")


async def _messages(lab: Lab, way: Any, query: str, variables: Any, who: str, *, name: str, end: str) -> list[str]:
    """Every message up to the last event that happened."""
    context = lab.context(way, who)
    found = []
    with context.closing():
        stream: Any = await lab.schema.subscribe(query, variable_values=variables, context_value=context)
        async for result in stream:
            data = orjson.loads(orjson.dumps(result.data))
            found.append(text({"data": data, "errors": [shown(each) for each in result.errors or ()]}))
            if data is None or data[name].get("last") == end:
                break
        await stream.aclose()
    return found
