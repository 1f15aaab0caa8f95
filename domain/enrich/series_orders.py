"""Orders of episodes that come with the answers for series: what is on offer, and what those count that were asked for."""

from collections.abc import Sequence

from domain.catalog.episode_orders import write_numbers
from domain.enrich.asking import Answers
from domain.enrich.results import By
from domain.identify import orders
from domain.kit.database import UnitOfWork
from domain.providers.model import OrderOnOffer


def write(uow: UnitOfWork, batch: Sequence[Answers], said: By) -> None:
    """Keep them. Where an order counts otherwise now that a series' files go by, a job looks at the files."""
    offered: dict[int, dict[str, Sequence[OrderOnOffer]]] = {}
    for answers in batch:
        series = answers.unit.top.id
        for provider, one in said.get(series, {}).items():
            if one.details is not None:
                offered.setdefault(series, {})[provider] = one.details.orders
    orders.keep_offers(uow, offered)
    for answers in batch:
        series = answers.unit.top.id
        moves = [
            orders.keep_told(uow, series, name, told) for name, told in answers.orders.items() if name in offered.get(series, {})
        ]
        if moves:
            write_numbers(uow, [series])
        if any(moves):
            orders.request(uow, series, user_id=None)
