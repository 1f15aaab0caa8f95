"""Looking for a film or series at every provider that can be asked, and trying one of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from domain.catalog.enums import EntityKind
from domain.catalog.provider_order import LOCAL
from domain.kit import clock
from domain.kit.errors import Conflict, Invalid, NotFound, Upstream
from domain.providers import local, service
from domain.providers.desk import PERSON, Desk, Patience
from domain.providers.known import provider_named
from domain.providers.model import Candidate, Query
from domain.providers.queries import Setup, nobody_to_ask, setups

SEARCHED = (EntityKind.MOVIE, EntityKind.SERIES)


@dataclass(frozen=True, slots=True)
class Failure:
    """A provider that could not answer."""

    provider: str
    error: Upstream


@dataclass(frozen=True, slots=True)
class Found:
    """What the providers answered; those that failed beside it, so that one's failure is not all's."""

    candidates: Sequence[Candidate]
    failures: Sequence[Failure]


def look_for(
    desk: Desk, query: Query, *, provider: str | None = None, language: str | None = None, patience: Patience = PERSON
) -> Found:
    """Candidates of every usable provider, the first in priority first; of one, if it is named.

    Raises Invalid for a query that asks for nothing, NotFound for a provider that does not exist, Conflict where none can be
    asked.
    """
    _check(query)
    candidates: list[Candidate] = []
    failures: list[Failure] = []
    until = clock.now() + timedelta(seconds=patience.total_s)
    for setup in _usable(desk, provider):
        left = replace(patience, total_s=max(0.1, (until - clock.now()).total_seconds()))  # one patience for all of them
        wishes = setup.wishes if language is None else replace(setup.wishes, language=language)
        try:
            asked = provider_named(setup.name)
            candidates += asked.search(desk.asking(asked, setup, left), query, wishes)
        except Upstream as error:
            failures.append(Failure(setup.name, error))
    return Found(candidates, failures)


def _check(query: Query) -> None:
    if query.kind not in SEARCHED:
        raise Invalid("Films and series can be looked for.", path=("kind",))
    if query.id is None and not query.title.strip():
        raise Invalid("Say a title or an id.", path=("title",))
    if len(query.title) > 200:
        raise Invalid("A title has at most 200 characters.", path=("title",))
    if query.year is not None and not 1870 <= query.year <= 2200:
        raise Invalid("A year is 1870 to 2200.", path=("year",))


def _usable(desk: Desk, provider: str | None) -> Sequence[Setup]:
    with desk.database.read() as session:
        found = setups(session)
    if provider is not None:
        found = [each for each in found if each.name == provider]
        if not found:
            raise NotFound(f"There is no provider {provider[:50]!r}. `providers` lists them.", path=("provider",))
    usable = [each for each in found if each.is_usable]
    if not usable:
        raise nobody_to_ask("provider")
    return usable


def try_out(desk: Desk, provider_id: int, key: str | None = None) -> int:
    """Ask a provider for something small, whatever is cached; milliseconds that took. The outcome is remembered.

    With a `key` that one is tried, and nothing is stored or remembered. Raises NotFound, Invalid for what cannot be a key,
    Conflict where there is none, Upstream for what went wrong. Of what lies beside the media the folders are listed.
    """
    with desk.database.read() as session:
        setup = next((each for each in setups(session) if each.id == provider_id), None)
    if setup is None:
        raise NotFound("There is no such provider. `providers` lists them.", path=("id",))
    test = partial(_test_local, desk, key) if setup.name == LOCAL else _test_server(desk, setup, key)
    began = time.monotonic()
    note = partial(service.note_test, provider_id=provider_id)
    failure: Upstream | None = None
    try:
        test()
    except Upstream as error:
        failure = error
    if key is None:
        desk.database.perform(partial(note, error=failure))
    if failure is not None:
        raise failure
    return round((time.monotonic() - began) * 1000)


def _test_server(desk: Desk, setup: Setup, key: str | None) -> Callable[[], None]:
    asked = provider_named(setup.name)
    if key is not None:
        asked.check_key(key)
    elif setup.sealed_key is None:
        raise Conflict(f"{setup.name} needs a key. Give it with `updateProvider`.", path=("id",))
    return lambda: asked.test(desk.asking(asked, setup, replace(PERSON, tries=1), is_renewed=True, key=key))


def _test_local(desk: Desk, key: str | None) -> None:
    if key is not None:
        local.check_key()
    with desk.database.read() as session:
        found = local.folders(session)
    local.look_into(found)
