"""The Dramatiq broker and what rings on it. Imports no actors, so that the API can ring too.

Dramatiq's messages only name a queue: losing, doubling or delaying one is harmless, because workers read the jobs table.
So none of its middleware is wanted (retries, ages and time limits are the table's), and what it calls dead letters is nothing.
"""

import collections
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

import dramatiq
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from redis.backoff import NoBackoff
from redis.retry import Retry

from domain.jobs import doorbell
from domain.settings import Settings
from domain.system import wakeups

log = structlog.get_logger()

CHANNEL: Final = "marquee:events"
QUIET_S: Final = 2.0
"""How long a doorbell that failed is not tried again: with Redis away, no commit should wait for it each time."""
RECONNECT_S: Final = 1.0


def ring_actor(queue: str) -> str:
    """The name of the Dramatiq actor that answers rings for a queue."""
    return f"ring.{queue}"


def redis_client(url: str, *, timeout_s: float | None = 2.0) -> "redis.Redis":
    """A client that gives up soon: whoever waits for it holds a thread."""
    return redis.Redis.from_url(
        url, socket_connect_timeout=1.0, socket_timeout=timeout_s, retry=Retry(NoBackoff(), 1), health_check_interval=15
    )


def make_broker(client: "redis.Redis | None") -> dramatiq.Broker:
    """On Redis if a client is given, else Dramatiq's in-process broker."""
    if client is None:
        broker = StubBroker(middleware=[])
        # It would keep them for ever; a deque without room takes the list's place.
        broker.dead_letters_by_queue = collections.defaultdict(lambda: collections.deque(maxlen=0))  # type: ignore[arg-type,return-value]
        return broker
    # A worker that was killed leaves messages behind: look for them with every command (one key per process), not by chance.
    return RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        middleware=[],
        namespace="marquee",
        heartbeat_timeout=30_000,
        maintenance_chance=1_000_000,
    )


class BrokerDoorbell:
    """Rings by a message on the broker; a failure is logged and makes it fall silent for QUIET_S."""

    def __init__(self, broker: dramatiq.Broker) -> None:
        self._broker = broker
        self._quiet_until = 0.0

    def ring(self, queue: str) -> None:
        if time.monotonic() < self._quiet_until:
            return
        message: dramatiq.Message[None] = dramatiq.Message(
            queue_name=queue, actor_name=ring_actor(queue), args=(), kwargs={}, options={}
        )
        try:
            self._broker.declare_queue(queue)
            self._broker.enqueue(message)
        except (redis.RedisError, dramatiq.errors.BrokerError) as error:
            self._quiet_until = time.monotonic() + QUIET_S
            log.warning("doorbell_failed", queue=queue, error=str(error))


class Wakeups(Protocol):
    """Tells every process that tails the event log that it has grown."""

    def wake(self) -> None:
        """The log has grown. May be lost."""

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback`, from some thread, at every wake-up; the answer ends that."""


class LocalWakeups:
    """Within one process."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []

    def wake(self) -> None:
        for callback in tuple(self._callbacks):
            callback()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)


class RedisWakeups:
    """Between processes, by Redis' publish and subscribe."""

    def __init__(self, url: str, client: "redis.Redis") -> None:
        self._url = url
        self._client = client
        self._quiet_until = 0.0

    def wake(self) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._client.publish(CHANNEL, "")
        except redis.RedisError as error:
            self._quiet_until = time.monotonic() + QUIET_S
            log.warning("wakeup_failed", error=str(error))

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._listen, args=(callback, stop), name="wakeups", daemon=True)
        thread.start()
        return stop.set

    def _listen(self, callback: Callable[[], None], stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                with redis_client(self._url) as client, client.pubsub() as pubsub:
                    pubsub.subscribe(CHANNEL)
                    while not stop.is_set():
                        # The confirmation of the subscription wakes too: something may have happened while nobody listened.
                        if pubsub.get_message(timeout=0.5) is not None:
                            callback()
            except redis.RedisError as error:
                log.warning("wakeups_interrupted", error=str(error))
                stop.wait(RECONNECT_S)


class Bells:
    """A process' broker, doorbell and wake-ups. `install` hangs them into the domain's ports."""

    def __init__(self, settings: Settings) -> None:
        self._client = None if settings.is_embedded else redis_client(settings.redis_url)
        self.broker = make_broker(self._client)
        self.doorbell = BrokerDoorbell(self.broker)
        self.wakeups: Wakeups = LocalWakeups() if self._client is None else RedisWakeups(settings.redis_url, self._client)

    def install(self) -> None:
        """From now on commits of this process ring and wake."""
        doorbell.install(self.doorbell)
        wakeups.install(self.wakeups.wake)

    def close(self) -> None:
        """Take them out again and close the broker."""
        doorbell.install(None)
        wakeups.install(None)
        self.broker.close()
        if self._client is not None:
            self._client.close()
