"""What a person who identifies an item is shown, and the thing that they name: asked now, nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from domain.catalog.enums import EntityKind
from domain.catalog.facts import CatalogueId
from domain.catalog.identity import KINDS
from domain.catalog.queries import rows_of
from domain.catalog.tables import MediaItem
from domain.identify.asking import Asker
from domain.identify.catalogues import SPACES
from domain.identify.finding import rank
from domain.identify.knowing import Known, load
from domain.identify.options import Offer, candidate_of, ids_of
from domain.kit.errors import Invalid, NotFound, Upstream
from domain.providers.desk import Desk


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Candidates as the review queue has them, the likeliest first; the providers that could not answer."""

    candidates: Sequence[Mapping[str, Any]]
    failures: Mapping[str, Upstream]


def known_item(session: Session, item_id: int) -> Known:
    """What is known of a film or series. Raises Invalid for anything else."""
    row = next((row for row in rows_of(session, MediaItem.id, [item_id]) if row.deleted_at is None), None)
    if row is None or row.kind not in KINDS:
        raise Invalid("Films and series are identified: name the series of an episode.", path=("item",))
    (known,) = load(session, [row])
    return known


def suggest(desk: Desk, item_id: int) -> Suggestions:
    """Ask all providers what an item could be, whatever is known of it by ids. Raises Invalid, Conflict."""
    with desk.database.read() as session:
        known = known_item(session, item_id)
    asker = Asker.of_person(desk)
    return Suggestions(rank(asker, known).candidates, asker.failures)


def ids_at(desk: Desk, item_id: int, provider: str, external_id: str) -> list[CatalogueId]:
    """All ids of the thing that a provider calls so. Raises NotFound, Invalid, Conflict, Upstream."""
    with desk.database.read() as session:
        kind: EntityKind = known_item(session, item_id).wanted.kind
    if provider not in SPACES:
        raise Invalid(f"Items are identified by {' or '.join(SPACES)}.", path=("provider",))
    asker = Asker.of_person(desk)
    details = asker.details(provider, kind, external_id)
    if provider in asker.failures:
        raise asker.failures[provider]
    if details is None:
        raise NotFound(f"{provider} has no {kind.value} {external_id[:40]!r}, or cannot be asked.", path=("externalId",))
    return ids_of(Offer(candidate_of(details), (details,)))
