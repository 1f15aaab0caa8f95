"""Which NFO an item was told by: kept beside its values, as the field `nfo` of the source `nfo`, by rank and place."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col

from domain.catalog.queries import rows_of
from domain.catalog.sources import NFO
from domain.catalog.tables import FieldValue
from domain.libraries.scanning.known import TELLER
from domain.libraries.understanding.model import FoundFile
from domain.libraries.understanding.nfos import Rank, rank_of


def value_of(file: FoundFile | None) -> Mapping[str, Any]:
    """The record as a value to store with what the NFO says."""
    return {} if file is None else {TELLER: list(rank_of(file))}


def heard(session: Session, items: Iterable[int]) -> dict[int, Rank]:
    """The NFO that each item was told by; items that none has told of are left out."""
    mine = (col(FieldValue.field) == TELLER, col(FieldValue.source) == NFO)
    return {row.entity_id: (row.value[0], row.value[1]) for row in rows_of(session, FieldValue.entity_id, items, *mine)}
