"""By which order of episodes a series' files go: a person's choice among what providers offer, and what such an order counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from domain.catalog import episode_orders
from domain.catalog.changing import close_items
from domain.catalog.edits.applying import standing
from domain.catalog.edits.holding import lock_rows
from domain.catalog.enums import EntityKind, EpisodeOrdering, ItemKind
from domain.catalog.episode_orders import Number, Numbers
from domain.catalog.identity import ids_of
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem, SeriesOrder
from domain.identify.asking import usable
from domain.identify.catalogues import own_id
from domain.jobs import kinds
from domain.jobs.service import Enqueued, enqueue
from domain.kit.database import UnitOfWork
from domain.kit.errors import Conflict, DomainError, Invalid
from domain.kit.ids import global_id
from domain.providers.desk import BACKGROUND, Desk
from domain.providers.known import provider_named
from domain.providers.model import Ask, Details, OrderOnOffer, Provider, Wishes
from domain.providers.queries import Setup


@dataclass(frozen=True, slots=True)
class Question:
    """An order (a row of `series_orders`) that a provider is asked about; `series` is what it calls the series."""

    order: Any
    setup: Setup
    series: str


def choose(
    uow: UnitOfWork,
    item_id: int,
    ordering: EpisodeOrdering,
    *,
    provider: str | None = None,
    user_id: int | None,
    expected_version: int | None = None,
) -> Enqueued:
    """Let the files of a series go by an order, from now on; the job asks what it counts and gives files their episodes.

    Raises NotFound, VersionConflict, Invalid for what is no series, Conflict for an order that no provider offers.
    """
    row = _series(uow, item_id, expected_version)
    offered = episode_orders.rows(uow.session, [item_id]).get(item_id, [])
    wanted: int | None = None
    if ordering is not EpisodeOrdering.AIRED:
        wanted = _on_offer(uow.session, offered, ordering, provider).id
    if episode_orders.choose(uow, item_id, wanted):
        details = {item_id: {"ordering": ordering.value}}
        close_items(uow, [row], "item.reordered", changed={item_id: {"episode_orders"}}, details=details)
    return request(uow, item_id, user_id=user_id)


def request_all(uow: UnitOfWork, item_id: int, *, user_id: int | None) -> Enqueued:
    """Ask what every order on offer counts. Raises NotFound, Invalid, Conflict where nothing is on offer."""
    _series(uow, item_id, None)
    if item_id not in episode_orders.rows(uow.session, [item_id]):
        raise Conflict("No provider offers another order for it; enriching it asks anew.", path=("item",))
    return request(uow, item_id, user_id=user_id, is_every=True)


def request(uow: UnitOfWork, item_id: int, *, user_id: int | None, is_every: bool = False) -> Enqueued:
    """The job."""
    payload = kinds.OrderEpisodes(series=item_id, is_every=is_every)
    priority = kinds.A_PERSON_ASKED if user_id is not None else None
    return enqueue(
        uow, kinds.ORDER_EPISODES, payload, priority=priority, dedupe_key=f"orders:{user_id}:{item_id}:{is_every}",
        subject=global_id("media_items", item_id), requested_by_user_id=user_id,
    )  # fmt: skip


def _series(uow: UnitOfWork, item_id: int, expected_version: int | None) -> Any:
    row = lock_rows(uow, [item_id]).get(item_id)
    problem = standing(None if row is None or row.deleted_at is not None else row, item_id, expected_version)
    if isinstance(problem, DomainError):
        raise problem
    assert row is not None
    if row.kind != ItemKind.SERIES:
        raise Invalid("Series have orders of episodes: name the series.", path=("item",))
    return row


def _on_offer(session: Session, offered: Sequence[Any], ordering: EpisodeOrdering, provider: str | None) -> Any:
    """Of several providers the one that has the choice now, else the first in priority."""
    places = {setup.name: number for number, setup in enumerate(usable(session))}
    fitting = [row for row in offered if row.ordering is ordering and provider in (None, row.provider)]
    if not fitting:
        known = ", ".join(sorted({row.ordering.value.upper() for row in offered}))
        there = f"There are {known} and AIRED." if known else "There is only AIRED; enriching the series asks anew."
        raise Conflict(f"No provider offers this order of its episodes. {there}", path=("ordering",))
    return min(fitting, key=lambda row: (not row.is_chosen, places.get(row.provider, len(places)), row.id))


def questions(session: Session, series: int, *, is_every: bool = False) -> list[Question]:
    """What is to be asked: the numbers of the chosen order where nobody asked for them yet, or of every one.

    Raises Conflict where the provider of the chosen order cannot be asked.
    """
    setups = {setup.name: setup for setup in usable(session)}
    ids = ids_of(session, [series]).get(series, {})
    found: list[Question] = []
    for row in episode_orders.rows(session, [series]).get(series, [])[: episode_orders.MOST]:
        if not (is_every or (row.is_chosen and row.numbers is None)):
            continue
        key = own_id(ids, row.provider, EntityKind.SERIES)
        if row.provider in setups and key is not None:
            found.append(Question(row, setups[row.provider], key))
        elif row.is_chosen:
            why = "cannot be asked: it has no key, or is switched off" if key is not None else "is not known to have the series"
            raise Conflict(f"{row.provider} offers the order and {why}.", path=("ordering",))
    return found


def answer(desk: Desk, question: Question) -> Numbers:
    """What an order counts. Raises Upstream, Conflict where the provider has no episodes in it."""
    setup, row = question.setup, question.order
    provider = provider_named(setup.name)
    numbers = told(provider, desk.asking(provider, setup, BACKGROUND), offer_of(row), question.series, setup.wishes)
    if not numbers and row.is_chosen:
        raise Conflict(f"{setup.name} offers the order {row.name!r} and has no episodes in it.", path=("ordering",))
    return numbers


def offer_of(row: Any) -> OrderOnOffer:
    """A stored order as its provider named it."""
    return OrderOnOffer(row.ordering, row.external_id, row.name)


def told(provider: Provider, ask: Ask, order: OrderOnOffer, series: str, wishes: Wishes) -> Numbers:
    """What an order counts, as its provider tells it. Raises Upstream."""
    return numbers_of(order.ordering, provider.episodes(ask, order, series, wishes))


def numbers_of(ordering: EpisodeOrdering, episodes: Sequence[Details]) -> Numbers:
    """Number -> number as aired. What counts over the whole series and comes in several parts is counted through them."""
    found: dict[Number, Number] = {}
    for one in episodes:
        if one.season_number is not None and one.episode_number is not None and one.aired is not None:
            found.setdefault((one.season_number, one.episode_number), one.aired)
    parts = sorted(number for number in found if number[0] > 0)
    if ordering is EpisodeOrdering.ABSOLUTE and len({season for season, _ in parts}) > 1:
        specials = {number: aired for number, aired in found.items() if number[0] <= 0}
        return {**specials, **{(1, count): found[number] for count, number in enumerate(parts, start=1)}}
    return found


def keep_offers(uow: UnitOfWork, offered: dict[int, dict[str, Sequence[OrderOnOffer]]]) -> None:
    """Keep the orders on offer (series -> provider -> orders)."""
    by_provider: dict[str, dict[int, list[episode_orders.Offer]]] = {}
    for series, told_by in offered.items():
        for name, orders in told_by.items():
            mine = [episode_orders.Offer(one.ordering, one.external_id, one.name) for one in orders]
            by_provider.setdefault(name, {})[series] = mine
    for name, wanted in sorted(by_provider.items()):
        episode_orders.keep_offers(uow, name, wanted)


def keep_told(uow: UnitOfWork, series: int, provider: str, numbers: dict[EpisodeOrdering, Numbers]) -> bool:
    """Keep what orders count; whether an order that files go by, the chosen or the absolute one, counts otherwise now."""
    moves = False
    for row in rows_of(uow.session, SeriesOrder.item_id, [series]):
        if row.provider == provider and row.ordering in numbers and numbers[row.ordering]:
            is_other = episode_orders.keep_numbers(uow, row.id, numbers[row.ordering])
            moves = moves or (is_other and (row.is_chosen or row.ordering is EpisodeOrdering.ABSOLUTE))
    return moves


def is_living(session: Session, series: int) -> bool:
    """Whether a series is still there."""
    return any(row.deleted_at is None for row in rows_of(session, MediaItem.id, [series]))
