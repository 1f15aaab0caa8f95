"""Reads the providers' feeds of changes from where the last job stopped; what was missed for too long is all asked for anew."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from domain.kit import clock
from domain.kit.errors import Upstream
from domain.providers import changes, responses
from domain.providers.desk import BACKGROUND, Desk
from domain.providers.known import provider_named
from domain.providers.model import Provider, Request
from domain.providers.queries import Setup, setups
from workers.context import JobContext
from workers.outbound import desk_of


def read_changes(context: JobContext[Any]) -> Mapping[str, Any]:
    """Every usable provider that has a feed; one that fails keeps its place, and its error is the job's when all were asked."""
    desk = desk_of(context)
    with context.database.read() as session:
        usable = [each for each in setups(session) if each.is_usable]
    counts = {"pages": 0, "items": 0, "answers": 0}
    failed: Upstream | None = None
    for setup in usable:
        provider = provider_named(setup.name)
        if provider.remembers is not None:
            try:
                _read(context, desk, provider, setup, counts)
            except Upstream as error:
                failed = error
    if failed is not None:
        raise failed
    return counts


def _read(context: JobContext[Any], desk: Desk, provider: Provider, setup: Setup, counts: dict[str, int]) -> None:
    now = clock.now()
    with context.database.read() as session:
        since = changes.since(session, setup.id)
    assert provider.remembers is not None
    if since is None or now - since > provider.remembers:
        _begin_anew(context, setup, is_first=since is None, counts=counts)
        return

    def ask(request: Request) -> Any:  # each with a patience of its own
        context.check_cancelled()
        return desk.asking(provider, setup, BACKGROUND)(request)

    for stretch in provider.changes(ask, since, now):
        items: set[int] = set()
        for page in stretch.pages:
            with context.transaction() as uow:
                found = changes.mark(uow, setup.name, page)
            items |= found.items
            counts["pages"] += 1
            counts["items"] += len(found.items)
            counts["answers"] += found.answers
            context.report(None, setup.name, **counts)
        with context.transaction() as uow:
            changes.read_until(uow, setup.id, until=stretch.until, items=items)


def _begin_anew(context: JobContext[Any], setup: Setup, *, is_first: bool, counts: dict[str, int]) -> None:
    """The first time there is nothing to catch up with; later whatever is known may have changed."""
    began = clock.now()
    libraries: set[int] = set()
    for step in () if is_first else (responses.expire_next, partial(changes.mark_next, libraries=libraries)):
        after: int | None = 0
        while after is not None:
            context.check_cancelled()
            with context.transaction() as uow:
                after = step(uow, setup.name, after=after)
            counts["pages"] += 1
    with context.transaction() as uow:
        changes.read_until(uow, setup.id, until=began, libraries=libraries)
