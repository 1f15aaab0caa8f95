"""Which pictures are to be downloaded: what people chose, and what automation would show if it were here."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from sqlmodel import Session

from domain.artwork.enums import CachedKind
from domain.artwork.ranking import in_order, is_of_another, is_seen
from domain.artwork.rules import fits
from domain.artwork.showing import Sight, look, print_of
from domain.artwork.similarity import Print
from domain.artwork.tables import CachedFile, ImageCandidate, ImageChoice, ImageDownload
from domain.catalog.provider_order import LOCAL
from domain.catalog.queries import rows_of
from domain.kit import clock

OWN: Final = frozenset({LOCAL, "upload", "user"})
"""Sources that are no providers."""


@dataclass(frozen=True, slots=True)
class Want:
    """A candidate that is to be downloaded; `is_chosen` by a person, so that the rules of its type do not count."""

    candidate_id: int
    entity_id: int
    asset_type: str
    url: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Candidates of some entities, why some could not be had, and how those look whose bytes are here."""

    sight: Sight
    offers: Mapping[tuple[int, str], Sequence[Any]]
    retry_at: Mapping[int, datetime]
    prints: Mapping[int, Print]
    chosen: Collection[int]


def host_of(url: str) -> str:
    """The server of an address; '' where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def known(session: Session, entities: Collection[int]) -> Known:
    """All that is needed to say what is wanted."""
    offers: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows_of(session, ImageCandidate.entity_id, entities):
        offers[row.entity_id, row.asset_type].append(row)
    every = [row for found in offers.values() for row in found]
    here = {row.id: row for row in every if row.cached_file_id is not None}
    files = {row.id: row for row in rows_of(session, CachedFile.id, [row.cached_file_id for row in here.values()])}
    downloads = rows_of(session, ImageDownload.entity_id, entities)
    return Known(
        look(session, entities), dict(offers), {row.candidate_id: row.retry_at for row in downloads},
        {key: print_of(files[row.cached_file_id], row.language) for key, row in here.items()},
        frozenset(row.candidate_id for row in rows_of(session, ImageChoice.entity_id, entities)),
    )  # fmt: skip


def wanted(found: Known, *, by_person: bool, is_avoided: Callable[[str], bool]) -> Iterator[Want]:
    """What is to be downloaded now, the best of each type first.

    A person's choice always. Beyond that as many of a type as it shows: not of types that a person decided about, of
    unmonitored items only where a person asks (`by_person`, which also tries anew what could not be had). Nothing of
    servers that are avoided, nothing that is known to break the type's rules, and no picture that is here already.
    """
    now = clock.now()

    def is_due(offer: Any) -> bool:
        return (by_person or found.retry_at.get(offer.id, now) <= now) and not is_avoided(host_of(offer.url))

    for (entity_id, name), offers in found.offers.items():
        chosen = [offer for offer in offers if offer.id in found.chosen and offer.cached_file_id is None]
        yield from (Want(offer.id, entity_id, name, offer.url, True) for offer in chosen if is_due(offer))
        is_left_alone = entity_id in found.sight.preferences.unmonitored and not by_person
        if not is_left_alone and not found.sight.is_settled(entity_id, name):
            yield from (Want(offer.id, entity_id, name, offer.url) for offer in _lacking(found, entity_id, name, is_due))


def _lacking(found: Known, entity_id: int, name: str, is_due: Callable[[Any], bool]) -> Iterator[Any]:
    """Candidates that would be shown if they were here."""
    sight, rule = found.sight, found.sight.rules.get(name)
    if rule is None or rule.media is not CachedKind.IMAGE:
        return
    local, before = sight.local(entity_id, name), list[Print]()
    room = rule.default_limit - len(sight.brought(entity_id, name))
    places, kind = sight.preferences.places(entity_id, name), sight.preferences.kinds.get(entity_id)
    usable = (offer for offer in found.offers[entity_id, name] if offer.provider not in OWN and not offer.is_blocked)
    offers = [offer for offer in usable if not is_of_another(offer, kind)]
    for offer in in_order(local, offers, places):
        if room <= 0:
            return
        if any(offer is row for row in local):
            print_ = sight.prints.get(offer.id)
            room -= not is_seen(print_, before)
            before += [] if print_ is None else [print_]
            continue
        mine = found.prints.get(offer.id)
        if mine is not None:
            if (entity_id, name, offer.cached_file_id) not in sight.vetoed and not is_seen(mine, before):
                before.append(mine)
                room -= 1
        elif is_due(offer) and (not offer.width or not offer.height or fits(rule, width=offer.width, height=offer.height)):
            room -= 1
            yield offer


def bytes_at(session: Session, urls: Iterable[str]) -> dict[str, Any]:
    """The cached file of each address that was downloaded before, for whomever."""
    is_here = ImageCandidate.cached_file_id.is_not(None)  # type: ignore[union-attr]
    files = {row.url: row.cached_file_id for row in rows_of(session, ImageCandidate.url, urls, is_here)}
    rows = {row.id: row for row in rows_of(session, CachedFile.id, files.values())}
    return {url: rows[key] for url, key in files.items()}
